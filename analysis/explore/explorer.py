"""A panel in JupyterLab for exploring: a search, filters, what is found, and one measure's page.

What it shows lives in widgets, which JupyterLab does not save, and nothing is opened before a person does so: no
sentence of a document gets into the notebook.
"""

from collections.abc import Callable
from functools import cached_property
from html import escape
from typing import Any

import polars as pl

from analysis.base.errors import WorkspaceError
from analysis.base.i18n import gettext, word
from analysis.continuity import similarity
from analysis.explore import linked_charts, measure_page, search
from analysis.report import pair_view
from analysis.report.charts import base as charts
from analysis.report.charts import genealogy
from analysis.tables import editions, ministries, store
from analysis.tables.labels import label
from analysis.tables.schemas import HORIZONS, STATUSES

SHOWN = 10  # measures on a page of what is found
NAMES = 4  # names in a table, or of a measure beside the one that is open
LINKED = 16  # linked measures that can be opened
TABLE = ("measure", "section", "topic", "ministries", "status", "relevance", "found", "terms")
STYLE = (
    measure_page.STYLE
    + """<style>
.explorer-ticks { max-height: 11rem; overflow: auto; border: 1px solid rgba(128,128,128,.4); padding: .2rem .4rem; }
.explorer-ticks .widget-checkbox { height: auto; flex: 0 0 auto; margin: 0; }
.explorer-ticks .widget-label-basic { display: flex; gap: .4em; align-items: flex-start; }
.explorer-ticks .widget-label-basic { white-space: normal; line-height: 1.35; }
.explorer .widget-html, .explorer .widget-html-content { line-height: 1.5; overflow-wrap: anywhere; }
.explorer-row { border-top: 1px solid rgba(128,128,128,.3); padding: .3rem 0; }
.explorer h3, .explorer h4 { margin: .4rem 0; }
.found-place { opacity: .8; font-size: .92em; }
.found-renamed { border: 1px solid rgba(128,128,128,.6); border-radius: 3px; padding: 0 .3em; font-size: .9em; }
</style>"""
)


def load() -> dict[str, pl.DataFrame]:
    """The tables that exploring needs, without the texts, so that nothing a notebook saves holds a sentence."""
    return {name: store.read(name) for name in measure_page.NAMES}


def show(found: dict[str, pl.DataFrame], between: tuple[str, str], language: str) -> "Explorer":
    """The panel, for a cell's last line; with the texts where the documents are at hand. Raises UsageFault."""
    texts = {"texts": store.read("texts")} if store.exists("texts") else {}
    return Explorer(found | texts, between, language)


def table(hits: pl.DataFrame, found: dict[str, pl.DataFrame], language: str) -> pl.DataFrame:
    """What `search.find` gives, as people read it and without texts: measure, section, topic, ministries, status,
    relevance, found as, rarest names; without a query no relevance, and names only where they are others."""
    keys = hits["measure_id"].to_list()
    named = dict(found["topics"].select("topic_id", f"name_{language}").iter_rows())
    names = genealogy.rarest(found["features"], keys, NAMES)
    rows = [
        (
            row["measure_id"], f"{row['section']} {row['heading']}", named.get(row["topic_id"], "–"),
            pair_view.listed([ministries.written(name, language) for name in row["ministries"]], language),
            label("status", row['status'], language) if row["status"] else "–", row["relevance"],
            pair_view.listed(row["renamed"], language), pair_view.listed(names[row["measure_id"]], language),
        )
        for row in hits.iter_rows(named=True)
    ]  # fmt: skip
    heads = [word(f"explore_head_{name}", language) for name in TABLE]
    schema = {head: pl.Float64 if name == "relevance" else pl.String for head, name in zip(heads, TABLE, strict=True)}
    empty = {"relevance": hits["relevance"].is_null().all(), "found": not hits["renamed"].list.len().sum()}
    left_out = [head for head, name in zip(heads, TABLE, strict=True) if empty.get(name)]
    whole = pl.DataFrame(rows, schema=schema, orient="row").with_columns(pl.col(pl.Float64).round(2))
    return whole.drop(left_out)


def told(hits: pl.DataFrame, query: str, found: dict[str, pl.DataFrame], language: str) -> list[str]:
    """Sentences about what a query finds in all measures, without the texts: how many, and what most are about."""
    names = hits["renamed"].explode().drop_nulls().unique().sort().to_list()
    values = {"query": query, "found": len(hits), "measures": len(found["measures"]),
              "renamed": len(hits.filter(pl.col("renamed").list.len() > 0)),
              "names": pair_view.listed(names, language)}  # fmt: skip
    said = [word("explore_told" if names else "explore_told_plainly", language, **values)]
    counts = hits["topic_id"].drop_nulls().value_counts().sort(["count", "topic_id"], descending=[True, False])
    named = dict(found["topics"].select("topic_id", f"name_{language}").iter_rows())
    if len(counts):
        key, count = counts.row(0)
        said.append(gettext("Most of them are about {topic} ({measures}).", language, topic=named[key], measures=count))
    return said


class Rows:
    """A list of measures, each with a button that opens it and what is said of it. `box` is what a cell shows."""

    def __init__(self, widgets: Any, most: int, chosen: Callable[[str], None]) -> None:
        wide, narrow = widgets.Layout(flex="1 1 auto", min_width="0"), widgets.Layout(flex="0 0 7.5rem", width="7.5rem")
        self.rows = [(widgets.Button(layout=narrow), widgets.HTML(layout=wide)) for _ in range(most)]
        self.head = widgets.HTML()
        lines = [widgets.HBox(row).add_class("explorer-row") for row in self.rows]
        self.box = widgets.VBox([self.head, *lines])
        self.lines = lines
        for button, _ in self.rows:
            button.on_click(lambda one: chosen(one.description))

    def fill(self, head: str, said: list[tuple[str, str]]) -> None:
        """The heading (plain text), and each measure's identifier and safe HTML; what finds no room is left out."""
        self.head.value = f"<h4>{escape(head)}</h4>" if head and said else ""
        for n, (button, html) in enumerate(self.rows):
            self.lines[n].layout.display = None if n < len(said) else "none"
            button.description, html.value = said[n] if n < len(said) else ("", "")


class Choices:
    """One filter: a box to tick for each value that gives a measure, with how many. `box` is what a cell shows.

    No list to select in: JupyterLab takes the arrow keys for itself there.
    """

    def __init__(self, widgets: Any, head: str, values: list[tuple[str, str]], changed: Callable[[], None]) -> None:
        self.labels = dict(values)
        wide = {"indent": False, "layout": {"width": "auto"}}
        self.ticks = {value: widgets.Checkbox(description=label, **wide) for value, label in values}
        for tick in self.ticks.values():
            tick.observe(lambda _: changed(), names="value")
        ticks = widgets.VBox(list(self.ticks.values())).add_class("explorer-ticks")
        layout = widgets.Layout(flex="1 1 11rem", min_width="9rem", max_width="24rem", padding="0 .5rem 0 0")
        self.box = widgets.VBox([widgets.HTML(f"<b>{escape(head)}</b>"), ticks], layout=layout)

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

    found: tables of `load`, and texts where they are at hand. between: the earlier and the later edition, between which
    `status` is told, and of which measures are shown at first.
    """

    def __init__(self, found: dict[str, pl.DataFrame], between: tuple[str, str], language: str) -> None:
        import ipywidgets as widgets

        self.found, self.between, self.language = found, between, language
        self.indexes = {"bare": search.index({k: v for k, v in found.items() if k != "texts"}, between)}
        self.indexes["texts"] = search.index(found, between) if self._has_texts else self.indexes["bare"]
        self.space = similarity.space(found["measures"], found["features"], found["assignments"])
        self.at, self.busy = 0, False
        self.hits: pl.DataFrame
        self.path: list[str] = []  # measures that were opened, the one that is open last
        self._make(widgets)
        self._reset()

    @property
    def ends(self) -> dict[str, str]:
        """The two editions, as people call them."""
        return {
            name: editions.label(one, self.language)
            for name, one in zip(("earlier", "later"), self.between, strict=True)
        }

    @property
    def _has_texts(self) -> bool:
        return "texts" in self.found and len(self.found["texts"]) > 0

    def _repr_mimebundle_(self, **options: Any) -> Any:
        bundle = self.box._repr_mimebundle_(**options)
        return bundle | {"text/plain": self._say("panel")}

    def _say(self, key: str, **values: object) -> str:
        return word(f"explore_{key}", self.language, **values)

    # --- the widgets

    def _make(self, widgets: Any) -> None:
        flow = widgets.Layout(flex_flow="row wrap", align_items="center")
        self.query = widgets.Text(
            description=self._say("query"), placeholder=self._say("query_hint"), continuous_update=False,
            layout=widgets.Layout(flex="1 1 24rem", max_width="40rem"),
        )  # fmt: skip
        self.texts = widgets.Checkbox(value=self._has_texts, description=self._say("texts"), indent=False)
        self.texts.disabled = not self._has_texts
        self.drawn = widgets.Checkbox(value=False, description=self._say("charts"), indent=False)
        for box in (self.texts, self.drawn):
            box.layout.width = "auto"
        heads = {name: self._say(name, **(self.ends if name == "statuses" else {})) for name in search.FILTERS}
        self.filters = {name: Choices(widgets, heads[name], self.values[name], self._search) for name in heads}
        names = ("search", "reset", "previous", "next")
        self.buttons = {name: widgets.Button(description=self._say(name)) for name in names}
        self.buttons["back"] = widgets.Button(layout=widgets.Layout(width="auto", align_self="flex-start"))
        self.told, self.place, self.page = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self.results = Rows(widgets, SHOWN, self.open)
        self.linked, self.nearest = (Rows(widgets, most, self.open) for most in (LINKED, measure_page.NEAREST))
        self.tree, self.pictures = widgets.Output(), widgets.Output()
        self._listen()
        half = widgets.Layout(flex="1 1 26rem", min_width="0", padding="0 1rem 0 0")
        wrapped = widgets.Layout(flex_flow="row wrap", align_items="flex-start")
        asked = [self.query, self.buttons["search"], self.buttons["reset"], self.texts, self.drawn]
        pager = [self.buttons["previous"], self.buttons["next"], self.place]
        left = [self.results.box, widgets.HBox(pager, layout=flow)]
        right = [self.buttons["back"], self.page, self.linked.box, self.nearest.box]
        rows = [
            widgets.HTML(STYLE),
            widgets.HBox(asked, layout=flow),
            widgets.HBox([choices.box for choices in self.filters.values()], layout=wrapped),
            widgets.HTML(f'<span class="found-place">{escape(self._say("any"))}</span>'),
            self.told,
            self.pictures,
            widgets.HBox([widgets.VBox(side, layout=half) for side in (left, right)], layout=wrapped),
            self.tree,
        ]
        self.box = widgets.VBox(rows).add_class("explorer")

    def _listen(self) -> None:
        for widget in (self.query, self.texts, self.drawn):
            widget.observe(lambda _: self._search(), names="value")
        does: dict[str, Callable[[], None]] = {
            "search": self._search, "reset": self._reset, "back": self._back,
            "previous": lambda: self._turn(-1), "next": lambda: self._turn(1),
        }  # fmt: skip
        for name, action in does.items():
            self.buttons[name].on_click(lambda _, action=action: action())

    # --- what a person does

    def _reset(self) -> None:
        """As at first: the measures of the two editions, no words, no measure open."""
        self.busy = True
        self.query.value = ""
        for name, choices in self.filters.items():
            choices.choose(self.between if name == "editions" else ())
        self.busy = False
        self.path = []
        self._search()
        self._lay()

    @property
    def index(self) -> search.Index:
        return self.indexes["texts" if self.texts.value else "bare"]

    @property
    def chosen(self) -> dict[str, list[Any]]:
        return {name: choices.chosen for name, choices in self.filters.items()}

    def _search(self) -> None:
        """Find what is asked for; what cannot be asked is said, and the list stays."""
        if self.busy:
            return
        try:
            self.hits = search.among(self.index, self.query.value, self.chosen)
        except WorkspaceError as error:
            self.told.value = f'<p role="alert">{escape(str(error))}</p>'
            return
        self.at = 0
        for name, counts in search.facets(self.index, self.query.value, self.chosen).items():
            self.filters[name].count(counts)
        self._list()
        whole = linked_charts.linked(self.index, self.language, self.hits) if self.drawn.value else None
        _draw(self.pictures, whole)

    @cached_property
    def values(self) -> dict[str, list[tuple[str, str]]]:
        """The values of each filter and what people call them, always in the same order."""
        bare, language = self.indexes["bare"], self.language
        known = sorted(bare.rows["edition_id"].unique(), key=editions.place)
        bodies = {body for held in bare.held.values() for body in held if body == ministries.body_of(body)}
        counts = search.facets(bare, "", {})["ministries"]
        largest = sorted(bodies, key=lambda body: (-counts[body], body))
        return {
            "editions": [(edition_id, editions.label(edition_id, language)) for edition_id in known],
            "topics": self.found["topics"].sort("place").select("topic_id", f"name_{language}").rows(),
            "ministries": [(body, ministries.label(body, language)) for body in largest],
            "horizons": [(value, label("horizon", value, language)) for value in HORIZONS],
            "statuses": [(value, self._say(f"is_{value}", **self.ends)) for value in STATUSES],
        }

    def _turn(self, step: int) -> None:
        self.at = min(max(self.at + step * SHOWN, 0), max(len(self.hits) - 1, 0) // SHOWN * SHOWN)
        self._list()

    def open(self, measure_id: str) -> None:
        """Show a measure's page."""
        if measure_id and measure_id != (self.path or [""])[-1]:
            self.path.append(measure_id)
            self._lay()

    def _back(self) -> None:
        self.path = self.path[:-1]
        self._lay()

    # --- what is shown

    def _list(self) -> None:
        shown = self.hits.slice(self.at, SHOWN)
        self.results.fill("", [(row["measure_id"], self._said(row)) for row in shown.iter_rows(named=True)])
        self.buttons["previous"].disabled = self.at == 0
        self.buttons["next"].disabled = self.at + SHOWN >= len(self.hits)
        place = {"first": self.at + 1, "last": self.at + len(shown), "found": len(self.hits)}
        self.place.value = escape(self._say("shown", **place) if len(shown) else "")
        self.told.value = f'<p role="status">{self._summary()}</p>'

    def _summary(self) -> str:
        """How many are found, and what was searched, as safe HTML."""
        count = self._say("count", found=len(self.hits), measures=len(self.index.rows))
        asked = search.parsed(self.query.value)
        others = list(dict.fromkeys(name for group in asked.wanted for item in group for name in item.others))
        said = [] if len(self.hits) else [self._say("none")]
        said += [self._say("also", names=pair_view.listed(others, self.language))] if others else []
        said += [self._say("homonym", name=name, since=year) for name, year in search.homonyms(self.query.value)]
        said += [] if self.texts.value or not asked.wanted else [self._say("without_texts")]
        return f"<b>{escape(count)}</b>" + "".join(f" · {escape(one)}" for one in said)

    def _said(self, row: dict[str, Any]) -> str:
        """One measure of the list as safe HTML: where it stands, what it is, what was found."""
        named = dict(self.found["topics"].select("topic_id", f"name_{self.language}").iter_rows())
        bodies = [ministries.written(name, self.language) for name in row["ministries"]]
        status = label("status", row["status"], self.language) if row["status"] else ""
        parts = (editions.label(row["edition_id"], self.language), named.get(row["topic_id"], ""), status,
                 pair_view.listed(bodies, self.language))  # fmt: skip
        badges = [self._say("as", names=pair_view.listed(row["renamed"], self.language))] if row["renamed"] else []
        badges += [self._say(f"in_{place}") for place in ("heading", "label") if place in row["found_in"]]
        heading = search.highlighted(row["heading"], self.query.value)
        marks = "".join(f'<span class="found-renamed">{escape(badge)}</span> ' for badge in badges)
        return (
            f'<div class="found"><span lang="ja">{escape(row["section"])} {heading}</span><br>'
            f'<span class="found-place">{escape(" · ".join(filter(None, parts)))}</span><br>'
            f'{marks}<span lang="ja">{row["snippet"]}</span></div>'
        )

    def _lay(self) -> None:
        """Lay the page of the measure that is open; a word where none is."""
        back = self.buttons["back"]
        back.layout.display = None if len(self.path) > 1 else "none"
        if not self.path:
            self.page.value = f"<p>{escape(self._say('open'))}</p>"
            self.linked.fill("", [])
            self.nearest.fill("", [])
            _draw(self.tree, None)
            return
        key = self.path[-1]
        back.description = self._say("back", measure=self.path[-2]) if len(self.path) > 1 else ""
        self.page.value = measure_page.html(key, self.found, self.language, self.query.value)
        linked, nearest = measure_page.links(key, self.found), measure_page.nearest(key, self.space, self.found)
        self.linked.fill(self._say("linked"), [(row["measure_id"], self._link(row)) for row in linked.to_dicts()])
        alike = [(key, self._beside(edition_id, key, self._say("likeness", value=f"{value:.2f}")))
                 for key, edition_id, value in nearest.iter_rows()]  # fmt: skip
        self.nearest.fill(self._say("nearest"), alike)
        _draw(self.tree, genealogy.chart(genealogy.of(key, self.found), self.found["topics"], self.language))

    def _link(self, row: dict[str, Any]) -> str:
        relation, basis = (word(f"{kind}_{row[kind]}", self.language) for kind in ("relation", "basis"))
        said = f"{relation} {pair_view.chance(row['score'])}" + ("" if row["basis"] == "likeness" else f" · {basis}")
        return self._beside(row["edition_id"], row["measure_id"], said)

    def _beside(self, edition_id: str, measure_id: str, said: str) -> str:
        """What is said of a measure beside the one that is open, as safe HTML."""
        names = " · ".join(self.indexes["bare"].names[measure_id][:NAMES])
        label = editions.label(edition_id, self.language)
        return f'{escape(label)} · {escape(said)}<br><span class="found-place" lang="ja">{escape(names)}</span>'


def _draw(output: Any, chart: Any) -> None:
    """Put a chart into an output, or nothing."""
    if chart is None:
        output.outputs = ()
        return
    bundle = charts._as_jupyterlab_knows_it(chart.to_dict())
    output.outputs = ({"output_type": "display_data", "data": bundle, "metadata": {}},)
