"""Review panel in JupyterLab: a person decides about the units of a review with buttons or keys, one after the other.

What it shows lives in widgets, which JupyterLab does not save: no sentence of a document gets into the notebook. Of a
unit nobody has decided it shows what the documents say, and no more. Keys are a small script of the panel's own
(templates/review_panel.js): ipywidgets has none.
"""

import json
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

from analysis.base.errors import WorkspaceError
from analysis.base.i18n import gettext
from analysis.base.i18n import gettext_noop as N_
from analysis.coding import decisions
from analysis.coding.codebooks import Codebook, Variable
from analysis.explore import review
from analysis.explore.review import Review
from analysis.report import pair_view

TEMPLATES = Path(__file__).with_name("templates")
ACTIONS = {  # what a button does beside choosing a category: its words and keys
    "more": (N_("All questions"), "w"),
    "empty": (N_("Leave empty"), "enter s"),
    "skip": (N_("Skip"), "enter s"),
    "back": (N_("Back"), "b"),
    "withdraw": (N_("Take back"), "z"),
}
KEYS = "1234567890acdefghijklmnopqtuvxy"  # of categories; b, r, s, w and z do something else
SHOWN_KEYS = {"enter": "Enter"}
Unit = dict[str, str]


def show(asked: Review, reviewer: str, language: str) -> Any:
    """Return the panel's widgets for a cell's last line; without a reviewer say so and return None.

    asked: `review.begin`.
    """
    if reviewer.strip():
        return ReviewPanel(asked, reviewer, language).box
    print(
        gettext(
            "Nothing is written: enter your name as reviewer in the parameters cell and run the "
            "notebook again to decide with buttons or keys.",
            language,
        )
    )
    return None


@dataclass
class Place:
    """Where a person is: which unit, which question about it, and what they have chosen of it so far."""

    at: int = 0
    turn: int = 0  # how often a button was pressed: the keys wait for the next one
    every: bool = False  # whether optional questions are asked, too
    values: dict[str, str | None] = field(default_factory=dict)


class ReviewPanel:
    """The widgets and the place in the review. `box` is what a cell shows."""

    def __init__(self, asked: Review, reviewer: str, language: str) -> None:
        import ipywidgets as widgets

        self.review, self.reviewer, self.language = asked, reviewer, language
        self.units: list[Unit] = asked.units().to_dicts()
        self.decided: dict[int, str] = {}  # what was decided in this panel, as a sentence, in the order of decisions
        self.place = Place()
        self.head, self.view, self.question, self.message = (widgets.HTML() for _ in range(4))
        self.message.add_class("review-message")
        hint = self._("Why (optional)? In your own words: the file with the decisions is published, documents are not.")
        # sent whole when the field is left, and shown as received: the kernel may get a press before what was typed
        field = {"rows": 1, "continuous_update": False, "layout": widgets.Layout(width="auto")}
        self.why = widgets.Textarea(placeholder=hint, tooltip=hint, **field)
        self.why.observe(lambda _: self._head(), "value")
        self.choices = {
            variable.variable_id: {
                category.category_id: self._button(
                    widgets, review.name(category, language), category.definition, f"choose {category.category_id}"
                )
                for category in asked.book.categories(variable.variable_id)
            }
            for variable in asked.book.variable
        }
        self.actions = {name: self._button(widgets, self._(words), "", name) for name, (words, _) in ACTIONS.items()}
        wrap = widgets.Layout(flex_flow="row wrap")
        rows = [
            *(widgets.HBox(list(buttons.values()), layout=wrap) for buttons in self.choices.values()),
            widgets.HBox(list(self.actions.values()), layout=wrap),
        ]
        static = widgets.HTML(f"<style>{_text('review_panel.css')}</style>{pair_view.STYLE}{self._codebook()}")
        keys = widgets.Output(layout=widgets.Layout(height="0", overflow="hidden"))
        keys.outputs = ({"output_type": "display_data", "data": {_SCRIPT: self._script()}, "metadata": {}},)
        self.box = widgets.VBox([self.head, self.view, self.question, *rows, self.why, self.message, static, keys])
        self.box.add_class("review-panel")
        self._show(0)

    def _(self, message: str, **values: object) -> str:
        return gettext(message, self.language, **values)

    def _button(self, widgets: Any, words: str, tooltip: str, name: str) -> Any:
        button = widgets.Button(description=words, tooltip=tooltip)
        button.shown_words, button.shown_keys = words, ""
        button.on_click(lambda _: self._press(name))
        return button

    def _script(self) -> str:
        label = json.dumps(self._("Review panel"), ensure_ascii=False)
        return _text("review_panel.js").replace('"{{ label }}"', label)

    def _codebook(self) -> str:
        """The codebook's rules and definitions, folded."""
        book = self.review.book
        rules = "".join(f"<li>{escape(rule)}</li>" for rule in book.rules)
        terms = "".join(
            f"<dt>{escape(review.name(category, self.language))}</dt><dd>{escape(category.definition)}</dd>"
            for variable in book.variables
            for category in _asked(book, variable)
        )
        summary = escape(self._("Codebook {name}, version {version}", name=book.codebook_id, version=book.version))
        body = f'<div lang="en"><ul>{rules}</ul><dl>{terms}</dl></div>'
        return f'<details class="review-codebook"><summary>{summary}</summary>{body}</details>'

    # --- what is shown

    @property
    def unit(self) -> Unit:
        return self.units[self.place.at]

    @property
    def over(self) -> bool:
        return self.place.at == len(self.units)

    def _show(self, at: int) -> None:
        """Show the unit at a place of the review and ask its first question; after the last unit there is none."""
        self.place.at = max(0, min(at, len(self.units)))
        self.place.every, self.place.values = False, {}
        self.why.value = ""
        self.view.value = "" if self.over else self._blind()
        self._ask()

    def _blind(self) -> str:
        return pair_view.blind(list(self.unit.values()), self.review.tables, self.language)

    def _ask(self) -> None:
        """Show the buttons of the question that is open, and what else can be done."""
        variable = None if self.over else self._open()
        for name, buttons in self.choices.items():
            offered = self._offered(variable) if variable and variable.variable_id == name else []
            for category, button in buttons.items():
                keys = KEYS[offered.index(category)] if category in offered[: len(KEYS)] else ""
                _label(button, keys, category in offered)
        optional = bool(variable and variable.optional)
        more = any(v.optional for v in self.review.book.variable) and not self.place.every and bool(variable)
        possible = {
            "more": more, "empty": optional, "skip": bool(variable) and not optional,
            "back": self.place.at > 0 and bool(self.units), "withdraw": bool(self.decided),
        }  # fmt: skip
        for name, button in self.actions.items():
            hidden = name in ("more", "empty", "skip") and not possible[name]
            _label(button, ACTIONS[name][1] if possible[name] else "", not hidden)
            button.disabled = not possible[name]
        question = variable.question if variable else ""
        self.question.value = f'<p lang="en">{escape(question)}</p>'
        self._head()

    def _head(self) -> None:
        """Say where in the review this is. It is shown last: by its turn and reason the script knows what has come."""
        if self.over:
            text = self._("No further unit waits for a decision. The next run obeys what was decided.")
        else:
            text = self._(
                "{number} of {units} · {decided} decided · r: write a reason, Esc: back to the keys",
                number=self.place.at + 1, units=len(self.units), decided=len(self.decided),
            )  # fmt: skip
        came = f'data-turn="{self.place.turn}" data-why="{escape(self.why.value)}"'
        self.head.value = f"<p {came}>{escape(text)}</p>"

    def _open(self) -> Variable | None:
        """The question that is open about the unit: None where all that are asked have an answer."""
        book = self.review.book
        for variable in book.variable:
            asked = not variable.optional or self.place.every or not book.needed
            if asked and variable.variable_id not in self.place.values and self._offered(variable):
                return variable
        return None

    def _offered(self, variable: Variable) -> list[str]:
        """The categories that can be chosen, with regard to what was chosen before."""
        book, values = self.review.book, self.place.values
        if variable.sub_categories_of:
            above = values.get(variable.sub_categories_of)
            categories = book.categories(variable.sub_categories_of)
            return [sub.category_id for c in categories if c.category_id == above for sub in c.sub_categories]
        taken = values.get(variable.categories_of) if variable.categories_of else None
        return [name for name in book.choices(variable.variable_id) if name != taken]

    # --- what buttons do

    def _press(self, name: str) -> None:
        """Do what a button says; where that fails, say why below the buttons and keep the unit."""
        self.place.turn += 1
        action, _, category = name.partition(" ")
        try:
            if action == "choose":
                self._choose(category)
            elif action == "empty":
                self._choose(None)
            elif action == "more":
                self.place.every = True
                self._ask()
            elif action == "withdraw":
                self._withdraw()
            else:
                self._show(self.place.at + (1 if action == "skip" else -1))
                self._tell("" if self.over else self.decided.get(self.place.at, ""), self.place.at)
        except WorkspaceError as error:
            self.place.values = {}
            self._tell(str(error))
            self._ask()

    def _tell(self, text: str, decided: int | None = None) -> None:
        """Say a sentence, and of a unit that is decided why the model would link it or not, folded."""
        why = review.why(self.review, self.units[decided], self.language) if decided in self.decided else ""
        title = escape(self._("What the model says of it"))
        self.message.value = escape(text) + (f"<details><summary>{title}</summary>{why}</details>" if why else "")

    def _choose(self, category: str | None) -> None:
        """Answer the open question; the last answer decides and shows the next unit."""
        variable = None if self.over else self._open()
        if variable is None:
            return self._ask()
        self.place.values[variable.variable_id] = category
        if self._open():
            return self._ask()
        at, unit, asked = self.place.at, self.unit, self.review
        values, why = self.place.values, self.why.value
        decisions.code(
            asked.book, unit, values, who=self.reviewer, why=why, sample=asked.sample,
            measures=asked.tables["measures"],
        )  # fmt: skip
        sentence = self._sentence(unit, values, why)
        self.decided.pop(at, None)
        self.decided[at] = sentence
        self._show(at + 1)
        self._tell(sentence, at)

    def _sentence(self, unit: Unit, values: dict[str, str | None], why: str) -> str:
        """What was decided; of a doubtful unit also what others say of it. A sample stays blind to its end: whoever
        takes a decision back decides again as blind."""
        names = review.category_names(self.review.book, self.language)
        words = " / ".join(names[value] for value in values.values() if value)
        told = {"unit": " → ".join(unit.values()), "decision": words, "who": self.reviewer, "why": why}
        sentence = self._("{unit}: {decision} ({who}). {why}", **told).strip()
        if self.review.sample is not None:
            return sentence
        return f"{sentence} — {review.said(self.review, unit, self.language)}"

    def _withdraw(self) -> None:
        """Take back the decision about this unit, else the last one, and show its unit again."""
        at = self.place.at if self.place.at in self.decided else list(self.decided)[-1]
        unit = self.units[at]
        decisions.take_back(self.review.book, unit, self.review.sample)
        del self.decided[at]
        self._show(at)
        self._tell(self._("{unit}: decision taken back.", unit=" → ".join(unit.values())))


_SCRIPT = "application/javascript"


def _text(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def _asked(book: Codebook, variable: str) -> list[Any]:
    """The categories of a variable that are not another one's."""
    own = next(v for v in book.variable if v.variable_id == variable)
    return [] if own.categories_of else book.categories(variable)


def _label(button: Any, keys: str, shown: bool) -> None:
    """Show a button with its keys, or hide it; the script finds it by their classes."""
    for key in button.shown_keys.split():
        button.remove_class(f"review-key-{key}")
    for key in keys.split():
        button.add_class(f"review-key-{key}")
    button.shown_keys = keys
    names = ", ".join(SHOWN_KEYS.get(key, key) for key in keys.split())
    button.description = f"{button.shown_words} ({names})" if keys else button.shown_words
    button.layout.display = None if shown else "none"
