// Loads an enhancement where a page has something to enhance. Every page works without any of them. Of those that listen
// to a form being sent the order decides: what may stop it comes before what believes that it is on its way.
const enhancements = [
  [".exit", () => import("./exit.js")],
  ["[data-counter]", () => import("./counter.js")],
  ["[data-draft-clear]", () => import("./draft-clear.js")],
  ["form[data-draft]", () => import("./draft.js")],
  ["form[data-answers]", () => import("./form.js")],
  ["[data-answers], [data-answers-clear]", () => import("./answers.js")],
  ["form[data-draft], form[data-answers]", () => import("./offline.js")],
  ["form[data-entry]", () => import("./entry.js")],
  ["form[data-address]", () => import("./address.js")],
  ["[data-personal-data]", () => import("./personal-data.js")],
  ["[data-proof]", () => import("./proof.js")],
  ["form[data-submit-once]", () => import("./submit-once.js")],
  ["[data-queue]", () => import("./queue.js")],
  ["[data-clock], [data-screen], [data-floor-changed]", () => import("./floor.js")],
  ["form[data-pairs]", () => import("./pairs.js")],
  ["form[data-redact]", () => import("./redact.js")],
];

// All are on their way at once, which on a slow line saves most of the wait, and are put in place in their order.
const loading = [];
for (const [selector, load] of enhancements) {
  const elements = document.querySelectorAll(selector);
  if (elements.length) loading.push([elements, load()]);
}
for (const [elements, module] of loading) {
  const { enhance } = await module;
  elements.forEach((element) => enhance(element));
}

// For whoever has to know when all is in place, such as a test.
document.documentElement.dataset.enhanced = "";
