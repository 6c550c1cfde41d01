// Solves the challenge of <input data-proof="…"> while somebody fills in its form, in a worker, so that typing never waits.
//
// It begins with the first touch of the form: who only reads the page pays nothing. A form that is sent before the proof is
// there waits for it a few seconds, and then goes without: the server takes it all the same.
import { liveRegion } from "./text.js";

const LONGEST_WAIT = 5000;

export function enhance(input) {
  const { form } = input;
  // Without TLS browsers offer no cryptography, and then there is no proof.
  if (input.value || !globalThis.crypto?.subtle || !globalThis.Worker || !form.requestSubmit) return;
  const message = liveRegion("check-wait");
  form.append(message);
  let solving;
  const begin = () => {
    solving ??= solve(input).then((proof) => (input.value = proof));
    return solving;
  };
  for (const event of ["focusin", "input", "pointerdown"]) form.addEventListener(event, begin, { once: true });
  if (form.contains(document.activeElement)) begin();

  let isWaiting = false;
  let isOver = false;
  // Captured, so that it comes before what else listens: to them the form is sent once, after the wait.
  form.addEventListener(
    "submit",
    (event) => {
      // A button that only leads back to the form needs no proof.
      if (input.value || isOver || event.submitter?.formNoValidate) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (isWaiting) return;
      isWaiting = true;
      message.textContent = input.dataset.proofWait;
      const patience = new Promise((resolve) => setTimeout(resolve, LONGEST_WAIT));
      Promise.race([begin(), patience]).then(() => {
        isOver = true;
        message.textContent = "";
        form.requestSubmit(event.submitter);
      });
    },
    { capture: true },
  );
}

/** The proof as ALTCHA writes it; an empty text where none was found. */
function solve(input) {
  const challenge = JSON.parse(input.dataset.proof);
  return new Promise((resolve) => {
    const worker = new Worker(input.dataset.proofWorker);
    const finish = (proof) => {
      worker.terminate();
      resolve(proof);
    };
    worker.addEventListener("error", () => finish(""));
    worker.addEventListener("message", ({ data }) => {
      finish(data ? btoa(JSON.stringify({ challenge, solution: data })) : "");
    });
    worker.postMessage(challenge.parameters);
  });
}
