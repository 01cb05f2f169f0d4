/* Forms that take a while: what is typed is kept on the server while it is typed, and found again when the form is opened;
   a form that could not be sent stays as it is and says why; a large one shows how far it has got.
   A form names its draft in data-draft. Passwords, files and fields with autocomplete="off" (personal data) are not kept. */
(() => {
  const held = new WeakMap(); // form → { base: its values as the page came, timer, sending }
  const forms = () => [...document.querySelectorAll("form[data-draft]")];
  const kept = (input) => input.name && !input.disabled && !["password", "file", "submit", "button"].includes(input.type)
    && input.autocomplete !== "off" && !["csrfmiddlewaretoken", "draft"].includes(input.name);
  const values = (form) => {
    const found = {};
    for (const input of form.elements) {
      if (!kept(input)) continue;
      found[input.name] ??= [];
      if (!["checkbox", "radio"].includes(input.type) || input.checked) found[input.name].push(input.value);
    }
    return found;
  };
  const fill = (form, stored) => {
    for (const input of form.elements) {
      const texts = kept(input) ? stored[input.name] : undefined;
      if (!Array.isArray(texts)) continue;
      if (["checkbox", "radio"].includes(input.type)) input.checked = texts.includes(input.value);
      else if (texts.length) input.value = texts[0];
    }
  };
  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
  const dirty = (form) => held.has(form) && !held.get(form).sending && !same(values(form), held.get(form).base);
  const part = (form, name) => form.querySelector(`[data-${name}]`);

  const keep = async (form) => {
    const now = values(form);
    const body = new URLSearchParams({ page: form.dataset.draft, content: same(now, held.get(form).base) ? "" : JSON.stringify({ fields: now }) });
    const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
    try {
      const answer = await fetch(form.dataset.drafts, { method: "POST", headers: { "X-CSRFToken": token }, body, redirect: "manual" });
      part(form, "kept").textContent = answer.status === 200 || answer.status === 422 ? (await answer.json()).said : "";
    } catch {
      part(form, "kept").textContent = "";
    }
  };
  const take = async (form) => {
    const base = values(form);
    held.set(form, { base, timer: 0, sending: false });
    if ("refused" in form.dataset) return; // it holds what was just sent
    const answer = await fetch(`${form.dataset.drafts}?${new URLSearchParams({ page: form.dataset.draft })}`).catch(() => null);
    if (answer?.status !== 200 || !same(values(form), base)) return;
    const draft = await answer.json();
    fill(form, draft.content.fields ?? {});
    part(form, "draft-said").textContent = draft.said;
    part(form, "draft-bar").hidden = false;
  };
  const look = () => { for (const form of forms()) if (!held.has(form)) take(form); };

  const typed = (event) => {
    const form = event.target.form;
    if (!form || !held.has(form) || !kept(event.target)) return;
    clearTimeout(held.get(form).timer);
    held.get(form).timer = setTimeout(() => keep(form), 900);
  };
  document.addEventListener("input", typed);
  document.addEventListener("change", typed);
  document.addEventListener("click", (event) => {
    const form = event.target.closest("[data-draft-drop]")?.form;
    if (!form) return;
    fill(form, held.get(form).base);
    part(form, "draft-bar").hidden = true;
    keep(form);
  });
  window.addEventListener("beforeunload", (event) => {
    if (forms().some(dirty)) { event.preventDefault(); event.returnValue = ""; }
  });

  /* sending */
  const sent = (event) => event.target.closest?.("form[data-form]");
  const working = (form, on) => {
    for (const button of form.querySelectorAll(".form-actions button:not([type=button])")) button.disabled = on;
    if (held.has(form)) { held.get(form).sending = on; clearTimeout(held.get(form).timer); }
  };
  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = sent(event);
    if (!form) return;
    working(form, true);
    for (const name of ["offline", "unanswered"]) part(form, name).hidden = true;
  });
  document.addEventListener("htmx:xhr:progress", (event) => {
    const form = sent(event);
    if (!form || !event.detail.lengthComputable || !form.querySelector("input[type=file]")) return;
    const share = Math.round((event.detail.loaded / event.detail.total) * 100);
    const said = part(form, "sent");
    part(form, "sending").hidden = false;
    part(form, "sending").querySelector("progress").value = share;
    said.textContent = share < 100 ? `${said.dataset.going} ${share}%` : said.dataset.then;
  });
  const failed = (name) => (event) => {
    const form = sent(event);
    if (!form) return;
    working(form, false);
    part(form, "sending").hidden = true;
    part(form, name).hidden = false;
    part(form, name).scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("htmx:sendError", failed("offline"));
  document.addEventListener("htmx:responseError", failed("unanswered"));
  document.addEventListener("htmx:afterSwap", (event) => {
    look();
    event.target.querySelector?.(".error-summary a, .error-summary h2")?.closest(".error-summary").scrollIntoView({ block: "nearest" });
  });
  look();
})();
