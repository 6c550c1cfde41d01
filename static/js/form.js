// A page of a feedback form: questions come and go with the answers that decide about them, and what is to be put in order
// can be moved by buttons. Without this script the server shows what follows when the page is sent.
import { asked } from "./conditions.js";
import { liveRegion } from "./text.js";

export function enhance(form) {
  for (const list of form.querySelectorAll("[data-ranking]")) makeMovable(list);
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
    const isChoice = control.type === "checkbox" || control.type === "radio";
    if (!control.name.startsWith("q-") || (isChoice && !control.checked)) continue;
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

function makeMovable(list) {
  const spoken = liveRegion();
  list.after(spoken);
  for (const item of list.children) {
    item.append(mover(item, -1, list.dataset.textUp, "↑"), mover(item, 1, list.dataset.textDown, "↓"));
  }
  list.addEventListener("change", () => sort(list));
  sort(list);

  function mover(item, by, words, sign) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "usa-button usa-button--outline ranking__move";
    button.textContent = sign;
    button.setAttribute("aria-label", `${words}: ${item.querySelector("label").textContent.trim()}`);
    button.addEventListener("click", () => {
      move(list, item, by);
      button.focus();
      const place = [...list.children].indexOf(item) + 1;
      const name = item.querySelector("label").textContent.trim();
      spoken.textContent = `${name}: ${list.dataset.textPlace.replace("{n}", place)}`;
    });
    return button;
  }
}

/** Move a choice by one, and number all as they stand now: who moves one has looked at all of them. */
function move(list, item, by) {
  const items = [...list.children];
  const place = items.indexOf(item);
  const target = Math.min(Math.max(place + by, 0), items.length - 1);
  items.splice(place, 1);
  items.splice(target, 0, item);
  items.forEach((one, index) => (one.querySelector("select").value = String(index + 1)));
  list.append(...items);
  list.dispatchEvent(new Event("change", { bubbles: true }));
}

/** Show the choices in the order of their places; those without one stay last, in the order in which they were. */
function sort(list) {
  const focused = document.activeElement;
  const place = (item) => Number(item.querySelector("select").value) || Infinity;
  const sorted = [...list.children].sort((one, other) => (place(one) === place(other) ? 0 : place(one) - place(other)));
  if (sorted.some((item, index) => item !== list.children[index])) list.append(...sorted);
  if (list.contains(focused)) focused.focus();
}
