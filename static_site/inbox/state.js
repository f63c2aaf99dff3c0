// What the page knows. Views draw it; only whole new values are put in, so that a view can see
// by identity what has changed.

/**
 * @typedef {object} Entry one line of a list, as docs/inbox-api.md has it
 *
 * @typedef {object} State
 * @property {object[]} forms
 * @property {boolean} canWrite
 * @property {?import("./router.js").Place} place
 * @property {Entry[]} entries of the place, newest first
 * @property {?string} nextCursor where older ones are
 * @property {"" | "first" | "more"} loading
 * @property {boolean} isPaused a search has read far and found little: it goes on when asked
 * @property {?Error} failure why the list could not be read
 * @property {?Error} trouble why new ones cannot be looked for
 * @property {Set<string>} selected ids
 * @property {?string} current id of the line that j and k move
 * @property {?{id: string, entry: ?Entry, submission: ?object, failure: ?Error}} open
 */

/** @type {State} */
const BEGINNING = {
  forms: [],
  canWrite: false,
  place: null,
  entries: [],
  nextCursor: null,
  loading: "",
  isPaused: false,
  failure: null,
  trouble: null,
  selected: new Set(),
  current: null,
  open: null,
};

export function createStore() {
  let state = BEGINNING;
  const views = [];
  return {
    /** @returns {State} */
    get state() {
      return state;
    },
    /** @param {Partial<State>} changes */
    set(changes) {
      state = { ...state, ...changes };
      for (const view of views) view(state);
    },
    /** @param {(state: State) => void} view must not change the state */
    subscribe(view) {
      views.push(view);
    },
  };
}

export function formOf({ forms, place }) {
  return forms.find((form) => form.id === place?.form);
}

/** The entries that a verb is about: the selected ones, or else the open or current one. */
export function targetsOf({ selected, open, current, entries }) {
  if (selected.size) return entries.filter((entry) => selected.has(entry.id));
  const id = open?.id ?? current;
  const entry = entries.find((each) => each.id === id) ?? (open?.id === id ? open?.entry : null);
  return entry ? [entry] : [];
}

/** The entry that is so many lines further down; undefined beyond the ends. */
export function neighbour({ entries }, id, distance) {
  const position = entries.findIndex((entry) => entry.id === id);
  return position < 0 ? undefined : entries[position + distance];
}
