// Keeps <form data-draft> and <form data-answers> from being sent into nothing: without a connection the browser would show a
// page of its own. What was typed stays, with the form's own token, so that sending it again, however often, is received once.
import { liveRegion, text } from "./text.js";

export function enhance(form) {
  const button = [...form.elements].findLast((control) => control.type === "submit" && !control.formNoValidate);
  const place = document.createElement("div");
  const message = liveRegion("draft__message");
  place.append(message);
  (button.closest("p") ?? button).before(place);

  function say(words) {
    place.className = words ? "draft" : "";
    message.textContent = words;
  }

  // Captured, so that nobody waits for a proof (proof.js) only to hear that there is no connection.
  form.addEventListener(
    "submit",
    (event) => {
      if (navigator.onLine) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      say(text("offline"));
    },
    { capture: true },
  );
  addEventListener("online", () => message.textContent && say(text("online")));
}
