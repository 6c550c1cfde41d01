// Keeps the answers to a feedback form, <form data-answers="SLUG">, in this tab until they were sent or the tab is closed;
// and on this device, after the tab was closed too, only where somebody asks for it. They never leave the browser.
//
// The form's first page, with data-answers-start, offers what was kept. A page that says "received" carries
// data-answers-clear="SLUG". What is kept are all fields of the form, those of earlier pages too, less those of the checks.
import { isChoice, isStorageAllowed, saveWhileTyping } from "./keeping.js";

const NEVER_KEPT = new Set(["csrf_token", "opened", "proof", "website", "go", "review"]);

export function enhance(element) {
  if (!isStorageAllowed()) return;
  if (element.dataset.answersClear) return forget(keyOf(element.dataset.answersClear));
  if ("answersStart" in element.dataset) return offer(element);
  keep(element);
}

function keyOf(slug) {
  return `answers:${slug}`;
}

function forget(key) {
  sessionStorage.removeItem(key);
  localStorage.removeItem(key);
}

/** The fields that were kept, as [name, value]; none where what is there cannot be read. */
function kept(key) {
  try {
    const fields = JSON.parse(localStorage.getItem(key) ?? sessionStorage.getItem(key) ?? "[]");
    return Array.isArray(fields) ? fields.filter((field) => Array.isArray(field) && field.length === 2) : [];
  } catch {
    return [];
  }
}

function isKept(control) {
  if (!control.name || NEVER_KEPT.has(control.name) || control.matches(":disabled")) return false;
  return control.type !== "submit" && (!isChoice(control) || control.checked);
}

function fieldsOf(form) {
  return [...form.elements].filter(isKept).map(({ name, value }) => [name, value]);
}

function keep(form) {
  const key = keyOf(form.dataset.answers);
  const save = () => {
    const fields = fieldsOf(form);
    const place = localStorage.getItem(key) === null ? sessionStorage : localStorage;
    try {
      place.setItem(key, JSON.stringify(fields));
    } catch {
      // A device that has no room left keeps nothing; the page itself still has it all.
    }
  };

  restore(form, kept(key));
  const saving = saveWhileTyping(form, save);
  saving.now();
  // A page that the browser kept whole may be older than what was answered since: the beginning offers the newest.
  addEventListener("pageshow", ({ persisted }) => {
    const found = kept(key);
    if (persisted && found.length && JSON.stringify(found) !== JSON.stringify(fieldsOf(form))) location.replace(form.dataset.begin);
  });
  askToKeep(form, key, saving.now);
}

/** Put what was typed on this very page back after a reload, where the server sent nothing. */
function restore(form, fields) {
  const saved = new Map();
  for (const [name, value] of fields) saved.set(name, [...(saved.get(name) ?? []), value]);
  const isSame = (name) => saved.get(name)?.[0] === form.elements.namedItem(name)?.value;
  if (!isSame("token") || !isSame("version")) return;
  const isAnswered = (control) => {
    const same = [...form.elements].filter(({ name }) => name === control.name);
    return same.some((one) => (isChoice(one) ? one.checked && one.value : one.value));
  };
  const open = [...form.elements].filter(
    (control) => control.name.startsWith("q-") && control.type !== "hidden" && saved.has(control.name) && !isAnswered(control),
  );
  for (const control of open) {
    const values = saved.get(control.name);
    if (isChoice(control)) control.checked = values.includes(control.value);
    else control.value = values[0];
  }
  if (open.length) form.dispatchEvent(new Event("change"));
}

function askToKeep(form, key, saveNow) {
  const place = form.querySelector("[data-kept]");
  if (!place) return;
  const box = place.querySelector("input");
  const said = place.querySelector("[data-forgotten]");
  box.checked = localStorage.getItem(key) !== null;
  place.hidden = false;
  box.addEventListener("change", () => {
    said.textContent = "";
    forget(key);
    if (box.checked) localStorage.setItem(key, "[]");
    saveNow();
  });
  place.querySelector("[data-forget]").addEventListener("click", () => {
    forget(key);
    box.checked = false;
    said.textContent = said.dataset.forgotten;
  });
}

function offer(form) {
  const key = keyOf(form.dataset.answers);
  const place = form.querySelector("[data-answers-offer]");
  const fields = kept(key);
  if (!fields.some(([name]) => name.startsWith("q-"))) return;
  place.hidden = false;
  const where = localStorage.getItem(key) === null ? "tab" : "device";
  for (const words of place.querySelectorAll("[data-kept-on]")) words.hidden = words.dataset.keptOn !== where;
  place.querySelector("[data-answers-resume]").addEventListener("click", () => {
    const names = new Set(fields.map(([name]) => name));
    for (const control of [...form.elements]) if (names.has(control.name)) control.disabled = true;
    for (const [name, value] of fields) {
      const input = document.createElement("input");
      Object.assign(input, { type: "hidden", name, value });
      form.append(input);
    }
  });
  place.querySelector("[data-answers-anew]").addEventListener("click", () => {
    forget(key);
    place.hidden = true;
    form.querySelector("button[value=start]").focus();
  });
}
