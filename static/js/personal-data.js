// Points at personal data in a form before it is sent: in every control with data-personal-data, here in the browser. Who
// wrote it decides; what they decide is told to the server only so that it does not ask again, and is not stored there.
//
// The words stand in the page (components/look_again.html). Where the finder cannot run, the server asks on a page of its own.
const PAUSE = 400;
const AROUND = 30;
const watched = new WeakSet();
const shown = new WeakMap();

/** Watch the form of a control with data-personal-data. */
export function enhance({ form }) {
  if (!form || watched.has(form)) return;
  watched.add(form);
  let finder;
  let decided = false;
  let found;
  const ready = ({ findPersonalData }) => (found = () => controlsOf(form).flatMap((one) => placesIn(one, findPersonalData)));
  const failed = () => (finder = undefined);
  const load = () => (finder ??= import("./personal-data-finder.js").then(ready, failed));

  form.addEventListener("focusin", load, { once: true });

  form.addEventListener("submit", (event) => {
    // A button that only leads back sends nothing on.
    if (decided || event.defaultPrevented || event.submitter?.formNoValidate) return;
    if (found && !found().length) {
      if (accepted(form).length) addAnswer();
      return;
    }
    event.preventDefault();
    const { submitter } = event;
    load().then(() => {
      if (found?.().length) show(form, found, () => send(submitter));
      // Not before this event is over: until then the browser takes no other.
      else setTimeout(() => send(submitter));
    });
  });

  /** Send the form as it is. Where nothing could be looked for here, the question is left to the server. */
  function send(submitter) {
    decided = true;
    if (found?.().length) addAnswer();
    form.requestSubmit(submitter);
    // Where the browser stays on the page, the next time is a new one.
    decided = false;
  }

  /** For this one time: what is sent is put together before the browser does anything else. */
  function addAnswer() {
    const added = answer();
    form.append(added);
    setTimeout(() => added.remove());
  }
}

function answer() {
  const input = document.createElement("input");
  Object.assign(input, { type: "hidden", name: "personal_data", value: "keep" });
  return input;
}

function controlsOf(form) {
  const before = new Set(accepted(form));
  return [...form.querySelectorAll("[data-personal-data]:enabled")].filter((control) => !before.has(control));
}

/** On a page that came back for another reason after somebody had looked at its words: those that still stand as they did. */
function accepted(form) {
  if (!("looked" in form.dataset)) return [];
  const controls = [...form.querySelectorAll("[data-personal-data]:enabled")];
  return controls.filter((control) => control.value && control.value === control.defaultValue);
}

function placesIn(control, find) {
  // In a field of one line a name is meant.
  const isLong = control.type === "textarea";
  return find(control.value)
    .filter(({ kind }) => isLong || kind !== "person_name")
    .map((place) => ({ ...place, control }));
}

/** Show the panel before the button that was pressed, and keep it true while the text is changed. */
function show(form, found, keep) {
  const panel = shown.get(form) ?? makePanel(form, found);
  panel.onkeep = keep;
  fill(form, panel, found());
  panel.focus();
  panel.scrollIntoView({ block: "nearest" });
}

function makePanel(form, found) {
  const panel = form.querySelector("template[data-look-again]").content.firstElementChild.cloneNode(true);
  const button = [...form.elements].findLast((control) => control.type === "submit" && !control.formNoValidate);
  (button.closest("p") ?? button).before(panel);
  panel.querySelector("[data-look-keep]").addEventListener("click", () => panel.onkeep());
  let timer;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => fill(form, panel, found()), PAUSE);
  });
  shown.set(form, panel);
  return panel;
}

function fill(form, panel, places) {
  const words = form.querySelector("template[data-look-again]").dataset;
  const template = form.querySelector("template[data-look-place]");
  const count = panel.querySelector("[data-look-count]");
  const said =
    places.length > 1 ? words.countMany.replace("{n}", places.length) : places.length ? words.countOne : words.countNone;
  if (count.textContent !== said) count.textContent = said;
  panel.querySelector("ul").replaceChildren(...places.map((place) => item(template, place)));
}

function item(template, { kind, control, start, end }) {
  const entry = template.content.firstElementChild.cloneNode(true);
  const name = template.getAttribute(`data-kind-${kind}`);
  const mark = document.createElement("mark");
  mark.className = "finding";
  mark.textContent = control.value.slice(start, end);
  entry.querySelector(".finding__kind").textContent = `${name}: `;
  entry.querySelector(".look-again__words").append(
    before(control.value, start),
    mark,
    after(control.value, end),
  );
  const button = entry.querySelector("button");
  button.setAttribute("aria-label", `${button.textContent}: ${name}, ${mark.textContent}`);
  button.addEventListener("click", () => goTo(control, start, end));
  return entry;
}

/** A few whole words before a place, and after one. */
function before(text, start) {
  const words = text.slice(Math.max(0, start - AROUND), start);
  return start > AROUND ? `… ${words.replace(/^\S*\s/, "")}` : words;
}

function after(text, end) {
  const words = text.slice(end, end + AROUND);
  return end + AROUND < text.length ? `${words.replace(/\s\S*$/, "")} …` : words;
}

/** Select the place; a long text is scrolled to it, which the browser does when it is typed into only. */
function goTo(control, start, end) {
  control.focus();
  control.setSelectionRange(start, end);
  const share = start / Math.max(1, control.value.length);
  control.scrollTop = control.scrollHeight * share - control.clientHeight / 2;
}
