// Reads the list of a place: its first page, more of it, and what has changed at its top.

import { merged, synced } from "./entries.js";
import { isAborted } from "./failures.js";

const FIRST_PAGE = 50;
// The most that the API gives at once; a person who scrolls has time for it.
const NEXT_PAGE = 200;
// A search may find little in a page. It reads on until there is a screen full, but not for ever.
const ENOUGH_FOUND = 20;
const PAGES_AT_ONCE = 5;
// More new ones than this, and the list starts anew.
const PAGES_TO_CATCH_UP = 4;
// A folder that was left a moment ago is shown at once and brought up to date then.
const KEEP_MS = 300_000;

export function createLoading({ api, store, recent }) {
  const leftByKey = new Map();
  let reading = new AbortController();

  /** Starts the list of the place anew, and leaves the one before. */
  async function load() {
    const { place } = store.state;
    reading.abort();
    reading = new AbortController();
    const kept = leftByKey.get(keyOf(place));
    const isFresh = kept && kept.at > Date.now() - KEEP_MS;
    store.set({
      ...(isFresh ? kept.list : { entries: [], nextCursor: null }),
      selected: new Set(),
      current: null,
      // An empty list is not yet known to be empty.
      loading: isFresh ? "" : "first",
      failure: null,
      isPaused: false,
    });
    // A look at the top is not worth a word if it fails: polling will tell.
    if (isFresh) await refresh().catch(() => {});
    else await read("first");
  }

  /** Remembers the list of the place that is about to be left. */
  function leave() {
    const { place, entries, nextCursor, loading, failure } = store.state;
    if (!place?.folder || place.query || loading === "first" || failure) return;
    const list = { entries, nextCursor };
    leftByKey.set(keyOf(place), { list, at: Date.now() });
  }

  /** A search's words have changed: what was found stays until the new answer is there. */
  function search() {
    store.set({ selected: new Set(), current: null });
    return read("first");
  }

  /** There is no such place. */
  function none() {
    reading.abort();
    store.set({ entries: [], nextCursor: null, loading: "", failure: null, isPaused: false });
  }

  async function more() {
    const { nextCursor, loading } = store.state;
    if (nextCursor && !loading) await read("more");
  }

  async function read(kind) {
    reading.abort();
    reading = new AbortController();
    const { signal } = reading;
    const { place } = store.state;
    store.set({ loading: kind, failure: null });
    try {
      await readPages(kind, place, signal);
    } catch (error) {
      if (isAborted(error)) return;
      store.set({ loading: "", failure: error, ...(kind === "first" && { entries: [] }) });
    }
  }

  async function readPages(kind, place, signal) {
    let found = 0;
    let cursor = kind === "more" ? store.state.nextCursor : null;
    for (let pages = 1; ; pages++) {
      const page = await api.submissions(place.form, queryOf(place, cursor, kind), signal);
      const fresh = recent.applied(page.submissions, place.folder);
      const isNewList = kind === "first" && pages === 1;
      found += fresh.length;
      cursor = page.next_cursor;
      const isEnough = !place.query || found >= ENOUGH_FOUND;
      const isLast = !cursor || isEnough || pages === PAGES_AT_ONCE;
      store.set({
        entries: merged(isNewList ? [] : store.state.entries, fresh),
        nextCursor: cursor,
        isPaused: Boolean(cursor) && !isEnough,
        loading: isLast ? "" : kind,
      });
      if (isLast) return;
    }
  }

  /** Brings the top of the list up to date, without a word unless it fails. */
  async function refresh() {
    const { place, loading, failure, entries } = store.state;
    if (loading) return;
    if (failure) return read(entries.length ? "more" : "first");
    const { signal } = reading;
    // A search is not done anew: only what has come in since is searched.
    const since = place.query ? entries[0]?.received_at : undefined;
    if (place.query && !since) return;
    const fresh = [];
    let cursor = null;
    let meets = false;
    for (let pages = 1; pages <= PAGES_TO_CATCH_UP && !meets; pages++) {
      const query = { ...queryOf(place, cursor, "first"), since };
      const page = await api.submissions(place.form, query, signal).catch(unlessAborted);
      if (!page || signal.aborted) return;
      fresh.push(...recent.applied(page.submissions, place.folder));
      cursor = page.next_cursor;
      const known = new Set(store.state.entries.map((entry) => entry.id));
      meets = !cursor || !known.size || page.submissions.some((entry) => known.has(entry.id));
    }
    take(fresh, cursor, { meets, isSearch: Boolean(since) });
  }

  function take(fresh, cursor, { meets, isSearch }) {
    const { entries, selected } = store.state;
    if (isSearch) return store.set({ entries: merged(entries, fresh) });
    const next = meets ? synced(entries, fresh, !cursor) : fresh;
    const isSame = next.length === entries.length && next.every((each, at) => each === entries[at]);
    if (isSame) return;
    const ids = new Set(next.map((entry) => entry.id));
    store.set({
      entries: next,
      selected: new Set([...selected].filter((id) => ids.has(id))),
      ...((!meets || !entries.length || !cursor) && { nextCursor: cursor }),
    });
  }

  /** What was moved is not where it was: folders that were left are read anew. */
  const forgetLeft = () => leftByKey.clear();

  return { load, leave, search, none, more, refresh, forgetLeft };
}

function queryOf({ folder, query }, cursor, kind) {
  return { folder, q: query, cursor, limit: kind === "more" ? NEXT_PAGE : FIRST_PAGE };
}

function keyOf({ form, folder, query }) {
  return query ? "" : `${form}/${folder}`;
}

function unlessAborted(error) {
  if (!isAborted(error)) throw error;
}
