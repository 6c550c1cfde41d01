// The browser's own Back turns the pages of a form, <form data-begin="ADDRESS">. Pages are answers to what was sent and are
// kept nowhere, so that the browser could not show one again: it would show an error in its place.
//
// Every page stands in the history twice, both times as the form's beginning, which can be asked for again. From the second,
// Back leads to the first without leaving the page, and the page sends its Back button. Wherever the history leads
// otherwise, it is the beginning, where this tab offers to go on with the answers (answers.js).
const FIRST = "first";
const SECOND = "second";

export function takeBack(form) {
  const begin = form.dataset.begin;
  history.replaceState({ answering: FIRST }, "", begin);
  history.pushState({ answering: SECOND }, "", begin);

  addEventListener("popstate", ({ state }) => {
    // A link within the page, as to what has to be mended, has no state.
    if (state?.answering !== FIRST) return;
    const back = form.querySelector("button[name=go][value=back]");
    if (!back) return location.replace(begin);
    // Without a connection nothing is sent: then the next Back leads here again.
    if (!navigator.onLine) history.pushState({ answering: SECOND }, "", begin);
    form.requestSubmit(back);
  });
}
