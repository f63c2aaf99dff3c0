// Hands a file to the person who asked for it.

import { make } from "./dom.js";

// Long enough for a browser that asks where to put it.
const KEPT_MS = 60_000;

/** @param {string} name @param {BlobPart[]} parts @param {string} type */
export function saveFile(name, parts, type) {
  const href = URL.createObjectURL(new Blob(parts, { type }));
  make("a", { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), KEPT_MS);
}

/** "contact-inbox-2026-11-23.csv" */
export function fileName(words, suffix) {
  const day = new Date().toISOString().slice(0, 10);
  return `${[...words, day].join("-").replace(/[^\w.-]+/g, "-")}.${suffix}`;
}
