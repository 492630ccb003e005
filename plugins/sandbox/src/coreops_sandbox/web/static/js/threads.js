// Threads: which places are some, the client's own command that starts one, and the buttons in the header.

import { h, icon } from "./dom.js";

const TEXT = 0, NEWS = 5;
const THREADS = new Set([10, 11, 12]);

export const isThread = (place) => THREADS.has(place.type);
export const isClosed = (place) => isThread(place) && Boolean(place.thread_metadata?.archived);

/** Commands of the client and not of the bot, as Discord's own `/thread`; `own` tells them apart. */
export const OWN_COMMANDS = [{
  name: "thread", own: true, description: "Start a thread here",
  options: [{ type: 3, name: "name", description: "What it is about", required: true, min_length: 1, max_length: 100 }],
}];

/** What can be done with the open place. `actions`: start(), close(). */
export function threadTools(place, actions) {
  if (isClosed(place)) return h("span.pill", {}, "Closed · a message opens it again");
  if (isThread(place)) return button("close", "Close this thread", actions.close);
  return (place.type === TEXT || place.type === NEWS) && button("thread", "Start a thread", actions.start);
}

function button(picture, label, onclick) {
  return h("button.icon-button", { type: "button", "aria-label": label, title: label, onclick }, icon(picture));
}

/** The line in a channel that says that somebody started a thread there. */
export function started(message, directory, when, open) {
  const thread = message.message_reference?.channel_id;
  return h("li.message.system", { id: `m-${message.id}`, "data-id": message.id },
    h("div.message-side", {}, icon("thread")),
    h("div.message-main", {}, h("strong", {}, directory.nameOf(message.author)), " started a thread: ",
      h("button.text-button", { type: "button", onclick: () => open(thread) }, message.content), " ", when));
}
