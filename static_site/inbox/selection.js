// Which lines are selected: one, a range, all that are loaded.

export function createSelection(store) {
  let last = null;

  function toggle(id) {
    const selected = new Set(store.state.selected);
    if (!selected.delete(id)) selected.add(id);
    last = id;
    store.set({ selected, current: id });
  }

  /** Selects everything from the line that was ticked last to this one. */
  function extend(id) {
    const { entries, selected } = store.state;
    const ends = [last, id].map((end) => entries.findIndex((entry) => entry.id === end));
    if (ends.includes(-1)) return toggle(id);
    const [first, final] = ends.sort((a, b) => a - b);
    const range = entries.slice(first, final + 1).map((entry) => entry.id);
    store.set({ selected: new Set([...selected, ...range]), current: id });
  }

  return {
    toggle,
    pick: (id, isRange) => (isRange ? extend(id) : toggle(id)),
    all() {
      const { entries, selected } = store.state;
      const isAll = selected.size === entries.length;
      store.set({ selected: new Set(isAll ? [] : entries.map((entry) => entry.id)) });
    },
    none: () => store.set({ selected: new Set() }),
  };
}
