// What was filled in: every value below its label, in the order sent.

import { make } from "./dom.js";
import { oneLine, shown } from "./text.js";

// Longer than this it is a text, which has the whole width to itself.
const SHORT = 60;

/** @returns {HTMLElement} a description list; names may be anything, "__proto__" too */
export function answers({ fields }, form) {
  const labelByName = new Map((form?.fields ?? []).map(({ name, label }) => [name, label]));
  const parts = Object.entries(fields).map(([name, value]) => {
    const label = oneLine(labelByName.get(name) ?? name) || "Without a name";
    // The label is what is read; the name is what a program knows it by.
    const title = labelByName.has(name) ? name : null;
    const values = [value].flat().map(valueElement);
    const isLong = [value].flat().some((text) => text.length > SHORT || text.includes("\n"));
    const dt = make("dt", { dir: "auto", title }, label);
    return make("div", { className: isLong ? "long" : "" }, dt, ...values);
  });
  if (!parts.length) return make("p", { className: "quiet-words" }, "No fields were sent.");
  return make("dl", { className: "answers" }, ...parts);
}

function valueElement(value) {
  const text = shown(value);
  if (!text.trim()) return make("dd", { className: "blank" }, "(empty)");
  return make("dd", { dir: "auto" }, text);
}
