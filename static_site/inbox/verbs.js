// What an owner can do, each verb once: for buttons and for keys.

import { byId } from "./dom.js";
import { sentence } from "./failures.js";
import { neighbour, targetsOf } from "./state.js";

export function createVerbs(parts) {
  const { api, store, changes, selection, toasts, router, list, search } = parts;
  const { opening, loading, exporting, showChart, travel } = parts;

  /** Does something to the chosen submissions; a focus that it takes away goes to the next line. */
  function toTargets(act) {
    const targets = targetsOf(store.state);
    if (!targets.length) return toasts.say("Select a submission first.");
    act(targets);
    if (document.activeElement === document.body) list.focus(store.state.current);
  }

  const moveTo = (folder) => () => {
    // The same again takes it back.
    const to = store.state.place.folder === folder ? "inbox" : folder;
    toTargets((targets) => changes.change(targets, { folder: to }));
  };
  const markRead = (isRead) => () =>
    toTargets((targets) => changes.change(targets, { is_read: isRead }));

  function back() {
    const { place, open } = store.state;
    if (open) router.go({ ...place, id: null });
  }

  function step(distance) {
    const { state } = store;
    const id = state.open?.id ?? state.current;
    const next = id ? neighbour(state, id, distance) : state.entries[0];
    if (!next) return distance > 0 && loading.more();
    if (state.open) {
      travel().step();
      return router.go({ ...state.place, id: next.id }, { isSame: true });
    }
    store.set({ current: next.id });
    list.focus(next.id);
  }

  return {
    step,
    back,
    archive: moveTo("archive"),
    spam: moveTo("spam"),
    read: markRead(true),
    unread: markRead(false),
    delete: () => toTargets(changes.erase),
    chart: showChart,
    export: exporting.open,
    readAgain: opening.open,
    search: search.focus,
    help: () => byId("help").showModal(),
    undo: () => toasts.undoLast() || toasts.say("There is nothing to undo."),
    unreadAndBack() {
      markRead(false)();
      back();
    },
    open() {
      const { place, current, entries } = store.state;
      const id = current ?? entries[0]?.id;
      if (id) router.go({ ...place, id });
    },
    select() {
      const { open, current, entries } = store.state;
      const id = open?.id ?? current ?? entries[0]?.id;
      if (entries.some((entry) => entry.id === id)) selection.toggle(id);
    },
    escape: () => (store.state.selected.size ? selection.none() : back()),
    async sendAgain(target, button) {
      const { form, id } = store.state.open;
      button.disabled = true;
      try {
        await api.sendAgain(form, id, target);
        toasts.say("It is sent again.");
        await opening.refresh();
      } catch (error) {
        toasts.say(`Not sent again. ${sentence(error)}`, { isBad: true });
      }
      button.disabled = false;
    },
  };
}

/** @returns {import("./keyboard.js").Shortcut[]} in the order of the help */
export function shortcutsOf(verbs) {
  return [
    { keys: ["j"], words: "Next", verb: () => verbs.step(1) },
    { keys: ["k"], words: "Previous", verb: () => verbs.step(-1) },
    { keys: ["o", "Enter"], words: "Open", verb: verbs.open },
    { keys: ["x"], words: "Select", verb: verbs.select },
    { keys: ["e"], words: "Archive; in the archive, move to the inbox", verb: verbs.archive },
    { keys: ["#"], words: "Spam; in spam, not spam", verb: verbs.spam },
    { keys: ["u"], words: "Mark as unread and go back to the list", verb: verbs.unreadAndBack },
    { keys: ["z"], words: "Undo", verb: verbs.undo },
    { keys: ["/"], words: "Search", verb: verbs.search },
    { keys: ["Escape"], words: "Clear the selection; go back to the list", verb: verbs.escape },
    { keys: ["?"], words: "Show these keys", verb: verbs.help },
  ];
}
