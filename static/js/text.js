// The words that scripts show stand in the page, translated, as data-text-… of its body.

/** The words named `name` ("draftRestored" for data-text-draft-restored), with {n} replaced by a number. */
export function text(name, count) {
  const words = document.body.dataset[`text${name[0].toUpperCase()}${name.slice(1)}`] ?? "";
  if (count === undefined) return words;
  // Spanish as it is written in the United States separates thousands as English does.
  return words.replace("{n}", new Intl.NumberFormat(`${document.documentElement.lang}-US`).format(count));
}

/** An element that screen readers read out whenever its text changes. It must be in the page before it says anything. */
export function liveRegion(className = "visually-hidden") {
  const region = document.createElement("p");
  region.className = className;
  region.setAttribute("role", "status");
  return region;
}
