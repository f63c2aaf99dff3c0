// The page before the inbox: it asks for a token, and says why it asks again.

import { byId } from "./dom.js";

export const REFUSED =
  "This token is not accepted: it is mistyped, expired, revoked, or of another stage.";
export const ENDED = `${REFUSED} Please sign in with another one: your place and your search are kept.`;

/**
 * @param {object} how
 * @param {(token: string) => Promise<string>} how.onToken resolves to why not, or ""
 * @param {() => Promise<string>} how.onAgain the same, with the token that is known already
 */
export function createSignIn({ onToken, onAgain }) {
  const page = byId("sign-in");
  const form = byId("sign-in-form");
  const input = byId("token");
  const reason = byId("sign-in-reason");
  const again = byId("sign-in-again");
  const button = form.querySelector("button");

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    reason.textContent = "";
    const refusal = await onToken(input.value.trim());
    button.disabled = false;
    if (refusal) show(refusal);
    else input.value = "";
  });

  again.addEventListener("click", async () => {
    const refusal = await onAgain();
    if (refusal) reason.textContent = refusal;
  });

  function show(words = "", mayTryAgain = false) {
    again.hidden = !mayTryAgain;
    page.hidden = false;
    reason.textContent = words;
    document.title = "Sign in – Formpost";
    input.focus();
  }

  return {
    show,
    hide() {
      page.hidden = true;
      reason.textContent = "";
    },
  };
}
