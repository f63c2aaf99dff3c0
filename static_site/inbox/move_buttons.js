// What can be done with submissions, as buttons: above the list and above an open one.

import { iconButton } from "./dom.js";

/**
 * @param {string} folder that they are in
 * @param {Object<string, () => void>} verbs by the name of the button
 */
export function moveButtons(folder, verbs) {
  const button = (name, words, key, picture = name) => {
    const made = iconButton(picture, words, {
      onclick: verbs[name],
      title: key ? `${words} (${key})` : words,
      "aria-keyshortcuts": key,
    });
    made.dataset.key = name;
    return made;
  };
  const isArchived = folder === "archive";
  const isSpam = folder === "spam";
  return [
    button(
      "archive",
      isArchived ? "Move to inbox" : "Archive",
      "e",
      isArchived ? "inbox" : "archive",
    ),
    button("spam", isSpam ? "Not spam" : "Spam", "#", isSpam ? "inbox" : "spam"),
    button("read", "Mark as read"),
    button("unread", "Mark as unread", "u"),
    button("delete", "Delete"),
  ];
}
