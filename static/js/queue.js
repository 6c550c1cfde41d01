// Ticks many comments of <form data-queue>, which has one checkbox an item: all at once by a box that is put into an
// element [data-queue-all], or a run of them by a click and a shift-click. Says how many in an element
// [data-queue-count] (role="status").
import { text } from "./text.js";

export function enhance(form) {
  const boxes = [...form.querySelectorAll('input[type="checkbox"][name]')];
  if (!boxes.length) return;
  const all = addSelectAll();
  const count = document.querySelector("[data-queue-count]");
  let last;

  function update() {
    const selected = boxes.filter((box) => box.checked).length;
    if (all) {
      all.checked = selected === boxes.length;
      all.indeterminate = selected > 0 && selected < boxes.length;
    }
    if (count) count.textContent = text("selected", selected);
  }

  all?.addEventListener("change", () => {
    boxes.forEach((box) => (box.checked = all.checked));
    update();
  });
  for (const box of boxes) {
    box.addEventListener("click", (event) => {
      if (event.shiftKey && last) selectRun(boxes, last, box);
      last = box;
      update();
    });
  }
  update();
}

function addSelectAll() {
  const place = document.querySelector("[data-queue-all]");
  if (!place) return null;
  const box = document.createElement("input");
  box.type = "checkbox";
  box.className = "choice__input";
  const label = document.createElement("label");
  label.className = "choice";
  const words = document.createElement("span");
  words.className = "choice__label";
  words.textContent = text("selectAll");
  label.append(box, words);
  place.replaceChildren(label);
  return box;
}

function selectRun(boxes, from, to) {
  const [first, final] = [boxes.indexOf(from), boxes.indexOf(to)].sort((a, b) => a - b);
  boxes.slice(first, final + 1).forEach((box) => (box.checked = to.checked));
}
