// Finds personal data in a text as engage/analysis/personal_data.py does, in the browser: nothing is sent to look.
//
// The rules are generated from the server's (engage/analysis/browser_rules.py); what applies them is ported by hand, one
// function for one of Python's. tests/web/test_personal_data_in_browser.py holds the two together.
import { data, dates, dialling, folded as signs, languages, names, numbers, places, status } from "./personal-data-rules.js";

const LONGEST = 50_000;
const MARK = /[\p{Mn}\p{Me}\p{Cf}]/gu;
const INVISIBLE = /^[\p{Cf}\p{Mn}\p{Me}]$/u;
const BLANK = /^[\p{Z}\p{Cc}\p{Cs}\p{Cn}\p{Co}]$/u;
const LETTER = /[\p{L}\p{N}]/u;

/** Every stretch of personal data, in order: [{ kind, start, end }] in UTF-16 units, as a text area counts them. */
export function findPersonalData(text) {
  const folded = fold(text);
  const words = new Set(folded.text.match(data.WORD));
  const found = [];
  for (const [kind, start, end] of numbersAndPlaces(folded, words)) {
    if (!found.some(([, from, to]) => start < to && from < end)) found.push([kind, start, end]);
  }
  const surest = found.map(([, start, end]) => [start, end]);
  const statuses = [...findStatuses(folded, words)];
  for (const span of statuses) found.push(["status_disclosure", ...span]);
  for (const span of findNames(folded, words, statuses, surest)) found.push(["person_name", ...span]);
  return found.map(([kind, start, end]) => ({ kind, ...original(folded, start, end) })).sort(byPlace);
}

function byPlace(a, b) {
  return a.start - b.start || a.end - b.end || (a.kind < b.kind ? -1 : 1);
}

// -- Folding -----------------------------------------------------------------------------------------------------------

const foldedSigns = new Map(Object.entries(signs));

function foldSign(sign) {
  if (foldedSigns.has(sign)) return foldedSigns.get(sign);
  if (sign === "\n" || sign === "\r" || sign === "\t") return sign === "\n" ? "\n" : " ";
  if (INVISIBLE.test(sign)) return "";
  if (BLANK.test(sign)) return " ";
  return sign.normalize("NFKD").replace(MARK, "");
}

/** Without accents; all that is not ASCII becomes one sign, so that a letter elsewhere is still a letter to \w. */
function fold(text) {
  let cased = "";
  const offsets = [];
  let at = 0;
  let read = 0;
  for (const sign of text) {
    if (read === LONGEST) break;
    read += 1;
    for (const one of sign < "\x7f" && sign >= " " ? sign : foldSign(sign)) {
      cased += one < "\x80" ? one : LETTER.test(one) ? "_" : "\x7f";
      offsets.push(at);
    }
    at += sign.length;
  }
  return { cased, text: cased.toLowerCase(), offsets, length: at };
}

function original({ offsets, length }, start, end) {
  return { start: offsets[start], end: end < offsets.length ? Math.max(offsets[end], offsets[end - 1] + 1) : length };
}

// -- Regular expressions as Python applies them -------------------------------------------------------------------------

function* spans(rule, text) {
  for (const match of text.matchAll(rule)) yield [match.index, match.index + match[0].length];
}

function search(rule, text, from = 0, to = text.length) {
  rule.lastIndex = Math.max(0, from);
  const match = rule.exec(to < text.length ? text.slice(0, to) : text);
  rule.lastIndex = 0;
  return match;
}

function isAny(words, ofText) {
  for (const word of ofText) if (words.has(word)) return true;
  return false;
}

function holdsAny(hints, text) {
  return hints.some((hint) => text.includes(hint));
}

// -- Numbers, dates and places -------------------------------------------------------------------------------------------

// The surest first, with the fewest digits that each needs near each other.
const ofDigits = [
  ["card", 13, findCards],
  ["a_number", 8, findANumbers],
  ["ssn", 4, findSsns],
  ["plate", 1, findPlates],
  ["phone", 7, findPhones],
  ["address", 1, findAddresses],
];

function* numbersAndPlaces(folded, words) {
  for (const span of findEmails(folded, words)) yield ["email", ...span];
  for (const span of findBirths(folded, words)) yield ["dob", ...span];
  const near = [...nearDigits(folded)];
  for (const [kind, least, find] of ofDigits) {
    for (const { offset, digits, stretch } of near) {
      if (digits < least) continue;
      for (const [start, end] of find(stretch)) yield [kind, offset + start, offset + end];
    }
  }
  if ([...numbers.NUMBER_WORDS].filter((word) => words.has(word)).length >= numbers.LEAST_DIFFERENT) {
    for (const span of findSpelledSsns(folded)) yield ["ssn", ...span];
    for (const span of findSpelledPhones(folded)) yield ["phone", ...span];
  }
}

function* nearDigits(folded) {
  const at = [...folded.text.matchAll(data.DIGIT)].map((match) => match.index);
  if (!at.length) return;
  if (folded.text.length <= 2 * data.REACH) {
    yield { offset: 0, digits: at.length, stretch: folded };
    return;
  }
  let first = 0;
  for (const [number, place] of at.entries()) {
    if (number + 1 < at.length && at[number + 1] - place <= 2 * data.REACH) continue;
    const begin = Math.max(0, at[first] - data.REACH);
    const end = place + data.REACH;
    const stretch = { cased: folded.cased.slice(begin, end), text: folded.text.slice(begin, end) };
    yield { offset: begin, digits: number + 1 - first, stretch };
    first = number + 1;
  }
}

function* findEmails({ text }, words) {
  if (text.includes("@")) yield* spans(places.EMAIL, text);
  if (words.has("dot") || words.has("arroba") || search(places.IN_BRACKETS, text)) yield* spans(places.DISGUISED, text);
}

function* findBirths({ text }, words) {
  if (!isAny(dates.BIRTH_WORDS, words) && !text.includes("o.b")) return;
  for (const rule of [dates.BIRTH_DATE, dates.DATE_OF_BIRTH_AFTER]) {
    for (const match of text.matchAll(rule)) yield match.indices.groups.date;
  }
}

function* findCards({ text }) {
  for (const match of text.matchAll(numbers.CARD)) {
    const digits = [...match[0]].filter((sign) => sign >= "0" && sign <= "9").map(Number);
    const sum = digits
      .reverse()
      .reduce((so, digit, at) => so + (at % 2 ? digit * 2 - 9 * (digit > 4) : digit), 0);
    if (new Set(digits).size > 1 && sum % 10 === 0) yield [match.index, match.index + match[0].length];
  }
}

function* findANumbers({ cased, text }) {
  for (const match of cased.matchAll(numbers.A_FORM)) {
    yield match.groups.after_sign ? match.indices.groups.after_sign : [match.index, match.index + match[0].length];
  }
  for (const match of text.matchAll(numbers.A_CALLED)) yield match.indices[1];
}

function* findSsns({ text }) {
  yield* spans(numbers.SSN_HYPHENS, text);
  if (!holdsAny(numbers.SOCIAL_HINTS, text)) return;
  for (const match of text.matchAll(numbers.SSN_CALLED)) yield match.indices[1];
  for (const match of text.matchAll(numbers.SSN_THEN_CALLED)) yield match.indices[1];
  for (const match of text.matchAll(numbers.LAST_FOUR)) yield match.indices[1];
}

function* findPlates({ cased, text }) {
  if (!holdsAny(numbers.VEHICLE_MARKS, text)) return;
  for (const match of cased.matchAll(numbers.PLATE)) yield match.indices[1];
}

function* findPhones({ text }) {
  for (const match of text.matchAll(numbers.INTERNATIONAL)) {
    if (isInternational(match[0])) yield [match.index, match.index + match[0].length];
  }
  yield* spans(numbers.SURE_PHONE, text);
  for (const span of spans(numbers.CALLED_PHONE, text)) if (isCalled(text, ...span)) yield span;
}

function isCalled(text, start, end) {
  return Boolean(search(numbers.CALLED, text, start - numbers.LOOK_BACK, end + numbers.LOOK_AHEAD));
}

function isInternational(number) {
  const dialled = number.replace(numbers.MEXICAN_MOBILE, "+52").replace(/[ ,]*(?:e?x).*$/, "");
  const digits = dialled.replace(/\D/g, "");
  const code = [1, 2, 3].map((length) => digits.slice(0, length)).find((start) => start in dialling);
  return code !== undefined && dialling[code].includes(digits.length - code.length);
}

function* spelledNumbers({ text }) {
  for (const match of text.matchAll(numbers.SPELLED)) {
    const tokens = match[0].match(numbers.TOKEN);
    const digits = tokens.map((token) => numbers.VALUES[token] ?? token).join("");
    const said = tokens.filter((token) => token in numbers.VALUES).length;
    if (said >= numbers.LEAST_WORDS && !countsUp(digits)) yield [match.index, match.index + match[0].length, digits];
  }
}

function countsUp(digits) {
  const first = [...digits.slice(0, 4)].map(Number);
  return first.every((digit, at) => at === 0 || digit - first[at - 1] === 1);
}

function* findSpelledSsns(folded) {
  for (const [start, end, digits] of spelledNumbers(folded)) {
    if (digits.length !== numbers.SSN_DIGITS) continue;
    if (search(numbers.SOCIAL_BEFORE, folded.text, start - 30, start)) yield [start, end];
  }
}

function* findSpelledPhones(folded) {
  for (const [start, end, digits] of spelledNumbers(folded)) {
    const isPhone = numbers.PHONE_DIGITS.includes(digits.length);
    if (isPhone || (digits.length === 9 && isCalled(folded.text, start, end))) yield [start, end];
  }
}

function* findAddresses({ cased, text }) {
  yield* spans(places.HOUSE, cased);
  if (holdsAny(places.VIAS, text)) yield* spans(places.CALLE, cased);
  if (holdsAny(places.BOXES, text)) yield* spans(places.BOX, text);
  if (holdsAny(places.HOMES, text)) for (const match of text.matchAll(places.AT_HOME)) yield match.indices[1];
  if (holdsAny(places.PARKS, text)) yield* spans(places.PARK, cased);
}

// -- Immigration status ----------------------------------------------------------------------------------------------------

function* findStatuses(folded, words) {
  const found = [];
  for (const language of languages) if (isAny(language.hints, words)) found.push(...statements(folded, language));
  let last = -1;
  for (const [start, stop] of found.sort((a, b) => a[0] - b[0] || b[1] - a[1])) {
    if (stop <= last) continue;
    yield [Math.max(start, last), stop];
    last = stop;
  }
}

function* statements({ cased, text }, language) {
  for (const [begin, end] of sentencesWith(text, language.hint)) {
    const stretch = cased.slice(begin, end);
    if (!search(language.somebody, stretch)) continue;
    for (const rule of language.statements) {
      for (const span of spans(rule, stretch)) {
        const [start, stop] = trimmed(stretch, ...span);
        if (!isTakenBack(text.slice(begin, end), start, stop)) yield [begin + start, begin + stop];
      }
    }
  }
}

function* sentencesWith(text, hint) {
  let done = 0;
  for (const [start, end] of spans(hint, text)) {
    if (start < done) continue;
    const begin = lastEnd(text, Math.max(done, start - status.REACH), start);
    const stop = search(status.SENTENCE_END, text, end, end + status.REACH);
    done = stop ? stop.index + stop[0].length : Math.min(text.length, end + status.REACH);
    yield [begin, done];
  }
}

/** The end of the last sentence that ends between two places, or the first place. */
function lastEnd(text, low, high) {
  let last = low;
  for (let match; (match = search(status.SENTENCE_END, text, last, high)); ) last = match.index + match[0].length;
  return last;
}

function trimmed(text, start, end) {
  const stretch = text.slice(start, end);
  const lead = stretch.length - stretch.replace(/^[ .,;!?\n"]+/, "").length;
  return [start + lead, start + stretch.replace(/[ ,]+$/, "").length];
}

function isTakenBack(sentence, start, stop) {
  const before = sentence.slice(0, start);
  const after = sentence.slice(stop);
  if (search(status.SUPPOSED_BEFORE, before) || search(status.DENIED_BEFORE, before)) return true;
  if (search(status.DENIED_INSIDE, sentence.slice(start, stop))) return true;
  const right = search(status.SET_RIGHT_AFTER, after);
  return right !== null && !search(status.CITIZENS_TOO, after.slice(0, right.index));
}

// -- Names -----------------------------------------------------------------------------------------------------------------

function* findNames({ cased, text }, words, statuses, surest) {
  if (statuses.length) {
    for (const rule of names.OWN) for (const match of cased.matchAll(rule)) yield match.indices[1];
  }
  if (!isAny(names.RELATIONS, words)) return;
  const harmful = [...statuses, ...surest];
  for (const match of cased.matchAll(names.OTHERS)) if (isExposed(text, match, harmful)) yield match.indices[1];
}

function isExposed(text, match, harmful) {
  const stop = match.index + match[0].length;
  const begin = lastEnd(text, Math.max(0, match.index - names.REACH), match.index);
  const high = Math.min(text.length, stop + names.REACH);
  const end = search(names.SENTENCE_END, text, stop, high)?.index ?? high;
  return harmful.some(([start]) => begin <= start && start < end) || Boolean(search(names.ACCUSED, text, begin, end));
}
