// One person, over all forms and folders: what there is of them, to look at and to hand out.

import { byId, make } from "./dom.js";
import { fileName, saveFile } from "./download.js";
import { createErasing } from "./erasing.js";
import { sentence } from "./failures.js";
import { FOLDER_TITLES } from "./folders.js";
import { allPages } from "./pages.js";
import { fragmentOf } from "./router.js";
import { counted, oneLine } from "./text.js";
import { dateAndTime } from "./times.js";

// More than this is counted and not listed.
const LISTED = 20;

export function createPeople({ api, store, onErased }) {
  const erasing = createErasing({ api, onErased });
  const dialog = byId("people");
  const form = byId("people-find");
  const input = byId("person");
  const found = byId("people-found");
  let searches = 0;

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    find(input.value.trim());
  });
  // Another address, and what was found of the one before must not be erased.
  input.addEventListener("input", () => {
    searches += 1;
    found.replaceChildren();
  });
  found.addEventListener("click", (event) => {
    if (event.target.closest("a")) dialog.close();
  });

  async function find(email) {
    const search = ++searches;
    const entries = [];
    say("Looking …");
    try {
      const readPage = (cursor) => api.findPerson({ email, ...(cursor && { cursor }) });
      await allPages(readPage, (page) => {
        entries.push(...page.submissions);
        if (search === searches) say(`Looking … ${counted(entries.length, "submission")} so far`);
      });
      if (search === searches) show(email, entries);
    } catch (error) {
      if (search === searches) say(sentence(error), "wrong");
    }
  }

  function show(email, entries) {
    const words = entries.length
      ? `${counted(entries.length, "submission")} from ${oneLine(email)}.`
      : `Nothing was sent with ${oneLine(email)}.`;
    const status = make("p", { role: "status", tabIndex: -1 }, words);
    found.replaceChildren(status);
    if (entries.length) found.append(list(entries), buttons(email, entries));
    status.focus();
  }

  function list(entries) {
    const titles = new Map(store.state.forms.map(({ id, title }) => [id, title]));
    const lines = entries.slice(0, LISTED).map((entry) => {
      const { form, folder, id } = entry;
      const where = `${titles.get(form) ?? form}, ${FOLDER_TITLES[folder]}`;
      const href = fragmentOf({ form, folder, id, query: "" });
      const words = oneLine(entry.subject || entry.excerpt || "") || entry.reference;
      const about = make(
        "span",
        { className: "check" },
        `${where} · ${dateAndTime(entry.received_at)}`,
      );
      return make("li", {}, make("a", { href, dir: "auto" }, words), about);
    });
    const more = entries.length - LISTED;
    if (more > 0) lines.push(make("li", {}, `and ${counted(more, "more", "more")}`));
    return make("ul", { className: "found" }, ...lines);
  }

  function buttons(email, entries) {
    const exportButton = make("button", { type: "button" }, "Export all of it");
    exportButton.onclick = () => exportAll(email, exportButton);
    const row = make("div", { className: "dialog-buttons" }, exportButton);
    if (store.state.canWrite) {
      const onclick = () => {
        const asked = erasing.form(email, entries.length, (shown) =>
          found.replaceChildren(...shown),
        );
        row.replaceWith(asked);
        asked.querySelector("input").focus();
      };
      row.append(make("button", { type: "button", className: "danger", onclick }, "Erase …"));
    }
    return row;
  }

  async function exportAll(email, button) {
    const parts = [];
    button.disabled = true;
    try {
      const readPage = (cursor) => api.exportPerson({ email, ...(cursor && { cursor }) });
      await allPages(readPage, ({ blob }) => parts.push(blob));
      saveFile(fileName(["person"], "jsonl"), parts, "application/x-ndjson");
    } catch (error) {
      found.append(make("p", { className: "wrong", role: "alert" }, sentence(error)));
    }
    button.disabled = false;
  }

  function say(words, className = "") {
    found.replaceChildren(make("p", { role: "status", className }, words));
  }

  return {
    open() {
      found.replaceChildren();
      form.reset();
      dialog.showModal();
      input.focus();
    },
  };
}
