/* A document beside what was read out of it: the finding in focus is shown in the text, a mark in the text leads to its finding, and
   a letter on the keyboard presses the button of that letter (data-key). After a deed the next finding has the focus. */
(() => {
  const panel = document.getElementById("findings");
  const text = document.getElementById("text");
  if (!panel || !text) return;
  const cards = () => [...panel.querySelectorAll("[data-finding]")];
  const marks = (id) => [...text.querySelectorAll(`[data-found="${id}"]`)];
  let at = 0;
  let deed = false;

  const show = (card) => {
    at = cards().indexOf(card);
    for (const one of document.querySelectorAll(".mark-now, .finding-now")) one.classList.remove("mark-now", "finding-now");
    card.classList.add("finding-now");
    const found = marks(card.dataset.finding);
    for (const mark of found) mark.classList.add("mark-now");
    const place = found[0] || document.getElementById(`l-${card.querySelector("[data-place]").dataset.place}`);
    if (place && text.scrollHeight > text.clientHeight) text.scrollTop += place.getBoundingClientRect().top - text.getBoundingClientRect().top - text.clientHeight / 3;
  };
  const focus = (card) => { card?.querySelector("[data-place]").focus({ preventScroll: true }); card?.scrollIntoView({ block: "nearest" }); };
  const recolour = () => {
    const looked = new Set((panel.querySelector("[data-looked]")?.dataset.looked || "").split(" "));
    for (const mark of text.querySelectorAll("[data-found]")) mark.classList.toggle("mark-done", looked.has(mark.dataset.found));
  };

  panel.addEventListener("focusin", (event) => { const card = event.target.closest("[data-finding]"); if (card) show(card); });
  panel.addEventListener("click", (event) => {
    const place = event.target.closest("[data-place]");
    if (!place) return;
    const card = place.closest("[data-finding]");
    if (marks(card.dataset.finding).length && matchMedia("(min-width: 901px)").matches) { event.preventDefault(); show(card); }
  });
  text.addEventListener("click", (event) => {
    const mark = event.target.closest("[data-found]");
    const card = mark && document.getElementById(`f-${mark.dataset.found}`);
    if (card) { event.preventDefault(); focus(card); }
  });

  /* before help.js, whose m goes to the main part */
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select") || document.querySelector("dialog[open]")) return;
    if (!"aesmxr".includes(event.key)) return;
    const card = document.activeElement?.closest("[data-finding]");
    const button = card?.querySelector(`[data-key="${event.key}"]`);
    if (!card) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    button?.click();
  }, true);

  document.addEventListener("bihuan:done", () => { deed = true; });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target !== panel) return;
    recolour();
    if (!deed) return;
    deed = false;
    const left = cards();
    focus(left[Math.min(Math.max(at, 0), left.length - 1)]);
  });

  const named = document.getElementById(location.hash.slice(1))?.closest("[data-finding]");
  if (named) focus(named);
})();
