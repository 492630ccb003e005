// A modal that the bot opened, as a native dialog: focus stays inside, Escape cancels.

import { h, icon } from "./dom.js";

const ROW = 1, TEXT_INPUT = 4, TEXT = 10, LABEL = 18;
const PARAGRAPH = 2;

/** Ask the person; settles with {custom_id: text} or null when they cancel. */
export function ask(modal) {
  const fields = [];
  const form = h("form.modal-form", { method: "dialog" },
    h("header.modal-head", {}, h("h2", { id: "modal-title" }, modal.title),
      h("button.icon-button", { type: "button", "aria-label": "Close", onclick: () => dialog.close("") }, icon("close"))),
    h("div.modal-body", {}, modal.components.map((data) => part(data, fields))),
    h("footer.modal-foot", {}, h("button.component-button.secondary", { type: "button", onclick: () => dialog.close("") }, "Cancel"),
      h("button.component-button.primary", { type: "submit", value: "submit" }, "Submit")));
  const dialog = h("dialog.modal", { "aria-labelledby": "modal-title" }, form);
  document.body.append(dialog);
  dialog.showModal();
  fields[0]?.control.focus();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "submit" ? Object.fromEntries(fields.map(({ id, control }) => [id, control.value])) : null);
    });
  });
}

function part(data, fields, label = null) {
  if (data.type === ROW) return data.components.map((child) => part(child, fields));
  if (data.type === LABEL) return part(data.component, fields, data);
  if (data.type === TEXT) return h("p.modal-text", {}, data.content);
  if (data.type !== TEXT_INPUT) return h("p.modal-text", {}, `component of type ${data.type}: this page cannot draw it`);
  const required = data.required ?? true;
  const control = textInput(data, required);
  fields.push({ id: data.custom_id, control });
  const title = label?.label ?? data.label ?? data.custom_id;
  return h("label.modal-field", {}, h("span.modal-label", {}, title, required && h("span.required", { title: "required" }, " *")),
    label?.description && h("span.modal-hint", {}, label.description), control);
}

function textInput(data, required) {
  const tag = data.style === PARAGRAPH ? "textarea" : "input";
  const limits = { minLength: data.min_length ?? 0, maxLength: data.max_length ?? 4000 };
  return h(`${tag}.modal-control`, {
    ...limits, required, value: data.value ?? "", placeholder: data.placeholder ?? "", name: data.custom_id, rows: tag === "textarea" ? 4 : null,
  });
}
