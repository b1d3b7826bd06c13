"""An exhibit: a figure of the report with its rows, sentences and findings, all in the report's language."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import PurePosixPath

import altair as alt
import markupsafe
import polars as pl

from analysis.base.i18n import gettext, percent, plain

Cell = str | int | float | None | list[str] | list["Link"]


class Japanese(str):
    """A cell in Japanese, whatever the language of the page."""


class Link(str):
    """A text that leads to an anchor of the page, what is said of it below, and what more when it is pointed at."""

    anchor: str
    note: str
    hint: str

    def __new__(cls, text: str, anchor: str, note: str = "", hint: str = "") -> "Link":
        link = super().__new__(cls, text)
        link.anchor, link.note, link.hint = anchor, note, hint
        return link


@dataclass(frozen=True, repr=False)
class Rows:
    """A table for people: heads, rows of cells (a list holds measures or links), and the files with the same in
    full. `groups` are what rows that follow one another are folded under, and how many they are."""

    heads: list[str]
    rows: list[list[Cell]]
    files: list[str]
    groups: list[tuple[str, int]] = field(default_factory=list)

    @property
    def parts(self) -> list[tuple[str, "Rows"]]:
        """The groups, each with its title, as tables of their own; the whole without a title where there are none."""
        if not self.groups:
            return [("", self)]
        ends = list(accumulate(count for _, count in self.groups))
        return [
            (title, Rows(self.heads, self.rows[end - count : end], self.files))
            for (title, count), end in zip(self.groups, ends, strict=True)
        ]

    def __repr__(self) -> str:
        return f"{len(self.rows)} rows: {', '.join(self.heads)}"


def cell_text(cell: Cell) -> str:
    """Return a cell as text: – where there is nothing, floats with six digits at most."""
    if isinstance(cell, list):
        return ", ".join(f"{item} ({item.note})" if isinstance(item, Link) and item.note else item for item in cell)
    if isinstance(cell, float):
        return plain(cell)
    return "–" if cell is None else str(cell)


def rows_of(frame: pl.DataFrame, heads: dict[str, str], files: list[str], language: str) -> Rows:
    """Return the frame's columns named in `heads` (column: English head, marked with N_) as rows for people."""
    cells = [list(row) for row in frame.select(list(heads)).rows()]
    return Rows([gettext(head, language) for head in heads.values()], cells, files)


def called(column: str, name: Callable[[str], str]) -> pl.Expr:
    """Return the expression that replaces each value of a column by what it is called."""
    return pl.col(column).map_elements(name, return_dtype=pl.String)


def percents(*columns: str) -> pl.Expr:
    """Return the expression that writes shares (0–1) as percentages."""
    return pl.col(*columns).map_elements(percent, return_dtype=pl.String)


def interval(low: str = "low", high: str = "high") -> pl.Expr:
    """Return the expression `interval`: both ends in words, – where there is none."""
    ends = pl.format("{}–{}", percents(low), percents(high))
    return pl.when(pl.col(low).is_null() | pl.col(high).is_null()).then(pl.lit("–")).otherwise(ends).alias("interval")


@dataclass(frozen=True)
class Fact:
    """Something a table says, and the anchor of that table on the page; names and years need none."""

    value: object
    table: str | None = None


@dataclass(frozen=True)
class Finding:
    """A key finding: a sentence in the page's language with its facts' names in braces, and the facts."""

    template: str
    facts: dict[str, Fact]

    @property
    def text(self) -> str:
        return self.template.format(**{name: fact.value for name, fact in self.facts.items()})

    @property
    def html(self) -> markupsafe.Markup:
        """The sentence as safe HTML, each fact of a table a link to it."""
        link = markupsafe.Markup('<a href="#{}">{}</a>')
        linked = {
            name: link.format(fact.table, str(fact.value)) if fact.table else str(fact.value)
            for name, fact in self.facts.items()
        }
        return markupsafe.escape(self.template).format(**linked)


def finding(message: str, language: str, table: str, numbers: Mapping[str, object], **names: object) -> Finding:
    """Return a finding from its English sentence (marked with N_): numbers lead to the table, unless they are a Fact
    of another one; names and years lead nowhere."""
    facts = {name: value if isinstance(value, Fact) else Fact(value, table) for name, value in numbers.items()}
    facts |= {name: Fact(value) for name, value in names.items()}
    return Finding(gettext(message, language, **{name: f"{{{name}}}" for name in facts}), facts)


def joined(*findings: Finding) -> Finding:
    """Return findings as one, a sentence after the other. Facts of one name are the same fact."""
    facts = {name: fact for one in findings for name, fact in one.facts.items()}
    return Finding(running(one.template for one in findings), facts)


def running(sentences: Iterable[str]) -> str:
    """Return sentences as a running text: Japanese ones follow each other without a space."""
    return "".join(said if said.endswith("。") else f"{said} " for said in sentences).rstrip()


class LinkedSentence(str):
    """A sentence whose numbers lead to the rows that they count: plain in a notebook, with links on the page."""

    finding: Finding

    def __new__(cls, finding: Finding) -> "LinkedSentence":
        sentence = super().__new__(cls, finding.text)
        sentence.finding = finding
        return sentence

    def __html__(self) -> markupsafe.Markup:
        return self.finding.html


def linked(message: str, language: str, table: str, numbers: Mapping[str, object], **names: object) -> LinkedSentence:
    """Return a sentence of an exhibit whose numbers lead to rows, as `finding` does."""
    return LinkedSentence(finding(message, language, table, numbers, **names))


@dataclass(frozen=True)
class Exhibit:
    """One figure of the report, or (without a chart) a table or sentences.

    `part` is the place on the page, empty for what only a notebook shows; `notebook` the one that shows it.
    """

    module: str  # that made it: __name__
    name: str  # of its files and anchors
    part: str
    notebook: str
    title: str = ""
    chart: alt.TopLevelMixin | None = None
    rows: Rows | None = None
    sentences: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    unfolded: bool = False  # whether the page shows the rows at once

    @property
    def file(self) -> str:
        """Where its code stands, from the workspace's root."""
        return str(PurePosixPath(*self.module.split(".")).with_suffix(".py"))

    @property
    def alternative(self) -> str:
        """What the chart says to those who cannot see it."""
        described = getattr(self.chart, "description", alt.Undefined)
        if not isinstance(described, str):
            raise ValueError(f"the chart {self.name} has no description")
        return described
