// An empty list says what belongs there, and how it comes to be there.

import { make } from "./dom.js";
import { FOLDER_TITLES } from "./folders.js";
import { oneLine } from "./text.js";

const WORDS = {
  spam: [
    "No spam",
    "What has as many spam points as the form allows lands here instead of in the inbox, " +
      "and nobody is told of it. Each submission says why.",
  ],
  archive: [
    "Nothing archived",
    "Put here what is done with: open a submission and press e, or the button “Archive”.",
  ],
};

export function emptyWords(state, { api, onClearSearch }) {
  const { place, forms } = state;
  const form = forms.find(({ id }) => id === place.form);
  if (!form) return noForm(forms);
  if (place.query) return nothingFound(place, onClearSearch);
  if (place.folder !== "inbox") return box(...WORDS[place.folder]);
  return firstSteps(form, api);
}

function box(title, words, ...more) {
  return make("div", { className: "empty" }, make("h2", {}, title), make("p", {}, words), ...more);
}

function noForm(forms) {
  return box(
    "There is no such form",
    forms.length
      ? "Choose one of your forms."
      : "Declare your first form in chalicelib/forms.toml.",
  );
}

function nothingFound({ query, folder }, onClearSearch) {
  return box(
    "Nothing found",
    `No submission in ${FOLDER_TITLES[folder]} has all of these words: ${oneLine(query)}. ` +
      "Other folders have a search of their own.",
    make("button", { type: "button", onclick: onClearSearch }, "Clear the search"),
  );
}

/** The form to paste, as the API itself shows it. */
function firstSteps(form, api) {
  const code = make("code", { className: "snippet" }, `${api.address}/f/${form.id}`);
  const frame = make("pre", { tabIndex: 0, "aria-label": "HTML of the form" }, code);
  const copy = make("button", { type: "button", className: "primary" }, "Copy the HTML");
  copy.onclick = () => copyText(code, copy);
  const shown = box(
    "Nothing here yet",
    "Paste this form into any page of yours, open the page, and send it. " +
      "It appears here within seconds, without a reload.",
    frame,
    copy,
  );
  api.snippet(form.id).then(
    ({ snippet, closed }) => {
      if (closed) shown.replaceWith(closedForm(form));
      code.textContent = snippet;
    },
    () =>
      (code.textContent = `<form method="post" action="${api.address}/f/${form.id}">\n  …\n</form>`),
  );
  return shown;
}

function closedForm({ id }) {
  return box(
    "This form is closed",
    `What is sent to it is refused. To open it, take closed = true out of [${id}] in ` +
      "chalicelib/forms.toml.",
  );
}

async function copyText(code, button) {
  try {
    await navigator.clipboard.writeText(code.textContent);
    button.textContent = "Copied";
  } catch {
    // Without permission, or on plain http: the person copies.
    getSelection().selectAllChildren(code);
    button.textContent = "Selected: now copy it";
  }
}
