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

/** @param {{canWrite: boolean, onSendAgain: Function}} how */
export function deliveries({ deliveries, folder }, form, { canWrite, onSendAgain }) {
  const title = make("h3", {}, "Deliveries");
  const told = new Set(deliveries.map(({ target }) => target));
  const untold = (form?.targets ?? []).filter(({ name }) => !told.has(name));
  const onSend = canWrite && onSendAgain;
  const parts = [
    ...deliveries.map((delivery) => deliveryElement(delivery, onSend)),
    ...untold.map(({ name, channel }) => untoldElement(name, channel, onSend)),
  ];
  const words = folder === "spam" ? "Nobody is told of spam by itself." : "Nobody is to be told.";
  const list = make("ul", { className: "deliveries" }, ...parts);
  return make("section", {}, title, ...(deliveries.length ? [] : [make("p", {}, words)]), list);
}

function deliveryElement({ target, channel, state, attempts, feedback }, onSendAgain) {
  const kind = BAD.includes(state) ? "state bad" : `state ${state}`;
  const badge = make("span", { className: kind }, STATE_WORDS[state] ?? state);
  const head = headElement(target, channel, badge);
  if (onSendAgain) head.append(sendButton(target, "Send again", onSendAgain));
  const tries = attempts.map(attemptElement);
  if (feedback) tries.push(line(feedback.at, feedback.outcome));
  return make("li", {}, head, make("ol", { className: "attempts" }, ...tries));
}

/** A target that is newer than the submission, or was not told because it is spam. */
function untoldElement(target, channel, onSend) {
  const head = headElement(target, channel, make("span", { className: "state" }, "Not told"));
  if (onSend) head.append(sendButton(target, "Send", onSend));
  return make("li", {}, head);
}

function headElement(target, channel, state) {
  const isOther = channel && channel !== target;
  const about = isOther ? [make("span", { className: "check" }, oneLine(channel))] : [];
  return make(
    "div",
    { className: "delivery-head" },
    make("strong", {}, oneLine(target)),
    ...about,
    state,
  );
}

function sendButton(target, words, onSend) {
  const onclick = (event) => onSend(target, event.currentTarget);
  const label = words.replace("Send", `Send ${oneLine(target)}`);
  const button = make("button", { type: "button", onclick, "aria-label": label }, words);
  button.dataset.key = `send ${target}`;
  return button;
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
