// Times as Discord shows them, in the reader's own language and zone.

const STYLES = {
  t: { timeStyle: "short" },
  T: { timeStyle: "medium" },
  d: { dateStyle: "short" },
  D: { dateStyle: "long" },
  f: { dateStyle: "long", timeStyle: "short" },
  F: { dateStyle: "full", timeStyle: "short" },
};

const UNITS = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
];

const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });

export function relativeText(unix, now = Date.now() / 1000) {
  const delta = unix - now;
  const [unit, seconds] = UNITS.find(([, size]) => Math.abs(delta) >= size) ?? UNITS.at(-1);
  return relative.format(Math.trunc(delta / seconds), unit);
}

export function formatted(unix, style) {
  const date = new Date(unix * 1000);
  if (Number.isNaN(date.getTime())) return "Invalid Date";
  return style === "R" ? relativeText(unix) : new Intl.DateTimeFormat(undefined, STYLES[style]).format(date);
}

/** The clock at a message: the time today, otherwise day and time. */
export function stamp(iso) {
  const date = new Date(iso);
  const sameDay = date.toDateString() === new Date().toDateString();
  const style = sameDay ? { timeStyle: "short" } : { dateStyle: "short", timeStyle: "short" };
  return new Intl.DateTimeFormat(undefined, style).format(date);
}

export const dayText = (iso) => new Intl.DateTimeFormat(undefined, { dateStyle: "long" }).format(new Date(iso));

/** Keep every relative time on the page right. One timer for the whole page, not one per timestamp. */
export function tick(root = document) {
  for (const element of root.querySelectorAll("time[data-relative]")) {
    const text = relativeText(Number(element.dataset.relative));
    if (element.textContent !== text) element.textContent = text;
  }
}
