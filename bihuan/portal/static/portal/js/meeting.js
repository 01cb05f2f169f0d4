/* The room: what is typed and not sent yet stays on this computer, Enter writes the next decision down, Alt with an arrow walks the agenda.
   Without scripts every form is sent as a page of its own. */
(() => {
  const form = () => document.getElementById("decide");
  const keyOf = (one) => `bihuan.decide ${one.dataset.kept}`;
  const fields = (one) => [...one.elements].filter((input) => input.name.startsWith("row."));
  const first = (one) => fields(one).find((input) => input.type === "text" || input.tagName === "TEXTAREA");
  const untouched = (input) => {
    if (input.tagName !== "SELECT") return input.value === input.defaultValue;
    return input.selectedIndex === Math.max(0, [...input.options].findIndex((option) => option.defaultSelected));
  };

  const keep = (one) => {
    const values = {};
    for (const input of fields(one)) if (!untouched(input)) values[input.name] = input.value;
    try {
      if (Object.keys(values).length) localStorage.setItem(keyOf(one), JSON.stringify(values));
      else localStorage.removeItem(keyOf(one));
    } catch { /* storage is full or forbidden: the form itself still holds it */ }
  };
  const restore = (one) => {
    let values = {};
    try { values = JSON.parse(localStorage.getItem(keyOf(one)) || "{}"); } catch { return; }
    for (const input of fields(one)) if (untouched(input) && input.name in values) input.value = values[input.name];
  };
  const begin = (focus) => {
    const one = form();
    if (!one) return;
    restore(one);
    if (focus && window.matchMedia("(pointer: fine)").matches) first(one)?.focus();
  };
  const unsent = (event) => {
    if (event.detail.elt.id !== "decide") return;
    keep(event.detail.elt);
    event.detail.elt.querySelector("[data-unsent]").hidden = false;
  };

  const changed = (event) => {
    const one = form();
    if (one && one.contains(event.target)) keep(one);
  };
  document.addEventListener("input", changed);
  document.addEventListener("change", changed);
  document.addEventListener("htmx:beforeSwap", (event) => {
    const sent = event.detail.requestConfig.elt;
    if (sent.id === "decide" && event.detail.xhr.status === 200) localStorage.removeItem(keyOf(sent));
  });
  document.addEventListener("htmx:sendError", unsent);
  document.addEventListener("htmx:responseError", unsent);
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.elt.id === "live" && document.activeElement?.tagName === "SELECT" && event.detail.elt.contains(document.activeElement)) event.preventDefault();
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id === "room" || event.detail.target?.id === "room") begin(true);
  });
  document.addEventListener("keydown", (event) => {
    const way = { ArrowUp: "previous", ArrowDown: "next" }[event.key];
    if (!event.altKey || !way) return;
    const link = document.querySelector(`[data-walk="${way}"]`);
    if (link) { event.preventDefault(); link.click(); }
  });
  begin(true);
})();
