// The keyboard, and the focus: what the server draws anew must not take a person's place away.
(() => {
  const LISTS = [
    ["nav.hp-side", ".hp-person-button, .hp-row"],
    [".q-menu", ".q-item, .hp-person:not(.hp-own-window)"],
    [".hp-scroll", ".hp-message"],
    [".hp-tabs", ".hp-tab"],
    [".hp-calls", ".hp-call-head"],
    [".hp-guide-dots", ".hp-dot"],
    ["[role=radiogroup]", "[role=radio]"],
    [".hp-options[role=group]", "[role=checkbox]"],
  ];
  const REGIONS = ["[data-ts]", ".hp-modal", ".hp-thread", ".hp-inspector", ".hp-side", ".hp-guide", ".hp-top", ".hp-main"];
  const seen = element => element.getClientRects().length > 0;
  const writes = element => element.matches("textarea, input, select, [role=combobox]");
  const roomy = () => matchMedia("(pointer: fine)").matches;
  const composer = () => document.querySelector(".hp-main .hp-input textarea");

  // Arrow keys

  function moveInList(event) {
    const step = {ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1, Home: -Infinity, End: Infinity}[event.key];
    if (!step || writes(event.target) || event.ctrlKey || event.metaKey || event.altKey) return false;
    // An open menu has the arrows, wherever the focus still is.
    const menu = document.querySelector(".q-menu");
    for (const [frame, item] of LISTS) {
      const list = menu ? (frame === ".q-menu" ? menu : null) : event.target.closest(frame);
      if (!list) continue;
      const items = [...list.querySelectorAll(item)].filter(seen);
      const now = items.indexOf(document.activeElement);
      const scrolls = frame === ".hp-scroll";
      // Buttons and links inside a message keep their own arrow keys.
      if (now < 0 && event.target !== list && frame !== ".q-menu") return false;
      if (!items.length) return false;
      const first = step > 0 && !scrolls ? 0 : items.length - 1;
      const next = now < 0 ? first : Math.min(Math.max(now + step, 0), items.length - 1);
      items[next].focus({preventScroll: scrolls});
      if (scrolls) items[next].scrollIntoView({block: "nearest"});
      if (items[next].matches("[role=radio], [role=tab]") && next !== now) items[next].click();
      return true;
    }
    return false;
  }

  // From one part of the page to the next, and to any conversation, as in Slack.

  const PARTS = [
    [".hp-top", ".hp-button"],
    ["nav.hp-side", ".hp-row"],
    [".hp-main .hp-scroll", ".hp-message"],
    [".hp-main .hp-scroll-down", "button, [role=combobox]"],
    [".hp-main .hp-composer", "textarea"],
    [".hp-thread .hp-scroll", ".hp-message"],
    [".hp-thread .hp-composer", "textarea"],
    [".hp-inspector", "input"],
  ];

  function nextPart(step) {
    const parts = PARTS.map(([frame, first]) => [document.querySelector(frame), first]).filter(
      ([frame]) => frame && seen(frame));
    const now = parts.findIndex(([frame]) => frame.contains(document.activeElement));
    const [frame, first] = parts[((now < 0 && step < 0 ? 0 : now) + step + parts.length) % parts.length];
    const inside = [...frame.querySelectorAll(first)].filter(seen);
    const here = inside.find(element => element.matches(".hp-here"));
    (here || inside[frame.matches(".hp-scroll") ? inside.length - 1 : 0] || frame).focus();
  }

  function moves(event) {
    const held = event.ctrlKey || event.metaKey;
    const jumps = held && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k";
    if (!jumps && event.key !== "F6") return false;
    if (jumps) hpTyping.closeSwitcher() || hpTyping.openSwitcher();
    else if (!document.querySelector(".q-dialog, .hp-switcher:not([hidden])")) nextPart(event.shiftKey ? -1 : 1);
    return true;
  }

  // Escape closes what lies on top.

  function escape(event) {
    // Quasar closes menus and questions itself; for a modal, which it is told to leave alone, the server decides.
    if (document.querySelector(".q-menu") || hpTyping.closeSwitcher()) return;
    const dialogs = document.querySelectorAll(".q-dialog");
    if (dialogs.length) {
      if (dialogs.length === 1) emitEvent("hp-escape");
      return;
    }
    const places = [event.target.closest?.(".hp-inspector, .hp-thread"), ...document.querySelectorAll(
      ".hp-notice, .hp-side.hp-open, .hp-thread, .hp-inspector")];
    for (const place of places) {
      const closer = place?.querySelector(".hp-closer");
      if (closer && seen(closer)) {
        closer.click();
        return;
      }
    }
    composer()?.focus();
  }

  document.addEventListener("keydown", event => {
    if (moves(event) || hpTyping.inBox(event) || moveInList(event)) {
      event.preventDefault();
      event.stopPropagation();
    } else if (event.key === "Escape") escape(event);
    else if (event.key === "Enter" && event.target.matches?.(".hp-message")) {
      event.target.querySelector(".hp-tools .hp-reply")?.click();
      event.preventDefault();
    }
  }, true);

  // The way back to the newest message, and copies out of the inspector

  document.addEventListener("scroll", event => {
    const list = event.target;
    if (list.classList?.contains("hp-scroll")) list.parentElement.classList.toggle("hp-up", list.scrollTop < -160);
  }, true);

  document.addEventListener("click", event => {
    if (event.target.closest?.(".hp-newest")) {
      event.target.closest(".hp-list-frame").querySelector(".hp-scroll").scrollTo(0, 0);
      composer()?.focus();
    }
    const copier = event.target.closest?.(".hp-copy");
    if (copier) navigator.clipboard?.writeText(copier.closest(".hp-call-part").querySelector("pre").textContent).then(() => {
      copier.dataset.done = "";
      setTimeout(() => delete copier.dataset.done, 1500);
    });
  });

  // The focus stays where it was, also when its element was drawn anew or went away.

  const nameOf = element => element.dataset.key || element.getAttribute("aria-label") || element.textContent.trim();
  let outside = null;
  let inside = null;

  function placeOf(element) {
    const region = REGIONS.find(selector => element.closest(selector));
    const ts = element.closest("[data-ts]")?.dataset.ts;
    const frame = element.closest(".hp-thread") ? ".hp-thread " : "";
    return {element, name: nameOf(element), region: ts ? `${frame}[data-ts="${ts}"]` : region};
  }

  document.addEventListener("focusin", event => {
    const element = event.target;
    if (element.closest(".q-menu") || element.matches(".q-dialog__inner, body")) return;
    if (element.closest(".q-dialog")) inside = placeOf(element);
    else outside = placeOf(element);
  });

  function again(place) {
    const region = place.region && document.querySelector(place.region);
    const same = region && [...region.querySelectorAll("button, a, input, textarea, [tabindex]")].find(
      element => seen(element) && nameOf(element) === place.name);
    return same || (region?.matches("[data-ts]") ? region : null);
  }

  function keepFocus() {
    const dialog = document.querySelector(".q-dialog");
    const active = document.activeElement;
    if (active && active !== document.body && !active.matches(".q-dialog__inner")) return;
    const place = dialog ? inside : outside;
    if (!dialog) inside = null;
    if (!place) return;
    const there = place.element.isConnected && seen(place.element);
    let target = null;
    if (!there && dialog) target = again(place) || [...dialog.querySelectorAll(".hp-modal-foot button")].pop();
    else if (!there) target = again(place) || (roomy() ? composer() : null);
    else if (!dialog && wasClosed) target = place.element;
    // A dialog goes in several steps; only when all of it is gone is the matter settled.
    if (!dialog) wasClosed = false;
    target?.focus({preventScroll: true});
  }

  let wasClosed = false;
  new MutationObserver(changes => {
    for (const change of changes) for (const node of change.removedNodes) {
      if (node.matches?.(".q-dialog, .hp-modal") || node.querySelector?.(".q-dialog, .hp-modal")) wasClosed = true;
    }
    // At once: the next key may come before the next frame.
    keepFocus();
    hpTyping.markFirst();
  }).observe(document.documentElement, {childList: true, subtree: true});

  window.hpFocus = (selector, whenRoomy = false) => setTimeout(() => {
    // Whoever is about to go elsewhere keeps the focus there.
    if (!hpTyping.switcher() && (!whenRoomy || roomy())) [...document.querySelectorAll(selector)].filter(seen)[0]?.focus();
  }, 30);
  // Whoever has begun elsewhere while the page was still coming stays there.
  window.hpBegin = () => {
    if (document.activeElement === document.body && roomy()) composer()?.focus();
  };
  window.hpPoint = selector => setTimeout(() => {
    const target = [...document.querySelectorAll(selector)].filter(seen).pop();
    target?.scrollIntoView({block: "center"});
    target?.focus();
    target?.classList.add("hp-pointed");
    setTimeout(() => target?.classList.remove("hp-pointed"), 2400);
  }, 80);
})();
