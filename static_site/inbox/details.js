// What is kept besides the answers.

import { make } from "./dom.js";
import { FOLDER_TITLES } from "./folders.js";
import { oneLine } from "./text.js";
import { full } from "./times.js";

export function details({ id, reference, form, received_at, folder, sender }) {
  const rows = [
    ["Reference", reference],
    ["Received", full(received_at)],
    ["Form", form],
    ["Folder", FOLDER_TITLES[folder] ?? folder],
    ["Page", sender.origin ?? "not told"],
    ["Browser", sender.user_agent ?? "not told"],
    ["Id", id],
  ];
  const parts = rows.map(([label, text]) =>
    make("div", {}, make("dt", {}, label), make("dd", { dir: "auto" }, oneLine(text))),
  );
  return make(
    "section",
    {},
    make("h3", {}, "Details"),
    make("dl", { className: "details" }, ...parts),
  );
}
