// The messages of the open channel, drawn once each and kept where they are.

import { h, icon, replace } from "./dom.js";
import { row } from "./message.js";
import { dayText } from "./time.js";

const GROUP_MS = 7 * 60_000;
const NEAR_BOTTOM_PX = 80;
const JOINED = 7;
const EPHEMERAL = 64;

const byId = (a, b) => a.id.length - b.id.length || (a.id < b.id ? -1 : Number(a.id > b.id));

export class Timeline {
  constructor(root, actions) {
    this.actions = actions;
    this.messages = new Map();
    this.dismissed = new Set();
    this.drawn = new Map();
    this.notices = [];
    this.pinned = true;
    this.list = h("ol.log");
    this.jump = h("button.jump", { type: "button", hidden: true, onclick: () => this.toBottom() }, "New messages", icon("chevron"));
    this.scroller = h("div.scroller", { role: "log", "aria-live": "polite", tabIndex: 0 }, this.list);
    replace(root, this.scroller, this.jump);
    this.scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.list.addEventListener("load", () => this.pinned && this.toBottom(), true);
    new ResizeObserver(() => this.pinned && this.toBottom()).observe(this.scroller);
    this.list.addEventListener("click", (event) => this.#jumpTo(event));
  }

  /** Show a whole channel. `directory` resolves names from now on. */
  reset(messages, directory, empty) {
    this.directory = directory;
    this.messages = new Map(messages.map((message) => [message.id, message]));
    this.drawn.clear();
    this.notices = [];
    this.empty = empty;
    this.pinned = true;
    this.list.replaceChildren();
    this.list.setAttribute("aria-busy", "false");
    this.#draw();
  }

  /** Say whose messages these are. */
  describe(place) {
    this.scroller.setAttribute("aria-label", `Messages in ${place}`);
  }

  loading() {
    this.list.setAttribute("aria-busy", "true");
    replace(this.list, Array.from({ length: 5 }, () =>
      h("li.skeleton", { "aria-hidden": "true" }, h("span.bone.bone-face"), h("div", {}, h("span.bone"), h("span.bone.bone-long")))));
  }

  /** Show why there is nothing to show, with a way on. */
  failed(title, detail, retry) {
    this.list.setAttribute("aria-busy", "false");
    this.drawn.clear();
    replace(this.list, h("li.blank", {}, h("h2", {}, title), h("p", {}, detail),
      retry && h("button.component-button.primary", { type: "button", onclick: retry }, "Try again")));
  }

  put(message) {
    const fresh = !this.messages.has(message.id);
    this.messages.set(message.id, message);
    this.#draw();
    if (fresh && !this.pinned) this.jump.hidden = false;
  }

  remove(id) {
    this.messages.delete(id);
    this.#draw();
  }

  dismiss(id) {
    this.dismissed.add(id);
    this.#draw();
  }

  /** Add a line only this page knows (a command that failed); returns a function that takes it away. */
  notice(element) {
    const entry = { element, after: [...this.messages.keys()].at(-1) ?? null };
    this.notices.push(entry);
    this.#draw();
    return () => {
      this.notices = this.notices.filter((one) => one !== entry);
      this.#draw();
    };
  }

  toBottom() {
    this.pinned = true;
    this.jump.hidden = true;
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    this.pinned = scrollHeight - scrollTop - clientHeight < NEAR_BOTTOM_PX;
    if (this.pinned) this.jump.hidden = true;
  }

  #jumpTo(event) {
    const link = event.target.closest("[data-jump]");
    if (!link) return;
    event.preventDefault();
    const target = this.list.querySelector(`[data-id="${link.dataset.jump}"]`);
    target?.scrollIntoView({ block: "center" });
    target?.classList.add("flash");
    setTimeout(() => target?.classList.remove("flash"), 1500);
  }

  #draw() {
    const rows = [];
    const pending = [...this.notices];
    let previous = null;
    let day = "";
    for (const message of [...this.messages.values()].filter(({ id }) => !this.dismissed.has(id)).sort(byId)) {
      if (day !== dayText(message.timestamp)) rows.push(this.#day(message));
      day = dayText(message.timestamp);
      rows.push(this.#row(message, previous !== null && grouped(previous, message)));
      previous = message;
      while (pending[0]?.after === message.id) {
        rows.push(pending.shift().element);
        previous = null;
      }
    }
    if (!rows.length && !this.notices.length && this.empty) rows.push(this.empty);
    this.#settle([...rows, ...pending.map(({ element }) => element)]);
    if (this.pinned) this.toBottom();
  }

  #day(message) {
    const key = `day-${new Date(message.timestamp).toDateString()}`;
    return this.#keep(key, message.timestamp.slice(0, 10), () => h("li.day", {}, h("span", {}, dayText(message.timestamp))));
  }

  #row(message, isGrouped) {
    const draw = () => row(message, { directory: this.directory, actions: this.actions, grouped: isGrouped });
    return this.#keep(message.id, message, draw, isGrouped);
  }

  // Rows are drawn anew only when what they show has changed: focus, open selects and revealed spoilers stay.
  #keep(key, source, draw, variant = false) {
    const known = this.drawn.get(key);
    if (known && known.source === source && known.variant === variant) return known.element;
    const element = draw();
    const focused = known?.element.contains(document.activeElement) && document.activeElement.dataset.customId;
    this.drawn.set(key, { source, variant, element, focused });
    return element;
  }

  #settle(wanted) {
    const keep = new Set(wanted);
    for (const child of [...this.list.children]) if (!keep.has(child)) child.remove();
    wanted.forEach((element, index) => {
      if (this.list.children[index] !== element) this.list.insertBefore(element, this.list.children[index] ?? null);
    });
    for (const entry of this.drawn.values()) {
      if (entry.focused) entry.element.querySelector(`[data-custom-id="${CSS.escape(entry.focused)}"]`)?.focus();
      entry.focused = null;
    }
  }
}

const sameDay = (a, b) => new Date(a.timestamp).toDateString() === new Date(b.timestamp).toDateString();

function grouped(previous, message) {
  return previous.author.id === message.author.id && previous.type !== JOINED && message.type === 0 && sameDay(previous, message) &&
    Date.parse(message.timestamp) - Date.parse(previous.timestamp) < GROUP_MS &&
    (previous.flags & EPHEMERAL) === (message.flags & EPHEMERAL);
}
