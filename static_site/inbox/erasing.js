// Erases a person: asked for twice, and answered with a receipt of what was removed.

import { make } from "./dom.js";
import { fileName, saveFile } from "./download.js";
import { sentence } from "./failures.js";
import { allPages } from "./pages.js";
import { counted, oneLine } from "./text.js";
import { dateAndTime } from "./times.js";

const COUNTED = ["submissions", "deliveries", "pointers"];

/** @param {() => void} onErased something is gone, be it all or a part */
export function createErasing({ api, onErased }) {
  /**
   * Erasing is for good, so the address is typed once more.
   *
   * @param {string} email
   * @param {number} count of submissions that were found
   * @param {(receipt: HTMLElement[]) => void} onDone
   */
  function form(email, count, onDone) {
    // Kept from try to try: what is gone is gone.
    const receipt = { email, submissions: 0, deliveries: 0, pointers: 0 };
    const id = "person-again";
    const again = make("input", { id, type: "email", autocomplete: "off", required: true });
    const button = make("button", { className: "danger" }, `Erase ${counted(count, "submission")}`);
    const error = make("p", { className: "wrong", role: "alert" });
    const words = "Type the address again to erase everything for good";
    const label = make("label", { htmlFor: id }, words);
    const row = make("div", { className: "ask-row" }, again, button);
    const asked = make("form", { className: "ask" }, label, row, error);

    asked.addEventListener("submit", async (event) => {
      event.preventDefault();
      const isSame = again.value.trim().toLowerCase() === email.toLowerCase();
      error.textContent = isSame ? "" : "This is not the same address.";
      if (!isSame) return;
      button.disabled = true;
      const refusal = await erase(receipt);
      button.disabled = false;
      if (refusal) error.textContent = refusal;
      else showReceipt(receipt, onDone);
    });
    return asked;
  }

  /** Returns why not all of it, if so. */
  async function erase(receipt) {
    const { email } = receipt;
    const readPage = (cursor) => api.erasePerson({ email, ...(cursor && { cursor }) });
    try {
      await allPages(readPage, (page) => {
        for (const what of COUNTED) receipt[what] += page[what];
      });
      return "";
    } catch (error) {
      const soFar = counted(receipt.submissions, "submission");
      return `${sentence(error)} ${soFar} erased so far; press again to go on.`;
    } finally {
      onErased();
    }
  }

  return { form };
}

function showReceipt({ email, submissions, deliveries, pointers }, onDone) {
  const at = new Date().toISOString();
  const counts = [
    counted(submissions, "submission"),
    counted(deliveries, "delivery", "deliveries"),
    counted(pointers, "pointer"),
  ];
  const words = `Erased on ${dateAndTime(at)}: ${counts.join(", ")} of ${oneLine(email)}.`;
  const status = make("p", { role: "status", tabIndex: -1, className: "receipt" }, words);
  const receipt = { email, submissions, deliveries, pointers, erased_at: at };
  const content = JSON.stringify(receipt, null, 2);
  const onclick = () => saveFile(fileName(["receipt"], "json"), [content], "application/json");
  const save = make("button", { type: "button", onclick }, "Save this receipt");
  onDone([status, make("div", { className: "dialog-buttons" }, save)]);
  status.focus();
}
