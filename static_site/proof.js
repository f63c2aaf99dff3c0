// Proof of work by ALTCHA's widget, which solves what the API asks: for formpost.js, and for an
// <altcha-widget> of a page's own. Whoever loads this loads 30 kB; formpost.js does so when
// somebody turns to a form.

import "./vendor/altcha-3.2.2/altcha.min.js";

const WORKER = new URL("./vendor/altcha-3.2.2/pbkdf2.js", import.meta.url);
// So that it does not end on its way.
const SPARE_MS = 60_000;
// What has failed is not asked for again with each key that is pressed.
const FAILED_MS = 60_000;
// While the widget waits for a challenge, the browser does not send a form that it stands in.
const CHALLENGE_MS = 10_000;
const askedByForm = new WeakMap();

globalThis.$altcha.algorithms.set("PBKDF2/SHA-256", () => new Worker(WORKER));
globalThis.$altcha.defaults.set({
  credentials: "omit",
  fetch: (url, how) => fetch(url, { ...how, signal: AbortSignal.timeout?.(CHALLENGE_MS) }),
  // Else it records how a visitor moves and scrolls.
  humanInteractionSignature: false,
  // Else it takes half a second at least.
  minDuration: 0,
});

/** Resolves to what the field `altcha` is to hold, and never rejects; to nothing if it failed. */
export function proofFor(form) {
  let asked = askedByForm.get(form);
  if (!asked) watch(form);
  if (!asked || Date.now() >= asked.endsAt) {
    asked = ask(challengeOf(form));
    askedByForm.set(form, asked);
  }
  return asked.proof;
}

// One that is asked for at the button only looks like a program's hurry.
function watch(form) {
  const freshen = () => form.hidden || proofFor(form);
  form.addEventListener("input", freshen);
  addEventListener("focus", freshen);
  const drop = () => {
    askedByForm.get(form).endsAt = 0;
  };
  form.addEventListener("formpost:success", drop);
  form.addEventListener("formpost:error", ({ detail: { status } }) => {
    // It may have been stored all the same; then other words need another. A refused one does not.
    if (!status || status >= 500) form.addEventListener("input", drop, { capture: true, once: true });
  });
}

function ask(url) {
  const asked = { endsAt: Infinity };
  const startedAt = Date.now();
  asked.proof = solve(url).then((solved) => {
    const isDropped = asked.endsAt === 0;
    if (!isDropped) asked.endsAt = startedAt + (solved ? lifetimeMs(solved) : FAILED_MS);
    return solved?.payload;
  });
  return asked;
}

// The widget says in the console what has failed, and returns null.
async function solve(challenge) {
  const widget = document.createElement("altcha-widget");
  widget.hidden = true;
  widget.setAttribute("challenge", challenge);
  const loaded = new Promise((resolve) => widget.addEventListener("load", resolve));
  document.body.append(widget);
  await loaded;
  const solved = await widget.verify();
  widget.remove();
  return solved;
}

// From when it was asked for on: a visitor's clock may be wrong.
function lifetimeMs({ challenge }) {
  const { issued_at, expires_at } = challenge.parameters.data;
  return (expires_at - issued_at) * 1000 - SPARE_MS;
}

// /contact and /f/contact are one form.
function challengeOf(form) {
  const url = new URL(form.getAttribute("action"), document.baseURI);
  const path = url.pathname.replace(/(?:\/f)?\/([^/]+)\/?$/, "/f/$1/challenge");
  return new URL(path, url).href;
}
