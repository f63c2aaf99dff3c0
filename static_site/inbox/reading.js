// The reading pane: one submission, whole; drawn anew only when something of it has changed.

import { answers } from "./answers.js";
import { deliveries } from "./deliveries.js";
import { details } from "./details.js";
import { icon, iconButton, make, replaceKeepingFocus } from "./dom.js";
import { sentence } from "./failures.js";
import { moveButtons } from "./move_buttons.js";
import { addressOf, nameOf, replyUrl } from "./reply.js";
import { spamReasons } from "./spam_reasons.js";
import { neighbour } from "./state.js";
import { oneLine } from "./text.js";
import { dateAndTime, full } from "./times.js";

/** @param {object} verbs what the buttons do, by name */
export function createReading({ host, verbs, overview }) {
  let drawn = [];
  const restTitle = make("h2", {}, "Submissions per day");
  const atRest = make("div", { className: "at-rest" }, restTitle, overview);

  function draw(state) {
    const { open, forms, canWrite, entries } = state;
    host.classList.toggle("is-empty", !open);
    const now = [open, canWrite, ...(open ? ends(entries, open.id) : [])];
    if (drawn.length === now.length && now.every((each, at) => each === drawn[at])) return;
    const isOther = !open || !host.dataset.id || host.dataset.id !== open.id;
    drawn = now;
    host.dataset.id = open?.id ?? "";
    if (open)
      replaceKeepingFocus(
        host,
        ...parts(
          state,
          forms.find(({ id }) => id === open.form),
        ),
      );
    else host.replaceChildren(atRest);
    if (isOther) host.scrollTop = 0;
  }

  function parts(state, form) {
    const { open, canWrite } = state;
    const { entry, submission, failure } = open;
    const head = bar(state);
    if (failure && !submission) {
      const again = make("button", { type: "button", onclick: verbs.readAgain }, "Try again");
      const words = title(sentence(failure));
      return [
        head,
        make(
          "div",
          { className: "letter empty" },
          words,
          ...(failure.status === 404 ? [] : [again]),
        ),
      ];
    }
    if (!submission)
      return [head, make("article", { className: "letter" }, ...heading(entry, form), skeleton())];
    const more = { canWrite, onSendAgain: verbs.sendAgain };
    return [
      head,
      make(
        "article",
        { className: "letter" },
        ...heading({ ...entry, ...submission }, form),
        answers(submission, form),
        spamReasons(submission),
        deliveries(submission, form, more),
        details(submission),
      ),
    ];
  }

  function bar(state) {
    const { open, canWrite } = state;
    const known = open.entry ?? open.submission;
    const verbsOfFolder = known && canWrite ? moveButtons(known.folder, verbs) : [];
    const isShown = ({ dataset: { key } }) => key !== (known.is_read ? "read" : "unread");
    const step = (words, key, picture, distance) =>
      iconButton(picture, words, {
        onclick: () => verbs.step(distance),
        disabled: !neighbour(state, open.id, distance),
        title: `${words} (${key})`,
        "aria-keyshortcuts": key,
      });
    const back = iconButton("back", "Back to the list", { onclick: verbs.back });
    back.classList.add("back");
    return make(
      "div",
      { className: "reading-bar" },
      back,
      make("div", { className: "tools" }, ...verbsOfFolder.filter(isShown)),
      make(
        "div",
        { className: "tools steps" },
        step("Previous", "k", "previous", -1),
        step("Next", "j", "next", 1),
      ),
    );
  }

  return {
    draw,
    focus: () => host.querySelector("h2")?.focus({ preventScroll: true }),
  };
}

/** Where it stands decides whether there is a next one. */
function ends(entries, id) {
  const at = entries.findIndex((entry) => entry.id === id);
  return [at <= 0, at === entries.length - 1];
}

function heading(entry, form) {
  if (!entry) return [title("Loading …")];
  const address = addressOf(entry, form);
  const time = make("time", { dateTime: entry.received_at, title: full(entry.received_at) });
  time.textContent = dateAndTime(entry.received_at);
  const name = nameOf(entry, form);
  const about = [make("p", {}, time)];
  if (address && address !== name) {
    about.unshift(make("p", { className: "address" }, make("bdi", {}, oneLine(address))));
  }
  const parts = [make("div", { className: "letter-who" }, title(name), ...about)];
  if (address) {
    const href = replyUrl(address, entry, form);
    parts.push(
      make("a", { className: "button primary", href }, icon("reply"), make("span", {}, "Reply")),
    );
  }
  const subject = oneLine(entry.subject ?? "");
  return [
    make("header", { className: "letter-head" }, ...parts),
    ...(subject ? [make("p", { className: "letter-subject", dir: "auto" }, subject)] : []),
  ];
}

/** Takes the focus when a submission is opened. */
function title(words) {
  const made = make("h2", { tabIndex: -1, dir: "auto" }, words);
  made.dataset.key = "title";
  return made;
}

function skeleton() {
  const lines = Array.from({ length: 3 }, () => make("div", { className: "skeleton" }));
  return make("div", { "aria-hidden": "true" }, ...lines);
}
