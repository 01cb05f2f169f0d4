/* What a page does by itself: asks whether the ledger has moved, and says in time that a session is about to end.

   [data-moved] names the address to ask, data-tag what is shown, data-every the seconds between two questions; it is data-lost while there is no answer.
   When the ledger moved, the document gets the event `bihuan:moved`; whatever should look again says hx-trigger="bihuan:moved from:document".
   What was typed is kept in this tab when a session ends, and put back when the same page is opened again. */
(() => {
  const body = document.querySelector("[data-moved]");
  const EVERY = Number(body?.dataset.every || 45) * 1000;
  if (body) {
    let tag = body.dataset.tag;
    const ask = async () => {
      if (document.hidden) return;
      try {
        const answer = await fetch(body.dataset.moved, { headers: { "If-None-Match": `"${tag}"` }, cache: "no-store", redirect: "error" });
        const now = (answer.headers.get("ETag") || "").replaceAll('"', "");
        if (answer.status === 204 && now && now !== tag) {
          tag = now;
          document.dispatchEvent(new CustomEvent("bihuan:moved"));
        }
        body.toggleAttribute("data-lost", answer.status !== 204 && answer.status !== 304);
      } catch { body.setAttribute("data-lost", ""); /* no connection, or signed out: the next page says so */ }
    };
    setInterval(ask, EVERY);
    document.addEventListener("visibilitychange", ask);
  }

  const idle = document.getElementById("idle");
  if (!idle) return;
  const WARNING = 120_000;
  const limit = Number(idle.dataset.seconds) * 1000;
  const SEEN = "bihuan.seen";
  const DRAFT = `bihuan.draft.${location.pathname}`;
  const part = (name) => idle.querySelector(`[data-idle-${name}]`);
  let seenHere = Date.now();
  const seen = () => {
    seenHere = Date.now();
    try { localStorage.setItem(SEEN, String(seenHere)); } catch { /* then each tab counts for itself */ }
  };
  const lastSeen = () => {
    try { return Math.max(seenHere, Number(localStorage.getItem(SEEN)) || 0); } catch { return seenHere; }
  };
  const fields = (form) => [...form.elements].filter((one) => one.name && !["hidden", "file", "password", "submit", "button"].includes(one.type));
  const touched = (one) => (one.type === "checkbox" || one.type === "radio" ? one.checked !== one.defaultChecked
    : one.tagName === "SELECT" ? [...one.options].some((option) => option.selected !== option.defaultSelected) : one.value !== one.defaultValue);
  const keep = () => {
    const kept = [...document.querySelectorAll("form[method=post]")].map((form) => ({
      action: form.getAttribute("action"),
      values: fields(form).filter(touched).map((one) => [one.name, one.type === "checkbox" || one.type === "radio" ? [one.value, one.checked] : one.value]),
    })).filter((form) => form.values.length);
    try { if (kept.length) sessionStorage.setItem(DRAFT, JSON.stringify(kept)); } catch { /* nothing can be kept */ }
  };
  const putBack = () => {
    let kept = null;
    try { kept = JSON.parse(sessionStorage.getItem(DRAFT)); } catch { return; }
    if (!Array.isArray(kept)) return;
    let found = false;
    for (const form of document.querySelectorAll("form[method=post]")) {
      const draft = kept.find((one) => one.action === form.getAttribute("action"));
      for (const [name, value] of draft ? draft.values : []) {
        for (const one of fields(form).filter((field) => field.name === name)) {
          if (Array.isArray(value)) { if (one.value === value[0]) one.checked = value[1]; } else one.value = value;
          found = true;
        }
      }
    }
    if (!found) return;
    sessionStorage.removeItem(DRAFT);
    document.dispatchEvent(new CustomEvent("bihuan:say", { detail: { value: idle.dataset.kept } }));
  };

  seen();
  putBack();
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.xhr?.status < 400 && !event.target.closest(".bell")) seen();
  });
  document.addEventListener("htmx:afterSwap", (event) => { if (event.target.id === "drawer-body") putBack(); });

  const over = () => {
    keep();
    part("soon").hidden = part("stay").hidden = true;
    part("over").hidden = part("back").hidden = false;
    part("back").href = `${idle.dataset.login}?next=${encodeURIComponent(location.pathname + location.search)}`;
  };
  const look = () => {
    const rest = limit - (Date.now() - lastSeen());
    if (rest > WARNING) { if (idle.open && !part("soon").hidden) idle.close(); return; }
    if (!idle.open) idle.showModal();
    if (rest <= 0) over();
  };
  idle.addEventListener("cancel", (event) => { if (part("soon").hidden) event.preventDefault(); });
  part("stay").addEventListener("click", async () => {
    const answer = await fetch(idle.dataset.alive, { cache: "no-store" });
    if (answer.status !== 204) { over(); return; }
    seen();
    idle.close();
  });
  setInterval(look, 5_000);
})();
