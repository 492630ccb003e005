// The sandbox's control API. The page knows no other way to the local Discord.

export class ApiError extends Error {
  constructor(message, status = 0) {
    super(message);
    this.status = status;
  }

  get unreachable() {
    return this.status === 0;
  }
}

async function call(method, path, body) {
  let response;
  try {
    response = await fetch(`/sandbox/${path}`, {
      method,
      headers: body ? { "Content-Type": "application/json" } : {},
      body: body ? JSON.stringify(body) : undefined,
    });
  } catch {
    throw new ApiError("the sandbox cannot be reached; is it still running?");
  }
  const data = await response.json().catch(() => ({}));
  if (!response.ok) throw new ApiError(data.error ?? `the sandbox answered ${response.status}`, response.status);
  return data;
}

const query = (params) => new URLSearchParams(params).toString();

export const api = {
  state: () => call("GET", "state"),
  messages: (as, channel) => call("GET", `messages?${query({ as, channel, limit: 100 })}`),
  say: (as, channel, content, replyTo) =>
    call("POST", "say", { as, channel, content, reply_to: replyTo ?? null, wait: false }),
  slash: (as, channel, command, options) => call("POST", "slash", { as, channel, command, options }),
  autocomplete: (as, channel, command, options, focused) =>
    call("POST", "autocomplete", { as, channel, command, options, focused }),
  press: (as, message, customId, values) =>
    call("POST", "press", { as, message, custom_id: customId, values: values ?? [] }),
  modal: (as, interaction, values) => call("POST", "modal", { as, interaction, values }),
  openThread: (as, channel, name) => call("POST", "threads", { as, channel, name }),
  closeThread: (as, thread) => call("POST", "threads/close", { as, thread }),
  react: (as, message, emoji) => call("POST", "react", { as, message, emoji }),
};

const EVENTS = ["message", "message_update", "message_delete", "typing", "commands", "bot", "member", "channel", "role", "reset"];
const LONGEST_PAUSE_MS = 2000;

/**
 * Follow the events of one person. After a break it connects anew and calls onopen(true), on which the page
 * reads everything again: a restarted sandbox has forgotten what came before.
 */
export function follow(as, { onevent, onopen, onlost }) {
  let source;
  let timer;
  let pause = 250;
  let opened = false;
  const connect = () => {
    source = new EventSource(`/sandbox/events?${query({ as })}`);
    source.onopen = () => {
      pause = 250;
      onopen(opened);
      opened = true;
    };
    source.onerror = () => {
      source.close();
      onlost();
      timer = setTimeout(connect, pause);
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    };
    for (const name of EVENTS) {
      source.addEventListener(name, (event) => onevent(name, JSON.parse(event.data)));
    }
  };
  connect();
  return () => {
    clearTimeout(timer);
    source.close();
  };
}
