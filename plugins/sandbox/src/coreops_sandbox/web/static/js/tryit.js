// "Things to try": a few lines that show what the bot and the sandbox can do. A click fills the input.

import { h, replace } from "./dom.js";

const EXAMPLES = [
  {
    title: "First words",
    items: [
      { line: "!ops help", note: "What you may run. Ask as another person and the list changes." },
      { line: "/ops health", note: "The same commands answer as slash commands." },
      { line: "@CoreOps ops ping", note: "And to a mention." },
    ],
  },
  {
    title: "From the sample workbook",
    items: [
      { line: "!clan EMB", note: "A row of clans.csv as a card." },
      { line: "/clan tag:", note: "Type a letter and pick from the live suggestions." },
      { line: "!clan NOPE", note: "A tag that is not in the table." },
    ],
  },
  {
    title: "Who may do what",
    items: [
      { line: "!ops plugins", as: "user", note: "Refused, with the reason." },
      { line: "!ops plugins", as: "staff", note: "The same line from staff." },
      { line: "/ops plugins", as: "user", note: "On slash the refusal is for you alone." },
    ],
  },
];

export function examples(root, onpick) {
  replace(root, EXAMPLES.map(({ title, items }) => h("section", {}, h("h3", {}, title), h("ul", {}, items.map((item) =>
    h("li", {}, h("button.example", { type: "button", onclick: () => onpick(item) },
      h("span.example-line", {}, h("code", {}, item.line), item.as && h("span.example-as", {}, `as ${item.as}`)),
      h("span.example-note", {}, item.note))))))));
}
