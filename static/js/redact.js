// Lets a moderator select text in the element that <form data-redact="its id"> names, and choose it to be redacted. Each
// chosen stretch becomes a ticked box (name "span"), which can be unticked. Places count characters as Python does.
export function enhance(form) {
  const source = document.getElementById(form.dataset.redact);
  const tools = form.querySelector("[data-redact-tools]");
  const list = form.querySelector("[data-redact-chosen]");
  const kind = form.querySelector("select[name=kind]");
  if (!source || !tools || !list || !kind) return;

  const kinds = kind.cloneNode(true);
  kinds.removeAttribute("name");
  kinds.id = "redact-kind";
  const label = document.createElement("label");
  label.className = "usa-label";
  label.htmlFor = kinds.id;
  label.textContent = form.dataset.textRedact;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "usa-button usa-button--outline";
  button.textContent = form.dataset.textRedact;
  const status = document.createElement("p");
  status.className = "meta";
  status.setAttribute("role", "status");
  const row = document.createElement("div");
  row.className = "decide__restrict";
  row.append(kinds, button);
  tools.append(label, row, status);

  for (const hidden of list.querySelectorAll("input[type=hidden]")) {
    const [start, stop, of] = split(hidden.value);
    hidden.remove();
    add(start, stop, of);
  }
  // A click on the button would otherwise take the selection away in some browsers.
  button.addEventListener("pointerdown", (event) => event.preventDefault());
  button.addEventListener("click", () => {
    const found = selected(source);
    if (!found) {
      status.textContent = form.dataset.textNone;
      return;
    }
    add(found.start, found.stop, kinds.value);
    status.textContent = form.dataset.textAdded;
  });

  function add(start, stop, of) {
    const value = `${start}-${stop}-${of}`;
    const twin = form.querySelector(`input[name=span][value="${CSS.escape(value)}"]`);
    if (twin) {
      twin.checked = true;
      return;
    }
    const box = document.createElement("input");
    box.type = "checkbox";
    box.className = "choice__input";
    box.name = "span";
    box.value = value;
    box.checked = true;
    box.id = `span-chosen-${list.children.length}`;
    const words = document.createElement("label");
    words.className = "choice__label";
    words.htmlFor = box.id;
    const strong = document.createElement("strong");
    const name = kinds.querySelector(`option[value="${CSS.escape(of)}"]`)?.textContent ?? of;
    strong.textContent = `${form.dataset.textChosen.replace("{kind}", name)} `;
    const said = document.createElement("bdi");
    said.textContent = textBetween(source, start, stop);
    words.append(strong, said);
    const choice = document.createElement("div");
    choice.className = "choice";
    choice.append(box, words);
    list.append(choice);
  }
}

function split(value) {
  const [start, stop, ...kind] = value.split("-");
  return [Number(start), Number(stop), kind.join("-")];
}

const characters = (text) => [...text].length;

function selected(source) {
  const selection = window.getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  let start = null;
  let stop = null;
  for (const piece of source.querySelectorAll("[data-start]")) {
    if (!range.intersectsNode(piece)) continue;
    const from = Number(piece.dataset.start);
    const length = Number(piece.dataset.length ?? characters(piece.textContent));
    let [first, last] = [0, length];
    // A mark is taken whole; of a text only what is selected.
    if (!piece.dataset.length) {
      if (piece.contains(range.startContainer)) first = before(piece, range.startContainer, range.startOffset);
      if (piece.contains(range.endContainer)) last = before(piece, range.endContainer, range.endOffset);
    }
    if (last <= first) continue;
    start ??= from + first;
    stop = from + last;
  }
  return start === null ? null : { start, stop };
}

function before(piece, node, offset) {
  const range = document.createRange();
  range.setStart(piece, 0);
  range.setEnd(node, offset);
  return characters(range.toString());
}

function textBetween(source, start, stop) {
  let text = "";
  for (const piece of source.querySelectorAll("[data-start]")) {
    const from = Number(piece.dataset.start);
    const letters = [...piece.textContent];
    const length = Number(piece.dataset.length ?? letters.length);
    if (from + length <= start || from >= stop) continue;
    text += piece.dataset.length
      ? piece.textContent
      : letters.slice(Math.max(start - from, 0), stop - from).join("");
  }
  return text;
}
