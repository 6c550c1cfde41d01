// A list that is put in order by buttons. A thing has a place once somebody gave it one: to move one says nothing of the others.
import { liveRegion } from "./text.js";

export function makeMovable(list) {
  const original = [...list.children];
  const refusal = list.closest("fieldset")?.querySelector("input[type=checkbox][value=refused]");
  const spoken = liveRegion();
  const clear = document.createElement("button");
  Object.assign(clear, { type: "button", className: "usa-button usa-button--outline", textContent: list.dataset.textClear });
  list.after(clear, spoken);

  const placeOf = (item) => Number(item.querySelector("select").value) || Infinity;
  const nameOf = (item) => item.querySelector("label").textContent.trim();
  const ranked = () => [...list.children].filter((item) => placeOf(item) !== Infinity);
  const downs = new Map();

  for (const item of original) {
    const down = mover(item, 1, list.dataset.textDown, "↓");
    downs.set(item, down);
    item.append(mover(item, -1, list.dataset.textUp, "↑"), down);
  }
  clear.addEventListener("click", () => {
    empty();
    list.dispatchEvent(new Event("change", { bubbles: true }));
    spoken.textContent = list.dataset.textCleared;
  });
  list.addEventListener("change", () => {
    if (refusal && ranked().length) refusal.checked = false;
    sort();
  });
  refusal?.addEventListener("change", () => {
    if (!refusal.checked) return;
    empty();
    sort();
  });
  sort();

  function empty() {
    for (const item of original) item.querySelector("select").value = "";
  }

  function mover(item, by, words, sign) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "usa-button usa-button--outline ranking__move";
    button.textContent = sign;
    button.setAttribute("aria-label", `${words}: ${nameOf(item)}`);
    button.addEventListener("click", () => {
      move(item, by);
      button.focus();
      spoken.textContent = `${nameOf(item)}: ${list.dataset.textPlace.replace("{n}", placeOf(item))}`;
    });
    return button;
  }

  /** The first move gives the next free place; each later one moves by one among those that have a place. */
  function move(item, by) {
    const items = ranked();
    const at = items.indexOf(item);
    if (at < 0) items.push(item);
    else {
      items.splice(at, 1);
      items.splice(Math.max(at + by, 0), 0, item);
    }
    items.forEach((one, index) => (one.querySelector("select").value = String(index + 1)));
    list.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /** Show what has a place by its place, and the rest after it as it was asked. */
  function sort() {
    const focused = document.activeElement;
    const sorted = [...original].sort((one, other) => (placeOf(one) === placeOf(other) ? 0 : placeOf(one) - placeOf(other)));
    if (sorted.some((item, index) => item !== list.children[index])) list.append(...sorted);
    for (const [item, down] of downs) down.hidden = placeOf(item) === Infinity;
    if (list.contains(focused)) focused.focus();
  }
}
