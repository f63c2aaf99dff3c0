// Looks for what is new: every 20 seconds while the page is seen, less often while it fails,
// and at once when the person or the network comes back.

const EVERY_MS = 20_000;
const AT_MOST_MS = 300_000;

/** @param {() => Promise<void>} look fails if it could not */
export function createPolling({ look, onFailure, onSuccess }) {
  let timer;
  let wait = EVERY_MS;
  let isLooking = false;
  let isOn = false;

  async function now() {
    clearTimeout(timer);
    if (!isOn || isLooking) return;
    isLooking = true;
    try {
      await look();
      wait = EVERY_MS;
      onSuccess();
    } catch (error) {
      wait = Math.max(Math.min(wait * 2, AT_MOST_MS), error.retryAfterSeconds * 1000 || 0);
      onFailure(error);
    }
    isLooking = false;
    plan();
  }

  function plan() {
    clearTimeout(timer);
    if (isOn && !document.hidden) timer = setTimeout(now, wait);
  }

  const whenBack = () => (document.hidden ? clearTimeout(timer) : now());
  addEventListener("focus", whenBack);
  addEventListener("online", whenBack);
  addEventListener("offline", whenBack);
  document.addEventListener("visibilitychange", whenBack);

  return {
    now,
    start() {
      isOn = true;
      plan();
    },
    stop() {
      isOn = false;
      clearTimeout(timer);
    },
  };
}
