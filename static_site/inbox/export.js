// Exports what the list shows: the form, the folder, the search. Page by page, so that neither
// the API nor its store has to hold it all.

import { byId } from "./dom.js";
import { fileName, saveFile } from "./download.js";
import { isAborted, sentence } from "./failures.js";
import { FOLDER_TITLES } from "./folders.js";
import { allPages } from "./pages.js";
import { formOf } from "./state.js";
import { counted, oneLine } from "./text.js";

// The API takes no more; what has no column stands in the last one.
const MAX_COLUMNS = 1000;
const TYPES = { csv: "text/csv;charset=utf-8", jsonl: "application/x-ndjson" };

export function createExport({ api, store, toasts }) {
  const dialog = byId("export");
  const buttons = { csv: byId("export-csv"), jsonl: byId("export-jsonl") };
  const progress = byId("export-progress");
  const cancel = byId("export-cancel");
  let running = null;

  for (const [format, button] of Object.entries(buttons)) button.onclick = () => run(format);
  cancel.onclick = () => running?.abort();
  dialog.addEventListener("close", () => running?.abort());

  function open() {
    const { place } = store.state;
    const words = place.query ? `, with the words “${oneLine(place.query)}”` : "";
    byId("export-scope").textContent =
      `${formOf(store.state)?.title}, ${FOLDER_TITLES[place.folder]}${words}: everything, not only what is loaded.`;
    progress.textContent = "";
    dialog.showModal();
  }

  async function run(format) {
    const { place } = store.state;
    running = new AbortController();
    show(true);
    try {
      const parts = await read(place, format, running.signal);
      saveFile(fileName([place.form, place.folder], format), parts, TYPES[format]);
      dialog.close();
      toasts.say("The file is in your downloads.");
    } catch (error) {
      progress.textContent = isAborted(error) ? "Cancelled. Nothing was saved." : sentence(error);
    } finally {
      running = null;
      show(false);
    }
  }

  async function read(place, format, signal) {
    const scope = { format, folder: place.folder, ...(place.query && { q: place.query }) };
    // A table needs all of its columns before its first line.
    if (format === "csv") scope.columns = await columns(place.form, signal);
    const parts = [];
    let size = 0;
    const readPage = (cursor) => {
      // Spreadsheets know UTF-8 by the mark at its beginning.
      const bom = format === "csv" && !cursor ? { bom: true } : {};
      return api.exportPage(place.form, { ...scope, ...bom, ...(cursor && { cursor }) }, signal);
    };
    await allPages(
      readPage,
      ({ blob }) => {
        parts.push(blob);
        size += blob.size;
        progress.textContent = `${counted(parts.length, "page")}, ${(size / 1e6).toFixed(1)} MB so far`;
      },
      signal,
    );
    return parts;
  }

  async function columns(form, signal) {
    const names = new Set();
    progress.textContent = "Looking for the names of all fields …";
    const readPage = (cursor) => api.names(form, cursor, signal);
    await allPages(readPage, (page) => page.names.forEach((name) => names.add(name)), signal);
    return [...names].slice(0, MAX_COLUMNS);
  }

  function show(isRunning) {
    for (const button of Object.values(buttons)) button.disabled = isRunning;
    cancel.hidden = !isRunning;
  }

  return { open };
}
