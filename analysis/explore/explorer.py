"""Panel in JupyterLab for exploring: a search, filters, a list of measures, and one measure's page.

What it shows lives in widgets, which JupyterLab does not save, and no measure is opened before a person does so: no
sentence of a document gets into the notebook.
"""

from collections.abc import Callable, Iterable
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl
from markupsafe import Markup

from analysis.base.errors import WorkspaceError
from analysis.base.i18n import gettext, ngettext
from analysis.base.i18n import gettext_noop as N_
from analysis.coding import delivery
from analysis.continuity import similarity
from analysis.explore import linked_charts, measure_page, queries, search
from analysis.report import notebook, pair_view
from analysis.report.charts import genealogy
from analysis.tables import editions, ministries, store
from analysis.tables.categories import HORIZONS, UNCLEAR
from analysis.tables.labels import became, label, topic_names

PAGE = 10  # measures on a page of the list
NAMES = 4  # names in a table, or of a measure beside the open one
LINKED = 16  # linked measures that can be opened
STYLE = f"<style>{Path(__file__).with_name('templates').joinpath('explorer.css').read_text(encoding='utf-8')}</style>"
FILTERS = {
    "editions": N_("Edition"),
    "topics": N_("Topic"),
    "ministries": N_("Ministry"),
    "horizons": N_("Horizon"),
    "statuses": N_("Status {earlier} → {later}"),
}
STATUSES = {
    "continued": N_("goes on in {later}"),
    "evolved": N_("evolved"),
    "ended": N_("ended by {later}"),
    "continuing": N_("goes on from {earlier}"),
    "new": N_("new since {earlier}"),
}
BADGES = {
    "identifier": N_("by its identifier"), "heading": N_("in the heading"), "label": N_("as a ministry or topic"),
}  # fmt: skip
MATCH = Markup(
    '<span lang="ja">{section} {heading}</span><br><span class="place">{place}</span><br>'
    '{badges}<span lang="ja">{snippet}</span>'
)
NEIGHBOUR = Markup('{edition} · {relation}<br><span class="place" lang="ja">{names}</span>')


def load() -> dict[str, pl.DataFrame]:
    """Return the tables for exploring, without the texts, so that nothing that a notebook saves holds a sentence."""
    tables = {name: store.read(name) for name in measure_page.NAMES}
    return tables | {"delivery": delivery.delivery(tables["measures"])}


def show(tables: dict[str, pl.DataFrame], between: tuple[str, str], language: str) -> "Explorer":
    """Return the panel for a cell's last line, with the texts where the documents are at hand. Raises UsageFault."""
    texts = {"texts": store.read("texts")} if store.exists("texts") else {}
    return Explorer(tables | texts, between, language)


def table(matches: pl.DataFrame, tables: dict[str, pl.DataFrame], language: str) -> pl.DataFrame:
    """Return what `search.find` does as people read it and without texts: measure, section, topic, ministries, status,
    relevance, matched name, rarest names; without a query no relevance, and matched names only where they are others.
    """
    keys, topics = matches["measure_id"].to_list(), topic_names(tables["topics"], language)
    names = genealogy.rarest(tables["features"], keys, NAMES)

    def texts(cells: Iterable[str]) -> pl.Series:
        return pl.Series(list(cells), dtype=pl.String)

    rows = matches.to_dicts()
    columns = {
        N_("measure"): texts(keys),
        N_("section"): texts(f"{row['section']} {row['heading']}" for row in rows),
        N_("topic"): texts(topics[row["topic_id"]] for row in rows),
        N_("ministries"): texts(_bodies(row, language) for row in rows),
        N_("status"): texts(_became(row, language) or "–" for row in rows),
        N_("relevance"): matches["relevance"].round(2),
        N_("matched name"): texts(pair_view.listed(row["renamed"], language) for row in rows),
        N_("rarest names"): texts(pair_view.listed(names[key], language) for key in keys),
    }
    if matches["relevance"].is_null().all():
        del columns["relevance"]
    if not matches["renamed"].list.len().sum():
        del columns["matched name"]
    return pl.DataFrame({gettext(head, language): cells for head, cells in columns.items()})


def _became(row: dict[str, Any], language: str) -> str:
    return became(row["status"], row["change"], row["changed"], language) if row["status"] else ""


def _bodies(row: dict[str, Any], language: str) -> str:
    return pair_view.listed([ministries.written(name, language) for name in row["ministries"]], language)


def summary(matches: pl.DataFrame, query: str, tables: dict[str, pl.DataFrame], language: str) -> list[str]:
    """Return sentences about the matches of a query, without the texts: how many, under which names, of what topic.

    matches: what `search.find` returns for the query, of all measures.
    """
    sentences = [
        ngettext(
            "The query {query} finds {matches} of {number} measure in headings, names and words.",
            "The query {query} finds {matches} of {number} measures in headings, names and words.",
            len(tables["measures"]), language, query=query, matches=len(matches),
        )
    ]  # fmt: skip
    renamed = matches.filter(pl.col("renamed").list.len() > 0)
    if len(renamed):
        names = pair_view.listed(renamed["renamed"].explode().unique().sort().to_list(), language)
        sentences.append(
            ngettext(
                "{number} of them matches only under another name ({names}).",
                "{number} of them match only under another name ({names}).",
                len(renamed), language, names=names,
            )
        )  # fmt: skip
    counts = (
        matches.filter(pl.col("topic_id") != UNCLEAR)["topic_id"]
        .value_counts()
        .sort(["count", "topic_id"], descending=[True, False])
    )
    for topic_id, count in counts.head(1).iter_rows():
        topic = topic_names(tables["topics"], language)[topic_id]
        sentences.append(gettext("Most of them are about {topic} ({measures}).", language, topic=topic, measures=count))
    return sentences


class Rows:
    """A list of measures, each with a button that opens it and a text beside. `box` is what a cell shows."""

    def __init__(self, widgets: Any, most: int, opened: Callable[[str], None]) -> None:
        self.rows = [(widgets.Button(), widgets.HTML()) for _ in range(most)]
        self.lines = [widgets.HBox(row).add_class("explorer-row") for row in self.rows]
        self.head = widgets.HTML()
        self.box = widgets.VBox([self.head, *self.lines])
        for button, _ in self.rows:
            button.on_click(lambda button: opened(button.description))

    def fill(self, head: str, measures: list[tuple[str, str]]) -> None:
        """Show a heading (plain text), and identifiers with safe HTML; measures without room are left out."""
        self.head.value = Markup("<h4>{}</h4>").format(head) if head and measures else ""
        for n, (button, html) in enumerate(self.rows):
            self.lines[n].layout.display = None if n < len(measures) else "none"
            button.description, html.value = measures[n] if n < len(measures) else ("", "")


class Choices:
    """One filter: a box to tick for each value that gives a measure, with how many. `box` is what a cell shows.

    No widget for selection: in lists JupyterLab takes the arrow keys for itself.
    """

    def __init__(self, widgets: Any, head: str, values: dict[str, str], changed: Callable[[], None]) -> None:
        self.labels = values
        self.ticks = {value: widgets.Checkbox(indent=False) for value in values}
        for tick in self.ticks.values():
            tick.observe(lambda _: changed(), names="value")
        ticks = widgets.VBox(list(self.ticks.values())).add_class("explorer-ticks")
        title = widgets.HTML(Markup("<b>{}</b>").format(head))
        self.box = widgets.VBox([title, ticks]).add_class("explorer-filter")

    @property
    def chosen(self) -> list[str]:
        return [value for value, tick in self.ticks.items() if tick.value]

    def choose(self, values: tuple[str, ...]) -> None:
        for value, tick in self.ticks.items():
            tick.value = value in values

    def count(self, counts: dict[str, int]) -> None:
        """Write to each value how many measures it gives, and hide it where it gives none and is not chosen."""
        for value, tick in self.ticks.items():
            tick.description = f"{counts.get(value, 0)} · {self.labels[value]}"
            tick.layout.display = None if counts.get(value) or tick.value else "none"


class Explorer:
    """The widgets and what is chosen. `box` is what a cell shows.

    tables: those of `load`, and texts where they are at hand. between: the earlier and the later edition, between which
    a status is seen, and whose measures are listed at first.
    """

    def __init__(self, tables: dict[str, pl.DataFrame], between: tuple[str, str], language: str) -> None:
        import ipywidgets as widgets

        self.tables, self.between, self.language = tables, between, language
        has_texts = not tables.get("texts", pl.DataFrame()).is_empty()
        self.bare = search.index({name: rows for name, rows in tables.items() if name != "texts"}, between)
        self.whole = search.index(tables, between) if has_texts else self.bare
        self.space = similarity.space(tables["measures"], tables["features"], tables["assignments"])
        self.topics = topic_names(tables["topics"], language)
        self.ends = {
            name: editions.label(edition_id, language)
            for name, edition_id in zip(("earlier", "later"), between, strict=True)
        }
        self.at, self.busy = 0, False
        self.matches: pl.DataFrame
        self.path: list[str] = []  # measures that were opened, the open one last
        self._lay_out(widgets, has_texts)
        self._reset()

    def _repr_mimebundle_(self, **options: Any) -> Any:
        text = self._("The panel for exploring: run this cell in JupyterLab to see it.")
        return self.box._repr_mimebundle_(**options) | {"text/plain": text}

    def _(self, message: str, **values: object) -> str:
        return gettext(message, self.language, **values)

    # --- the widgets

    def _lay_out(self, widgets: Any, has_texts: bool) -> None:
        hint = self._('words, "a phrase", one OR other, -without')
        self.query = widgets.Text(description=self._("Search"), placeholder=hint, continuous_update=False)
        self.texts = widgets.Checkbox(
            value=has_texts, disabled=not has_texts, description=self._("search the texts, too"), indent=False
        )
        self.drawn = widgets.Checkbox(value=False, description=self._("charts of these measures"), indent=False)
        for widget in (self.query, self.texts, self.drawn):
            widget.observe(lambda _: self._search(), names="value")
        self.filters = {
            name: Choices(widgets, self._(head, **self.ends), self.values[name], self._search)
            for name, head in FILTERS.items()
        }
        actions: dict[str, tuple[str, Callable[[], None]]] = {
            "search": (self._("Search"), self._search),
            "reset": (self._("Start again"), self._reset),
            "previous": (self._("Previous"), lambda: self._turn(-1)),
            "next": (self._("Next"), lambda: self._turn(1)),
            "back": ("", self._back),
        }
        self.buttons = {name: widgets.Button(description=text) for name, (text, _) in actions.items()}
        for name, (_, action) in actions.items():
            self.buttons[name].on_click(lambda _, action=action: action())
        self.buttons["back"].add_class("explorer-back")
        self.message, self.place, self.page = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self.results = Rows(widgets, PAGE, self.open)
        self.linked, self.nearest = (Rows(widgets, most, self.open) for most in (LINKED, measure_page.NEAREST))
        self.tree, self.pictures = widgets.Output(), widgets.Output()
        legend = self._(
            "Any of what is ticked in a column; a column without a tick lets all through. "
            "Values that would give nothing are hidden."
        )
        query = widgets.HBox([self.query, self.buttons["search"], self.buttons["reset"], self.texts, self.drawn])
        pager = widgets.HBox([self.buttons["previous"], self.buttons["next"], self.place])
        left = widgets.VBox([self.results.box, pager.add_class("explorer-bar")])
        right = widgets.VBox([self.buttons["back"], self.page, self.linked.box, self.nearest.box])
        rows = [
            widgets.HTML(STYLE),
            query.add_class("explorer-bar"),
            widgets.HBox([choices.box for choices in self.filters.values()]),
            widgets.HTML(Markup('<span class="place">{}</span>').format(legend)),
            self.message,
            self.pictures,
            widgets.HBox([left.add_class("explorer-half"), right.add_class("explorer-half")]),
            self.tree,
        ]
        self.box = widgets.VBox(rows).add_class("explorer")

    @cached_property
    def values(self) -> dict[str, dict[str, str]]:
        """The values of each filter and what people call them, always in the same order."""
        known = editions.in_time(self.bare.rows["edition_id"])
        counts = search.facets(self.bare, "", {})["ministries"]
        topics = self.tables["topics"].sort("place")["topic_id"].to_list()
        unclear = [UNCLEAR] if UNCLEAR in self.bare.rows["topic_id"] else []
        bodies = [body for body in counts if body == ministries.body_of(body)]
        return {
            "editions": {edition_id: editions.label(edition_id, self.language) for edition_id in known},
            "topics": {topic_id: self.topics[topic_id] for topic_id in [*topics, *unclear]},
            "ministries": {
                body: ministries.label(body, self.language)
                for body in sorted(bodies, key=lambda body: (-counts[body], body))
            },
            "horizons": {value: label("horizon", value, self.language) for value in HORIZONS},
            "statuses": {value: self._(text, **self.ends) for value, text in STATUSES.items()},
        }

    # --- what a person does

    def _reset(self) -> None:
        """List the measures of the two editions as at first: no words, no measure open."""
        self.busy = True
        self.query.value = ""
        for name, choices in self.filters.items():
            choices.choose(self.between if name == "editions" else ())
        self.busy = False
        self.path = []
        self._search()
        self._show_measure()

    def _search(self) -> None:
        """List the measures that match; where a query cannot be asked, say why and keep the list."""
        if self.busy:
            return
        chosen = {name: choices.chosen for name, choices in self.filters.items()}
        try:
            named = search.is_identifier(self.index, self.query.value)
            chosen = {} if named else chosen  # who names a measure wants it whatever is ticked
            self.matches = search.among(self.index, self.query.value, chosen)
        except WorkspaceError as error:
            self.message.value = Markup('<p role="alert">{}</p>').format(error)
            return
        self.at = 0
        for name, counts in search.facets(self.index, self.query.value, chosen).items():
            self.filters[name].count(counts)
        self._list()
        whole = linked_charts.linked(self.index, self.language, self.matches) if self.drawn.value else None
        _draw(self.pictures, whole, self.language)
        if named and len(self.matches) == 1:
            self.open(self.matches["measure_id"][0])

    @property
    def index(self) -> search.Index:
        return self.whole if self.texts.value else self.bare

    def _turn(self, step: int) -> None:
        self.at = min(max(self.at + step * PAGE, 0), max(len(self.matches) - 1, 0) // PAGE * PAGE)
        self._list()

    def open(self, measure_id: str) -> None:
        """Show a measure's page."""
        if measure_id and measure_id != (self.path or [""])[-1]:
            self.path.append(measure_id)
            self._show_measure()

    def _back(self) -> None:
        self.path = self.path[:-1]
        self._show_measure()

    # --- what is shown

    def _list(self) -> None:
        """Show one page of the list."""
        rows = self.matches.slice(self.at, PAGE).to_dicts()
        every, last = len(self.matches), self.at + len(rows)
        self.results.fill("", [(row["measure_id"], self._match(row)) for row in rows])
        self.buttons["previous"].disabled = self.at == 0
        self.buttons["next"].disabled = last >= every
        place = self._("{first}–{last} of {matches}", first=self.at + 1, last=last, matches=every)
        self.place.value = place if rows else ""
        self.message.value = Markup('<p role="status">{}</p>').format(self._summary())

    def _summary(self) -> Markup:
        """Return how many measures match, and what was searched, as safe HTML."""
        count = ngettext("{matches} of {number} measure", "{matches} of {number} measures", len(self.index.rows),
                         self.language, matches=len(self.matches))  # fmt: skip
        asked = queries.parsed(self.query.value)
        others = list(dict.fromkeys(name for item in asked.items for name in item.others))
        figures = search.figures(self.index, self.query.value)
        notes = [self._figure(row) for row in figures]
        if self.matches.is_empty() and not figures:
            lost = search.near(self.index, self.query.value)
            notes += [self._near(word, words) for word, words in lost.items()]
            if not lost:
                notes.append(self._("No measure passes. Take back a filter, or search for fewer words."))
        if asked.unclosed:
            notes.append(self._("a quotation mark without its other half is left out"))
        if others:
            also = N_("also searched under other names: {names} (quote a word to find it only as written)")
            notes.append(self._(also, names=pair_view.listed(others, self.language)))
        for name, year in queries.homonyms(self.query.value):
            notes.append(self._("{name} names another thing from {since} on", name=name, since=year))
        if asked.wanted and not self.texts.value:
            notes.append(
                self._(
                    "the documents are not at hand, or left out: headings, names and words in dictionary form are "
                    "searched"
                )
            )
        return Markup("<b>{}</b>").format(count) + Markup("").join(Markup(" · {}").format(note) for note in notes)

    def _near(self, word: str, words: list[str]) -> str:
        """Return that no measure has a word, and which are near it."""
        if not words:
            return self._("no measure has {word}, nor a word near it", word=word)
        names = pair_view.listed(words, self.language)
        return self._("no measure has {word}; near it: {names}", word=word, names=names)

    def _figure(self, row: dict[str, Any]) -> str:
        """Return what a figure says and where, in words."""
        return self._(
            "figure {figure}: {facts} ({edition}, line {line} of {document})",
            figure=row["figure_id"], facts=measure_page.figure(row, self.language),
            edition=editions.label(str(row["edition"]), self.language), line=row["first_line"], document=row["doc_id"],
        )  # fmt: skip

    def _match(self, row: dict[str, Any]) -> str:
        """Return one measure of the list as safe HTML: its place, what it is, what matched."""
        status = _became(row, self.language)
        edition, topic = editions.label(row["edition_id"], self.language), self.topics[row["topic_id"]]
        badges = [self._("as {names}", names=pair_view.listed(row["renamed"], self.language))] if row["renamed"] else []
        badges += [self._(text) for place, text in BADGES.items() if place in row["matched_in"]]
        return MATCH.format(
            section=row["section"],
            heading=Markup(queries.highlighted(row["heading"], self.query.value)),
            place=" · ".join(filter(None, (edition, topic, status, _bodies(row, self.language)))),
            badges=Markup("").join(Markup('<span class="badge">{}</span> ').format(badge) for badge in badges),
            snippet=Markup(row["snippet"]),
        )

    def _show_measure(self) -> None:
        """Show the page of the open measure, what it is linked to and its genealogy; a hint where none is open."""
        back, before = self.buttons["back"], self.path[-2:-1]
        back.layout.display = None if before else "none"
        back.description = self._("Back to {measure}", measure=before[0]) if before else ""
        if not self.path:
            hint = N_("Choose a measure by its identifier to see its page: what it says, what became of it, what it "
                      "comes from.")  # fmt: skip
            self.page.value = Markup("<p>{}</p>").format(self._(hint))
            self.linked.fill("", [])
            self.nearest.fill("", [])
            _draw(self.tree, None, self.language)
            return
        key = self.path[-1]
        self.page.value = measure_page.html(key, self.tables, self.language, self.query.value)
        links = [(row["measure_id"], self._link(row)) for row in measure_page.links(key, self.tables).to_dicts()]
        self.linked.fill(self._("Linked measures of other editions"), links)
        nearest = [
            (measure_id, self._neighbour(edition_id, measure_id, self._("similarity {value}", value=f"{value:.2f}")))
            for measure_id, edition_id, value in measure_page.nearest(key, self.space, self.tables).iter_rows()
        ]
        self.nearest.fill(self._("Similar, but not linked"), nearest)
        lineage = genealogy.of(key, self.tables)
        _draw(self.tree, genealogy.chart(lineage, self.tables["topics"], self.language), self.language)

    def _link(self, row: dict[str, Any]) -> str:
        relation, basis = (label(kind, row[kind], self.language) for kind in ("relation", "basis"))
        relation = f"{relation} {pair_view.chance(row['score'])}" + (
            f" · {basis}" if row["basis"] != "likeness" else ""
        )
        return self._neighbour(row["edition_id"], row["measure_id"], relation)

    def _neighbour(self, edition_id: str, measure_id: str, relation: str) -> str:
        """Return a measure beside the open one, and how the two are related, as safe HTML."""
        names = " · ".join(self.bare.names[measure_id][:NAMES])
        return NEIGHBOUR.format(edition=editions.label(edition_id, self.language), relation=relation, names=names)


def _draw(output: Any, chart: Any, language: str) -> None:
    """Put a chart into an output, or nothing."""
    data = None if chart is None else notebook.chart_bundle(chart.to_dict(), language)
    output.outputs = () if data is None else ({"output_type": "display_data", "data": data, "metadata": {}},)
