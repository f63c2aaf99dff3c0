// Who was told of a submission, try by try, with a button to tell them again.

import { make } from "./dom.js";
import { oneLine } from "./text.js";
import { dateAndTime, full } from "./times.js";

const STATE_WORDS = {
  pending: "On its way",
  delivered: "Delivered",
  failed: "Failed, not tried again",
  refused: "Refused",
  skipped: "Not needed",
  bounced: "Came back",
  complained: "Reported as spam",
};
const BAD = ["failed", "refused", "bounced", "complained"];

export function deliveries({ deliveries, folder }, { canWrite, onSendAgain }) {
  const title = make("h3", {}, "Deliveries");
  if (!deliveries.length) {
    const words =
      folder === "spam" ? "Nobody is told of spam." : "Nobody was told of this submission.";
    return make("section", {}, title, make("p", {}, words));
  }
  const parts = deliveries.map((delivery) => deliveryElement(delivery, canWrite && onSendAgain));
  return make("section", {}, title, make("ul", { className: "deliveries" }, ...parts));
}

function deliveryElement({ target, channel, state, attempts, feedback }, onSendAgain) {
  const kind = BAD.includes(state) ? "state bad" : `state ${state}`;
  const name = oneLine(target);
  const head = make(
    "div",
    { className: "delivery-head" },
    make("strong", {}, name),
    ...(channel && channel !== target
      ? [make("span", { className: "check" }, oneLine(channel))]
      : []),
    make("span", { className: kind }, STATE_WORDS[state] ?? state),
  );
  if (onSendAgain) {
    const onclick = (event) => onSendAgain(target, event.currentTarget);
    const button = make(
      "button",
      { type: "button", onclick, "aria-label": `Send ${name} again` },
      "Send again",
    );
    button.dataset.key = `send ${target}`;
    head.append(button);
  }
  const tries = attempts.map(attemptElement);
  if (feedback) tries.push(line(feedback.at, feedback.outcome));
  return make("li", {}, head, make("ol", { className: "attempts" }, ...tries));
}

function attemptElement({ at, outcome, status, duration_ms: ms, next_try_at: next }) {
  const more = [
    status ? `status ${status}` : "",
    `${(ms / 1000).toFixed(1)} s`,
    next ? `next try ${dateAndTime(next)}` : "",
  ];
  return line(at, outcome, more.filter(Boolean).join(" · "));
}

function line(at, outcome, more = "") {
  const time = make("time", { dateTime: at, title: full(at) }, dateAndTime(at));
  const words = make("span", { dir: "auto" }, oneLine(outcome));
  return make(
    "li",
    {},
    time,
    " ",
    words,
    ...(more ? [" ", make("span", { className: "check" }, more)] : []),
  );
}
