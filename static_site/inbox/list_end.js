// Below the list: more of it, or why there is nothing.

import { emptyWords } from "./empty.js";
import { make } from "./dom.js";
import { sentence } from "./failures.js";

// Begins to load well before the end comes into view.
const NEAR = "800px";

export function createListEnd({ host, scroller, api, onMore, onAgain, onClearSearch }) {
  let drawnKey = "";
  const observer = new IntersectionObserver(
    (found) => {
      if (found.some((each) => each.isIntersecting)) onMore();
    },
    { root: scroller, rootMargin: NEAR },
  );

  function draw(state) {
    const { entries, nextCursor, loading, failure, isPaused, place } = state;
    const key = [entries.length > 0, nextCursor, loading, failure?.message, failure?.status]
      .concat(isPaused, place.form, place.folder, place.query)
      .join("|");
    if (key === drawnKey) return;
    drawnKey = key;
    observer.disconnect();
    host.replaceChildren(...parts(state));
    const mayGoOn = nextCursor && !loading && !failure && !isPaused;
    // Observed anew after each page: it tells only when something comes into view.
    if (mayGoOn) observer.observe(host);
  }

  function parts(state) {
    const { entries, nextCursor, loading, failure, isPaused } = state;
    if (failure) return failureParts(failure, onAgain);
    if (loading === "first" && !entries.length) return [skeleton()];
    if (loading) return [make("p", { className: "quiet-words" }, "Loading …")];
    if (isPaused) return pausedParts(state);
    if (nextCursor) {
      // Not by Tab: that would scroll here, and what is seen here is loaded and gone. The
      // arrows and j reach the last line, which loads more as well.
      return [make("button", { type: "button", tabIndex: -1, onclick: onMore }, "Load more")];
    }
    if (entries.length) return [make("p", { className: "quiet-words" }, "That is all.")];
    return [emptyWords(state, { api, onClearSearch })];
  }

  function pausedParts({ entries }) {
    const words = entries.length
      ? "Not all is searched."
      : "Not all is searched: nothing found so far.";
    return [
      make("p", { className: "quiet-words" }, words),
      make("button", { type: "button", onclick: onMore }, "Search further"),
    ];
  }

  return { draw };
}

function failureParts(failure, onAgain) {
  return [
    make("p", { className: "wrong" }, sentence(failure)),
    make("button", { type: "button", onclick: onAgain }, "Try again"),
  ];
}

/** What is to come has this shape: nothing jumps when it is there. */
function skeleton() {
  const lines = Array.from({ length: 8 }, () => make("div", { className: "skeleton" }));
  return make("div", { "aria-hidden": "true" }, ...lines);
}
