// Draws the markdown tree as elements.

import { colour, h } from "./dom.js";
import { inline, parse } from "./markdown.js";
import { formatted } from "./time.js";

const TAGS = { strong: "strong", em: "em", underline: "u", strike: "s" };

/** Draw a whole text. `directory` resolves mentions. */
export function markdown(text, directory) {
  const root = h("div.md", {}, parse(text).map((node) => draw(node, directory)));
  if (onlyEmoji(text)) root.classList.add("jumbo");
  return root;
}

/** Draw one line without blocks: titles, names of fields. */
export const markdownLine = (text, directory) => inline(text).map((node) => draw(node, directory));

const onlyEmoji = (text) =>
  text.length < 80 && /^(?:(?:\p{Emoji_Presentation}|\p{Extended_Pictographic})[\u200d\ufe0f\p{Emoji_Modifier}]*\s*)+$/u.test(text);

function draw(node, directory) {
  const children = () => (node.children ?? []).map((child) => draw(child, directory));
  switch (node.type) {
    case "text": return node.text;
    case "strong": case "em": case "underline": case "strike": return h(TAGS[node.type], {}, children());
    case "paragraph": return h("p", {}, children());
    case "header": return h(`h${node.level + 2}`, {}, children());
    case "subtext": return h("p.subtext", {}, children());
    case "quote": return h("blockquote", {}, children());
    case "fence": return h("pre", { tabIndex: 0 }, h("code", { "data-language": node.language || null }, node.text));
    case "code": return h("code", {}, node.text);
    case "list": return list(node, directory);
    case "spoiler": return spoiler(children());
    case "link": return anchor(node, children());
    case "time": return time(node);
    case "emoji": return h("span.custom-emoji", { title: `:${node.name}:` }, `:${node.name}:`);
    case "command": return h("span.mention", {}, `/${node.name}`);
    default: return mention(node, directory);
  }
}

function list(node, directory) {
  const items = node.items.map((item) =>
    h("li", {}, item.children.map((child) => draw(child, directory)), item.nested && list(item.nested, directory)),
  );
  return node.ordered ? h("ol", { start: node.start }, items) : h("ul", {}, items);
}

function anchor(node, children) {
  return h("a", { href: node.href, title: node.title || node.href, target: "_blank", rel: "noopener noreferrer" }, children);
}

function spoiler(children) {
  const inner = h("span.spoiler-text", { "aria-hidden": "true" }, children);
  const element = h("span.spoiler", { role: "button", tabIndex: 0, "aria-label": "Spoiler, press to reveal" }, inner);
  const reveal = (event) => {
    if (event.type === "keydown" && event.key !== "Enter" && event.key !== " ") return;
    if (element.classList.contains("revealed")) return;
    event.preventDefault();
    element.classList.add("revealed");
    for (const name of ["role", "tabindex", "aria-label"]) element.removeAttribute(name);
    inner.removeAttribute("aria-hidden");
  };
  element.addEventListener("click", reveal);
  element.addEventListener("keydown", reveal);
  return element;
}

function time(node) {
  const date = new Date(node.unix * 1000);
  const known = !Number.isNaN(date.getTime());
  return h("time.timestamp", {
    dateTime: known ? date.toISOString() : "",
    title: formatted(node.unix, "F"),
    "data-relative": known && node.style === "R" ? String(node.unix) : null,
  }, formatted(node.unix, node.style));
}

function mention(node, directory) {
  if (node.type === "everyone") return h("span.mention", {}, `@${node.name}`);
  if (node.type === "channel") {
    const channel = directory.channelById(node.id);
    return h("span.mention", {}, channel ? `#${channel.name}` : "#unknown");
  }
  if (node.type === "role") {
    const role = directory.roles.get(node.id);
    const element = h("span.mention", {}, role ? `@${role.name}` : "@unknown-role");
    if (role?.color) element.style.setProperty("--tint", colour(role.color));
    return element;
  }
  const member = directory.members.get(node.id);
  return h("span.mention", {}, member ? `@${directory.nameOf(member.user)}` : "@unknown-user");
}
