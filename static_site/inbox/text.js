// Texts as a person can read them: what visitors send is shown, and cannot pretend.

const PICTURES_OF_CONTROLS = 0x2400;
const PICTURE_OF_DELETE = "\u2421";
// A tab and a line break are text. The others are invisible, and some of them end a text.
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f]/g;
// They turn the text behind them around: "gpj.exe" is shown as "exe.jpg".
// Source: https://www.unicode.org/reports/tr9/ (embeddings, overrides and isolates)
const DIRECTIONS = /[\u202a-\u202e\u2066-\u2069]/g;

// What sums of binary fractions are off by.
const TOLERANCE = 1e-6;

/** A text with its line breaks; control characters become their pictures, e.g. ␀. */
export function shown(text) {
  return text.replace(/\r\n?/g, "\n").replace(CONTROLS, picture);
}

/** A label or a name: one line, in which nothing is turned around. */
export function oneLine(text) {
  return shown(text.replace(DIRECTIONS, "")).replace(/\s+/g, " ").trim();
}

/** "1 submission", "2 submissions", "1,000 submissions". */
export function counted(count, one, many = `${one}s`) {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}

/**
 * Spam points with at most one digit behind the point: 0.1 + 0.2 is 0.3, and 4.96 is 4.9, since
 * "5 of 5" would be spam. The minus is one that screen readers say.
 */
export function pointsText(points) {
  const shown = Math.floor(points * 10 + TOLERANCE) / 10;
  return String(shown).replace("-", "−");
}

/** The counts of the API stop at 1,000. */
export function unreadText(count) {
  return count > 999 ? "999+" : String(count);
}

function picture(character) {
  const code = character.charCodeAt(0);
  return code === 0x7f ? PICTURE_OF_DELETE : String.fromCharCode(PICTURES_OF_CONTROLS + code);
}
