// Why a submission is spam, or is not: each signal with its points, and their sum.

import { make } from "./dom.js";
import { oneLine, pointsText } from "./text.js";

export function spamReasons({ folder, spam: { points, threshold, signals } }) {
  const summary = make("h3", {}, "Spam check");
  const isSpam = points >= threshold;
  const unit = threshold === 1 ? "point" : "points";
  const verdict = isSpam ? "spam" : "not spam";
  const sum = `${pointsText(points)} of ${pointsText(threshold)} ${unit}: ${verdict}`;
  const isMoved = isSpam !== (folder === "spam");
  const moved = isMoved ? [make("p", { className: "quiet-words" }, movedWords(isSpam))] : [];
  if (!signals.length) {
    return make("section", {}, summary, make("p", {}, `No sign of spam (${sum}).`), ...moved);
  }
  const rows = signals.map(({ check, points: weight, reason }) =>
    make(
      "tr",
      {},
      make(
        "td",
        {},
        make("span", { dir: "auto" }, oneLine(reason)),
        " ",
        make("span", { className: "check" }, oneLine(check)),
      ),
      make("td", { className: weight < 0 ? "number for" : "number" }, pointsText(weight)),
    ),
  );
  const head = make(
    "tr",
    {},
    make("th", { scope: "col" }, "Sign"),
    make("th", { scope: "col", className: "number" }, "Points"),
  );
  const foot = make(
    "tr",
    {},
    make("th", { scope: "row" }, `Together: ${sum}`),
    make("td", { className: "number" }, pointsText(points)),
  );
  return make(
    "section",
    {},
    summary,
    make("table", {}, make("thead", {}, head), make("tbody", {}, ...rows), make("tfoot", {}, foot)),
    ...moved,
  );
}

/** The check's word stays as it was; the folder is the owner's. */
function movedWords(isSpam) {
  return isSpam ? "You decided otherwise: it is not spam." : "You decided otherwise: it is spam.";
}
