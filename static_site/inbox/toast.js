// Says in a corner what was done, with a way back for a while.

import { make } from "./dom.js";

// WCAG 2.2.1 lets time run out where nothing is lost; the way back by hand stays.
const SHOWN_MS = 10_000;
const MAX_SHOWN = 3;

export function createToasts(host) {
  /** @type {{element: HTMLElement, undo: ?() => void}[]} oldest first */
  let shown = [];

  /**
   * @param {string} words
   * @param {{undo?: () => void, isBad?: boolean}} how
   */
  function say(words, { undo, isBad = false } = {}) {
    const element = make("div", { className: isBad ? "toast bad" : "toast" }, make("p", {}, words));
    const toast = { element, undo };
    if (undo) {
      const onclick = () => take(toast);
      const keys = { "aria-keyshortcuts": "z" };
      element.append(
        make("button", { type: "button", title: "Undo (z)", onclick, ...keys }, "Undo"),
      );
    }
    const onclick = () => close(toast);
    element.append(make("button", { type: "button", "aria-label": "Dismiss", onclick }, "×"));
    shown.push(toast);
    host.append(element);
    if (shown.length > MAX_SHOWN) close(shown[0]);
    letGo(toast);
  }

  function letGo(toast) {
    let timer;
    const stop = () => clearTimeout(timer);
    const start = () => {
      stop();
      timer = setTimeout(() => close(toast), SHOWN_MS);
    };
    for (const type of ["mouseenter", "focusin"]) toast.element.addEventListener(type, stop);
    for (const type of ["mouseleave", "focusout"]) toast.element.addEventListener(type, start);
    start();
  }

  function take(toast) {
    close(toast);
    toast.undo();
  }

  function close(toast) {
    shown = shown.filter((each) => each !== toast);
    toast.element.remove();
  }

  return {
    say,
    /** Undoes what was done last; false if there is nothing to undo. */
    undoLast() {
      const last = [...shown].reverse().find(({ undo }) => undo);
      if (last) take(last);
      return Boolean(last);
    },
    clear() {
      for (const toast of shown) toast.element.remove();
      shown = [];
    },
  };
}
