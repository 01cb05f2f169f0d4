/* The register page: choosing columns and choosing rows. Sorting, filtering and paging are links and forms;
   density is a reader's setting and lives in theme.js. */
(() => {
  const register = document.getElementById("register");
  if (!register) return;
  const memory = `bihuan.columns.${register.dataset.register}`;
  const boxes = [...register.querySelectorAll("[data-column]")];
  const sheet = new CSSStyleSheet(); // a rule a hidden column: rows that arrive later obey it at once
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];

  const remembered = () => {
    try { return JSON.parse(localStorage.getItem(memory)); } catch { return null; }
  };
  const remember = (hidden) => {
    try { localStorage.setItem(memory, JSON.stringify(hidden)); } catch { /* then it lasts for this page only */ }
  };
  const hide = (hidden) => sheet.replaceSync(hidden.map((key) => `[data-c="${CSS.escape(key)}"] { display: none !important; }`).join("\n"));
  const hidden = () => boxes.filter((box) => !box.checked).map((box) => box.dataset.column);

  const before = remembered();
  if (Array.isArray(before)) for (const box of boxes) box.checked = !before.includes(box.dataset.column);
  hide(hidden());

  const bulk = document.getElementById("bulk");
  const rows = () => [...register.querySelectorAll("input[name=pick]")];
  const chosen = () => {
    const picked = rows().filter((box) => box.checked);
    for (const box of rows()) box.closest("tr").classList.toggle("chosen", box.checked);
    const all = register.querySelector("[data-pick-all]");
    if (all) {
      all.checked = picked.length > 0 && picked.length === rows().length;
      all.indeterminate = picked.length > 0 && !all.checked;
    }
    if (!bulk) return;
    bulk.classList.toggle("bulk-on", picked.length > 0);
    bulk.querySelector("[data-picked]").textContent = String(picked.length);
  };

  register.addEventListener("change", (event) => {
    if (event.target.matches("[data-column]")) { hide(hidden()); remember(hidden()); }
    if (event.target.matches("[data-pick-all]")) for (const box of rows()) box.checked = event.target.checked;
    if (event.target.matches("[data-pick-all], [name=pick]")) chosen();
  });
  register.addEventListener("click", (event) => {
    if (!event.target.closest("[data-pick-none]")) return;
    for (const box of rows()) box.checked = false;
    chosen();
  });
  document.addEventListener("htmx:afterSwap", chosen);
})();
