// Which questions of a form are asked: what engage/survey/truth.py and answers.py say, in the browser. No eval, no
// page: a tree of conditions (engage/survey/in_browser.py) and answers go in, names come out. The server decides again.
const NUMBER = /^-?\d{1,300}(\.\d{1,300})?$/;

/** Whether a condition is true of these answers; no condition always is. */
export function holds(condition, answers) {
  if (!condition) return true;
  if (condition.not) return !holds(condition.not, answers);
  if (condition.all) return condition.all.every((one) => holds(one, answers));
  if (condition.any) return condition.any.some((one) => holds(one, answers));
  return compare(condition, answers);
}

/** The names of the questions that are asked, and those of the sections that are shown. */
export function asked(tree, answers) {
  const known = Object.create(null);
  const questions = new Set();
  const sections = new Set();
  for (const page of tree) {
    if (!holds(page.when, known)) continue;
    for (const part of page.parts) {
      if (!holds(part.when, known)) continue;
      if (part.section) sections.add(part.section);
      for (const question of part.questions) {
        if (!holds(question.when, known)) continue;
        if (Object.hasOwn(answers, question.name)) known[question.name] = answers[question.name];
        questions.add(question.name);
      }
    }
  }
  return { questions, sections };
}

function compare({ question, row, is, value }, answers) {
  let given = answers[question];
  if (row !== null && row !== undefined) given = isRows(given) ? given[row] : undefined;
  const empty = isEmpty(given);
  switch (is) {
    case "empty":
      return empty;
    case "notempty":
      return !empty;
    case "=":
      return isEqual(given, value);
    case "<>":
      return !isEqual(given, value);
    case "notcontains":
      return empty || !contains(given, value);
    default:
      return !empty && compareGiven(is, given, value);
  }
}

function compareGiven(is, given, value) {
  switch (is) {
    case "contains":
    case "allof":
      return contains(given, value);
    case "anyof":
      return overlap(value, given);
    default:
      return isOrdered(is, given, value);
  }
}

function isRows(given) {
  return typeof given === "object" && given !== null && !Array.isArray(given);
}

function isEmpty(given) {
  if (given === undefined || given === null || given === "") return true;
  if (Array.isArray(given)) return given.length === 0;
  return isRows(given) && Object.keys(given).length === 0;
}

/** A list is equal to a list with the same values in whatever order, and to nothing else. */
function isEqual(given, value) {
  if (isEmpty(given) || isEmpty(value)) return isEmpty(given) && isEmpty(value);
  if (Array.isArray(given) !== Array.isArray(value)) return false;
  const one = spelledAll(given);
  const other = spelledAll(value);
  return one.size === other.size && [...one].every((spelling) => other.has(spelling));
}

/** A list contains values; a text contains a part of it. */
function contains(given, value) {
  if (Array.isArray(given)) {
    const there = spelledAll(given);
    return [...spelledAll(value)].every((one) => there.has(one));
  }
  const parts = Array.isArray(value) ? value : [value];
  return parts.length === 1 && spelled(given).includes(spelled(parts[0]));
}

function overlap(value, given) {
  const other = spelledAll(given);
  return [...spelledAll(value)].some((one) => other.has(one));
}

/** What is compared: values as they are written, numbers without their trailing zeros. */
function spelledAll(of) {
  return new Set((Array.isArray(of) ? of : [of]).map(spelled));
}

function spelled(value) {
  const number = asNumber(value);
  return number === undefined ? String(value).toLowerCase() : inDigits(number);
}

/** As Python writes `.15g`. */
function inDigits(number) {
  const [digits, exponent] = number.toPrecision(15).split("e");
  const short = digits.includes(".") ? digits.replace(/\.?0+$/, "") : digits;
  return exponent === undefined ? short : `${short}e${exponent}`;
}

function asNumber(value) {
  return NUMBER.test(String(value)) ? Number(value) : undefined;
}

/** Numbers by size, texts (dates are written year first) by their letters; no text with a number. */
function isOrdered(is, given, value) {
  let one = asNumber(given);
  let other = asNumber(value);
  if (one === undefined || other === undefined) {
    if (typeof given !== "string" || typeof value !== "string") return false;
    [one, other] = [given, value];
  }
  switch (is) {
    case "<":
      return one < other;
    case "<=":
      return one <= other;
    case ">":
      return one > other;
    default:
      return one >= other;
  }
}
