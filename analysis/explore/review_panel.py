"""Review panel in JupyterLab: a person decides about pairs of measures with buttons, one pair after the other.

What it shows lives in widgets, which JupyterLab does not save: no sentence of a document gets into the notebook.
"""

from html import escape
from typing import Any

import polars as pl

from analysis.base.errors import WorkspaceError
from analysis.base.i18n import gettext
from analysis.base.i18n import gettext_noop as N_
from analysis.coding import decisions
from analysis.explore import review_queue
from analysis.report import pair_view

DECISIONS: dict[str, tuple[str, str | None]] = {  # decision and relation that a button writes
    "same": ("confirm", "same"),
    "successor": ("confirm", "successor"),
    "reject": ("reject", None),
}
BUTTONS = {
    "same": N_("Same initiative"),
    "successor": N_("Successor"),
    "reject": N_("No link"),
    "withdraw": N_("Take back"),
    "back": N_("Back"),
    "skip": N_("Skip"),
}
COLOURS = {"same": "success", "successor": "info", "reject": "warning"}
AIRY = '<div style="line-height: 1.5">{}</div>'  # a widget's lines are as high as its buttons


def show(queue: pl.DataFrame, tables: dict[str, pl.DataFrame], reviewer: str, language: str) -> Any:
    """Return the panel's widgets for a cell's last line; without a reviewer say so and return None.

    queue: pairs of `review_queue.doubtful`. tables: those of `review_queue.load`.
    """
    if reviewer.strip():
        return ReviewPanel(queue, tables, reviewer, language).box
    print(
        gettext(
            "Nothing is written: enter your name as reviewer in the parameters cell and run the "
            "notebook again to decide with buttons, or call decisions.decide in a cell.",
            language,
        )
    )
    return None


class ReviewPanel:
    """The widgets and the place in the queue. `box` is what a cell shows."""

    def __init__(self, queue: pl.DataFrame, tables: dict[str, pl.DataFrame], reviewer: str, language: str) -> None:
        import ipywidgets as widgets

        self.tables, self.reviewer, self.language, self.at = tables, reviewer, language, 0
        self.rows = review_queue.labelled(queue, language).select("from_id", "to_id", "why").rows()
        self.decided: dict[tuple[str, str], str] = {}  # what was decided in this panel, as a sentence
        self.place, self.view, self.message = widgets.HTML(), widgets.HTML(), widgets.HTML()
        hint = self._("Why? In your own words: the file with the decisions is published, the documents are not.")
        self.why = widgets.Textarea(placeholder=hint, rows=2, layout=widgets.Layout(width="auto"))
        self.buttons = {name: self._button(widgets, name) for name in BUTTONS}
        row = widgets.HBox(list(self.buttons.values()), layout=widgets.Layout(flex_flow="row wrap"))
        self.box = widgets.VBox([self.place, self.view, self.why, row, self.message])
        self._show(0)

    def _(self, message: str, **values: object) -> str:
        return gettext(message, self.language, **values)

    def _button(self, widgets: Any, name: str) -> Any:
        button = widgets.Button(description=self._(BUTTONS[name]), button_style=COLOURS.get(name, ""))
        button.on_click(lambda _: self._press(name))
        return button

    def _show(self, place: int) -> None:
        """Show the pair at a place of the queue; after the last pair there is none."""
        self.at = max(0, min(place, len(self.rows)))
        self.why.value = ""
        over = self.at == len(self.rows)
        for button in self.buttons.values():
            button.disabled = over
        self.buttons["back"].disabled = self.at == 0
        self.buttons["withdraw"].disabled = over or self.pair not in self.decided
        if over:
            self.place.value = self._("No further pair waits for a decision. The next run obeys what was decided.")
            self.view.value = ""
            return
        self.place.value = self._(
            "{number} of {pairs}: {why}", number=self.at + 1, pairs=len(self.rows), why=self.rows[self.at][2]
        )
        self.view.value = pair_view.STYLE + AIRY.format(pair_view.side_by_side(*self.pair, self.tables, self.language))

    @property
    def pair(self) -> tuple[str, str]:
        return self.rows[self.at][0], self.rows[self.at][1]

    def _press(self, name: str) -> None:
        """Do what a button says; where that fails, say why below the buttons and keep the pair."""
        try:
            if name == "withdraw":
                self._withdraw()
            elif name in DECISIONS:
                self._decide(name)
            else:
                self._show(self.at + (1 if name == "skip" else -1))
                self._tell("" if self.at == len(self.rows) else self.decided.get(self.pair, ""))
        except WorkspaceError as error:
            self._tell(str(error))

    def _tell(self, text: str) -> None:
        self.message.value = escape(text)

    def _decide(self, name: str) -> None:
        decision, relation = DECISIONS[name]
        row = decisions.decide(
            *self.pair, decision=decision, relation=relation, who=self.reviewer, why=self.why.value,
            measures=self.tables["measures"],
        ).row(0, named=True)  # fmt: skip
        values = {key: row[key] for key in ("from_id", "to_id", "who", "when", "why")}
        sentence = self._(
            "{from_id} → {to_id}: {decision} ({who}, {when}). {why}", decision=self._(BUTTONS[name]), **values
        )
        self.decided[self.pair] = sentence
        self._show(self.at + 1)
        self._tell(sentence)

    def _withdraw(self) -> None:
        from_id, to_id = self.pair
        decisions.withdraw(from_id, to_id)
        del self.decided[self.pair]
        self._show(self.at)
        self._tell(self._("{from_id} → {to_id}: decision taken back.", from_id=from_id, to_id=to_id))
