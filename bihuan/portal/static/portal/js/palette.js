/* The search palette: Ctrl K, / or a click on the search field opens it; arrows choose, Enter opens, Escape closes and the focus goes back.
   What was opened from it is remembered in this browser for this account, and forgotten when the account signs out. */
(() => {
  const palette = document.getElementById("palette");
  if (!palette) return;
  const field = document.getElementById("palette-q");
  const found = document.getElementById("found");
  const memory = `bihuan.recent.${palette.dataset.member}`;
  const KEPT = 6;

  const remembered = () => {
    try { return JSON.parse(localStorage.getItem(memory)) || []; } catch { return []; }
  };
  const remember = (option) => {
    const title = option.querySelector(".clip").textContent;
    const href = option.getAttribute("href");
    const recent = [{ title, href }, ...remembered().filter((one) => one.href !== href)].slice(0, KEPT);
    try { localStorage.setItem(memory, JSON.stringify(recent)); } catch { /* then it is not remembered */ }
  };
  const forget = () => {
    try { localStorage.removeItem(memory); } catch { /* nothing was kept */ }
  };

  const options = () => [...found.querySelectorAll("[role=option]")];
  const choose = (option) => {
    for (const one of options()) one.setAttribute("aria-selected", String(one === option));
    if (option) { field.setAttribute("aria-activedescendant", option.id); option.scrollIntoView({ block: "nearest" }); }
    else field.removeAttribute("aria-activedescendant");
  };
  const chosen = () => options().find((one) => one.getAttribute("aria-selected") === "true");
  const step = (by) => {
    const all = options();
    if (all.length) choose(all[(all.indexOf(chosen()) + by + all.length) % all.length]);
  };

  const showRecent = () => {
    const recent = remembered();
    if (field.value || !recent.length) return;
    const group = document.createElement("div");
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", palette.dataset.recent);
    const title = document.createElement("p");
    title.className = "found-title";
    title.textContent = palette.dataset.recent;
    group.append(title);
    recent.forEach((one, at) => {
      const option = document.createElement("a");
      Object.assign(option, { className: "found", href: one.href, id: `found-recent-${at}`, tabIndex: -1 });
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      const text = document.createElement("span");
      text.className = "clip";
      text.textContent = one.title;
      option.append(text);
      group.append(option);
    });
    found.prepend(group);
  };
  const open = () => {
    if (palette.open) return;
    palette.showModal();
    field.select();
    field.dispatchEvent(new Event("palette"));
  };

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    const asked = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k";
    if (asked || (event.key === "/" && !typing && !document.querySelector("dialog[open]"))) { event.preventDefault(); open(); }
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-palette]")) { event.preventDefault(); open(); }
    if (event.target === palette || event.target.closest("[data-palette-close]")) palette.close();
    const option = event.target.closest("#found [role=option]");
    if (option) remember(option);
  });
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return; // Enter and arrows belong to the input method
    if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); step(event.key === "ArrowDown" ? 1 : -1); }
    if (event.key === "Enter" && chosen()) { event.preventDefault(); chosen().click(); }
  });
  found.addEventListener("htmx:afterSwap", () => { showRecent(); choose(field.value ? options()[0] : undefined); });
  document.addEventListener("submit", (event) => { if (event.target.matches("[data-sign-out]")) forget(); });
})();
