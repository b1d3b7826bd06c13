// Keys of the review panel: a key presses the button that shows it (class review-key-…). JupyterLab gives `element`,
// the place of this script's output in the panel; LABEL is what screen readers call the panel.
const LABEL = "{{ label }}";
const PATIENCE = 10000; // milliseconds until a press that nothing answered no longer holds up the next one

function start(panel) {
  if (panel.dataset.keys) return;
  panel.dataset.keys = "on";
  panel.tabIndex = 0;
  panel.setAttribute("role", "group");
  panel.setAttribute("aria-label", LABEL);
  panel.dataset.lmSuppressShortcuts = "true"; // JupyterLab would insert a cell at a
  const message = panel.querySelector(".review-message");
  message.setAttribute("role", "status");
  message.setAttribute("aria-live", "polite");

  const come = (what) => panel.querySelector("[data-turn]")?.dataset[what]; // what the kernel has of the panel
  const turn = () => come("turn");
  const shown = (button) => button.offsetParent !== null && !button.disabled;
  const reason = panel.querySelector("textarea");
  reason.setAttribute("aria-label", reason.placeholder);
  let pressed = null;
  let since = 0;

  // one press a turn: a second one would decide about a unit that nobody has seen yet; and none before the reason has
  // come to the kernel, which may take messages in another order than they are sent
  panel.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (event.detail > 0) panel.focus({ preventScroll: true }); // by mouse: Enter must not press it again
    const waits = pressed === turn() && Date.now() - since < PATIENCE;
    const early = !waits && reason.value !== come("why");
    if (waits || early) {
      event.preventDefault();
      event.stopImmediatePropagation();
      if (early) again(button, turn(), PATIENCE / 20);
      return;
    }
    [pressed, since] = [turn(), Date.now()];
  }, true);

  function again(button, at, tries) {
    if (turn() !== at || tries === 0) return;
    if (reason.value === come("why")) button.click();
    else setTimeout(() => again(button, at, tries - 1), 20);
  }

  panel.addEventListener("keydown", (event) => {
    if (event.target.closest("textarea, input, select")) {
      if (event.key === "Escape") panel.focus({ preventScroll: true });
      return;
    }
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.repeat) return;
    const key = event.key.normalize("NFKC").toLowerCase();
    if (key === "enter" && event.target.closest("button, summary")) return; // it presses what has the focus
    if (key === "r") {
      event.preventDefault();
      reason.focus();
    } else if (/^([a-z0-9]|enter)$/.test(key)) {
      const button = [...panel.querySelectorAll(`button.review-key-${key}`)].find(shown);
      if (!button) return;
      event.preventDefault();
      button.click();
    }
  }, true); // before the field for the reason, which keeps its keys to itself

  // the focus stays in the panel when its button goes, and a new unit is shown from its top
  let last = turn();
  new MutationObserver(() => {
    const focus = document.activeElement;
    if (focus.tagName === "BUTTON" && panel.contains(focus) && !shown(focus)) panel.focus({ preventScroll: true });
    if (turn() !== last && panel.contains(document.activeElement)) panel.scrollIntoView({ block: "nearest" });
    last = turn();
  }).observe(panel, { subtree: true, childList: true, attributes: true });
}

function wait(tries) {
  const panel = element.closest(".review-panel");
  if (panel && panel.querySelector("[data-turn]")) start(panel);
  else if (tries > 0) setTimeout(() => wait(tries - 1), 50);
}
wait(400);
