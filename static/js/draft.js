// Keeps what is typed into <form data-draft="KEY"> until it was sent or the tab is closed; it never leaves the browser.
//
// A page that says "received" forgets it (draft-clear.js). Hidden inputs are not kept, except those
// with data-draft-keep (the form's own token: a text that is sent again after a lost answer must count as the same one).
import { isChoice, isStorageAllowed, saveWhileTyping } from "./keeping.js";
import { liveRegion, text } from "./text.js";

const NEVER_KEPT = new Set(["password", "file", "submit", "button", "reset", "image"]);

export function enhance(form) {
  if (isStorageAllowed()) keepDraft(form);
}

function keepDraft(form) {
  const key = `draft:${form.dataset.draft}`;
  const { place, message } = prepareMessage(form);
  const restored = restore(form, key);
  const saving = saveWhileTyping(form, () => save(form, key));
  if (restored.length) {
    offerDiscard(place, message, () => {
      saving.stop();
      sessionStorage.removeItem(key);
      form.reset();
      restored.forEach(announce);
      restored[0].focus();
    });
  }
  // On a slow line people type before this script has come.
  if ([...form.elements].some((control) => isKept(control) && isChanged(control))) saving.now();
}

/** Tell the control's own helpers, such as the counter, but not the form, which would take it for typing. */
function announce(control) {
  control.dispatchEvent(new Event("input"));
}

function isKept(control) {
  if (!control.name || NEVER_KEPT.has(control.type)) return false;
  return control.type !== "hidden" || "draftKeep" in control.dataset;
}

/** Whether a control says something else than what the server sent. */
function isChanged(control) {
  if (control.type === "hidden") return false;
  if (isChoice(control)) return control.checked !== control.defaultChecked;
  if (control.options) {
    const given = [...control.options].findIndex((option) => option.defaultSelected);
    return control.selectedIndex !== Math.max(0, given);
  }
  return control.value !== control.defaultValue;
}

function save(form, key) {
  const values = [...form.elements].filter((control) => isKept(control) && (!isChoice(control) || control.checked));
  sessionStorage.setItem(key, JSON.stringify(values.map(({ name, value }) => [name, value])));
}

/** Put saved values where the server sent none, and answer the controls that were filled. What the server sent wins. */
function restore(form, key) {
  const saved = JSON.parse(sessionStorage.getItem(key) ?? "[]");
  const controls = [...form.elements].filter(isKept);
  const answered = new Set(controls.filter((control) => isChoice(control) && control.checked).map(({ name }) => name));
  const filled = [];
  for (const [name, value] of saved) {
    for (const control of controls.filter((candidate) => candidate.name === name && candidate.type !== "hidden")) {
      if (isChoice(control) ? restoreChoice(control, value, answered) : restoreText(control, value)) filled.push(control);
    }
  }
  if (filled.length) restoreTokens(controls, new Map(saved));
  filled.forEach(announce);
  return filled;
}

function restoreChoice(control, value, answered) {
  if (answered.has(control.name) || control.value !== value) return false;
  control.checked = true;
  return true;
}

function restoreText(control, value) {
  if (control.value || !value) return false;
  // A choice that is offered no more, such as a clause that was added meanwhile.
  if (control.options && ![...control.options].some((option) => option.value === value)) return false;
  control.value = value;
  return true;
}

function restoreTokens(controls, saved) {
  for (const control of controls) {
    if (control.type === "hidden" && saved.has(control.name)) control.value = saved.get(control.name);
  }
}

function prepareMessage(form) {
  const place = document.createElement("div");
  const message = liveRegion("draft__message");
  place.append(message);
  form.prepend(place);
  return { place, message };
}

function offerDiscard(place, message, discard) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "usa-button usa-button--outline";
  button.textContent = text("draftDiscard");
  button.addEventListener("click", () => {
    button.remove();
    message.textContent = text("draftDiscarded");
    discard();
  });
  // A moment later, because a region is read out only when it changes after it was noticed.
  setTimeout(() => {
    place.className = "draft";
    message.textContent = text("draftRestored");
    place.append(button);
  }, 100);
}
