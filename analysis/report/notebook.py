"""How a notebook shows what the report is made of: charts, sentences as prose, rows in words.

Where the environment variable IP_PLAN_OUTPUTS is `short`, outputs are such as stand in git: of a chart what it says in
words, of a long table its first rows and a checksum of all, so that each fact is still compared (nbval), and a change
can be read. `.ci/notebooks.py` and `notebooks/conftest.py` set it; a run's own copies have everything.
"""

import hashlib
import os
import re
from collections.abc import Mapping
from typing import Any

import altair as alt
import markupsafe
import polars as pl

from analysis.base.i18n import gettext
from analysis.report import parameters, words
from analysis.report.charts import base as charts
from analysis.report.exhibit import Cell, Exhibit, Rows, cell_text

LENGTH = "IP_PLAN_OUTPUTS"  # short, or (by default) whole
OPEN_ROWS = 30  # more rows are folded
ROWS_SHOWN = 60  # of a frame that a person looks at
SHORT_ROWS, FIRST_ROWS = 12, 6  # a short output has so many rows at most, else the first ones
SAID = 500  # characters of what a short output says of a chart
LISTED = 3  # names of a cell that are shown before the others are folded
NUMBER = re.compile(r"[+−-]?[\d,.]+%?")
MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~$])")  # signs that mean something
MEASURE = re.compile(r"\d{4}-\d+[a-z]?")  # an identifier


def is_short() -> bool:
    """Return whether outputs are made for git."""
    return os.environ.get(LENGTH) == "short"


def begin(**given: Any) -> None:
    """Begin a notebook with all its parameters: check them, say them, and set up charts that JupyterLab draws, with
    tooltips in words. What Papermill was given under another name is not among what is said.

    Raises UsageFault, before anything is read or written.
    """
    parameters.check(given)
    language: str = given["language"]
    values = ", ".join(f"{name}={value!r}" for name, value in given.items())
    say(gettext("Parameters: {values}", language, values=values))
    alt.renderers.register("ip_plan", lambda spec, **_: chart_bundle(spec, language))
    alt.renderers.enable("ip_plan")
    alt.data_transformers.disable_max_rows()
    pl.Config(tbl_rows=ROWS_SHOWN, fmt_str_lengths=120, fmt_table_cell_list_len=12, tbl_hide_column_data_types=True)


def chart_bundle(spec: dict[str, Any], language: str) -> dict[str, Any]:
    """Return a chart as JupyterLab takes it, and what it says in words for those who see none, as on GitHub."""
    said = str(spec.get("description") or gettext("a chart; JupyterLab draws it", language))
    if is_short():  # the rows below say the rest
        return {"text/plain": said if len(said) <= SAID else said[:SAID].rstrip() + " …"}
    return charts.for_jupyterlab(words.with_tooltips(spec, language)) | {"text/plain": said}


def show(exhibit: Exhibit | None) -> None:
    """Show an exhibit: the chart, the sentences that answer (else its findings), the rows."""
    from IPython.display import display

    if exhibit is None:
        say("–")
        return
    if exhibit.chart is not None:
        display(exhibit.chart)
    say(*(exhibit.sentences or [finding.text for finding in exhibit.findings]))
    if exhibit.rows is not None and exhibit.rows.rows:
        display(Table(exhibit.rows))


def say(*sentences: str) -> None:
    """Show sentences as prose, a paragraph each; nothing where there are none."""
    if sentences:
        _display({"text/markdown": "\n\n".join(MARKDOWN.sub(r"\\\1", sentence) for sentence in sentences)})


def in_words(frame: pl.DataFrame, tables: Mapping[str, pl.DataFrame], language: str, **labels: str) -> "Table":
    """Return any table for people: heads and coded values in words, a measure's heading beside its identifier.

    tables: measures and topics, for their names. labels: for columns whose values have labels, the kind of these.
    """
    cells = words.cells(tables, language, labels)
    said = [[cells[name](value) if name in cells else value for name, value in row.items()] for row in frame.to_dicts()]
    return Table(Rows([words.head(name, language) for name in frame.columns], said, []))


class Page:
    """Safe HTML that a cell shows, and what stands in its place where there is no HTML, or no room."""

    def __init__(self, html: str, said: str) -> None:
        self.html, self.said = html, said

    def __repr__(self) -> str:
        return self.said

    def _repr_html_(self) -> str | None:
        return None if is_short() else self.html


class Table:
    """Rows as a cell shows them."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows

    def __repr__(self) -> str:
        return repr(self.rows)

    def _repr_html_(self) -> str:
        """Return the table, folded where it is long, or by its groups."""
        rows = self.rows
        if is_short():
            return _shortened(rows)
        if rows.groups:
            return "\n".join(_folded(f"{title} ({len(part.rows)})", _table(part)) for title, part in rows.parts)
        return _table(rows) if len(rows.rows) <= OPEN_ROWS else _folded(repr(rows), _table(rows))


def _shortened(rows: Rows) -> str:
    """The table, of a long one the first rows; where something is left out, the checksum of all."""
    shown = rows.rows if len(rows.rows) <= SHORT_ROWS else rows.rows[:FIRST_ROWS]
    table = _table(Rows(rows.heads, shown, []))
    if len(shown) == len(rows.rows) and not any(_is_long(cell) for row in shown for cell in row):
        return table
    whole = "\n".join("\t".join(map(cell_text, row)) for row in rows.rows)
    checksum = hashlib.sha256(whole.encode()).hexdigest()[:8]
    return f"{table}\n<p>{len(rows.rows)} rows in all, checksum {checksum}</p>"


def _is_long(cell: Cell) -> bool:
    """Whether only the first names of a cell are shown at once."""
    return isinstance(cell, list) and len(cell) > LISTED + 1


def _table(rows: Rows) -> str:
    heads = "".join(_cell(head, "th") for head in rows.heads)
    lines = [f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows.rows]
    body = "\n".join(lines or [f'<tr><td colspan="{len(rows.heads)}">–</td></tr>'])
    return f"<table>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n{body}\n</tbody></table>"


def _cell(cell: Cell, tag: str = "td") -> str:
    """A cell; words stand left. JupyterLab sets all to the right, and takes no style sheet from what ran elsewhere."""
    text = markupsafe.escape(cell_text(cell))
    if isinstance(cell, list) and _is_long(cell):
        text = markupsafe.escape(f"{cell_text(cell[:LISTED])} … +{len(cell) - LISTED}")
        text = text if is_short() else _folded(text, markupsafe.escape(cell_text(cell[LISTED:])))
    if is_short() or (not isinstance(cell, list) and NUMBER.fullmatch(text)):
        return f"<{tag}>{text}</{tag}>"
    whole = "; white-space: nowrap" if MEASURE.fullmatch(text) else ""
    return f'<{tag} style="text-align: left{whole}">{text}</{tag}>'


def _folded(summary: str, whole: str) -> markupsafe.Markup:
    return markupsafe.Markup(f"<details><summary>{markupsafe.escape(summary)}</summary>{whole}</details>")


def _display(bundle: dict[str, str]) -> None:
    from IPython.display import display

    display(bundle, raw=True)
