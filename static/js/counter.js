// Counts down the characters left in <div class="field" data-counter="LIMIT"> with one textarea.
import { liveRegion, text } from "./text.js";

const PAUSE_BEFORE_SPEAKING = 1000;

export function enhance(field) {
  const textarea = field.querySelector("textarea");
  const limit = Number(field.dataset.counter);
  const shown = document.createElement("p");
  shown.className = "usa-hint counter";
  shown.setAttribute("aria-hidden", "true");
  const spoken = liveRegion();
  textarea.after(shown, spoken);

  let timer;
  function update() {
    // As the server counts: composed characters, and an emoji is one, not two.
    const left = limit - [...textarea.value.normalize("NFC")].length;
    shown.textContent = words(left);
    shown.classList.toggle("counter--over", left < 0);
    clearTimeout(timer);
    if (left < limit / 10) {
      timer = setTimeout(() => (spoken.textContent = words(left)), PAUSE_BEFORE_SPEAKING);
    }
  }
  textarea.addEventListener("input", update);
  update();
}

function words(left) {
  if (left === 1) return text("characterLeft");
  if (left === -1) return text("characterOver");
  return left >= 0 ? text("charactersLeft", left) : text("charactersOver", -left);
}
