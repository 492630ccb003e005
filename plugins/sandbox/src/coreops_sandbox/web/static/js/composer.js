// The message input: plain text, mentions, history, and the way into slash commands.

import { h, icon, replace } from "./dom.js";
import { avatar } from "./media.js";
import { SlashForm } from "./slash_form.js";
import { flatten, read, search } from "./slash_model.js";
import { Suggestions } from "./suggestions.js";
import { OWN_COMMANDS } from "./threads.js";

const HISTORY = 100;

export class Composer {
  /** `ports`: directory(), complete(…), say(text, replyTo), slash(command, options). */
  constructor(root, ports) {
    this.ports = ports;
    this.history = [];
    this.cursor = 0;
    this.replyTo = null;
    this.list = new Suggestions();
    this.form = new SlashForm(this.list, {
      directory: ports.directory,
      complete: ports.complete,
      submit: (command, options, line) => this.#submitSlash(command, options, line),
      leave: (line) => this.#toText(line),
    });
    this.input = h("textarea.composer-text", {
      rows: 1, role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-label": "Message", maxLength: 4000,
      autocapitalize: "off", autocomplete: "off",
    });
    this.reply = h("div.reply-bar", { hidden: true });
    this.send = h("button.send", { type: "button", "aria-label": "Send", onclick: () => this.#enter() }, icon("send"));
    replace(root, this.list.element, this.reply, h("div.composer-box", {}, this.input, this.form.element, this.send));
    this.input.addEventListener("input", () => this.#changed());
    this.input.addEventListener("keydown", (event) => this.#key(event));
    this.input.addEventListener("blur", () => this.list.hide());
  }

  get commands() {
    return flatten([...OWN_COMMANDS, ...(this.ports.directory()?.commands ?? [])]);
  }

  /** Say where the message will go. */
  describe(place) {
    this.input.placeholder = `Message ${place}`;
    this.input.setAttribute("aria-label", `Message ${place}`);
  }

  /** Put a line into the input as if typed; a complete slash command becomes chips. */
  fill(line) {
    const command = read(line, this.commands);
    if (command) return this.#toSlash(command.command, command.values);
    return this.#toText(line);
  }

  focus() {
    if (!this.form.active) this.input.focus();
  }

  answer(message) {
    this.replyTo = message;
    this.reply.hidden = !message;
    if (!message) return;
    const name = this.ports.directory().nameOf(message.author);
    replace(this.reply, icon("reply"), h("span", {}, "Replying to ", h("strong", {}, name)),
      h("button.icon-button", { type: "button", "aria-label": "Cancel the reply", onclick: () => this.answer(null) }, icon("close")));
    this.input.focus();
  }

  #toSlash(command, values = {}) {
    this.input.value = "";
    this.input.hidden = true;
    this.form.begin(command, values);
  }

  #toText(line) {
    this.form.end();
    this.input.hidden = false;
    this.input.value = line;
    this.input.focus();
    this.input.setSelectionRange(line.length, line.length);
    this.#changed();
  }

  #submitSlash(command, options, line) {
    this.#remember(line);
    this.#toText("");
    this.ports.slash(command, options);
  }

  #remember(line) {
    if (this.history.at(-1) !== line) this.history.push(line);
    this.history = this.history.slice(-HISTORY);
    this.cursor = this.history.length;
  }

  #changed() {
    this.input.style.height = "auto";
    this.input.style.height = `${this.input.scrollHeight}px`;
    const text = this.input.value;
    if (/^\/[^\n]*$/.test(text)) this.#suggestCommands(text);
    else this.#suggestMentions(text);
  }

  #suggestCommands(text) {
    const exact = read(text, this.commands);
    if (exact && text.length > exact.command.path.length + 1) return this.#toSlash(exact.command, exact.values);
    const items = search(this.commands, text.slice(1)).map((command) => ({
      label: `/${command.path}`,
      detail: command.description,
      tag: command.options.map((option) => (option.required ? option.name : `${option.name}?`)).join(" "),
      command,
    }));
    const help = items.length ? null : h("span.help-text", {}, this.#noCommands());
    return this.list.show(this.input, { help, items, onpick: ({ command }) => this.#toSlash(command) });
  }

  #noCommands() {
    if (this.ports.directory()?.commands.length) return "No command begins like that. Escape keeps the text as a message.";
    return "No slash commands yet: the bot registers them when it starts.";
  }

  #suggestMentions(text) {
    const caret = this.input.selectionStart;
    const hit = text.slice(0, caret).match(/(?:^|\s)([@#])([\w-]*)$/);
    const directory = this.ports.directory();
    if (!hit || !directory) return this.list.hide();
    const [, sign, typed] = hit;
    const members = [...directory.members.values()].map(({ user }) => ({ label: directory.nameOf(user), icon: avatar(user, "avatar-small"), detail: user.username }));
    const all = sign === "@" ? members : directory.channels.map((channel) => ({ label: channel.name, icon: icon("hash"), detail: channel.topic }));
    const items = all.filter(({ label }) => label.toLowerCase().startsWith(typed.toLowerCase())).slice(0, 8);
    if (!items.length) return this.list.hide();
    return this.list.show(this.input, { items, onpick: ({ label }) => this.#insert(`${sign}${label} `, caret - typed.length - 1, caret) });
  }

  #insert(text, from, to) {
    this.input.setRangeText(text, from, to, "end");
    this.#changed();
    this.input.focus();
  }

  #key(event) {
    if (event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey && this.#runsExact()) {
      event.preventDefault();
      return;
    }
    if (this.list.key(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.#enter();
    } else if (event.key === "ArrowUp" && this.#onEdge(0)) {
      this.#recall(event, -1);
    } else if (event.key === "ArrowDown" && this.#onEdge(this.input.value.length)) {
      this.#recall(event, 1);
    } else if (event.key === "Escape" && this.replyTo) {
      this.answer(null);
    }
  }

  // A fully typed command that needs nothing more runs on Enter; picking it from the list first would be a detour.
  #runsExact() {
    const exact = read(this.input.value.trimEnd(), this.commands);
    if (!exact || exact.command.options.some((option) => option.required)) return false;
    this.#submitSlash(exact.command, {}, `/${exact.command.path}`);
    return true;
  }

  #onEdge(position) {
    return this.input.selectionStart === this.input.selectionEnd &&
      (this.input.selectionStart === position || this.input.value === (this.history[this.cursor] ?? ""));
  }

  #recall(event, step) {
    const next = this.cursor + step;
    if (next < 0 || next > this.history.length) return;
    event.preventDefault();
    this.cursor = next;
    this.fill(this.history[next] ?? "");
  }

  #enter() {
    if (this.form.active) return this.form.submit();
    const text = this.input.value.trim();
    if (!text) return null;
    this.#remember(text);
    const { replyTo } = this;
    this.answer(null);
    this.#toText("");
    return this.ports.say(this.ports.directory().withMentions(text), replyTo?.id);
  }
}
