// Puts the address with the form's own word, <form data-address="…">, into the history in place of the plain one, so that
// the back button leads to this very form: what is sent twice from it makes one comment.
export function enhance(form) {
  if (!new URLSearchParams(location.search).has("form")) history.replaceState(history.state, "", form.dataset.address);
}
