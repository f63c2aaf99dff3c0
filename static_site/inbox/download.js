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

/** Reads page after page, until there is no more or the signal says stop. */
export async function allPages(readPage, onPage, signal) {
  let cursor = null;
  do {
    const page = await readPage(cursor);
    if (signal?.aborted) throw signal.reason;
    onPage(page);
    cursor = page.nextCursor ?? page.next_cursor ?? null;
  } while (cursor);
}
