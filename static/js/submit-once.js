// Swallows the second click on <form data-submit-once>, and never a retry: after a few seconds, or when the page is shown
// again, it can be sent anew. The server makes one of two equal ones in any case.
const LONGEST_DOUBLE_CLICK = 4000;

export function enhance(form) {
  const buttons = [...form.elements].filter((control) => control.type === "submit");
  let isSending = false;
  let timer;

  function mark(sending) {
    isSending = sending;
    for (const button of buttons) {
      // Not `disabled`: that would take the pressed button's own value out of what is sent, and lose the focus.
      if (sending) button.setAttribute("aria-disabled", "true");
      else button.removeAttribute("aria-disabled");
    }
  }

  form.addEventListener("submit", (event) => {
    if (isSending) {
      event.preventDefault();
      return;
    }
    if (event.defaultPrevented) return;
    mark(true);
    clearTimeout(timer);
    timer = setTimeout(() => mark(false), LONGEST_DOUBLE_CLICK);
  });
  addEventListener("pageshow", () => mark(false));
}
