// Offers only the second questions that there is a table with, for the first one that is chosen.
export function enhance(form) {
  const pairs = JSON.parse(form.dataset.pairs);
  const by = form.elements.by;
  const offered = [...by.options];

  function offer() {
    const fitting = pairs[form.elements.question.value] ?? [];
    const chosen = by.value;
    by.replaceChildren(...offered.filter((option) => fitting.includes(option.value)));
    by.value = fitting.includes(chosen) ? chosen : fitting[0];
  }

  form.elements.question.addEventListener("change", offer);
  offer();
}
