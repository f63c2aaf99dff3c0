// Moves, marks and erases submissions: shown at once, taken back if the API refuses, and undone
// on request. What is erased is asked about before, because it cannot be undone.

import { sentence } from "./failures.js";
import { reversed } from "./local.js";
import { neighbour } from "./state.js";
import { counted } from "./text.js";

// The API changes at most this many at once.
const IDS_AT_ONCE = 100;
// It erases one at a time; a browser keeps about six connections.
const ERASE_AT_ONCE = 4;
const FOLDER_WORDS = { inbox: "moved to the inbox", spam: "moved to spam", archive: "archived" };

/** @typedef {{folder?: string, is_read?: boolean}} Change */
/** @typedef {import("./local.js").Step} Step */

export function createChanges({ api, store, put, toasts, router, confirm, onMove }) {
  /**
   * @param {Entry[]} entries
   * @param {Change} change
   * @param {{isQuiet?: boolean}} how quiet: nothing is said unless it fails
   */
  function change(entries, change, { isQuiet = false } = {}) {
    if (!mayWrite(isQuiet)) return;
    const steps = entries
      .map((from) => ({ from, to: { ...from, ...change } }))
      .filter(({ from, to }) => from.folder !== to.folder || from.is_read !== to.is_read);
    if (!steps.length) return;
    if (change.folder) goOn(steps);
    put(steps);
    const sent = send(steps);
    if (isQuiet) return;
    toasts.say(`${counted(steps.length, "submission")} ${wordsOf(change)}.${besides(change, steps)}`, {
      undo: () => undo(sent),
    });
  }

  async function undo(sent) {
    const back = reversed(await sent);
    if (!back.length) return;
    put(back);
    const { length } = await send(back);
    if (length) toasts.say("Undone.");
  }

  /** Sends steps that are shown already; returns those that were made. */
  async function send(steps) {
    if (steps.some(({ from, to }) => from.folder !== to.folder)) onMove();
    const made = [];
    for (const group of groups(steps)) {
      const ids = group.steps.map(({ from }) => from.id);
      try {
        const { missing } = await api.change(group.form, ids, group.change);
        made.push(...group.steps.filter(({ from }) => !missing.includes(from.id)));
        if (missing.length) drop(group.steps.filter(({ from }) => missing.includes(from.id)));
      } catch (error) {
        put(reversed(group.steps));
        toasts.say(`${counted(ids.length, "submission")} not changed. ${sentence(error)}`, {
          isBad: true,
        });
      }
    }
    return made;
  }

  async function erase(entries) {
    if (!entries.length || !mayWrite()) return;
    const what = entries.length === 1 ? "this submission" : counted(entries.length, "submission");
    const isSure = await confirm({
      title: `Delete ${what}?`,
      words:
        "It is gone for good, with all that is known of its deliveries. This cannot be undone.",
      yes: "Delete",
    });
    if (!isSure) return;
    const steps = entries.map((from) => ({ from, to: null }));
    goOn(steps);
    put(steps);
    const waiting = [...steps];
    const failed = [];
    const work = async () => {
      for (let step = waiting.pop(); step; step = waiting.pop()) {
        await api.remove(step.from.form, step.from.id).catch((error) => {
          if (error.status !== 404) failed.push({ step, error });
        });
      }
    };
    await Promise.all(Array.from({ length: ERASE_AT_ONCE }, work));
    onMove();
    if (failed.length) {
      put(failed.map(({ step: { from } }) => ({ from, to: from })));
      const words = `${counted(failed.length, "submission")} not deleted.`;
      toasts.say(`${words} ${sentence(failed[0].error)}`, { isBad: true });
    } else {
      toasts.say(`${counted(steps.length, "submission")} deleted.`);
    }
  }

  /** Opens what comes next when the open submission goes away: the one below, or else above. */
  function goOn(steps) {
    const { open, current, place } = store.state;
    const ids = new Set(steps.map(({ from }) => from.id));
    const id = open?.id ?? current;
    if (!ids.has(id)) return;
    const next = [1, -1].map((distance) => nextOutside(ids, id, distance)).find(Boolean);
    store.set({ current: next?.id ?? null });
    if (open) router.go({ ...place, id: next?.id ?? null }, { isSame: true });
  }

  function nextOutside(ids, id, distance) {
    let next = neighbour(store.state, id, distance);
    while (next && ids.has(next.id)) next = neighbour(store.state, next.id, distance);
    return next;
  }

  function drop(steps) {
    put(steps.map(({ to }) => ({ from: to, to: null })));
    toasts.say(`${counted(steps.length, "submission")} no longer there.`, { isBad: true });
  }

  function mayWrite(isQuiet) {
    const { canWrite } = store.state;
    if (!canWrite && !isQuiet) toasts.say("Your token can only read.", { isBad: true });
    return canWrite;
  }

  return { change, erase };
}

function wordsOf({ folder, is_read: isRead }) {
  return folder ? FOLDER_WORDS[folder] : `marked as ${isRead ? "read" : "unread"}`;
}

/** What a move to spam, or from it, does besides. */
function besides({ folder }, steps) {
  const isFromSpam = steps.some(({ from }) => from.folder === "spam");
  if (!folder || (folder !== "spam" && !isFromSpam)) return "";
  const [it, one] = steps.length === 1 ? ["It is", "a new one"] : ["They are", "new ones"];
  const told = folder === "inbox" ? ` ${it} told of like ${one}.` : "";
  return `${told} The spam check learns from this.`;
}

/** Steps that one request can make: the same form, the same change, not too many. */
function groups(steps) {
  const groups = [];
  for (const step of steps) {
    const { from, to } = step;
    const change = {
      ...(from.folder !== to.folder && { folder: to.folder }),
      ...(from.is_read !== to.is_read && { is_read: to.is_read }),
    };
    const key = JSON.stringify([from.form, change]);
    let group = groups.find((each) => each.key === key && each.steps.length < IDS_AT_ONCE);
    if (!group) groups.push((group = { key, form: from.form, change, steps: [] }));
    group.steps.push(step);
  }
  return groups;
}
