// Lists of entries, newest first, each id once.

/** @typedef {import("./state.js").Entry} Entry */

/** @returns {Entry[]} both lists in order; of one id, the later given counts */
export function merged(entries, more) {
  const byId = new Map([...entries, ...more].map((entry) => [entry.id, entry]));
  return [...byId.values()].sort(newestFirst);
}

/**
 * Brings a list up to date by its first pages, read anew: what is missing there is gone.
 *
 * @param {Entry[]} entries as they were
 * @param {Entry[]} fresh the newest ones as they are
 * @param {boolean} isAll there are no older ones
 */
export function synced(entries, fresh, isAll) {
  const oldest = fresh.at(-1);
  const older = isAll || !oldest ? [] : entries.filter((entry) => newestFirst(entry, oldest) > 0);
  const kept = new Map(entries.map((entry) => [entry.id, entry]));
  // The same object where nothing changed: then nothing is drawn.
  return merged(
    older,
    fresh.map((entry) => same(kept.get(entry.id), entry)),
  );
}

/** @returns {number} below 0 if a is newer */
export function newestFirst(a, b) {
  if (a.received_at !== b.received_at) return a.received_at < b.received_at ? 1 : -1;
  return a.id < b.id ? 1 : a.id > b.id ? -1 : 0;
}

function same(old, entry) {
  return old && JSON.stringify(old) === JSON.stringify(entry) ? old : entry;
}
