// One key, one verb; never while a person types, and never with Ctrl, Alt or the command key.

import { byId, make } from "./dom.js";

const KEY = "formpost-shortcuts";
const TYPED_IN = "input:not([type=checkbox]), textarea, select, [contenteditable]";
// The keys of lists that every person knows work in the list only.
const KEY_BY_ARROW = { ArrowDown: "j", ArrowUp: "k" };

/**
 * @typedef {{keys: string[], words: string, verb: () => void}} Shortcut
 * @param {Shortcut[]} shortcuts
 * @param {() => boolean} isReady no verb is done on the sign-in page
 */
export function listenToKeys(shortcuts, { isReady }) {
  const verbByKey = new Map(shortcuts.flatMap(({ keys, verb }) => keys.map((key) => [key, verb])));
  const isOn = byId("shortcuts-on");
  isOn.checked = read() !== "off";
  isOn.addEventListener("change", () => keep(isOn.checked ? "on" : "off"));
  fillHelp(shortcuts);

  addEventListener("keydown", (event) => {
    const { key, target } = event;
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!isReady() || document.querySelector("dialog[open]") || target.matches?.(TYPED_IN)) return;
    const isInList = target.closest?.("#entries");
    const verb = verbByKey.get(isInList ? (KEY_BY_ARROW[key] ?? key) : key);
    // Speech control and screen readers may type letters: WCAG 2.1.4 wants them to be put off.
    const isLetter = key.length === 1;
    if (!verb || (isLetter && !isOn.checked)) return;
    // A link or a button is pressed with Enter; that is its own business.
    if (key === "Enter" && target.closest("a, button")) return;
    event.preventDefault();
    verb();
  });
}

function fillHelp(shortcuts) {
  const rows = shortcuts.map(({ keys, words }) => {
    const keyParts = keys.flatMap((key, at) => [at ? " or " : "", make("kbd", {}, key)]);
    return make("tr", {}, make("td", {}, ...keyParts), make("td", {}, words));
  });
  byId("shortcuts").tBodies[0].replaceChildren(...rows);
}

function read() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function keep(value) {
  try {
    localStorage.setItem(KEY, value);
  } catch {
    // Forbidden by the browser: it lasts as long as the page.
  }
}
