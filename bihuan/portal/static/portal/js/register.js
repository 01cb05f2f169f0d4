/* The register page: the order of columns, picking rows, and links that follow the filters. Filtering, sorting, paging and choosing columns
   are links and forms that htmx sends; without scripts they are pages of their own. */
(() => {
  const register = document.getElementById("register");
  if (!register) return;
  const arrange = document.getElementById("arrange");
  const bulk = document.getElementById("bulk");
  const all = bulk?.querySelector("[name=all]");
  const rows = () => [...register.querySelectorAll("input[name=pick]")];

  /* a column moves one place; the form is sent as if a box had been ticked */
  arrange?.addEventListener("click", (event) => {
    const button = event.target.closest("[data-shift]");
    if (!button) return;
    const item = button.closest("li");
    if (button.dataset.shift === "1") item.nextElementSibling?.after(item);
    else item.previousElementSibling?.before(item);
    button.focus();
    arrange.dispatchEvent(new Event("change", { bubbles: true }));
  });

  const chosen = () => {
    const picked = rows().filter((box) => box.checked);
    const every = Boolean(all?.checked);
    for (const box of rows()) box.closest("tr").classList.toggle("chosen", box.checked || every);
    const page = register.querySelector("[data-pick-all]");
    if (page) {
      page.checked = picked.length > 0 && picked.length === rows().length;
      page.indeterminate = picked.length > 0 && !page.checked;
    }
    if (!bulk) return;
    const total = register.querySelector("[data-total]")?.dataset.total || "0";
    for (const place of bulk.querySelectorAll("[data-total-here]")) place.textContent = total;
    bulk.classList.toggle("bulk-on", picked.length > 0 || every);
    bulk.querySelector("[data-picked]").textContent = every ? total : String(picked.length);
  };

  register.addEventListener("change", (event) => {
    if (event.target.matches("[data-pick-all]")) for (const box of rows()) box.checked = event.target.checked;
    if (event.target.matches("[data-pick-all], [name=pick], [name=all]")) chosen();
  });
  register.addEventListener("click", (event) => {
    if (!event.target.closest("[data-pick-none]")) return;
    for (const box of rows()) box.checked = false;
    if (all) all.checked = false;
    chosen();
  });

  /* what the address asks now, in every link that takes it along */
  const follow = () => {
    const asked = document.querySelector("#rows > input[name=query]");
    if (!asked) return;
    for (const link of document.querySelectorAll("a[data-follow]")) {
      const address = new URL(link.href);
      const wanted = new URLSearchParams(asked.value);
      const shape = new URLSearchParams(address.search).get("view");
      if (link.dataset.follow === "view") {
        wanted.delete("view");
        if (shape) wanted.set("view", shape);
      }
      address.search = wanted.toString();
      link.href = address.href;
    }
  };
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.target.matches("a[data-follow]")) event.detail.path = event.target.getAttribute("href");
  });
  /* the view over time begins where today is in sight */
  const toToday = () => {
    const now = register.querySelector(".bars-line .bars-now");
    const scroll = now?.closest(".scroll");
    if (scroll) scroll.scrollLeft = now.getBoundingClientRect().left - scroll.getBoundingClientRect().left - scroll.clientWidth * 0.7;
  };

  document.addEventListener("htmx:afterSwap", (event) => { chosen(); follow(); if (event.target.id === "rows") toToday(); });
  toToday();
  chosen(); // a browser that goes back keeps the boxes ticked
})();
