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
  panel.dataset.lmSuppressShortcuts = "true"; // JupyterLab would insert a cell at b
  const message = panel.querySelector(".review-message");
  message.setAttribute("role", "status");
  message.setAttribute("aria-live", "polite");

  const turn = () => panel.querySelector("[data-turn]")?.dataset.turn;
  const shown = (button) => button.offsetParent !== null && !button.disabled;
  let pressed = null;
  let since = 0;

  // one press a turn: a second one would decide about a unit that nobody has seen yet
  panel.addEventListener("click", (event) => {
    if (!event.target.closest("button")) return;
    if (pressed === turn() && Date.now() - since < PATIENCE) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    [pressed, since] = [turn(), Date.now()];
    if (event.detail > 0) panel.focus({ preventScroll: true }); // by mouse: Enter must not press it again
  }, true);

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
      panel.querySelector("textarea").focus();
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
