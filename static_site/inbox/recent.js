// What was changed here a moment ago, put over what the API says: the index that lists are read
// from follows a change a little later, and a moved line must not come back in between.

const KEEP_MS = 60_000;

/** @param {() => number} now milliseconds */
export function createRecent(now = Date.now) {
  const changeById = new Map();

  return {
    /** @param {{folder?: string, is_read?: boolean, isGone?: boolean}} change */
    note(ids, change) {
      for (const id of ids) {
        const before = changeById.get(id)?.change;
        changeById.set(id, { change: { ...before, ...change }, until: now() + KEEP_MS });
      }
    },
    forget(ids) {
      for (const id of ids) changeById.delete(id);
    },
    /** Returns the entries as they are by now, without those that are no longer in the folder. */
    applied(entries, folder) {
      for (const [id, { until }] of changeById) if (until < now()) changeById.delete(id);
      return entries
        .map((entry) => ({ ...entry, ...changeById.get(entry.id)?.change }))
        .filter((entry) => !entry.isGone && (!folder || entry.folder === folder));
    },
  };
}
