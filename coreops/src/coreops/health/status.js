"use strict";
// Fetches this very page again and exchanges the sections that changed, so the page stays where the reader is.
(() => {
  const EVERY = 5000;
  const HIDDEN_EVERY = 30000;
  const live = document.getElementById("live");
  let answered = Date.now();

  function exchange(fresh) {
    const main = document.querySelector("main");
    const sections = [...fresh.querySelector("main").children];
    main.querySelectorAll(":scope > *").forEach((old) => {
      if (!sections.some((section) => section.id === old.id)) old.remove();
    });
    sections.forEach((section, place) => {
      const old = document.getElementById(section.id);
      if (old && old.outerHTML === section.outerHTML) return;
      section.querySelectorAll("details[id]").forEach((details) => {
        details.open = Boolean(document.getElementById(details.id)?.open);
      });
      if (old) old.replaceWith(section);
      else main.insertBefore(section, main.children[place] ?? null);
    });
    document.getElementById("as-of").replaceWith(fresh.getElementById("as-of"));
    document.title = fresh.title;
  }

  async function look() {
    try {
      const answer = await fetch(location.pathname, {
        headers: { Accept: "text/html" }, cache: "no-store", signal: AbortSignal.timeout(EVERY),
      });
      // the answer's own style has another nonce and would only be refused; this page has it already
      const text = (await answer.text()).replace(/<style[^]*?<\/style>/, "");
      exchange(new DOMParser().parseFromString(text, "text/html"));
      answered = Date.now();
      document.body.classList.remove("lost");
      live.textContent = "Live";
    } catch {
      document.body.classList.add("lost");
      const seconds = Math.round((Date.now() - answered) / 1000);
      live.textContent = `No answer from the runtime for ${seconds} s: what you see is old.`;
    }
    setTimeout(look, document.hidden ? HIDDEN_EVERY : EVERY);
  }

  live.textContent = "Live";
  setTimeout(look, EVERY);
})();
