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
    const wrong = panel.querySelector("[role=alert]:not([hidden])");
    if (wrong) { wrong.tabIndex = -1; wrong.focus(); return; }
    const body = event.target;
    (body.querySelector("input:not([type=hidden]), select, textarea") || body.querySelector("a[href], button"))?.focus();
  });

  /* what a person unfolded, marked data-stays, stays so when the page looks again */
  let unfolded = [];
  document.addEventListener("htmx:beforeSwap", (event) => { unfolded = [...event.target.querySelectorAll("details[data-stays][open]")].map((one) => one.id); });
  document.addEventListener("htmx:afterSwap", () => {
    for (const one of unfolded) document.getElementById(one)?.setAttribute("open", "");
    unfolded = [];
  });

  /* something was done in the drawer without leaving the page: say so, put the drawer away, let the page look again */
  const say = (text) => {
    const main = document.getElementById("main");
    const line = document.createElement("p");
    line.className = "toast";
    line.setAttribute("role", "status");
    line.textContent = text;
    main.append(line);
    setTimeout(() => line.remove(), 6_000);
  };
  document.addEventListener("bihuan:say", (event) => say(event.detail.value));
  document.addEventListener("bihuan:done", (event) => {
    drawer()?.close();
    say(event.detail.value);
  });
})();
