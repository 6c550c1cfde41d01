// A page of a feedback form: questions come and go with the answers that decide about them, what is to be put in order can be
// moved by buttons, and the browser's own Back turns pages. Without this script the server shows what follows when the page is sent.
import { asked } from "./conditions.js";
import { takeBack } from "./form-back.js";
import { isChoice } from "./keeping.js";
import { makeMovable } from "./ranking.js";
import { liveRegion } from "./text.js";

export function enhance(form) {
  for (const list of form.querySelectorAll("[data-ranking]")) makeMovable(list);
  for (const group of form.querySelectorAll("[data-alone], [data-most]")) chooseSeveral(group);
  if (form.dataset.begin) takeBack(form);
  if (form.dataset.conditions) followConditions(form);
  const code = form.querySelector("[data-code]");
  if (code) takeCode(code);
}

/** A code that came with the address, as from a printed square, goes into its field and out of the address. */
function takeCode(field) {
  const found = /^#code=(.{1,100})$/.exec(location.hash);
  if (!found) return;
  try {
    field.value = decodeURIComponent(found[1]);
  } catch {
    return;
  }
  history.replaceState(history.state, "", location.pathname + location.search);
}

function followConditions(form) {
  const tree = JSON.parse(form.dataset.conditions);
  const spoken = liveRegion();
  form.append(spoken);

  function follow() {
    const { questions, sections } = asked(tree, readAnswers(form, tree));
    let shown = false;
    let gone = false;
    for (const place of form.querySelectorAll("[data-question], [data-section]")) {
      const { question, section } = place.dataset;
      const isAsked = question ? questions.has(question) : sections.has(section);
      if (isAsked === !place.hidden) continue;
      // A fieldset that is disabled sends nothing of what is in it.
      place.hidden = place.disabled = !isAsked;
      shown ||= isAsked;
      gone ||= !isAsked;
    }
    sayGaps(form);
    if (shown) spoken.textContent = form.dataset.textShown;
    else if (gone) spoken.textContent = form.dataset.textGone;
  }

  form.addEventListener("input", follow);
  form.addEventListener("change", follow);
  // A page that the browser brings back has its answers before it has its events.
  addEventListener("pageshow", follow);
  follow();
}

/** What engage.survey.posted.read_posted would read: also of what is hidden now, which `asked` leaves out by itself. */
export function readAnswers(form, tree) {
  const fields = new Map();
  for (const control of form.elements) {
    if (!control.name.startsWith("q-") || (isChoice(control) && !control.checked)) continue;
    const value = control.value.trim();
    if (!value) continue;
    if (fields.has(control.name)) fields.get(control.name).push(value);
    else fields.set(control.name, [value]);
  }
  const answers = {};
  for (const question of tree.flatMap((page) => page.parts).flatMap((part) => part.questions)) {
    const answer = given(question, fields);
    if (answer !== undefined) answers[question.name] = answer;
  }
  return answers;
}

function given({ name, kind, rows, choices }, fields) {
  const field = `q-${name}`;
  if (kind === "multiple") return fields.get(field);
  if (kind === "matrix") {
    const chosen = rows.map((row) => [row, fields.get(`${field}-${row}`)?.[0]]).filter(([, column]) => column);
    return chosen.length ? Object.fromEntries(chosen) : undefined;
  }
  if (kind === "ranking") {
    if (fields.get(field)?.[0] === "refused") return ["refused"];
    const ranked = choices
      .map((choice) => [Number(fields.get(`${field}-rank-${choice}`)?.[0]), choice])
      .filter(([place]) => Number.isInteger(place))
      .sort(([one], [other]) => one - other)
      .map(([, choice]) => choice);
    return ranked.length ? ranked : undefined;
  }
  return fields.get(field)?.[0];
}

/** Say that numbers are left out, where they are: as engage.survey.walk.numbered does. */
function sayGaps(form) {
  let last = Number(form.dataset.numberedBefore);
  const shown = [...form.querySelectorAll(".question__number")].filter((number) => !number.closest("[hidden]"));
  const numbers = shown.map((number) => parseInt(number.textContent, 10));
  form.querySelector("[data-gaps]").hidden = numbers.every((number) => number === ++last);
}

/** “None” and “Prefer not to say” go with nothing else; and more than may be chosen is said at once. */
function chooseSeveral(group) {
  const alone = new Set((group.dataset.alone ?? "").split(" ").filter(Boolean));
  const boxes = [...group.querySelectorAll("input[type=checkbox]")];
  const most = Number(group.dataset.most) || Infinity;
  const spoken = liveRegion();
  group.append(spoken);

  group.addEventListener("change", ({ target }) => {
    if (boxes.includes(target) && target.checked) {
      for (const box of boxes) {
        if (box !== target && (alone.has(target.value) || alone.has(box.value))) box.checked = false;
      }
    }
    const isOver = boxes.filter((box) => box.checked).length > most;
    spoken.className = isOver ? "usa-error-message" : "visually-hidden";
    const said = isOver ? group.dataset.textMost : "";
    if (spoken.textContent !== said) spoken.textContent = said;
  });
}
