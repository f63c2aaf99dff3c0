// Whom a submission is from, and the link that answers it in the owner's own mail program.

import { oneLine } from "./text.js";

// As much of an address as matters here: one @, no blanks, so that it is one and not a list.
const ADDRESS = /^[^\s@,;<>"]+@[^\s@,;<>"]+$/;

/** The address that was given: for replies, in a field for addresses, or in one named so. */
export function addressOf({ email, reply_to: replyTo, fields }, form) {
  const declared =
    form?.fields.filter(({ type }) => type === "email").map(({ name }) => name) ?? [];
  const sent = [...declared, "email"].map((name) => firstOf(fields, name));
  return (
    [replyTo, email, ...sent].find((text) => text && ADDRESS.test(text.trim()))?.trim() ?? null
  );
}

/** The name as the list has it; opened by a link, it is put together from the fields. */
export function nameOf(entry, form) {
  const { from, fields } = entry;
  const sent = ["name", "first_name", "last_name"].map((name) => firstOf(fields, name));
  const names = [from || sent.filter(Boolean).join(" "), addressOf(entry, form)];
  return names.map((name) => oneLine(name ?? "")).find(Boolean) ?? "Without a name";
}

export function replyUrl(address, { subject, reference }, form) {
  const about = oneLine(subject || form?.title || "Your message");
  // Encoded, an address cannot bring headers of its own along.
  const to = encodeURIComponent(address).replace("%40", "@");
  return `mailto:${to}?subject=${encodeURIComponent(`Re: ${about} [${reference}]`)}`;
}

/** A field's first value; visitors choose the names, so "constructor" may not be a function. */
function firstOf(fields, name) {
  if (!fields || !Object.hasOwn(fields, name)) return undefined;
  const value = fields[name];
  return Array.isArray(value) ? value[0] : value;
}
