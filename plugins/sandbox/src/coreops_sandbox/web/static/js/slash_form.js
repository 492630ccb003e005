// A chosen slash command being filled in: one chip for the command, one for each option.

import { append, h, replace } from "./dom.js";
import { coerce, limits, line, suggestions } from "./slash_model.js";

const AUTOCOMPLETE_PAUSE_MS = 120;

export class SlashForm {
  /** `ports`: directory(), complete(path, options, focused), submit(command, options, line), leave(line). */
  constructor(list, ports) {
    this.list = list;
    this.ports = ports;
    this.fields = new Map();
    this.asked = 0;
    this.more = h("button.slash-more", { type: "button", "aria-expanded": "false", onclick: () => this.#offerMore() });
    this.more.addEventListener("keydown", (event) => this.list.owner === this.more && this.list.key(event));
    this.element = h("div.slash-form", { role: "group", hidden: true });
  }

  get active() {
    return !this.element.hidden;
  }

  /** Begin filling in `command`, with the texts already typed by option name. */
  begin(command, texts = {}) {
    this.command = command;
    this.fields.clear();
    this.element.hidden = false;
    this.element.setAttribute("aria-label", `Command /${command.path}`);
    const shown = command.options.filter((option) => option.required || option.name in texts);
    replace(this.element, h("span.command-chip", {}, `/${command.path}`), this.more);
    for (const option of shown) this.#add(option, texts[option.name] ?? "");
    this.#drawMore();
    const first = [...this.fields.values()].find((field) => !field.input.value);
    (first?.input ?? [...this.fields.values()].at(-1)?.input ?? this.#sendButton()).focus();
  }

  end() {
    this.element.hidden = true;
    this.list.hide();
  }

  #sendButton() {
    const button = h("button.slash-go", { type: "button" }, "Press Enter to send");
    button.addEventListener("click", () => this.submit());
    button.addEventListener("keydown", (event) => this.#leaveOn(event, event.key === "Backspace"));
    this.element.insertBefore(button, this.more);
    return button;
  }

  #add(option, text) {
    this.element.querySelector(".slash-go")?.remove();
    const input = h("input.option-input", {
      type: "text", value: text, autocomplete: "off", spellcheck: false, role: "combobox", size: Math.max(text.length, 6),
      "aria-label": `${option.name}: ${option.description}`, "aria-expanded": "false", "aria-autocomplete": "list",
      "aria-required": String(Boolean(option.required)),
    });
    const field = { option, input, picked: null, chip: h("label.option-chip", {}, h("span.option-name", {}, option.name), input) };
    input.addEventListener("focus", () => this.#suggest(field));
    input.addEventListener("blur", () => this.list.owner === input && this.list.hide());
    input.addEventListener("input", () => {
      field.picked = null;
      field.chip.classList.remove("wrong");
      input.size = Math.max(input.value.length, 6);
      this.#suggest(field);
    });
    input.addEventListener("keydown", (event) => this.#key(event, field));
    this.fields.set(option.name, field);
    this.element.insertBefore(field.chip, this.more);
    return field;
  }

  #key(event, field) {
    if (event.isComposing || this.list.key(event)) return;
    if (event.key === "Enter") {
      event.preventDefault();
      this.submit();
    } else {
      this.#leaveOn(event, event.key === "Backspace" && !field.input.value && this.#drop(field));
    }
  }

  // Backspace in an empty optional chip takes the chip away; in the first one, the whole command.
  #drop(field) {
    if (field.option.required || this.fields.size === 1) return field === [...this.fields.values()][0];
    this.fields.delete(field.option.name);
    field.chip.remove();
    this.#drawMore();
    [...this.fields.values()].at(-1).input.focus();
    return false;
  }

  #leaveOn(event, backspace) {
    if (event.key !== "Escape" && !backspace) return;
    event.preventDefault();
    const text = this.line();
    this.end();
    this.ports.leave(text);
  }

  #suggest(field) {
    const help = this.#help(field.option);
    const onpick = (item) => this.#pick(field, item);
    if (field.picked) return this.list.show(field.input, { help, onpick });
    if (field.option.autocomplete) return this.#ask(field, help, onpick);
    const typed = field.input.value.toLowerCase();
    const items = suggestions(field.option, this.ports.directory()).filter((item) => item.label.toLowerCase().includes(typed));
    return this.list.show(field.input, { help, items, onpick });
  }

  #ask(field, help, onpick) {
    const asked = (this.asked += 1);
    this.list.show(field.input, { help, onpick });
    setTimeout(async () => {
      const current = () => asked === this.asked && document.activeElement === field.input;
      if (!current()) return;
      const found = await this.ports.complete(this.command.path, this.#texts(), field.option.name);
      if (!current()) return;
      const items = found.choices.map(({ name, value }) => ({ label: name, value }));
      this.list.show(field.input, { help: found.error ? [help, h("div.help-error", {}, found.error)] : help, items, onpick });
    }, AUTOCOMPLETE_PAUSE_MS);
  }

  #help(option) {
    return [h("strong", {}, option.name), h("span.help-tag", {}, option.required ? "required" : "optional"),
      h("span.help-text", {}, option.description), h("span.help-limits", {}, limits(option))];
  }

  #pick(field, item) {
    field.picked = item;
    field.input.value = item.label;
    field.input.size = Math.max(item.label.length, 6);
    field.chip.classList.remove("wrong");
    const next = [...this.fields.values()].find(({ input }) => !input.value);
    (next ?? field).input.focus();
  }

  #offerMore() {
    const items = this.#missing().map((option) => ({ label: option.name, detail: option.description, option }));
    this.list.show(this.more, { items, onpick: ({ option }) => {
      const field = this.#add(option, "");
      this.#drawMore();
      field.input.focus();
    } });
  }

  #missing() {
    return this.command.options.filter((option) => !this.fields.has(option.name));
  }

  #drawMore() {
    const count = this.#missing().length;
    this.more.hidden = !count;
    this.more.textContent = `+${count} optional`;
  }

  #texts() {
    return Object.fromEntries([...this.fields].map(([name, { input, picked }]) => [name, picked ? picked.value : input.value]));
  }

  line() {
    const filled = [...this.fields].filter(([, { input }]) => input.value);
    return line(this.command, Object.fromEntries(filled.map(([name, { input }]) => [name, input.value])));
  }

  /** Check every value, then hand the command over; the first wrong one is marked and focused. */
  submit() {
    const options = {};
    for (const [name, field] of this.fields) {
      const text = field.input.value;
      if (!text && !field.option.required) continue;
      const result = field.picked ?? (text ? coerce(field.option, text, this.ports.directory()) : { error: `${name} is required` });
      if (result.error) return this.#refuse(field, result.error);
      options[name] = result.value;
    }
    const text = this.line();
    this.end();
    return this.ports.submit(this.command, options, text);
  }

  #refuse(field, error) {
    field.input.focus();
    field.chip.classList.add("wrong");
    append(this.list.help, [h("div.help-error", { role: "alert" }, error)]);
    this.list.help.hidden = false;
    this.list.element.hidden = false;
  }
}
