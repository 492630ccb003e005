// One message as a row of the log.

import { colour, h, icon } from "./dom.js";
import { component } from "./components.js";
import { embed } from "./embeds.js";
import { markdown } from "./markdown_view.js";
import { attachment, avatar } from "./media.js";
import { started } from "./threads.js";
import { formatted, stamp } from "./time.js";

const EPHEMERAL = 1 << 6;
const LOADING = 1 << 7;
const JOINED = 7, THREAD_CREATED = 18;
const REACTIONS = ["👍", "✅", "👀"];

export const isEphemeral = (message) => Boolean((message.flags ?? 0) & EPHEMERAL);
const isLoading = (message) => Boolean((message.flags ?? 0) & LOADING);

/** Draw a message. `grouped` leaves out the head that the message above already shows. */
export function row(message, { directory, actions, grouped }) {
  if (message.type === JOINED) return system(message, directory);
  if (message.type === THREAD_CREATED) return started(message, directory, when(message), actions.open);
  const head = !grouped;
  return h("li.message", {
    id: `m-${message.id}`,
    class: [head ? "with-head" : "", isEphemeral(message) ? "ephemeral" : "", mentionsMe(message, actions.me) ? "mentioned" : ""]
      .join(" ").trim(),
    "data-id": message.id,
  },
  head && context(message, directory),
  h("div.message-side", {}, head ? avatar(message.author) : h("time.side-time", { dateTime: message.timestamp }, clock(message))),
  h("div.message-main", {}, head && header(message, directory), body(message, directory, actions)),
  toolbar(message, actions));
}

const clock = (message) => new Intl.DateTimeFormat(undefined, { timeStyle: "short" }).format(new Date(message.timestamp));

const mentionsMe = (message, me) => (message.mentions ?? []).some((user) => user.id === me);

function system(message, directory) {
  return h("li.message.system", { id: `m-${message.id}`, "data-id": message.id },
    h("div.message-side", {}, h("span.joined", { "aria-hidden": "true" }, "→")),
    h("div.message-main", {}, h("strong", {}, directory.nameOf(message.author)), " joined the server ", when(message)));
}

function when(message) {
  const unix = Date.parse(message.timestamp) / 1000;
  return h("time.when", { dateTime: message.timestamp, title: formatted(unix, "F") }, stamp(message.timestamp));
}

function name(user, directory, className) {
  const element = h(`span.${className}`, {}, directory.nameOf(user));
  const tint = directory.colourOf(user.id);
  if (tint) element.style.setProperty("--tint", colour(tint));
  return element;
}

function header(message, directory) {
  return h("div.message-head", {}, name(message.author, directory, "author"),
    message.author.bot && h("span.bot-tag", {}, "BOT"), when(message));
}

// The thin line above a message: what it answers, or which command called for it.
function context(message, directory) {
  const cause = message.interaction_metadata ?? message.interaction;
  if (cause) {
    const command = message.interaction?.name ?? cause.name;
    return h("div.message-context", {}, avatar(cause.user, "avatar-small"), name(cause.user, directory, "context-name"),
      command ? ["used", h("span.mention", {}, `/${command}`)] : "used a control");
  }
  const answered = message.referenced_message;
  if (!answered) return message.message_reference ? h("div.message-context", {}, "Original message was deleted") : null;
  return h("a.message-context", { href: `#m-${answered.id}`, "data-jump": answered.id },
    avatar(answered.author, "avatar-small"), name(answered.author, directory, "context-name"),
    h("span.context-text", {}, snippet(answered, directory)));
}

function snippet(message, directory) {
  if (!message.content) return message.embeds?.length ? "an embed" : "an attachment";
  return markdown(message.content, directory).textContent.replace(/\s+/g, " ");
}

function body(message, directory, actions) {
  if (isLoading(message)) {
    const dots = h("span.dots", { "aria-hidden": "true" }, h("i"), h("i"), h("i"));
    return [h("div.thinking", {}, dots, `${directory.nameOf(message.author)} is thinking…`), note(message, actions)];
  }
  const text = message.content && markdown(message.content, directory);
  if (text && message.edited_timestamp) text.append(h("span.edited", { title: stamp(message.edited_timestamp) }, "(edited)"));
  return [
    text,
    (message.attachments ?? []).map(attachment),
    (message.embeds ?? []).map((data) => embed(data, directory)),
    (message.components ?? []).map((data) => component(data, directory, actions.act(message))),
    (message.reactions ?? []).length > 0 && reactions(message, actions),
    note(message, actions),
  ];
}

function note(message, actions) {
  if (!isEphemeral(message)) return null;
  return h("div.only-you", {}, icon("eye"), "Only you can see this · ",
    h("button.text-button", { type: "button", onclick: () => actions.dismiss(message.id) }, "Dismiss"));
}

function reactions(message, actions) {
  return h("div.reactions", {}, message.reactions.map((reaction) =>
    h("button.reaction", {
      type: "button", "aria-label": `${reaction.emoji.name}, ${reaction.count}; add yours`,
      onclick: () => actions.react(message.id, reaction.emoji.name),
    }, reaction.emoji.name, h("span", {}, String(reaction.count)))));
}

function toolbar(message, actions) {
  if (isEphemeral(message)) return null;
  return h("div.message-tools", { role: "group", "aria-label": "Actions on this message" },
    REACTIONS.map((emoji) => h("button", {
      type: "button", "aria-label": `React with ${emoji}`, onclick: () => actions.react(message.id, emoji),
    }, emoji)),
    h("button", { type: "button", "aria-label": "Reply", title: "Reply", onclick: () => actions.reply(message) }, icon("reply")));
}
