// The title of the tab: how much is unread, and where one is.

import { FOLDER_TITLES } from "./folders.js";
import { formOf } from "./state.js";
import { oneLine, unreadText } from "./text.js";

export function drawTitle(state) {
  const unread = state.forms.reduce((sum, form) => sum + form.unread.inbox, 0);
  const count = unread ? `(${unreadText(unread)}) ` : "";
  const form = formOf(state)?.title ?? "No form";
  document.title = `${count}${oneLine(form)}, ${FOLDER_TITLES[state.place.folder] ?? "…"} – Formpost`;
}
