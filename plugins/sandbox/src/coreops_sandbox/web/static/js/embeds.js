// Embeds as Discord draws them.

import { colour, h } from "./dom.js";
import { markdown, markdownLine } from "./markdown_view.js";
import { picture } from "./media.js";
import { stamp } from "./time.js";

const COLUMNS = 12;

export function embed(data, directory) {
  const body = h("div.embed-body", {},
    data.author && author(data.author),
    data.title && title(data, directory),
    data.description && h("div.embed-description", {}, markdown(data.description, directory)),
    data.fields?.length && fields(data.fields, directory),
  );
  const element = h("article.embed", { "aria-label": data.title ? `Embed: ${data.title}` : "Embed" },
    h("div.embed-top", {}, body, data.thumbnail && picture("embed-thumbnail", data.thumbnail.url, "Thumbnail")),
    data.image && picture("embed-image", data.image.url, "Image"),
    (data.footer || data.timestamp) && footer(data),
  );
  if (data.color !== null && data.color !== undefined) element.style.borderInlineStartColor = colour(data.color);
  return element;
}

const external = (url, className, children) =>
  h(`a.${className}`, { href: url, target: "_blank", rel: "noopener noreferrer" }, children);

function author(data) {
  const icon = data.icon_url && picture("embed-icon", data.icon_url, "");
  return h("div.embed-author", {}, icon, data.url ? external(data.url, "embed-name", data.name) : h("span", {}, data.name));
}

function title(data, directory) {
  const children = markdownLine(data.title, directory);
  return h("div.embed-title", {}, data.url ? external(data.url, "embed-link", children) : children);
}

/** Up to three inline fields share a row; a row's fields divide its twelve columns among them. */
export function rows(list) {
  const found = [];
  for (const field of list) {
    const last = found.at(-1);
    if (field.inline && last?.[0].inline && last.length < 3) last.push(field);
    else found.push([field]);
  }
  return found;
}

function fields(list, directory) {
  const cells = rows(list).flatMap((row) => row.map((field) => {
    const cell = h("div.embed-field", { class: field.inline ? "inline" : "" },
      h("div.embed-field-name", {}, markdownLine(field.name, directory)),
      h("div.embed-field-value", {}, markdown(field.value, directory)));
    cell.style.gridColumn = `span ${COLUMNS / row.length}`;
    return cell;
  }));
  return h("div.embed-fields", {}, cells);
}

function footer(data) {
  const parts = [data.footer?.text, data.timestamp && stamp(data.timestamp)].filter(Boolean);
  const icon = data.footer?.icon_url && picture("embed-icon", data.footer.icon_url, "");
  return h("div.embed-footer", {}, icon, h("span", {}, parts.join(" • ")));
}
