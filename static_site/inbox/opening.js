// Opens one submission: at once what the list knows of it, then all of it.

import { isAborted } from "./failures.js";
import { neighbour } from "./state.js";

// Enough to go back and forth; the largest may be 400 kB each.
const KEPT = 30;

export function createOpening({ api, store, recent, changes }) {
  const kept = new Map();
  let reading = new AbortController();

  /** Opens what the place names. */
  async function open() {
    reading.abort();
    reading = new AbortController();
    const { signal } = reading;
    const { place, entries } = store.state;
    const { form, id } = place;
    const entry = entries.find((each) => each.id === id) ?? null;
    store.set({ open: { id, form, entry, submission: kept.get(id) ?? null, failure: null } });
    try {
      const submission = await read(form, id, signal);
      show(submission);
      return submission;
    } catch (failure) {
      if (!isAborted(failure)) store.set({ open: { ...store.state.open, failure } });
      return null;
    }
  }

  async function read(form, id, signal) {
    const submission = await api.submission(form, id, signal);
    kept.delete(id);
    kept.set(id, submission);
    if (kept.size > KEPT) kept.delete(kept.keys().next().value);
    return submission;
  }

  function show(submission) {
    const { open } = store.state;
    if (open?.id !== submission.id) return;
    // What was changed here a moment ago may be newer than this answer.
    const [fresh] = recent.applied([submission]);
    if (!fresh) return;
    const { folder, is_read } = fresh;
    const entry = { ...(open.entry ?? entryOf(fresh)), folder, is_read };
    store.set({ open: { ...open, entry, submission: fresh, failure: null } });
    if (!entry.is_read) changes.change([entry], { is_read: true }, { isQuiet: true });
    fetchNext();
  }

  /** The one below is most likely to be read next. */
  function fetchNext() {
    const { state } = store;
    const next = neighbour(state, state.open.id, 1);
    if (next && !kept.has(next.id)) read(next.form, next.id, reading.signal).catch(() => {});
  }

  /** Looks again how the deliveries of the open submission stand. */
  async function refresh() {
    const { open } = store.state;
    if (!open?.submission) return;
    const submission = await read(open.form, open.id, reading.signal).catch(() => null);
    if (!submission || store.state.open?.id !== open.id) return;
    const { deliveries } = submission;
    const shown = store.state.open.submission;
    if (JSON.stringify(shown.deliveries) === JSON.stringify(deliveries)) return;
    store.set({ open: { ...store.state.open, submission: { ...shown, deliveries } } });
  }

  function close() {
    reading.abort();
    if (store.state.open) store.set({ open: null });
  }

  return { open, close, refresh, forget: () => kept.clear() };
}

/** What a list would say of a submission that was opened by a link, for moving and marking it. */
function entryOf({ id, reference, form, received_at, folder, is_read, subject, reply_to, spam }) {
  return {
    id,
    reference,
    form,
    received_at,
    folder,
    is_read,
    from: "",
    email: reply_to,
    subject,
    excerpt: "",
    points: spam.points,
    threshold: spam.threshold,
  };
}
