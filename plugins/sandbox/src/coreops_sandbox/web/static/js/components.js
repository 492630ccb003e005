// Buttons, selects and the layout components of a message.

import { colour, h, icon } from "./dom.js";
import { markdown } from "./markdown_view.js";
import { localPath, picture } from "./media.js";
import { select } from "./select.js";

const ROW = 1, BUTTON = 2, SECTION = 9, TEXT = 10, THUMBNAIL = 11, GALLERY = 12, FILE = 13, SEPARATOR = 14, CONTAINER = 17;
const SELECTS = new Set([3, 5, 6, 7, 8]);
const STYLES = { 1: "primary", 2: "secondary", 3: "success", 4: "danger", 5: "secondary", 6: "primary" };
const LINK_STYLE = 5;

/** Draw one component. `act(customId, values)` sends the press and settles when it is answered. */
export function component(data, directory, act) {
  const children = () => (data.components ?? []).map((child) => component(child, directory, act));
  if (SELECTS.has(data.type)) return select(data, directory, act);
  switch (data.type) {
    case ROW: return h("div.component-row", {}, children());
    case BUTTON: return data.style === LINK_STYLE ? linkButton(data) : button(data, act);
    case SECTION: return h("div.component-section", {}, h("div", {}, children()), component(data.accessory, directory, act));
    case TEXT: return markdown(data.content, directory);
    case THUMBNAIL: return picture("embed-thumbnail", data.media.url, data.description ?? "Thumbnail");
    case GALLERY: return h("div.component-gallery", {},
      data.items.map((item) => picture("attached-image", item.media.url, item.description ?? "Picture")));
    case FILE: return h("a.file", { href: localPath(data.file.url) ?? data.file.url }, icon("file"), data.name ?? "file");
    case SEPARATOR: return h("hr.component-separator", { class: data.divider === false ? "bare" : "" });
    case CONTAINER: return container(data, children());
    default: return h("div.component-unknown", {}, `component of type ${data.type}: this page cannot draw it`);
  }
}

function container(data, children) {
  const element = h("div.embed.component-container", {}, children);
  if (data.accent_color) element.style.borderInlineStartColor = colour(data.accent_color);
  return element;
}

function face(data) {
  const emoji = data.emoji && h("span.button-emoji", { "aria-hidden": "true" }, data.emoji.id ? `:${data.emoji.name}:` : data.emoji.name);
  return [emoji, data.label];
}

function button(data, act) {
  const name = data.label || data.emoji?.name || data.custom_id;
  const element = h("button.component-button", {
    type: "button",
    class: STYLES[data.style],
    disabled: Boolean(data.disabled),
    "aria-label": name,
    "data-custom-id": data.custom_id,
  }, face(data));
  element.addEventListener("click", async () => {
    if (element.getAttribute("aria-busy")) return;
    element.setAttribute("aria-busy", "true");
    await act(data.custom_id, []);
    element.removeAttribute("aria-busy");
  });
  return element;
}

function linkButton(data) {
  const link = { target: "_blank", rel: "noopener noreferrer", class: "secondary" };
  if (data.disabled) return h("span.component-button.secondary.disabled", { "aria-disabled": "true" }, face(data), icon("link"));
  return h("a.component-button", { ...link, href: data.url }, face(data), icon("link"));
}
