/* Help where it is needed: the keys of a page, the tour of a face, the meaning of a word of the field. All texts come from the page. */
(() => {
  const typing = (target) => target.closest("input, textarea, select, [contenteditable]");
  const keys = document.getElementById("keys");
  const open = () => { if (keys && !keys.open) keys.showModal(); };
  const rows = () => [...document.querySelectorAll("[data-row]")];
  const step = (by) => {
    const all = rows();
    const at = all.findIndex((row) => row.contains(document.activeElement));
    const next = all[Math.min(Math.max(at + by, 0), all.length - 1)];
    next?.querySelector("a, button")?.focus();
  };
  const go = { h: () => document.querySelector(".brand")?.click(), n: () => document.getElementById("bell")?.click() };
  let waiting = 0;

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector("dialog[open]")) return;
    if (Date.now() - waiting < 1_200 && go[event.key]) { waiting = 0; event.preventDefault(); go[event.key](); return; }
    if (event.key === "g") waiting = Date.now();
    if (event.key === "?") { event.preventDefault(); open(); }
    if (event.key === "m") document.getElementById("main")?.focus();
    if (event.key === "j" || event.key === "k") step(event.key === "j" ? 1 : -1);
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-keys]")) open();
    if (event.target.closest("[data-dialog-close]") || event.target === keys) event.target.closest("dialog").close();
  });

  /* the tour */
  const tour = document.getElementById("tour");
  if (tour) {
    const steps = [...tour.querySelectorAll("li")];
    const [before, next, away] = ["before", "next", "away"].map((name) => tour.querySelector(`[data-tour-${name}]`));
    let at = 0;
    let opener = null;
    const mark = (target) => {
      for (const one of document.querySelectorAll(".toured")) one.classList.remove("toured");
      target?.classList.add("toured");
    };
    const place = (target) => {
      if (!target) { tour.style.cssText = ""; return; }
      target.scrollIntoView({ block: "nearest" });
      const box = target.getBoundingClientRect();
      const under = box.bottom + tour.offsetHeight + 16 < innerHeight;
      const top = under ? box.bottom + 8 : Math.max(8, Math.min(box.top - tour.offsetHeight - 8, innerHeight - tour.offsetHeight - 8));
      const left = Math.max(8, Math.min(box.left, innerWidth - tour.offsetWidth - 8));
      tour.style.cssText = `top:${top}px;left:${left}px;right:auto;bottom:auto`;
    };
    const visible = (one) => one && one.getClientRects().length > 0;
    const show = () => {
      const one = steps[at];
      const target = one.dataset.at ? [...document.querySelectorAll(`[data-tour="${one.dataset.at}"]`)].find(visible) : null;
      tour.querySelector(".tour-count").textContent = `${at + 1} / ${steps.length}`;
      tour.querySelector("h2").textContent = one.querySelector("b").textContent;
      tour.querySelector("[data-tour-text]").textContent = one.querySelector("span").textContent;
      before.hidden = at === 0;
      next.textContent = at === steps.length - 1 ? tour.dataset.end : tour.dataset.next;
      tour.hidden = false;
      mark(target);
      place(target);
      tour.focus();
    };
    const end = () => {
      tour.hidden = true;
      mark(null);
      const form = tour.querySelector("form");
      fetch(form.action, { method: "POST", body: new FormData(form), headers: { "X-Requested-With": "bihuan" } });
      opener?.focus();
    };
    const play = (from) => { opener = from; at = 0; show(); };
    before.addEventListener("click", () => { at -= 1; show(); });
    next.addEventListener("click", () => { if (at === steps.length - 1) end(); else { at += 1; show(); } });
    away.addEventListener("click", end);
    tour.addEventListener("keydown", (event) => {
      if (event.key === "Escape") { event.stopPropagation(); end(); }
      if (event.key === "ArrowRight") next.click();
      if (event.key === "ArrowLeft" && at > 0) before.click();
    });
    document.addEventListener("click", (event) => {
      const button = event.target.closest("[data-tour-play]");
      if (!button) return;
      const menu = button.closest("details");
      menu.open = false;
      play(menu.querySelector("summary"));
    });
    if (tour.dataset.shown === "yes" && location.pathname === document.querySelector(".brand")?.dataset.begins) play(null);
  }

  /* words of the field: the first time one stands in a text it can be asked what it means */
  const main = document.querySelector("main[data-words]");
  if (!main) return;
  const IN = ".panel-head h2, .panel-note, .sub, p, dt, th, .lamp, .because";
  const NOT = "a, button, input, label, select, textarea, summary, .term, [data-plain]";
  const tip = document.createElement("div");
  Object.assign(tip, { id: "term-tip", className: "term-tip", hidden: true });
  tip.setAttribute("role", "tooltip");
  const wrap = (words) => {
    const left = new Map(words.map((one) => [one.word, one.meaning]));
    const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode()) texts.push(walker.currentNode);
    for (const text of texts) {
      if (!text.parentElement.closest(IN) || text.parentElement.closest(NOT)) continue;
      const word = [...left.keys()].find((one) => text.data.includes(one));
      if (!word) continue;
      const rest = text.splitText(text.data.indexOf(word));
      rest.splitText(word.length);
      const term = document.createElement("span");
      Object.assign(term, { className: "term", tabIndex: 0, textContent: word });
      term.dataset.meaning = left.get(word);
      rest.replaceWith(term);
      left.delete(word);
    }
  };
  const say = (term) => {
    tip.textContent = term.dataset.meaning;
    tip.hidden = false;
    term.setAttribute("aria-describedby", tip.id);
    const box = term.getBoundingClientRect();
    tip.style.left = `${Math.max(8, Math.min(box.left, innerWidth - tip.offsetWidth - 8))}px`;
    tip.style.top = `${box.bottom + tip.offsetHeight + 12 < innerHeight ? box.bottom + 6 : box.top - tip.offsetHeight - 6}px`;
  };
  const hush = () => { tip.hidden = true; };
  /* Focus scrolls what it lands on into view: the tip of a word that holds the focus goes along, it does not go away. */
  const scrolled = () => { const held = document.activeElement?.closest(".term"); if (held && !tip.hidden) say(held); else hush(); };
  for (const name of ["mouseover", "focusin"]) {
    document.addEventListener(name, (event) => { const term = event.target.closest?.(".term"); if (term) say(term); else if (name === "mouseover") hush(); });
  }
  document.addEventListener("focusout", hush);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hush(); });
  document.addEventListener("scroll", scrolled, { passive: true });
  document.body.append(tip);
  fetch(main.dataset.words).then((answer) => (answer.ok ? answer.json() : [])).then(wrap).catch(() => {});
})();
