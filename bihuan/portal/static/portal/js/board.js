/* A board that stays true without being reloaded, and a ticker one can stop.
   live.js asks how far the ledger is and which day it is (.board has data-moved); when one of them has moved the page is fetched again, and
   of it only the parts with data-live that differ are put in place. A hidden tab asks nothing. */
(() => {
  const FOCUSABLE = "a, button, input, summary, [tabindex]";
  const replace = (old, fresh) => {
    const at = [...old.querySelectorAll(FOCUSABLE)].indexOf(document.activeElement);
    const opened = [...old.querySelectorAll("details")].map((one) => one.open);
    old.replaceWith(fresh);
    [...fresh.querySelectorAll("details")].forEach((one, place) => { one.open = opened[place] || one.open; });
    if (at >= 0) fresh.querySelectorAll(FOCUSABLE)[at]?.focus();
    htmx.process(fresh);
    fresh.dispatchEvent(new CustomEvent("htmx:afterSwap", { bubbles: true }));
  };

  /* Charts draw into their boxes, so what the server sent is remembered to be compared with. */
  const sent = new Map();
  const remember = (within) => {
    for (const part of within.querySelectorAll("[data-live]")) sent.set(part.id, part.outerHTML);
  };

  const renew = async () => {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) return location.reload(); // signed out, most likely
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const fresh of page.querySelectorAll("[data-live]")) {
      const html = fresh.outerHTML;
      const old = document.getElementById(fresh.id);
      if (old && html !== sent.get(fresh.id)) replace(old, document.importNode(fresh, true));
      sent.set(fresh.id, html);
    }
  };

  /* The ticker: as slow as reading, stopped by the pointer, by focus, by its button, and for readers who want no motion. */
  const PACE = 0.6; // pixels a frame
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  let place = 0;
  const roll = () => {
    const list = document.querySelector("[data-ticker]");
    const button = document.querySelector("[data-ticker-pause]");
    const held = !list || still.matches || document.hidden || list.matches(":hover") || list.contains(document.activeElement) || button?.getAttribute("aria-pressed") === "true";
    if (!held && list.scrollWidth > list.clientWidth) {
      place = Math.abs(place - list.scrollLeft) > 2 ? list.scrollLeft : place;
      place = place + PACE > list.scrollWidth - list.clientWidth + 1 ? 0 : place + PACE;
      list.scrollLeft = place;
    }
    requestAnimationFrame(roll);
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-ticker-pause]");
    if (button) button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
  });
  remember(document); // at once, before charts.js draws: what the page holds now is what the server sent
  document.addEventListener("bihuan:moved", renew);
  requestAnimationFrame(roll);
})();
