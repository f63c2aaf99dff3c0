// What went wrong, as a sentence for the owner: what it means, and what to do.

import { duration } from "./times.js";

/** @param {Error} error an ApiError; anything else is a fault of this page */
export function sentence(error) {
  const { status, retryAfterSeconds: seconds } = error;
  if (status === 0) {
    return navigator.onLine
      ? "The API does not answer. Is it running, and is your connection fine?"
      : "You are offline. What is on this page is as it was before.";
  }
  if (status === 401) return "You are signed out.";
  if (error.code === "not_allowed")
    return "Your token can only read. Make one with the scope “write”.";
  if (status === 429) return `That was too often. Try again in ${duration(seconds || 60)}.`;
  if (error.code === "submission_not_found") return "This submission is no longer there.";
  if (error.code === "form_not_found") return "There is no such form.";
  if (status >= 500) {
    const request = error.requestId ? ` The log has it under ${error.requestId}.` : "";
    return `The API has a problem (${status}).${request}`;
  }
  return status ? error.message : "Something in this page went wrong. Please load it again.";
}

export function isAborted(error) {
  return error.name === "AbortError";
}
