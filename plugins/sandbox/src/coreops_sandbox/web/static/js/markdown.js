// Discord's markdown, read into a tree. Drawing is markdown_view.js; this file touches no document.

const FENCE = /```(?:([\w+#.-]+)\n)?([\s\S]+?)```\n?/y;
const HEADER = /(#{1,3}) +([^\n]+)\n?/y;
const SUBTEXT = /-# +([^\n]+)\n?/y;
const QUOTE_REST = />>> ([\s\S]*)/y;
const QUOTE = /(?:> [^\n]*(?:\n|$)|>(?:\n|$))+/y;
const LIST = /(?: *(?:[-*]|\d{1,9}\.) +[^\n]+(?:\n|$)(?: {2,}(?![-*] |\d{1,9}\. )[^\n]+(?:\n|$))*)+/y;
const ITEM = /^( *)([-*]|\d{1,9}\.) +(.*)$/;

/** Read a whole text: a list of block nodes. */
export function parse(text) {
  return blocks(text, false);
}

function blocks(source, quoted) {
  const found = [];
  let paragraph = "";
  const flush = () => {
    const text = paragraph.replace(/\n$/, "");
    if (text) found.push({ type: "paragraph", children: inline(text) });
    paragraph = "";
  };
  let at = 0;
  while (at < source.length) {
    const lineStart = at === 0 || source[at - 1] === "\n";
    const block = matchBlock(source, at, lineStart, quoted);
    if (block) {
      flush();
      found.push(block.node);
      at = block.end;
      continue;
    }
    const end = stopOfLine(source, at);
    paragraph += source.slice(at, end);
    at = end;
  }
  flush();
  return found;
}

// A fence may open in the middle of a line; the text before it is a paragraph of its own.
function stopOfLine(source, at) {
  const newline = source.indexOf("\n", at);
  const end = newline < 0 ? source.length : newline + 1;
  const fence = source.indexOf("```", at + 1);
  return fence > 0 && fence < end && take(FENCE, source, fence) ? fence : end;
}

function take(pattern, source, at) {
  pattern.lastIndex = at;
  return pattern.exec(source);
}

function matchBlock(source, at, lineStart, quoted) {
  let hit;
  const block = (node) => ({ node, end: at + hit[0].length });
  if ((hit = take(FENCE, source, at))) {
    return block({ type: "fence", language: hit[1] ?? "", text: hit[2].replace(/^\n|\n$/g, "") });
  }
  if (!lineStart) return null;
  if (!quoted && (hit = take(QUOTE_REST, source, at))) {
    return block({ type: "quote", children: blocks(hit[1], true) });
  }
  if (!quoted && (hit = take(QUOTE, source, at))) {
    return block({ type: "quote", children: blocks(hit[0].replace(/^> ?/gm, "").replace(/\n$/, ""), true) });
  }
  if ((hit = take(HEADER, source, at))) {
    return block({ type: "header", level: hit[1].length, children: inline(hit[2].trim()) });
  }
  if ((hit = take(SUBTEXT, source, at))) return block({ type: "subtext", children: inline(hit[1].trim()) });
  if ((hit = take(LIST, source, at))) {
    hit[0] = sameKind(hit[0]);
    return block(list(hit[0].replace(/\n$/, "").split("\n")));
  }
  return null;
}

// A numbered item after dashes (or the reverse) at the outer level begins another list.
function sameKind(text) {
  const lines = text.match(/[^\n]+(?:\n|$)/g);
  const [, indent, mark] = lines[0].trimEnd().match(ITEM);
  const stop = lines.findIndex((line) => {
    const hit = line.trimEnd().match(ITEM);
    return hit && hit[1].length <= indent.length && /\d/.test(hit[2]) !== /\d/.test(mark);
  });
  return stop < 0 ? text : lines.slice(0, stop).join("");
}

function list(lines) {
  const [, indent, mark] = lines[0].match(ITEM);
  const depth = indent.length;
  const node = { type: "list", ordered: /\d/.test(mark), start: Number.parseInt(mark, 10) || 1, items: [] };
  let at = 0;
  while (at < lines.length) {
    let end = at + 1;
    while (end < lines.length && (indentOf(lines[end]) > depth || !ITEM.test(lines[end]))) end += 1;
    node.items.push(item(lines.slice(at, end)));
    at = end;
  }
  return node;
}

const indentOf = (line) => line.length - line.trimStart().length;

function item([first, ...rest]) {
  const nested = rest.findIndex((line) => ITEM.test(line));
  const own = nested < 0 ? rest : rest.slice(0, nested);
  const text = [first.match(ITEM)[3], ...own.map((line) => line.trim())].join("\n");
  const children = inline(text);
  return { children, nested: nested < 0 ? null : list(rest.slice(nested)) };
}

// Inline rules, tried in this order at each position. Each is sticky, so none scans ahead for its start.
const RULES = [
  [/\\([^A-Za-z0-9\s])/y, (hit) => ({ type: "text", text: hit[1] })],
  [/(`+)([\s\S]*?[^`])\1(?!`)/y, (hit) => ({ type: "code", text: hit[2].replace(/^ (?=`)|(?<=`) $/g, "") })],
  [/<(https?:\/\/[^\s<>]+)>/y, (hit) => link(hit[1])],
  [/\[((?:\\.|[^[\]\\])+)\]\(\s*<?(https?:\/\/[^\s<>()]*(?:\([^\s<>()]*\)[^\s<>()]*)*)>?(?:\s+"([^"]*)")?\s*\)/y,
    (hit) => ({ type: "link", href: hit[2], title: hit[3] ?? "", children: inline(hit[1], true) })],
  [/https?:\/\/[^\s<>]*[^\s<>.,:;"'\])*_~|]/y, (hit) => link(hit[0]), "bare"],
  [/<@!?(\d{1,20})>/y, (hit) => ({ type: "user", id: hit[1] })],
  [/<@&(\d{1,20})>/y, (hit) => ({ type: "role", id: hit[1] })],
  [/<#(\d{1,20})>/y, (hit) => ({ type: "channel", id: hit[1] })],
  [/<\/([\w -]{1,110}):(\d{1,20})>/y, (hit) => ({ type: "command", name: hit[1], id: hit[2] })],
  [/<t:(-?\d{1,13})(?::([tTdDfFR]))?>/y, (hit) => ({ type: "time", unix: Number(hit[1]), style: hit[2] ?? "f" })],
  [/<(a?):(\w{2,32}):(\d{1,20})>/y, (hit) => ({ type: "emoji", name: hit[2], id: hit[3], animated: Boolean(hit[1]) })],
  [/@(everyone|here)\b/y, (hit) => ({ type: "everyone", name: hit[1] })],
  [/\*\*((?:\\[\s\S]|[^\\])+?)\*\*(?!\*)/y, (hit, inLink) => span("strong", hit[1], inLink)],
  [/__((?:\\[\s\S]|[^\\])+?)__(?!_)/y, (hit, inLink) => span("underline", hit[1], inLink)],
  [/\*(?=\S)((?:\*\*|\s+(?:[^*\s]|\*\*)|\\[\s\S]|[^\s*\\])+?)\*(?!\*)/y, (hit, inLink) => span("em", hit[1], inLink)],
  [/(?<!\w)_((?:__|\\[\s\S]|[^\\_])+?)_(?!\w)/y, (hit, inLink) => span("em", hit[1], inLink)],
  [/~~(?=\S)((?:\\[\s\S]|[^\\])*?\S)~~(?!~)/y, (hit, inLink) => span("strike", hit[1], inLink)],
  [/\|\|([\s\S]+?)\|\|/y, (hit, inLink) => span("spoiler", hit[1], inLink)],
];

const span = (type, text, inLink) => ({ type, children: inline(text, inLink) });
const link = (href) => ({ type: "link", href, title: "", children: [{ type: "text", text: href }] });

/** Read text without blocks (titles, names of fields, one line of a list). */
export function inline(text, inLink = false) {
  const nodes = [];
  let plain = "";
  let at = 0;
  while (at < text.length) {
    const found = firstRule(text, at, inLink);
    if (!found) {
      plain += text[at];
      at += 1;
      continue;
    }
    if (plain) nodes.push({ type: "text", text: plain });
    plain = "";
    nodes.push(found.node);
    at = found.end;
  }
  if (plain) nodes.push({ type: "text", text: plain });
  return nodes;
}

// Only these characters can open a rule: everything else is taken without trying nineteen patterns.
const OPENERS = new Set("\\`<[h@*_~|");

function firstRule(text, at, inLink) {
  if (!OPENERS.has(text[at])) return null;
  for (const [pattern, build, kind] of RULES) {
    if (kind === "bare" && (inLink || /\w/.test(text[at - 1] ?? " "))) continue;
    const hit = take(pattern, text, at);
    if (hit) return { node: build(hit, inLink), end: at + hit[0].length };
  }
  return null;
}
