// The three folders of a form, in the order in which they are shown.

export const FOLDERS = ["inbox", "spam", "archive"];
export const FOLDER_TITLES = { inbox: "Inbox", spam: "Spam", archive: "Archive" };
