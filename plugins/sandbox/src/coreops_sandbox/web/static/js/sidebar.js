// The guild's channels, and the person one speaks as.

import { colour, h, icon, replace } from "./dom.js";
import { avatar } from "./media.js";
import { isAdministrator } from "./permissions.js";
import { isClosed, isThread } from "./threads.js";

const DIRECT = 1;

/** What a place is called: a channel by its name, the direct messages by whom they are with. */
export function labelOf(channel, directory) {
  const bot = directory.botMember;
  return channel.type === DIRECT && bot ? directory.nameOf(bot.user) : channel.name;
}

function mark(channel, directory) {
  if (channel.type === DIRECT && directory.botMember) return avatar(directory.botMember.user, "avatar-small");
  return icon(isThread(channel) ? "thread" : "hash");
}

/** Draw the list of places; `unread` holds the ids of those with something new. */
export function channels(root, directory, { as, channel: current, unread }, onpick) {
  const places = directory.placesOf(as).filter((place) => !isClosed(place) || place.key === current);
  const button = (channel) => h("li", {}, h("button.channel", {
    type: "button",
    class: [unread.has(channel.id) ? "unread" : "", isThread(channel) ? "thread" : ""].join(" ").trim(),
    "aria-current": channel.key === current ? "page" : null,
    onclick: () => onpick(channel.key),
  }, mark(channel, directory), h("span", {}, labelOf(channel, directory)),
  unread.has(channel.id) && h("span.visually-hidden", {}, "(new messages)")));
  const guild = places.filter((place) => place.type !== DIRECT);
  const direct = places.filter((place) => place.type === DIRECT);
  replace(root, guild.map(button), h("li.sidebar-title", {}, "Direct messages"), direct.map(button));
}

function rankOf(member, directory) {
  if (member.user.id === directory.guild.owner_id) return "owns server and bot";
  const roles = directory.rolesOf(member.user.id);
  if (isAdministrator(roles)) return "all Discord permissions";
  return roles.length ? roles.map((role) => role.name).join(", ") : "no role";
}

/** The member one speaks as: a button that opens a list of everyone. */
export class PersonaPicker {
  constructor(root, onpick) {
    this.onpick = onpick;
    this.face = h("span.persona-face");
    this.button = h("button.persona-button", {
      type: "button", "aria-haspopup": "listbox", "aria-expanded": "false", "aria-controls": "persona-list", onclick: () => this.#toggle(),
    }, this.face, icon("chevron"));
    this.list = h("ul.persona-list", { id: "persona-list", role: "listbox", "aria-label": "Speak as", hidden: true, tabIndex: -1 });
    replace(root, this.list, this.button);
    root.addEventListener("keydown", (event) => this.#key(event));
    root.addEventListener("focusout", (event) => !root.contains(event.relatedTarget) && this.#close());
  }

  draw(directory, current) {
    this.names = directory.people.map((member) => member.user.username);
    const me = directory.person(current);
    replace(this.face, me && avatar(me.user), h("span.persona-text", {},
      h("span.persona-hint", {}, "Speaking as"), h("strong", {}, me ? directory.nameOf(me.user) : current)));
    this.button.setAttribute("aria-label", `Speaking as ${me ? directory.nameOf(me.user) : current}; change`);
    replace(this.list, directory.people.map((member) => this.#option(member, directory, current)));
  }

  #option(member, directory, current) {
    const name = h("strong", {}, directory.nameOf(member.user));
    const tint = directory.colourOf(member.user.id);
    if (tint) name.style.setProperty("--tint", colour(tint));
    return h("li.persona-option", {
      role: "option", tabIndex: -1, "aria-selected": String(member.user.username === current), "data-name": member.user.username,
      onclick: () => this.#pick(member.user.username),
    }, avatar(member.user), h("span.persona-text", {}, name, h("span.persona-hint", {}, rankOf(member, directory))),
    member.user.username === current && icon("check"));
  }

  #toggle() {
    if (!this.list.hidden) return this.#close();
    this.list.hidden = false;
    this.button.setAttribute("aria-expanded", "true");
    return (this.list.querySelector("[aria-selected=true]") ?? this.list.firstElementChild)?.focus();
  }

  #close() {
    this.list.hidden = true;
    this.button.setAttribute("aria-expanded", "false");
  }

  #pick(name) {
    this.#close();
    this.button.focus();
    this.onpick(name);
  }

  #key(event) {
    if (this.list.hidden) return;
    const options = [...this.list.children];
    const at = options.indexOf(document.activeElement);
    const go = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: options.length - 1 }[event.key];
    if (go !== undefined) options[(go + options.length) % options.length].focus();
    else if (event.key === "Enter" || event.key === " ") options[at] && this.#pick(options[at].dataset.name);
    else if (event.key === "Escape") {
      this.#close();
      this.button.focus();
    } else return;
    event.preventDefault();
  }
}
