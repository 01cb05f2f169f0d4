/* Runs before the first paint: says that scripts are on, and puts the reader's settings on <html>.
   theme: light, dark or absent (as the system says) · type: large or absent.
   Buttons change them: <button data-set="theme" data-to="dark">. An empty data-to goes back to the default. */
(() => {
  const root = document.documentElement;
  const names = ["theme", "type"];
  const stored = (name) => {
    try { return localStorage.getItem(`bihuan.${name}`) || ""; } catch { return ""; } // storage may be forbidden
  };
  const store = (name, value) => {
    try { localStorage.setItem(`bihuan.${name}`, value); } catch { /* the setting then lasts for this page only */ }
  };
  const apply = (name, value) => {
    if (value) root.dataset[name] = value;
    else delete root.dataset[name];
  };
  const press = () => {
    for (const button of document.querySelectorAll("[data-set]")) {
      button.setAttribute("aria-pressed", String((root.dataset[button.dataset.set] || "") === button.dataset.to));
    }
  };

  const ours = !root.hasAttribute("data-signed-in"); // who signed in has the size of type remembered by the server

  root.classList.add("js");
  for (const name of names) if (ours || name !== "type") apply(name, stored(name));

  document.addEventListener("DOMContentLoaded", press);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-set]");
    if (!button) return;
    const { set: name, to: value } = button.dataset;
    apply(name, value);
    store(name, value);
    if (button.form) {
      event.preventDefault();
      const chosen = new FormData(button.form);
      chosen.set(button.name, button.value);
      fetch(button.form.action, { method: "POST", body: chosen, headers: { "X-Requested-With": "bihuan" } });
    }
    press();
    document.dispatchEvent(new CustomEvent("bihuan:look", { detail: { name, value } }));
  });
})();
