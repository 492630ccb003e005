// Pictures and files. The page loads nothing from outside; what it may not load it draws as a labelled tile.

import { h, icon } from "./dom.js";

const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);
const SERVED = /^\/(cdn|static)\//;

/** The path on this port that serves `url`, or null for a picture from outside. */
export function localPath(url) {
  let parsed;
  try {
    parsed = new URL(url, location.origin);
  } catch {
    return null;
  }
  if (LOOPBACK.has(parsed.hostname) && SERVED.test(parsed.pathname)) return parsed.pathname + parsed.search;
  if (parsed.hostname === "cdn.discordapp.com") return `/cdn${parsed.pathname}`;
  // The sample workbook's crests live under a reserved domain; this port plays that host.
  if (parsed.hostname === "crests.example") return `/static/crests${parsed.pathname}`;
  return null;
}

/** A picture with a designed fallback: `className` gives it its place and size. */
export function picture(className, url, label) {
  const path = localPath(url);
  if (!path) return missing(className, url, label);
  const image = h(`img.${className}`, { src: path, alt: label, loading: "lazy", decoding: "async" });
  image.addEventListener("error", () => image.replaceWith(missing(className, url, label)), { once: true });
  return image;
}

function missing(className, url, label) {
  const why = `${label}: the sandbox loads no pictures from outside. ${url}`;
  return h(`span.${className}.no-picture`, { role: "img", title: why, "aria-label": why }, icon("image"));
}

const UNITS = ["bytes", "KB", "MB", "GB"];

export function sizeText(bytes) {
  const step = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), UNITS.length - 1);
  const value = bytes / 1024 ** step;
  return `${step && value < 10 ? value.toFixed(1) : Math.round(value)} ${UNITS[step]}`;
}

export function attachment(file) {
  const isImage = (file.content_type ?? "").startsWith("image/") && !file.filename.startsWith("SPOILER_");
  if (isImage) {
    const label = file.description || file.filename;
    const path = localPath(file.url);
    const shown = picture("attached-image", file.url, label);
    return path ? h("a.attached-link", { href: path, target: "_blank", rel: "noopener noreferrer" }, shown) : shown;
  }
  return h("div.file", {}, icon("file"), h("div", {},
    h("a", { href: localPath(file.url) ?? file.url, download: file.filename, rel: "noopener noreferrer" }, file.filename),
    h("div.file-size", {}, sizeText(file.size ?? 0))));
}

const HUES = [212, 262, 332, 16, 152, 190, 40];

/** A round picture of a person: their avatar, or the first letter on a colour that is always theirs. */
export function avatar(user, className = "avatar") {
  if (user.avatar) return picture(className, `/cdn/avatars/${user.id}/${user.avatar}.png`, "");
  const element = h(`span.${className}`, { "aria-hidden": "true" }, [...user.username][0].toUpperCase());
  if (user.bot) element.classList.add("bot-avatar");
  else element.style.setProperty("--hue", HUES[Number(BigInt(user.id) % BigInt(HUES.length))]);
  return element;
}
