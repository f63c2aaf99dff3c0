// From one place to another: which list is read, which submission is open, where the focus goes.

// The same as in inbox.css: below it, the list and the submission share one column.
const ONE_COLUMN = matchMedia("(max-width: 47.99rem)");

export function createTravel({ store, router, loading, opening, list, reading }) {
  let isFirst = true;
  let isStep = false;

  /** @param {import("./router.js").Place} place */
  function arrive(place) {
    const { forms, place: before, open } = store.state;
    if (!place.form && forms.length) {
      return router.go({ ...place, form: forms[0].id }, { isSame: true });
    }
    const isOtherList = before?.form !== place.form || before?.folder !== place.folder;
    const isOtherQuery = before?.query !== place.query;
    if (before && isOtherList) loading.leave();
    // In one step: an empty list of the new place is not known to be empty.
    store.set({ place, ...(isOtherList && { entries: [], nextCursor: null, loading: "first" }) });
    if (!forms.some(({ id }) => id === place.form)) loading.none();
    else if (place.folder && isOtherList) loading.load();
    else if (place.folder && isOtherQuery) loading.search();
    if (place.id && (place.id !== open?.id || place.form !== open.form)) enter(place);
    else if (!place.id && open) leave(open.id);
    isFirst = false;
  }

  async function enter(place) {
    const wasInList = Boolean(list.idAt(document.activeElement));
    const opened = opening.open();
    store.set({ current: place.id });
    // Who walks down the list stays there, as long as it is seen.
    if (isStep && wasInList && !ONE_COLUMN.matches) list.focus(place.id);
    else if (!isFirst) reading.focus();
    isStep = false;
    const submission = await opened;
    const { place: now, entries } = store.state;
    if (now !== place || entries.some(({ id }) => id === place.id)) return;
    // A link may be older than a move, or name no folder.
    const folder = submission?.folder ?? place.folder ?? "inbox";
    if (folder !== place.folder) router.go({ ...place, folder }, { isSame: true });
  }

  function leave(id) {
    const { activeElement } = document;
    const mayFocus = activeElement === document.body || activeElement.closest("#reading");
    opening.close();
    store.set({ current: id });
    if (mayFocus) list.focus(id);
  }

  return {
    arrive,
    /** The next place is reached step by step, with j and k. */
    step() {
      isStep = true;
    },
    search(query) {
      const { place } = store.state;
      if (query === place.query) return;
      // While words are typed, the back button leads to before the first of them.
      const isSame = Boolean(place.query) === Boolean(query);
      router.go({ ...place, query, id: null }, { isSame });
    },
  };
}
