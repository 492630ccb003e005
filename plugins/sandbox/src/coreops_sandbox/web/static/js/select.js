// Select menus: of strings, users, roles, both, and channels.

import { h, icon, replace } from "./dom.js";

const STRING = 3, USER = 5, ROLE = 6, MENTIONABLE = 7, CHANNEL = 8;
const GAP_PX = 8;
let serial = 0;

// The log scrolls, so a list that is longer than what is left below would be cut off.
function roomBelow(trigger) {
  const frame = trigger.closest(".scroller")?.getBoundingClientRect() ?? { bottom: innerHeight };
  return frame.bottom - trigger.getBoundingClientRect().bottom;
}

function people(directory) {
  return [...directory.members.values()].map((member) => ({
    value: member.user.id, label: directory.nameOf(member.user), description: member.user.bot ? "Bot" : member.user.username,
  }));
}

const roles = (directory) => [...directory.roles.values()].map((role) => ({ value: role.id, label: `@${role.name}` }));

/** The options of a select, with `default` set as the message asks for. */
export function optionsOf(data, directory) {
  if (data.type === STRING) return data.options;
  const preset = new Set((data.default_values ?? []).map((value) => value.id));
  const found = { [USER]: people, [ROLE]: roles, [MENTIONABLE]: (d) => [...people(d), ...roles(d)] }[data.type];
  const all = found ? found(directory) : channels(data, directory);
  return all.map((option) => ({ ...option, default: preset.has(option.value) }));
}

const channels = (data, directory) => directory.channels
  .filter((channel) => !data.channel_types?.length || data.channel_types.includes(channel.type))
  .map((channel) => ({ value: channel.id, label: `#${channel.name}` }));

/** A select: one choice is sent at once, several when the list closes, as in Discord's own client. */
export function select(data, directory, act) {
  const options = optionsOf(data, directory);
  const most = data.max_values ?? 1;
  const least = data.min_values ?? 1;
  const id = `select-${(serial += 1)}`;
  const chosen = new Set(options.filter((option) => option.default).map((option) => option.value));
  let before = [...chosen].join();
  let active = 0;

  const face = h("span.select-face");
  const trigger = h("button.select-trigger", {
    type: "button", role: "combobox", disabled: Boolean(data.disabled), "aria-haspopup": "listbox", "aria-expanded": "false",
    "aria-controls": id, "aria-label": data.placeholder || "Make a selection", "data-custom-id": data.custom_id,
  }, face, icon("chevron"));
  const list = h("ul.select-list", { id, role: "listbox", hidden: true, "aria-multiselectable": String(most > 1) });
  const root = h("div.select", {}, trigger, list);

  const draw = () => {
    const labels = options.filter((option) => chosen.has(option.value)).map((option) => option.label);
    replace(face, labels.length ? labels.join(", ") : h("span.placeholder", {}, data.placeholder || "Make a selection"));
    replace(list, options.map((option, index) => item(option, index)));
    if (!list.hidden) trigger.setAttribute("aria-activedescendant", `${id}-${active}`);
  };
  const item = (option, index) => h("li.select-option", {
    id: `${id}-${index}`, role: "option", class: index === active ? "active" : "", "aria-selected": String(chosen.has(option.value)),
    onpointerdown: (event) => event.preventDefault(), onclick: () => pick(index),
  }, h("div", {}, option.emoji?.name && `${option.emoji.name} `, option.label,
    option.description && h("div.select-description", {}, option.description)),
  chosen.has(option.value) && icon("check"));

  const send = async () => {
    const values = [...chosen];
    if (values.length < least || values.join() === before) return;
    before = values.join();
    trigger.setAttribute("aria-busy", "true");
    await act(data.custom_id, values);
    trigger.removeAttribute("aria-busy");
  };
  const close = () => {
    list.hidden = true;
    trigger.setAttribute("aria-expanded", "false");
    trigger.removeAttribute("aria-activedescendant");
    if (most > 1) send();
  };
  const open = () => {
    list.hidden = false;
    trigger.setAttribute("aria-expanded", "true");
    active = Math.max(0, options.findIndex((option) => chosen.has(option.value)));
    draw();
    list.classList.toggle("above", roomBelow(trigger) < list.offsetHeight + GAP_PX);
  };
  const pick = (index) => {
    const { value } = options[index];
    active = index;
    if (most === 1) {
      chosen.clear();
      chosen.add(value);
      before = null;
      close();
      send();
    } else if (chosen.has(value)) chosen.delete(value);
    else if (chosen.size < most) chosen.add(value);
    draw();
  };
  const move = (step) => {
    active = (active + step + options.length) % options.length;
    draw();
    list.children[active].scrollIntoView({ block: "nearest" });
  };

  trigger.addEventListener("click", () => (list.hidden ? open() : close()));
  trigger.addEventListener("blur", () => !list.hidden && close());
  trigger.addEventListener("keydown", (event) => {
    const keys = { ArrowDown: () => move(1), ArrowUp: () => move(-1), Enter: () => pick(active), " ": () => pick(active), Escape: close };
    if (list.hidden || !keys[event.key]) return;
    event.preventDefault();
    event.stopPropagation();
    keys[event.key]();
  });
  draw();
  return root;
}
