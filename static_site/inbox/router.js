// Where the owner is, in the address: #/contact/inbox, #/contact/inbox/<id>?q=words.
//
// A mail links to #/contact/<id>, because a submission can be moved: its folder is then null.

import { FOLDERS } from "./folders.js";

/**
 * @typedef {object} Place
 * @property {?string} form null: the first one
 * @property {?string} folder null: where the submission is
 * @property {?string} id of the open submission
 * @property {string} query words that are searched for
 */

/** @returns {Place} */
export function placeFrom(fragment) {
  const [path, search = ""] = fragment.replace(/^#\/?/, "").split("?");
  const [form, second, third] = path.split("/").map(decoded);
  const query = new URLSearchParams(search).get("q") ?? "";
  if (!form) return { form: null, folder: "inbox", id: null, query };
  if (FOLDERS.includes(second)) return { form, folder: second, id: third || null, query };
  return second
    ? { form, folder: null, id: second, query }
    : { form, folder: "inbox", id: null, query };
}

/** @param {Place} place */
export function fragmentOf({ form, folder, id, query }) {
  const path = [form, folder, id].filter(Boolean).map(encodeURIComponent).join("/");
  return `#/${path}${query ? `?${new URLSearchParams({ q: query })}` : ""}`;
}

/** @param {(place: Place) => void} arrive is told of every new place, the first included */
export function createRouter(arrive) {
  const read = () => arrive(placeFrom(location.hash));
  return {
    start() {
      // Links, the back button and a typed address all end in this event.
      addEventListener("hashchange", read);
      read();
    },
    /** Goes there; with isSame, the back button does not lead to where it was before. */
    go(place, { isSame = false } = {}) {
      const fragment = fragmentOf(place);
      if (fragment !== location.hash) {
        history[isSame ? "replaceState" : "pushState"](null, "", fragment);
      }
      read();
    },
  };
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
