// The lines of a list. Each is made once and stays; only what has changed is drawn, so that
// thousands of them are no slower than fifty.

import { make } from "./dom.js";
import { fragmentOf } from "./router.js";
import { oneLine, pointsText } from "./text.js";
import { ago, full } from "./times.js";

/**
 * @param {object} how
 * @param {HTMLElement} how.host the <ul>
 * @param {HTMLElement} how.scroller what scrolls around it
 * @param {(id: string, isRange: boolean) => void} how.onPick a box was ticked or unticked
 */
export function createList({ host, scroller, onPick }) {
  const rowById = new Map();
  let drawn = {};
  let marked = [];

  function draw(state) {
    const { entries, selected, current, place, open } = state;
    const isPlaceNew = drawn.place?.form !== place?.form || drawn.place?.folder !== place?.folder;
    if (drawn.entries !== entries || drawn.place?.query !== place?.query || isPlaceNew) {
      keepingPlace(isPlaceNew, () => drawRows(entries, place));
    }
    if (drawn.entries !== entries || drawn.selected !== selected) drawSelected(selected);
    mark(state, current ?? entries[0]?.id, open?.id);
    drawn = state;
  }

  function drawRows(entries, place) {
    const ids = new Set(entries.map((entry) => entry.id));
    for (const [id, row] of rowById) {
      if (ids.has(id)) continue;
      row.element.remove();
      rowById.delete(id);
    }
    let at = host.firstElementChild;
    for (const entry of entries) {
      const row = rowOf(entry);
      const href = fragmentOf({ ...place, id: entry.id });
      if (row.link.getAttribute("href") !== href) row.link.setAttribute("href", href);
      if (row.element === at) at = at.nextElementSibling;
      else host.insertBefore(row.element, at);
    }
  }

  function rowOf(entry) {
    const row = rowById.get(entry.id) ?? makeRow(entry.id, onPick);
    if (row.entry !== entry) fill(row, entry);
    rowById.set(entry.id, row);
    return row;
  }

  /** Draws without moving what is in view, whatever comes or goes above it. */
  function keepingPlace(isPlaceNew, drawRows) {
    if (isPlaceNew) scroller.scrollTop = 0;
    // At the top the newest is wanted in view.
    const anchor = scroller.scrollTop > 0 ? firstInView() : null;
    const before = anchor?.getBoundingClientRect().top;
    drawRows();
    if (!anchor?.isConnected) return;
    scroller.scrollTop += anchor.getBoundingClientRect().top - before;
  }

  function firstInView() {
    const { left, top, width } = scroller.getBoundingClientRect();
    return document.elementFromPoint(left + width / 2, top + 2)?.closest("li");
  }

  function drawSelected(selected) {
    for (const [id, { box, element }] of rowById) {
      const isSelected = selected.has(id);
      if (box.checked !== isSelected) box.checked = isSelected;
      element.classList.toggle("selected", isSelected);
    }
  }

  /** One line takes part in the order of Tab: thousands of stops would be a trap. */
  function mark({ entries }, current, open) {
    for (const { link, box } of marked) {
      link.tabIndex = box.tabIndex = -1;
      link.removeAttribute("aria-current");
    }
    const stop = rowById.get(current) ?? rowById.get(entries[0]?.id);
    if (stop) stop.link.tabIndex = stop.box.tabIndex = 0;
    rowById.get(open)?.link.setAttribute("aria-current", "true");
    marked = [stop, rowById.get(open)].filter(Boolean);
  }

  return {
    draw,
    focus(id) {
      rowById.get(id)?.link.focus();
    },
    /** The id of the line that an element is in. */
    idAt: (element) => element?.closest?.("li")?.dataset.id,
    /** Time goes on. */
    tick() {
      for (const { time, entry } of rowById.values()) {
        const words = ago(entry.received_at);
        if (time.textContent !== words) time.textContent = words;
      }
    },
  };
}

function makeRow(id, onPick) {
  const onclick = (event) => onPick(id, event.shiftKey);
  const box = make("input", { type: "checkbox", tabIndex: -1, onclick });
  const from = make("span", { className: "from", dir: "auto" });
  const time = make("time");
  const excerpt = make("span", { className: "excerpt", dir: "auto" });
  const marks = make("span", { className: "marks" });
  const unread = make("span", { className: "unread-mark" });
  const link = make(
    "a",
    { className: "line", tabIndex: -1 },
    unread,
    from,
    " ",
    time,
    " ",
    excerpt,
    marks,
  );
  const pick = make("label", { className: "pick" }, box);
  const element = make("li", {}, pick, link);
  element.dataset.id = id;
  return { element, box, link, from, time, excerpt, marks, unread };
}

function fill(row, entry) {
  const name = oneLine(entry.from ?? "") || oneLine(entry.email ?? "") || "Without a name";
  const isUnread = !entry.is_read;
  row.entry = entry;
  row.element.classList.toggle("unread", isUnread);
  row.unread.replaceChildren(isUnread ? make("span", { className: "unseen" }, "Unread: ") : "");
  row.box.setAttribute("aria-label", `Select ${name}`);
  row.from.textContent = name;
  row.time.dateTime = entry.received_at;
  row.time.title = full(entry.received_at);
  row.time.textContent = ago(entry.received_at);
  row.excerpt.replaceChildren(...excerptParts(entry));
  const { points, threshold } = entry;
  const title = `${pointsText(points)} spam points; ${pointsText(threshold)} are spam`;
  const isHigh = points >= threshold / 2;
  const className = isHigh ? "points high" : "points";
  const words = `${pointsText(points)} ${points === 1 ? "pt" : "pts"}`;
  row.marks.replaceChildren(
    ...(points > 0 ? [" ", make("span", { className, title }, words)] : []),
  );
}

function excerptParts({ subject, excerpt }) {
  const [head, text] = [oneLine(subject ?? ""), oneLine(excerpt ?? "")];
  if (!head) return [text || "No text"];
  return [make("span", { className: "subject" }, head), text ? ` – ${text}` : ""];
}
