// Slash commands as data: which there are, what a typed line means, what a value must be. Draws nothing.

const CHAT_INPUT = 1, SUBCOMMAND = 1, GROUP = 2;
export const TYPE = { STRING: 3, INTEGER: 4, BOOLEAN: 5, USER: 6, CHANNEL: 7, ROLE: 8, MENTIONABLE: 9, NUMBER: 10, ATTACHMENT: 11 };
const NAMES = { 3: "text", 4: "whole number", 5: "yes or no", 6: "member", 7: "channel", 8: "role", 9: "member or role", 10: "number", 11: "file" };

/** Every command a person can call, sub-commands by their full path. */
export function flatten(commands) {
  return commands
    .filter((command) => (command.type ?? CHAT_INPUT) === CHAT_INPUT)
    .flatMap((command) => leaves(command, [command.name]))
    .sort((a, b) => a.path.localeCompare(b.path));
}

function leaves(node, words) {
  const options = node.options ?? [];
  const nested = options.filter((option) => option.type === SUBCOMMAND || option.type === GROUP);
  if (nested.length) return nested.flatMap((option) => leaves(option, [...words, option.name]));
  return [{ path: words.join(" "), description: node.description, options, own: Boolean(node.own) }];
}

/** Commands for what follows the slash: those that begin with it, then those that contain it. */
export function search(commands, typed) {
  const wanted = typed.trim().toLowerCase();
  const begins = commands.filter((command) => command.path.startsWith(wanted));
  const contains = commands.filter((command) => !begins.includes(command) && command.path.includes(wanted));
  return [...begins, ...contains].slice(0, 25);
}

/** Read "/clan tag:EMB" or "/clan EMB": the command and the texts of its options, or null. */
export function read(line, commands) {
  if (!line.startsWith("/")) return null;
  const text = line.slice(1);
  const fits = commands.filter(({ path }) => text === path || text.startsWith(`${path} `));
  const command = fits.sort((a, b) => b.path.length - a.path.length)[0];
  if (!command) return null;
  return { command, values: values(command, text.slice(command.path.length).trim()) };
}

function values(command, rest) {
  const found = {};
  const names = command.options.map((option) => option.name).join("|");
  const parts = names ? rest.split(new RegExp(`(?:^|\\s+)(${names}):\\s*`)) : [rest];
  const first = command.options[0];
  if (first && parts[0].trim()) found[first.name] = parts[0].trim();
  for (let at = 1; at < parts.length; at += 2) found[parts[at]] = parts[at + 1].trim();
  return found;
}

/** The line that calls the command again: what the history keeps. */
export function line(command, texts) {
  const options = Object.entries(texts).map(([name, text]) => `${name}:${text}`);
  return [`/${command.path}`, ...options].join(" ");
}

/** What an option wants, in words: its kind and its limits. */
export function limits(option) {
  const parts = [NAMES[option.type] ?? "value"];
  const [least, most] = option.type === TYPE.STRING ? [option.min_length, option.max_length] : [option.min_value, option.max_value];
  const unit = option.type === TYPE.STRING ? " characters" : "";
  if (least !== undefined && most !== undefined) parts.push(`${least} to ${most}${unit}`);
  else if (least !== undefined) parts.push(`at least ${least}${unit}`);
  else if (most !== undefined) parts.push(`at most ${most}${unit}`);
  return parts.join(", ");
}

/** The fixed suggestions of an option: its choices, or who and what the guild has. */
export function suggestions(option, directory) {
  if (option.choices?.length) return option.choices.map(({ name, value }) => ({ label: name, value }));
  const people = () => [...directory.members.values()].map(({ user }) => ({ label: directory.nameOf(user), detail: user.username, value: user.id }));
  const roles = () => [...directory.roles.values()].map((role) => ({ label: `@${role.name}`, value: role.id }));
  switch (option.type) {
    case TYPE.BOOLEAN: return [{ label: "True", value: true }, { label: "False", value: false }];
    case TYPE.USER: return people();
    case TYPE.ROLE: return roles();
    case TYPE.MENTIONABLE: return [...people(), ...roles()];
    case TYPE.CHANNEL: return directory.channels
      .filter((channel) => !option.channel_types?.length || option.channel_types.includes(channel.type))
      .map((channel) => ({ label: `#${channel.name}`, value: channel.id }));
    default: return [];
  }
}

/** Turn typed text into the option's value: {value} or {error}. */
export function coerce(option, text, directory) {
  const fixed = suggestions(option, directory);
  if (fixed.length) {
    const wanted = text.toLowerCase();
    const hit = fixed.find((item) => item.label.toLowerCase() === wanted || String(item.value).toLowerCase() === wanted);
    return hit ? { value: hit.value } : { error: `choose one of the listed values for ${option.name}` };
  }
  if (option.type === TYPE.ATTACHMENT) return { error: "files cannot be sent from this page" };
  if (option.type === TYPE.INTEGER) {
    return /^-?\d+$/.test(text) ? { value: Number(text) } : { error: `${option.name} must be a whole number` };
  }
  if (option.type === TYPE.NUMBER) {
    const value = Number(text);
    return Number.isFinite(value) ? { value } : { error: `${option.name} must be a number` };
  }
  return { value: text };
}
