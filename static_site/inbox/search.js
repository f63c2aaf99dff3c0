// Searches while a person types, a moment after the last key.

const WAIT_MS = 250;

/** @param {(query: string) => void} onSearch */
export function createSearch({ form, input, onSearch }) {
  let timer;

  function now() {
    clearTimeout(timer);
    onSearch(input.value.trim());
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(now, WAIT_MS);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    now();
  });
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    // The first Escape clears, the second one leaves.
    if (!input.value) return input.blur();
    input.value = "";
    now();
  });

  return {
    draw({ place }) {
      // What is being typed is newer than the address.
      if (document.activeElement !== input && input.value.trim() !== place.query)
        input.value = place.query;
    },
    focus() {
      input.focus();
      input.select();
    },
  };
}
