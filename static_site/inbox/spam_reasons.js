// Why a submission is spam, or is not: each signal with its points, and their sum.

import { make } from "./dom.js";
import { counted, oneLine, pointsText } from "./text.js";

export function spamReasons({ spam: { points, threshold, signals } }) {
  const summary = make("h3", {}, "Spam check");
  const verdict = points >= threshold ? "spam" : "not spam";
  const sum = `${pointsText(points)} of ${counted(Math.round(threshold * 10) / 10, "point")}: ${verdict}`;
  if (!signals.length) {
    return make("section", {}, summary, make("p", {}, `No sign of spam (${sum}).`));
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
      make("td", { className: "number" }, pointsText(weight)),
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
  );
}
