// Who and what there is: members, roles and channels by id, read from the sandbox's state.

import { canSee } from "./permissions.js";
import { isThread } from "./threads.js";

const TEXT_CHANNELS = new Set([0, 5, 10, 11, 12, 15]);
const DIRECT = "dm";
const PEOPLE = ["user", "recruiter", "lead", "staff", "admin", "owner", "administrator", "tamsin", "bram"];

export class Directory {
  constructor(state) {
    this.guild = state.guild;
    this.channels = state.channels
      .filter((channel) => TEXT_CHANNELS.has(channel.type))
      .map((channel) => ({ ...channel, key: isThread(channel) ? channel.id : channel.name }));
    const order = (channel) => [this.parentOf(channel).position ?? 1e9, isThread(channel) ? channel.id : ""].join("/");
    this.channels.sort((a, b) => order(a).localeCompare(order(b), "en", { numeric: true }));
    this.roles = new Map(state.roles.map((role) => [role.id, role]));
    this.members = new Map(state.members.map((member) => [member.user.id, member]));
    this.commands = state.commands;
    this.bot = state.bot;
  }

  /** The members a person at the page may speak as, the seeded ones first and in order of power. */
  get people() {
    const rank = (member) => (PEOPLE.indexOf(member.user.username) + 1 || PEOPLE.length + 1);
    return [...this.members.values()].filter((member) => !member.user.bot).sort((a, b) => rank(a) - rank(b));
  }

  get botMember() {
    return [...this.members.values()].find((member) => member.user.bot) ?? null;
  }

  person(name) {
    return this.people.find((member) => member.user.username === name) ?? null;
  }

  /** Where this person can read: the guild's channels that they see, and the direct messages with the bot. */
  placesOf(name) {
    const member = this.person(name);
    const roles = [...this.rolesOf(member.user.id), this.roles.get(this.guild.id)];
    const seen = this.channels.filter((channel) => canSee(this.parentOf(channel), member, roles, this.guild));
    return [...seen, { id: DIRECT, name: DIRECT, key: DIRECT, type: 1, topic: "Only you and the bot read this" }];
  }

  /** The place of that key, if this person can read it: a channel's name, a thread's id (names of threads repeat). */
  place(key, name) {
    return this.placesOf(name).find((one) => one.key === key) ?? null;
  }

  /** The channel that a thread hangs in, whose permissions are the thread's; any other channel itself. */
  parentOf(channel) {
    return (isThread(channel) && this.channels.find((one) => one.id === channel.parent_id)) || channel;
  }

  /** The id of the place that a message or typing notice belongs to; only guild ones carry a guild. */
  placeOf(data) {
    return data.guild_id ? data.channel_id : DIRECT;
  }

  channelById(id) {
    return this.channels.find((channel) => channel.id === id) ?? null;
  }

  /** The name people see: nickname, display name, then user name. */
  nameOf(user) {
    const member = this.members.get(user.id);
    return member?.nick ?? user.global_name ?? user.username;
  }

  /** The member's roles, highest first, without @everyone. */
  rolesOf(id) {
    const ids = this.members.get(id)?.roles ?? [];
    return ids
      .map((role) => this.roles.get(role))
      .filter(Boolean)
      .sort((a, b) => b.position - a.position);
  }

  /** The name's colour: the highest role that has one. */
  colourOf(id) {
    return this.rolesOf(id).find((role) => role.color)?.color ?? 0;
  }

  /** Turn "@name" and "#name" as a person types them into Discord's mention markup. */
  withMentions(text) {
    return text.replace(/(?<![\w<@])@([\w .-]+)|(?<![\w<&])#([\w-]+)/g, (whole, name, channel) =>
      name ? this.#mention(whole, name) : this.#channelMention(whole, channel),
    );
  }

  #mention(whole, name) {
    const targets = [
      ...[...this.members.values()].map((member) => [this.nameOf(member.user), `<@${member.user.id}>`]),
      ...[...this.members.values()].map((member) => [member.user.username, `<@${member.user.id}>`]),
      ...[...this.roles.values()].map((role) => [role.name, `<@&${role.id}>`]),
    ].sort((a, b) => b[0].length - a[0].length);
    const lower = name.toLowerCase();
    const hit = targets.find(([label]) => {
      const wanted = label.toLowerCase();
      return lower.startsWith(wanted) && !/\w/.test(lower[wanted.length] ?? " ");
    });
    return hit ? hit[1] + name.slice(hit[0].length) : whole;
  }

  #channelMention(whole, name) {
    const channel = this.channels.find((one) => one.name === name.toLowerCase());
    return channel ? `<#${channel.id}>` : whole;
  }
}
