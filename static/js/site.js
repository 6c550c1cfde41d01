// Loads an enhancement where a page has something to enhance. Every page works without any of them.
const enhancements = [
  ["[data-counter]", () => import("./counter.js")],
  ["form[data-draft], [data-draft-clear]", () => import("./draft.js")],
  ["form[data-address]", () => import("./address.js")],
  ["[data-proof]", () => import("./proof.js")],
  ["form[data-submit-once]", () => import("./submit-once.js")],
  ["[data-queue]", () => import("./queue.js")],
];

for (const [selector, load] of enhancements) {
  const elements = document.querySelectorAll(selector);
  if (elements.length) {
    const { enhance } = await load();
    elements.forEach(enhance);
  }
}

// For whoever has to know when all is in place, such as a test.
document.documentElement.dataset.enhanced = "";
