// Typing in sheets of paper without the mouse: a digit ticks the box with that number and goes on, Enter goes on. Without this
// script, Tab, the arrows and the space bar do the same.
const TEXTS = "input:not([type=radio], [type=checkbox], [type=hidden])";

export function enhance(form) {
  form.dataset.keys = "";
  form.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    const control = event.target;
    if (event.key === "Enter" && control.matches(TEXTS)) {
      event.preventDefault();
      goOn(form, control);
    } else if (/^[0-9]$/.test(event.key) && control.matches("[type=radio], [type=checkbox]")) {
      event.preventDefault();
      tick(form, control, Number(event.key));
    }
  });
}

/** The controls of the question, or of the row of a table, that a control belongs to. */
function together(form, control) {
  if (control.type === "radio") return [...form.elements].filter((other) => other.name === control.name);
  if (control.type !== "checkbox") return [control];
  return [...form.elements].filter((other) => other.type === "checkbox" && other.name === control.name);
}

/** 0 is “no answer”; the steps of a scale are chosen by what they are called, all else by its place. */
function tick(form, control, number) {
  const group = together(form, control);
  const none = group.find((one) => one.value === "");
  const some = group.filter((one) => one.value !== "");
  const isScale = control.closest(".scale, .field")?.querySelector(".scale") !== null;
  const chosen = isScale ? some.find((one) => one.value === String(number)) : some[number - 1];
  const wanted = chosen ?? (number === 0 ? none : undefined);
  if (!wanted) return;
  wanted.checked = wanted.type === "radio" || !wanted.checked;
  wanted.dispatchEvent(new Event("change", { bubbles: true }));
  if (wanted.type === "radio") goOn(form, wanted);
  else wanted.focus();
}

function goOn(form, control) {
  const group = together(form, control);
  const last = Math.max(...group.map((one) => [...form.elements].indexOf(one)));
  const next = [...form.elements]
    .slice(last + 1)
    .find((one) => one.type !== "hidden" && one.tagName !== "FIELDSET" && !one.disabled);
  if (!next) return;
  const choices = together(form, next);
  (choices.find((one) => one.checked) ?? next).focus();
}
