"""A desk in JupyterLab at which a person decides about pairs with buttons, one pair after the other.

What it shows lives in widgets, which JupyterLab does not save: no sentence of a document gets into the notebook.
"""

from html import escape
from typing import Any

import polars as pl

from analysis.base.errors import WorkspaceError
from analysis.base.i18n import gettext, word
from analysis.coding import decisions
from analysis.explore import review_queue
from analysis.report import pair_view

VERDICTS: dict[str, tuple[str, str | None]] = {
    "same": ("confirm", "same"),
    "successor": ("confirm", "successor"),
    "reject": ("reject", None),
}

AIRY = '<div style="line-height: 1.5">{}</div>'  # a widget's lines are as high as its buttons


def show(queue: pl.DataFrame, found: dict[str, pl.DataFrame], reviewer: str, language: str) -> Any:
    """The desk with the pairs of `review.doubtful`, for a cell's last line; without a reviewer a word and None."""
    if reviewer.strip():
        return Desk(queue, found, reviewer, language).box
    print(
        gettext(
            "Nothing is written: enter your name as reviewer in the parameters cell and run the "
            "notebook again to decide with buttons, or call decisions.decide in a cell.",
            language,
        )
    )
    return None


class Desk:
    """The widgets and the place in the queue. `box` is what a cell shows."""

    def __init__(self, queue: pl.DataFrame, found: dict[str, pl.DataFrame], reviewer: str, language: str) -> None:
        import ipywidgets as widgets

        self.found, self.reviewer, self.language, self.at = found, reviewer, language, 0
        self.rows = review_queue.worded(queue, language).select("from_id", "to_id", "why").rows()
        self.made: dict[tuple[str, str], str] = {}  # what was decided at this desk, in words
        self.place, self.view, self.said = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self.why = widgets.Textarea(placeholder=self._say("why"), rows=2, layout=widgets.Layout(width="auto"))
        self.buttons = {name: self._button(widgets, name) for name in (*VERDICTS, "withdraw", "back", "skip")}
        row = widgets.HBox(list(self.buttons.values()), layout=widgets.Layout(flex_flow="row wrap"))
        self.box = widgets.VBox([self.place, self.view, self.why, row, self.said])
        self._lay(0)

    def _say(self, key: str, **values: object) -> str:
        return word(f"desk_{key}", self.language, **values)

    def _button(self, widgets: Any, name: str) -> Any:
        style = {"same": "success", "successor": "info", "reject": "warning"}.get(name, "")
        button = widgets.Button(description=self._say(name), button_style=style)
        button.on_click(lambda _: self._press(name))
        return button

    def _lay(self, place: int) -> None:
        """Lay the pair at a place of the queue on the desk; behind the last one there is none."""
        self.at = max(0, min(place, len(self.rows)))
        self.why.value = ""
        over = self.at == len(self.rows)
        for button in self.buttons.values():
            button.disabled = over
        self.buttons["back"].disabled = self.at == 0
        self.buttons["withdraw"].disabled = over or self.pair not in self.made
        if over:
            self.place.value, self.view.value = self._say("end"), ""
            return
        self.place.value = self._say("place", number=self.at + 1, pairs=len(self.rows), why=self.rows[self.at][2])
        self.view.value = pair_view.STYLE + AIRY.format(pair_view.side_by_side(*self.pair, self.found, self.language))

    @property
    def pair(self) -> tuple[str, str]:
        return self.rows[self.at][0], self.rows[self.at][1]

    def _press(self, name: str) -> None:
        """Do what a button says; what cannot be done is said below the buttons, and the pair stays."""
        try:
            if name == "withdraw":
                self._withdraw()
            elif name in VERDICTS:
                self._decide(name)
            else:
                self._lay(self.at + (1 if name == "skip" else -1))
                self._tell("" if self.at == len(self.rows) else self.made.get(self.pair, ""))
        except WorkspaceError as error:
            self._tell(str(error))

    def _tell(self, text: str) -> None:
        self.said.value = escape(text)

    def _decide(self, name: str) -> None:
        decision, relation = VERDICTS[name]
        made = decisions.decide(
            *self.pair, decision=decision, relation=relation, who=self.reviewer, why=self.why.value,
            measures=self.found["measures"],
        ).row(0, named=True)  # fmt: skip
        values = {key: made[key] for key in ("from_id", "to_id", "who", "when", "why")}
        said = self.made[self.pair] = self._say("decided", decision=self._say(name), **values)
        self._lay(self.at + 1)
        self._tell(said)

    def _withdraw(self) -> None:
        from_id, to_id = self.pair
        decisions.withdraw(from_id, to_id)
        del self.made[self.pair]
        self._lay(self.at)
        self._tell(self._say("withdrawn", from_id=from_id, to_id=to_id))
