// One line about the connections: the page to the sandbox, the bot to the gateway.

import { h, replace } from "./dom.js";

const STATES = {
  connecting: { tone: "wait", text: "Connecting…" },
  unreachable: { tone: "bad", text: "Sandbox unreachable" },
  offline: { tone: "wait", text: "Bot offline" },
  online: { tone: "good", text: "Bot online" },
};

const BANNERS = {
  unreachable: "The sandbox does not answer. Messages cannot be sent; the page reconnects by itself.",
  offline: "No bot is connected to the gateway. What you write is kept, and nobody answers until one starts.",
};

export class Status {
  constructor(pill, banner) {
    this.pill = pill;
    this.banner = banner;
  }

  show(name, detail = "") {
    const { tone, text } = STATES[name];
    this.pill.dataset.tone = tone;
    this.pill.dataset.state = name;
    this.pill.title = detail;
    replace(this.pill, h("span.dot", { "aria-hidden": "true" }), h("span.pill-text", {}, text));
    replace(this.banner, BANNERS[name]);
    this.banner.hidden = !BANNERS[name];
    this.banner.dataset.tone = tone;
  }
}
