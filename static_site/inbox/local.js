// Shows what becomes of submissions before the API has said so, and takes it back as easily.

import { merged } from "./entries.js";

const COUNT_STOPS_AT = 1000;

/** @typedef {{from: Entry, to: ?Entry}} Step an entry as it was and as it is; null: it is gone */

/** @returns {(steps: Step[]) => void} */
export function createLocal({ store, recent }) {
  return function put(steps) {
    const { entries, place, open, selected, forms } = store.state;
    const stepById = new Map(steps.map((step) => [step.from.id, step]));
    for (const { from, to } of steps) {
      const { folder, is_read } = to ?? from;
      recent.note([from.id], { folder, is_read, isGone: !to });
    }
    const here = steps.map(({ to }) => to).filter((to) => to && isIn(to, place));
    const stays = entries.filter(({ id }) => !stepById.has(id));
    const ids = new Set([...stays, ...here].map(({ id }) => id));
    store.set({
      entries: merged(stays, here),
      forms: forms.map((form) => ({ ...form, unread: recounted(form, steps) })),
      selected: new Set([...selected].filter((id) => ids.has(id))),
      ...(open && stepById.get(open.id)?.to && { open: withEntry(open, stepById.get(open.id).to) }),
    });
  };
}

export function reversed(steps) {
  return steps.map(({ from, to }) => ({ from: to, to: from }));
}

function isIn(entry, place) {
  return entry.form === place.form && entry.folder === place.folder;
}

function withEntry(open, entry) {
  const { folder, is_read } = entry;
  return { ...open, entry, submission: open.submission && { ...open.submission, folder, is_read } };
}

function recounted(form, steps) {
  const unread = { ...form.unread };
  for (const { from, to } of steps) {
    if (from.form !== form.id) continue;
    step(unread, from, -1);
    if (to) step(unread, to, 1);
  }
  return unread;
}

function step(unread, { is_read: isRead, folder }, by) {
  // A count that has stopped does not say how many there are.
  if (isRead || unread[folder] >= COUNT_STOPS_AT) return;
  unread[folder] = Math.max(0, unread[folder] + by);
}
