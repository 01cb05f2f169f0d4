/* What every page needs: popovers that close, the side drawer, printing.
   A link opens in the drawer when it has hx-get and hx-target="#drawer-body"; without scripts it is a page of its own. */
(() => {
  const closePopovers = (except) => {
    for (const one of document.querySelectorAll("details.pop[open]")) {
      if (!except || !one.contains(except)) one.open = false;
    }
  };
  const drawer = () => document.getElementById("drawer");

  document.addEventListener("click", (event) => {
    closePopovers(event.target);
    if (event.target.closest("[data-close]") || event.target === drawer()) drawer().close();
    if (event.target.closest("[data-print]")) window.print();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") closePopovers();
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id !== "drawer-body") return;
    const panel = drawer();
    document.getElementById("drawer-title").textContent = panel.querySelector("[data-title]")?.dataset.title || "";
    if (!panel.open) panel.showModal();
    panel.scrollTop = 0;
  });
})();
