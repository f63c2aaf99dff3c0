// One person, over all forms and folders: what there is of them, handed out or erased.

import { byId, make } from "./dom.js";
import { allPages, fileName, saveFile } from "./download.js";
import { sentence } from "./failures.js";
import { FOLDER_TITLES } from "./folders.js";
import { fragmentOf } from "./router.js";
import { counted, oneLine } from "./text.js";
import { dateAndTime } from "./times.js";

// More than this is counted and not listed.
const LISTED = 20;

export function createPeople({ api, store, onErased }) {
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
      const words = oneLine(entry.subject || entry.excerpt) || entry.reference;
      const about = make("span", { className: "check" }, `${where} · ${dateAndTime(entry.received_at)}`);
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
      const onclick = () => row.replaceWith(eraseForm(email, entries));
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

  /** Erasing is for good, so the address is typed once more. */
  function eraseForm(email, entries) {
    const again = make("input", { id: "person-again", type: "email", autocomplete: "off", required: true });
    const button = make("button", { className: "danger" }, `Erase ${counted(entries.length, "submission")}`);
    const error = make("p", { className: "wrong", role: "alert" });
    const label = make("label", { htmlFor: "person-again" }, "Type the address again to erase everything for good");
    const row = make("div", { className: "ask-row" }, again, button);
    const asked = make("form", { className: "ask" }, label, row, error);
    asked.addEventListener("submit", (event) => {
      event.preventDefault();
      if (again.value.trim().toLowerCase() === email.toLowerCase()) erase(email, asked, { button, error });
      else error.textContent = "This is not the same address.";
    });
    queueMicrotask(() => again.focus());
    return asked;
  }

  async function erase(email, asked, { button, error }) {
    const receipt = { email, submissions: 0, deliveries: 0, pointers: 0 };
    const add = (page) => {
      for (const what of ["submissions", "deliveries", "pointers"]) receipt[what] += page[what];
    };
    button.disabled = true;
    error.textContent = "";
    try {
      await allPages((cursor) => api.erasePerson({ email, ...(cursor && { cursor }) }), add);
      showReceipt({ ...receipt, erased_at: new Date().toISOString() });
    } catch (failure) {
      error.textContent = `${sentence(failure)} ${counted(receipt.submissions, "submission")} erased so far; press again to go on.`;
      button.disabled = false;
    }
    onErased();
  }

  function showReceipt(receipt) {
    const { email, submissions, deliveries, pointers, erased_at: at } = receipt;
    const counts = [counted(submissions, "submission"), counted(deliveries, "delivery", "deliveries"), counted(pointers, "pointer")];
    const words = `Erased on ${dateAndTime(at)}: ${counts.join(", ")} of ${oneLine(email)}.`;
    const status = make("p", { role: "status", tabIndex: -1, className: "receipt" }, words);
    const onclick = () =>
      saveFile(fileName(["receipt"], "json"), [JSON.stringify(receipt, null, 2)], "application/json");
    const save = make("button", { type: "button", onclick }, "Save this receipt");
    found.replaceChildren(status, make("div", { className: "dialog-buttons" }, save));
    status.focus();
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
