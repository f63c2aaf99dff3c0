// What can be done with submissions, as buttons: above the list and above an open one.

import { iconButton } from "./dom.js";

// What the words of these two do not say.
const SPAM = "Spam: move there, and let the spam check learn from it";
const NOT_SPAM =
  "Not spam: move to the inbox, tell of it like of a new one, and let the spam check learn from it";

/**
 * @param {string} folder that they are in
 * @param {Object<string, () => void>} verbs by the name of the button
 */
export function moveButtons(folder, verbs) {
  const button = (name, words, key, picture = name, more = words) => {
    const made = iconButton(picture, words, {
      onclick: verbs[name],
      title: key ? `${more} (${key})` : more,
      "aria-keyshortcuts": key,
    });
    made.dataset.key = name;
    return made;
  };
  const isArchived = folder === "archive";
  const isSpam = folder === "spam";
  const spam = isSpam
    ? button("spam", "Not spam", "#", "inbox", NOT_SPAM)
    : button("spam", "Spam", "#", "spam", SPAM);
  // In the spam folder, this is what one comes for.
  spam.classList.toggle("worded", isSpam);
  return [
    button(
      "archive",
      isArchived ? "Move to inbox" : "Archive",
      "e",
      isArchived ? "inbox" : "archive",
    ),
    spam,
    button("read", "Mark as read"),
    button("unread", "Mark as unread", "u"),
    button("delete", "Delete"),
  ];
}
