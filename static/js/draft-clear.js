// Forgets the draft of a form on the page that says "received", <… data-draft-clear="KEY">. It stands alone, so that on a slow
// line it waits for nothing else: whoever goes back at once must not find in the form what was sent.
export function enhance(element) {
  try {
    sessionStorage.removeItem(`draft:${element.dataset.draftClear}`);
  } catch {
    // Where nothing may be stored there is no draft.
  }
}
