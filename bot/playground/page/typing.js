// What is offered while somebody types: the box keeps the focus, the arrows choose in the list beside it.
const hpTyping = (() => {
  const seen = element => element.getClientRects().length > 0;
  const BOXES = ".hp-offering textarea, .hp-offering input";
  const isChosen = option => option.getAttribute("aria-selected") === "true";

  function offered(box) {
    const list = box.closest(".hp-offering")?.querySelector(".hp-hints");
    return list && !list.hidden && seen(list) ? [...list.querySelectorAll(".hp-hint-row")] : [];
  }

  function choose(box, options, index) {
    options.forEach((option, at) => option.setAttribute("aria-selected", at === index ? "true" : "false"));
    if (index < 0) box.removeAttribute("aria-activedescendant");
    else {
      box.setAttribute("aria-activedescendant", options[index].id);
      options[index].scrollIntoView({block: "nearest"});
    }
  }

  // The word that is looked for, where the first that fits is chosen unasked; null where it is not.
  function sought(box) {
    if (box.closest(".hp-offering").querySelector(".hp-hints")?.dataset.eager !== "true") return null;
    if (box.matches("input")) return "";
    return /(?:^|\s)[@#]([^\s@#]*)$/.exec(box.value.slice(0, box.selectionStart))?.[1].toLowerCase() ?? null;
  }

  function markFirst() {
    const box = document.activeElement;
    if (!box?.matches?.(BOXES) || sought(box) === null) return;
    const options = offered(box);
    if (options.length && !options.some(isChosen)) choose(box, options, 0);
    if (entered !== null && entered === answered(box)) take(box, options);
  }

  // The box of the switcher: Enter may come before the places for what was typed.
  let entered = null;
  const answered = box => box.closest(".hp-switcher")?.querySelector(".hp-hints").dataset.for ?? null;

  function take(box, options) {
    entered = null;
    if (box.closest(".hp-switcher") && answered(box) !== box.value) {
      entered = box.value;
      return true;
    }
    const word = sought(box);
    let chosen = options.find(isChosen);
    // The list may still be the one for what was typed before.
    if (word !== null) chosen = [chosen, ...options].find(option => option?.textContent.toLowerCase().includes(word));
    chosen?.click();
    choose(box, options, -1);
    return Boolean(chosen);
  }

  function inBox(event) {
    const box = event.target;
    if (!box.matches?.(BOXES)) return false;
    const options = offered(box);
    const jumps = box.matches("input");
    if (jumps && (event.key === "Enter" || event.key === "Tab")) return event.key === "Tab" || take(box, options) || true;
    const sends = event.key === "Enter" && !event.shiftKey && (options.some(isChosen) || sought(box) !== null);
    const completes = event.key === "Tab" && !event.shiftKey && !/\S\s$/.test(box.value) &&
      (sought(box) !== null || !/\s/.test(box.value));
    if (options.length && event.key === "Escape" && !jumps) {
      choose(box, options, -1);
      box.closest(".hp-offering").querySelector(".hp-hints").hidden = true;
      return true;
    }
    if (options.length && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      const step = event.key === "ArrowDown" ? 1 : -1;
      const now = Math.max(options.findIndex(isChosen), step > 0 ? -1 : 0);
      choose(box, options, (now + step + options.length) % options.length);
      return true;
    }
    if (options.length && (sends || completes)) {
      if (completes && !options.some(isChosen)) choose(box, options, 0);
      return take(box, options);
    }
    const turns = {PageUp: -0.85, PageDown: 0.85}[event.key];
    const list = turns && box.closest(".hp-main, .hp-thread")?.querySelector(".hp-scroll");
    list?.scrollBy({top: turns * list.clientHeight});
    return Boolean(list);
  }

  // The switcher: shown here at once, filled by the server.

  const switcher = () => document.querySelector(".hp-switcher:not([hidden])");
  let before = null;

  function openSwitcher() {
    const frame = document.querySelector(".hp-switcher");
    if (!frame.hidden || document.querySelector(".q-dialog")) return;
    before = document.activeElement;
    frame.hidden = false;
    const box = frame.querySelector("input");
    box.value = "";
    emitEvent("hp-jump");
    box.focus();
  }

  function closeSwitcher() {
    const frame = switcher();
    if (!frame) return false;
    frame.hidden = true;
    const back = before?.isConnected && before !== document.body;
    (back ? before : document.querySelector(".hp-main .hp-input textarea"))?.focus();
    return true;
  }

  document.addEventListener("click", event => {
    if (event.target.closest?.(".hp-jump")) openSwitcher();
    else if (event.target.matches?.(".hp-switcher") || event.target.closest?.(".hp-switcher .hp-hint-row")) closeSwitcher();
  });

  document.addEventListener("input", event => {
    const list = event.target.closest?.(".hp-offering")?.querySelector(".hp-hints");
    if (!list) return;
    list.hidden = false;
    choose(event.target, [...list.querySelectorAll(".hp-hint-row")], -1);
    markFirst();
  });

  return {inBox, markFirst, switcher, openSwitcher, closeSwitcher};
})();
