// Puts the page together: who speaks, which channel is open, and what arrives.

import { api, follow } from "./api.js";
import { Composer } from "./composer.js";
import { Directory } from "./directory.js";
import { h, replace } from "./dom.js";
import { isEphemeral } from "./message.js";
import { ask } from "./modal.js";
import { channels, labelOf, PersonaPicker } from "./sidebar.js";
import { Status } from "./status.js";
import { isThread, threadTools } from "./threads.js";
import { tick } from "./time.js";
import { Timeline } from "./timeline.js";
import { Tour } from "./tour.js";

const $ = (id) => document.getElementById(id);
const SKELETON_AFTER_MS = 150;
const WAITING_AFTER_MS = 500;
const TYPING_MS = 10_000;
const DIRECT = 1;

class App {
  constructor() {
    const place = new URLSearchParams(location.hash.slice(1));
    this.as = place.get("as") ?? "admin";
    this.channel = place.get("channel") ?? "ops"; // the key of the open place
    this.unread = new Set();
    this.turn = 0;
    this.status = new Status($("status"), $("banner"));
    this.persona = new PersonaPicker($("persona"), (name) => this.speakAs(name));
    this.timeline = new Timeline($("timeline"), this.#actions());
    this.composer = new Composer($("composer"), {
      directory: () => this.directory,
      complete: (path, options, focused) => this.complete(path, options, focused),
      say: (text, replyTo) => this.say(text, replyTo),
      slash: (command, options) => this.slash(command, options),
    });
    this.tour = new Tour($("examples"), (step) => this.tryOut(step));
  }

  start() {
    this.status.show("connecting");
    this.#listen();
    setInterval(tick, 1000);
    this.#try(() => this.tour.load(), "the tour");
    setTimeout(() => this.composer.focus());
  }

  #actions() {
    const app = this;
    return {
      get me() { return app.directory?.person(app.as)?.user.id; },
      act: (message) => (customId, values) => app.#interact(() => api.press(app.as, message.id, customId, values)),
      dismiss: (id) => app.timeline.dismiss(id),
      react: (id, emoji) => app.#try(() => api.react(app.as, id, emoji)),
      reply: (message) => app.composer.answer(message),
      open: (place) => app.open(place),
    };
  }

  #listen() {
    this.unfollow?.();
    this.unfollow = follow(this.as, {
      onopen: () => this.refresh(),
      onlost: () => this.status.show("unreachable"),
      onevent: (name, data) => this.#event(name, data),
    });
  }

  /** Read everything again: guild, commands, and the messages of the open channel that this person may see. */
  async refresh() {
    const turn = (this.turn += 1);
    this.arrived = []; // while the messages are on their way; the answer may be older than the newest of them
    const waiting = setTimeout(() => this.timeline.loading(), SKELETON_AFTER_MS);
    try {
      await this.readState();
      const { messages } = await api.messages(this.as, this.channel);
      if (turn !== this.turn) return;
      this.timeline.reset(messages, this.directory, this.#blank());
      for (const message of this.arrived) this.timeline.put(message);
    } catch (error) {
      if (turn === this.turn) this.timeline.failed("The messages could not be read", error.message, () => this.refresh());
    } finally {
      clearTimeout(waiting);
      if (turn === this.turn) this.arrived = null;
    }
  }

  async readState() {
    this.directory = new Directory(await api.state());
    if (!this.directory.person(this.as)) this.as = this.directory.people[0].user.username;
    if (!this.#place) this.channel = this.directory.placesOf(this.as)[0].key;
    this.draw();
  }

  draw() {
    const { directory, channel } = this;
    const place = this.#place;
    const { topic, id, type } = place;
    const parent = isThread(place) ? `in #${directory.parentOf(place).name}` : null;
    const label = labelOf(place, directory);
    const sign = type === DIRECT ? "@" : parent ? "" : "#";
    this.unread.delete(id);
    $("guild").textContent = directory.guild.name;
    $("channel-name").textContent = label;
    $("topic").textContent = parent ?? topic ?? "";
    const close = () => this.#try(() => api.closeThread(this.as, id), "The thread was not closed");
    replace($("thread-tools"), threadTools(place, { start: () => this.composer.fill("/thread"), close }));
    document.title = `${sign}${label} · ${directory.guild.name}`;
    history.replaceState(null, "", `#${new URLSearchParams({ channel, as: this.as })}`);
    channels($("channels"), directory, this, (name) => this.open(name));
    this.persona.draw(directory, this.as);
    this.timeline.describe(`${sign}${label}`);
    this.composer.describe(`${sign}${label}`);
    const { connected, sessions } = directory.bot;
    this.status.show(connected ? "online" : "offline", connected ? `${sessions} gateway session(s)` : "");
  }

  get #place() {
    return this.directory?.place(this.channel, this.as) ?? null;
  }

  #blank() {
    return h("li.blank", {}, h("h2", {}, `Welcome to ${document.title.split(" · ")[0]}`), h("p", {}, "Nothing has been said here yet. A good first line:"),
      h("button.example-line.start-line", { type: "button", onclick: () => this.tryOut({ line: "!ops help" }) }, h("code", {}, "!ops help")));
  }

  open(channel) {
    this.channel = channel;
    $("app").classList.remove("drawer");
    this.draw();
    this.refresh();
    this.composer.focus();
  }

  speakAs(name) {
    if (name === this.as) return;
    this.as = name;
    if (!this.#place) this.channel = this.directory.placesOf(name)[0].key;
    this.draw();
    this.#listen();
  }

  tryOut({ line, as, channel }) {
    if (as) this.speakAs(as);
    if (channel && channel !== this.channel) this.open(channel);
    $("app").classList.remove("help-sheet");
    this.composer.fill(line);
  }

  #event(name, data) {
    if (name === "message" || name === "message_update") return this.#arrived(name, data);
    if (name === "message_delete") return this.timeline.remove(data.id);
    if (name === "typing") return this.#typing(data);
    if (name === "reset") return this.refresh();
    clearTimeout(this.reading);
    this.reading = setTimeout(() => this.#try(() => this.readState()), 50);
    return null;
  }

  #arrived(name, message) {
    if (!this.directory) return;
    const place = this.directory.placeOf(message);
    if (place === this.#place?.id) {
      this.arrived ? this.arrived.push(message) : this.timeline.put(message); // what is drawn may be another place
      if (message.author.bot) this.#typing(null);
    } else if (name === "message" && !isEphemeral(message)) {
      this.unread.add(place);
      channels($("channels"), this.directory, this, (picked) => this.open(picked));
    }
  }

  #typing(data) {
    clearTimeout(this.typingEnd);
    const here = data && this.directory?.placeOf(data) === this.#place?.id;
    const member = here && this.directory.members.get(data.user_id);
    $("typing").textContent = member ? `${this.directory.nameOf(member.user)} is typing…` : "";
    if (member) this.typingEnd = setTimeout(() => this.#typing(null), TYPING_MS);
  }

  say(text, replyTo) {
    this.tour.sent();
    return this.#try(() => api.say(this.as, this.channel, text, replyTo));
  }

  slash(command, options) {
    this.tour.sent();
    if (command.own) return this.openThread(options.name);
    return this.#interact(() => api.slash(this.as, this.channel, command.path, options), `/${command.path}`);
  }

  async openThread(name) {
    const made = await this.#try(() => api.openThread(this.as, this.channel, name), "No thread was started");
    if (!made) return;
    await this.readState();
    this.open(made.thread.id);
  }

  async complete(path, options, focused) {
    try {
      return await api.autocomplete(this.as, this.channel, path, options, focused);
    } catch (error) {
      return { choices: [], error: error.message };
    }
  }

  async #interact(send, what = "that control") {
    const waiting = setTimeout(() => ($("typing").textContent = `Waiting for the answer to ${what} …`), WAITING_AFTER_MS);
    const result = await this.#try(send, what);
    clearTimeout(waiting);
    this.#typing(null);
    if (!result) return;
    if (result.error) this.#failed(what, result.error);
    if (result.interaction?.modal) this.#fillIn(result.interaction);
  }

  async #fillIn({ id, modal }) {
    const values = await ask(modal);
    if (values) await this.#interact(() => api.modal(this.as, id, values), modal.title);
  }

  async #try(send, what = "Not sent") {
    try {
      return await send();
    } catch (error) {
      this.#failed(what, error.message);
      return null;
    }
  }

  #failed(what, why) {
    const remove = this.timeline.notice(h("li.notice", { role: "alert" }, h("span.notice-mark", { "aria-hidden": "true" }, "!"),
      h("div", {}, h("strong", {}, what[0].toUpperCase() + what.slice(1)), h("div", {}, why)),
      h("button.text-button", { type: "button", onclick: () => remove() }, "Dismiss")));
  }
}

const app = new App();
const toggle = (name) => () => $("app").classList.toggle(name);
$("menu").addEventListener("click", toggle("drawer"));
$("veil").addEventListener("click", () => $("app").classList.remove("drawer", "help-sheet"));
$("help-button").addEventListener("click", () => {
  const narrow = matchMedia("(max-width: 1100px)").matches;
  $("app").classList.toggle(narrow ? "help-sheet" : "help-hidden");
});
$("help-close").addEventListener("click", () => {
  $("app").classList.remove("help-sheet");
  $("app").classList.add("help-hidden");
});
app.start();
