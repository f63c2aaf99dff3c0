// Moments in words, in the time zone of the person who reads them.

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const FULL = new Intl.DateTimeFormat("en", { dateStyle: "full", timeStyle: "long" });
const SHORT = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" });
const DAY = new Intl.DateTimeFormat("en", { dateStyle: "medium" });
const DAY_OF_THIS_YEAR = new Intl.DateTimeFormat("en", { month: "short", day: "numeric" });

/** "now", "5 min", "3 h", "Nov 3", "Nov 3, 2024": as short as a list needs it. */
export function ago(moment, now = Date.now()) {
  const date = new Date(moment);
  const age = now - date;
  if (age < MINUTE_MS) return "now";
  if (age < HOUR_MS) return `${Math.floor(age / MINUTE_MS)} min`;
  if (age < DAY_MS) return `${Math.floor(age / HOUR_MS)} h`;
  const isThisYear = date.getFullYear() === new Date(now).getFullYear();
  return (isThisYear ? DAY_OF_THIS_YEAR : DAY).format(date);
}

/** Everything, with the seconds and the zone. */
export function full(moment) {
  return FULL.format(new Date(moment));
}

export function dateAndTime(moment) {
  return SHORT.format(new Date(moment));
}

/** A day of the API, e.g. "2026-11-23": it is one of UTC, and must not become its neighbour. */
export function dayText(day) {
  return DAY.format(new Date(`${day}T00:00:00`));
}

/** "5 seconds", "2 minutes". */
export function duration(seconds) {
  if (seconds < 100) return seconds === 1 ? "1 second" : `${seconds} seconds`;
  return `${Math.ceil(seconds / 60)} minutes`;
}
