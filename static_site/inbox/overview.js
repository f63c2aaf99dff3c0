// Submissions per day: in words, as a chart, and as a table for who cannot see it.

import { make } from "./dom.js";
import { allPages } from "./pages.js";
import { sentence } from "./failures.js";
import { counted } from "./text.js";
import { dayText } from "./times.js";

const DAY_MS = 86_400_000;
const CHOICES = [30, 90, 365];
// Long enough to go back and forth between forms, short enough for today's to appear.
const KEPT_MS = 60_000;

/** @typedef {{day: string, inbox: number, spam: number, archive: number}} Day */

export function createOverview({ api }) {
  const keptByKey = new Map();
  const host = make("div", { className: "chart" });
  const words = make("p", { className: "chart-words" });
  const point = make("span");
  const table = make("details", { hidden: true });
  const select = make("select", { onchange: () => show(shownForm) });
  select.append(...CHOICES.map((days) => make("option", { value: days }, `${days} days`)));
  const element = make(
    "div",
    { className: "overview" },
    make("label", { className: "chart-choice" }, "In the last ", select),
    words,
    host,
    legend(point),
    table,
  );
  let shownForm = null;
  let shownKey = "";
  let isAsking = false;
  let drawn = null;
  let undraw = () => {};

  /** Shows a form, unless that is what is shown. */
  async function show(form) {
    const days = Number(select.value);
    const key = `${form} ${days}`;
    const kept = keptByKey.get(key);
    const isFresh = kept && kept.at > Date.now() - KEPT_MS;
    if (key === shownKey && (isFresh || isAsking)) return;
    shownForm = form;
    shownKey = key;
    isAsking = true;
    try {
      const all = isFresh ? kept.all : everyDay(await read(form, days), days);
      keptByKey.set(key, { all, at: isFresh ? kept.at : Date.now() });
      if (key === shownKey) await draw(all);
    } catch (error) {
      words.textContent = sentence(error);
      // Not asked for again at once, whatever else is drawn.
      keptByKey.set(key, { all: [], at: Date.now() });
    }
    if (key === shownKey) isAsking = false;
  }

  async function read(form, days) {
    const found = [];
    await allPages(
      (cursor) => api.counts(form, days, cursor),
      (page) => found.push(...page.days),
    );
    return found;
  }

  async function draw(days) {
    drawn = days;
    words.textContent = summary(days);
    host.setAttribute("role", "img");
    host.setAttribute("aria-label", `Bar chart. ${words.textContent}`);
    table.hidden = false;
    table.replaceChildren(make("summary", {}, "As a table"), tableOf(days));
    const { drawChart } = await import("./chart.js");
    if (days !== drawn) return;
    undraw();
    undraw = await drawChart(host, days, (day) => (point.textContent = day ? dayWords(day) : ""));
  }

  return { element, show };
}

/** The API leaves days without any out, and two of its pages can share one. */
function everyDay(days, count) {
  const byDay = new Map();
  for (const each of days) {
    const { inbox = 0, spam = 0, archive = 0 } = byDay.get(each.day) ?? {};
    byDay.set(each.day, {
      day: each.day,
      inbox: inbox + each.inbox,
      spam: spam + each.spam,
      archive: archive + each.archive,
    });
  }
  return Array.from({ length: count }, (_, at) => {
    const day = new Date(Date.now() - (count - 1 - at) * DAY_MS).toISOString().slice(0, 10);
    return byDay.get(day) ?? { day, inbox: 0, spam: 0, archive: 0 };
  });
}

function totalOf({ inbox, spam, archive }) {
  return inbox + spam + archive;
}

function summary(days) {
  const total = days.reduce((sum, day) => sum + totalOf(day), 0);
  const spam = days.reduce((sum, day) => sum + day.spam, 0);
  if (!total) return `Nothing came in the last ${days.length} days.`;
  const most = days.reduce((best, day) => (totalOf(day) > totalOf(best) ? day : best));
  const sum = `${counted(total, "submission")} in ${days.length} days, ${spam} of them spam.`;
  return `${sum} Most on ${dayText(most.day)}: ${totalOf(most)}.`;
}

function dayWords(day) {
  return `${dayText(day.day)}: ${counted(totalOf(day), "submission")}, ${day.spam} of them spam`;
}

function legend(point) {
  const part = (name, words) =>
    make("span", {}, make("span", { className: `swatch ${name}` }), words);
  return make(
    "p",
    { className: "legend", "aria-hidden": "true" },
    part("kept", "Not spam"),
    part("spam", "Spam"),
    point,
  );
}

function tableOf(days) {
  const cell = (text) => make("td", { className: "number" }, String(text));
  const rows = days
    .filter(totalOf)
    .reverse()
    .map((day) =>
      make(
        "tr",
        {},
        make("th", { scope: "row" }, dayText(day.day)),
        cell(day.inbox),
        cell(day.archive),
        cell(day.spam),
      ),
    );
  const head = ["Day (UTC)", "Inbox", "Archive", "Spam"].map((words, at) =>
    make("th", { scope: "col", className: at ? "number" : "" }, words),
  );
  return make("table", {}, make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...rows));
}
