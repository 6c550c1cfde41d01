// What draft.js and answers.js do alike to keep what is typed in the browser.
const PAUSE_BEFORE_SAVING = 300;

export function isStorageAllowed() {
  try {
    return Boolean(sessionStorage && localStorage);
  } catch {
    return false;
  }
}

export function isChoice(control) {
  return control.type === "checkbox" || control.type === "radio";
}

/** Save a moment after something was typed, and at once when the form is sent; answers how to save now, and not to any more. */
export function saveWhileTyping(form, save) {
  let timer;
  const stop = () => {
    clearTimeout(timer);
    timer = undefined;
  };
  const now = () => {
    stop();
    // Whoever has left in a hurry (exit.js) leaves nothing behind.
    if (!document.documentElement.classList.contains("is-left")) save();
  };
  const soon = () => {
    stop();
    timer = setTimeout(now, PAUSE_BEFORE_SAVING);
  };
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  form.addEventListener("submit", now);
  // Only what waits to be saved: what was sent or thrown away must not come back.
  addEventListener("pagehide", () => timer && now());
  return { now, stop };
}
