// The tour: ten things to try, in order. A click fills the input as the right person in the right channel.

import { h, icon, replace } from "./dom.js";

const DONE = "tour-done";

export class Tour {
  #steps = [];
  #done = new Set(JSON.parse(sessionStorage.getItem(DONE) ?? "[]"));
  #picked = null;

  constructor(root, onpick) {
    this.root = root;
    this.onpick = onpick;
  }

  async load() {
    this.#steps = await (await fetch("/static/tour.json")).json();
    this.#draw();
  }

  /** Something was sent: a step that had filled the input is done. */
  sent() {
    if (this.#picked === null) return;
    this.#done.add(this.#picked);
    this.#picked = null;
    sessionStorage.setItem(DONE, JSON.stringify([...this.#done]));
    this.#draw();
  }

  #draw() {
    replace(this.root, h("ol", {}, this.#steps.map((step, number) => {
      const done = this.#done.has(number);
      const mark = h("span.step-mark", {}, done ? icon("check") : String(number + 1), done && h("span.unseen", {}, "done: "));
      return h(done ? "li.done" : "li", {}, h("button.example", { type: "button", onclick: () => this.#pick(number) }, mark,
        h("span.step-text", {},
          h("span.example-line", {}, h("code", {}, step.line), h("span.example-as", {}, `as ${step.as}`)),
          h("span.example-note", {}, step.note))));
    })));
  }

  #pick(number) {
    this.#picked = number;
    this.onpick(this.#steps[number]);
  }
}
