// Typing in sheets of paper without the mouse: a digit ticks the box with that number and goes on, Enter goes on. Only the
// button sends: an answer that was sent half empty cannot be taken back. Without this script, Tab, the arrows and the space
// bar do the same.
export function enhance(form) {
  form.dataset.keys = "";
  if (!document.querySelector("[autofocus]")) starting(form)?.focus();
  form.addEventListener("keydown", (event) => {
    if (event.altKey || event.metaKey || event.isComposing) return;
    const control = event.target;
    if (event.key === "Enter" && goesOn(control, event.ctrlKey)) {
      event.preventDefault();
      goOn(form, control);
    } else if (event.ctrlKey) {
      return;
    } else if (/^[0-9]$/.test(event.key) && control.matches("[type=radio], [type=checkbox]")) {
      event.preventDefault();
      tick(form, control, Number(event.key));
    }
  });
}

/** Whether Enter leads to the next question: buttons are pressed by it, and longer texts have lines (Ctrl and Enter there). */
function goesOn(control, isWithCtrl) {
  if (control.matches("button, [type=submit], a")) return false;
  return isWithCtrl || !control.matches("textarea");
}

/** Where a new sheet begins. */
function starting(form) {
  return [...form.elements].find(isTyped);
}

function isTyped(control) {
  return control.type !== "hidden" && control.tagName !== "FIELDSET" && !control.disabled;
}

/** The controls of the question, or of the row of a table, that a control belongs to. */
function together(form, control) {
  if (control.type === "radio") return [...form.elements].filter((other) => other.name === control.name);
  if (control.type !== "checkbox") return [control];
  return [...form.elements].filter((other) => other.type === "checkbox" && other.name === control.name);
}

/** 0 is “no answer”, and takes back what was ticked where there is no such choice; the steps of a scale are chosen by what they are called, all else by its place. */
function tick(form, control, number) {
  const group = together(form, control);
  const none = group.find((one) => one.value === "");
  const some = group.filter((one) => one.value !== "");
  const isScale = control.closest(".scale, .field")?.querySelector(".scale") !== null;
  const chosen = isScale ? some.find((one) => one.value === String(number)) : some[number - 1];
  const wanted = chosen ?? (number === 0 ? none : undefined);
  if (!wanted && number === 0) takeBack(some);
  if (!wanted) return;
  wanted.checked = wanted.type === "radio" || !wanted.checked;
  wanted.dispatchEvent(new Event("change", { bubbles: true }));
  if (wanted.type === "radio") goOn(form, wanted);
  else wanted.focus();
}

function takeBack(group) {
  for (const ticked of group.filter((one) => one.checked)) {
    ticked.checked = false;
    ticked.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

/** To the next question; to the line beside “other” only where that is ticked, or it would be in everybody's way. */
function goOn(form, control) {
  const question = control.name.replace(/-Comment$/, "");
  const which = form.elements[`${question}-Comment`];
  const isOther = together(form, control).some((one) => one.value === "other" && (one.checked ?? true));
  if (which && which !== control && isOther) {
    which.focus();
    return;
  }
  const controls = [...form.elements];
  const last = controls.findLastIndex((one) => one === control || one === which || one.name === question);
  const next = controls.slice(last + 1).find(isTyped);
  if (!next) return;
  const choices = together(form, next);
  (choices.find((one) => one.checked) ?? next).focus();
}
