// Makes elements. A text only ever becomes text, whatever a visitor has sent.

const SVG = "http://www.w3.org/2000/svg";

/**
 * @param {string} tag
 * @param {Object<string, *>} properties set as properties where the element has them, else as
 *   attributes; undefined and null are left out
 * @param {...(Node|string)} children
 */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue;
    if (name in element) element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/** A picture of inbox.html's; it says nothing to a screen reader. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  svg.append(use);
  return svg;
}

/** A button with a picture; its words are hidden where room is short, and never from a reader. */
export function iconButton(picture, words, properties = {}) {
  return make(
    "button",
    { type: "button", className: "quiet", title: words, ...properties },
    icon(picture),
    make("span", {}, words),
  );
}

export function byId(id) {
  return document.getElementById(id);
}

/** Puts new children in, and the focus back on the one with the same data-key. */
export function replaceKeepingFocus(host, ...children) {
  const key = host.contains(document.activeElement) && document.activeElement.dataset.key;
  host.replaceChildren(...children);
  if (key) host.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus();
}

/** Lets a dialog open once, and say what became of it: the value of the button, or "". */
export function ask(dialog) {
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue), { once: true });
  });
}
