// Above the list: where it is, how much of it is there, and what can be done with it.

import { iconButton, replaceKeepingFocus } from "./dom.js";
import { FOLDER_TITLES } from "./folders.js";
import { moveButtons } from "./move_buttons.js";
import { formOf } from "./state.js";
import { counted } from "./text.js";

/** @param {object} verbs what the buttons do, by name */
export function createListHead({ title, status, tools, pickAll, verbs }) {
  let drawnKey = "";

  function draw(state) {
    const { place, entries, selected, canWrite } = state;
    title.textContent = titleOf(state);
    const words = statusWords(state);
    // A live region speaks again whenever it is written to.
    if (status.textContent !== words) status.textContent = words;
    pickAll.checked = selected.size > 0 && selected.size === entries.length;
    pickAll.indeterminate = selected.size > 0 && selected.size < entries.length;
    pickAll.disabled = !entries.length;
    const key = `${selected.size > 0} ${place.folder} ${canWrite}`;
    if (key !== drawnKey) replaceKeepingFocus(tools, ...buttons(state));
    drawnKey = key;
  }

  function buttons({ place, selected, canWrite }) {
    if (!selected.size) return [button("chart", "Chart"), button("export", "Export")];
    if (!canWrite) return [];
    return moveButtons(place.folder, verbs);
  }

  function button(name, words) {
    const made = iconButton(name, words, { onclick: verbs[name] });
    made.dataset.key = name;
    return made;
  }

  return { draw };
}

function titleOf(state) {
  const form = formOf(state);
  const folder = FOLDER_TITLES[state.place.folder] ?? "";
  return form ? `${form.title} · ${folder}` : folder;
}

function statusWords({ entries, selected, nextCursor, loading, place, failure }) {
  if (selected.size) return `${selected.size.toLocaleString("en")} selected`;
  if (loading === "first" && !entries.length) return "Loading …";
  if (failure && !entries.length) return "";
  const isMore = nextCursor ? " so far" : "";
  const count = counted(entries.length, "submission");
  return place.query ? `${count} found${isMore}` : `${count}${isMore && " loaded"}`;
}
