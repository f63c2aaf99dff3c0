// Bars of submissions per day, drawn by uPlot, which is loaded with the first of them.

import { byId, make } from "./dom.js";

const VENDOR = new URL("./vendor/uPlot-1.6.32/", import.meta.url);
const HEIGHT = 220;
const DAY_SECONDS = 86_400;

let loaded;

/** Loads the library once; it is a classic script that leaves one global behind. */
function library() {
  loaded ??= new Promise((resolve, reject) => {
    const href = new URL("uPlot.min.css", VENDOR).href;
    document.head.append(make("link", { rel: "stylesheet", href }));
    const script = make("script", { src: new URL("uPlot.iife.min.js", VENDOR).href });
    script.onload = () => resolve(globalThis.uPlot);
    script.onerror = () => {
      loaded = undefined;
      reject(new Error("the chart's library did not load"));
    };
    document.head.append(script);
  });
  return loaded;
}

/**
 * @param {HTMLElement} host
 * @param {import("./overview.js").Day[]} days every one, oldest first
 * @param {(day: ?object) => void} onPoint the day under the pointer
 * @returns {Promise<() => void>} takes the chart away
 */
export async function drawChart(host, days, onPoint) {
  const UPlot = await library();
  let chart;
  const colour = (name) => getComputedStyle(byId("inbox")).getPropertyValue(name).trim();

  function draw() {
    chart?.destroy();
    const bars = UPlot.paths.bars({ size: [0.7, 28], radius: 0.15 });
    const axis = {
      stroke: colour("--quiet"),
      font: "12px system-ui, sans-serif",
      grid: { stroke: colour("--line"), width: 1 },
      ticks: { show: false },
    };
    const series = (name) => ({ paths: bars, fill: colour(name), points: { show: false } });
    const whole = (u, values) => values.map((value) => (Number.isInteger(value) ? value : ""));
    chart = new UPlot(
      {
        width: host.clientWidth,
        height: HEIGHT,
        legend: { show: false },
        cursor: { drag: { x: false, y: false }, y: false, points: { show: false } },
        // The days are days of UTC, wherever the owner is.
        tzDate: (seconds) => UPlot.tzDate(new Date(seconds * 1000), "Etc/UTC"),
        scales: {
          x: { time: true, range: edges },
          y: { range: (u, low, high) => [0, Math.max(4, high)] },
        },
        axes: [
          { ...axis, grid: { show: false } },
          { ...axis, size: 40, values: whole },
        ],
        // The sum lies behind, so that spam stands on top of what is not.
        series: [{}, series("--chart-spam"), series("--chart-kept")],
        hooks: { setCursor: [({ cursor }) => onPoint(days[cursor.idx] ?? null)] },
      },
      dataOf(days),
      host,
    );
  }

  draw();
  const watcher = new ResizeObserver(() => {
    if (host.clientWidth) chart.setSize({ width: host.clientWidth, height: HEIGHT });
  });
  watcher.observe(host);
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  scheme.addEventListener("change", draw);
  return () => {
    watcher.disconnect();
    scheme.removeEventListener("change", draw);
    chart.destroy();
  };
}

/** Half a day of room at both ends, where the bars of the first and last day stand out. */
function edges(chart, first, last) {
  return [first - DAY_SECONDS / 2, last + DAY_SECONDS / 2];
}

function dataOf(days) {
  const kept = days.map(({ inbox, archive }) => inbox + archive);
  return [
    days.map(({ day }) => Date.parse(`${day}T00:00:00Z`) / 1000),
    days.map(({ spam }, at) => kept[at] + spam),
    kept,
  ];
}
