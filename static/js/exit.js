// Leaves the site in a hurry: <nav class="exit"><a href="…">. By the link, or by one of the keys pressed three times alone
// within five seconds each. Shift is what people know from GOV.UK; Escape is what others try.
//
// It can hide this page and its draft. Pages visited before stay in the browser's history, and the privacy page says so.
import { liveRegion } from "./text.js";

const KEYS = new Set(["Shift", "Escape"]);
const TIMES = 3;
const PATIENCE = 5000;

export function enhance(place) {
  const link = place.querySelector("a");
  const spoken = liveRegion("exit__spoken");
  place.append(spoken);
  let last = "";
  let pressed = 0;
  let withOther = false;
  let isLeaving = false;
  let timer;

  function leave(event) {
    event?.preventDefault();
    isLeaving = true;
    document.documentElement.classList.add("is-left");
    document.title = "\u2026";
    try {
      sessionStorage.clear();
      // What somebody asked to keep on this device (answers.js): who leaves like this wants it gone.
      for (const key of Object.keys(localStorage)) if (key.startsWith("answers:")) localStorage.removeItem(key);
    } catch {
      // Then there is no draft either.
    }
    location.replace(link.href);
  }

  function forget() {
    clearTimeout(timer);
    if (pressed) {
      spoken.textContent = place.dataset.textStay;
      timer = setTimeout(() => (spoken.textContent = ""), PATIENCE);
    }
    pressed = 0;
  }

  link.addEventListener("click", leave);
  // A further Escape would stop the other page from loading.
  addEventListener("keydown", (event) => isLeaving && event.preventDefault(), true);
  addEventListener(
    "keyup",
    (event) => {
      const isAlone = KEYS.has(event.key) && !withOther && !event.isComposing;
      withOther = event.key !== "Shift" && event.shiftKey;
      if (!isAlone) return forget();
      pressed = event.key === last ? pressed + 1 : 1;
      last = event.key;
      clearTimeout(timer);
      if (pressed === TIMES) return leave();
      spoken.textContent = pressed === 1 ? place.dataset.textTwice : place.dataset.textOnce;
      timer = setTimeout(forget, PATIENCE);
    },
    true,
  );
  // Whoever comes back by the back button finds the page again, not a blank.
  addEventListener("pageshow", () => {
    isLeaving = false;
    document.documentElement.classList.remove("is-left");
  });
}
