// The line above everything while the API cannot be reached.

import { make } from "./dom.js";
import { sentence } from "./failures.js";

export function createTrouble({ host, onAgain }) {
  let drawn = null;
  return {
    draw({ trouble }) {
      if (trouble === drawn) return;
      drawn = trouble;
      if (!trouble) return host.replaceChildren();
      const words = sentence(trouble);
      // Said once, however often it fails.
      if (host.firstElementChild?.textContent === words) return;
      const again = make("button", { type: "button", onclick: onAgain }, "Try again");
      host.replaceChildren(make("p", {}, words), again);
    },
  };
}
