"""Words for what has none of its own in a notebook: heads and coded values of any table, tooltips of charts."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import polars as pl

from analysis import kpi
from analysis.base.i18n import gettext, percent
from analysis.base.i18n import gettext_noop as N_
from analysis.report import pair_view
from analysis.report.exhibits import kpi_panels
from analysis.tables import editions
from analysis.tables.labels import label, topic_names

HEADS = {  # what columns are called, where a frame has no words of its own
    "doc_id": N_("document"), "measure_id": N_("measure"), "unit_id": N_("measure"), "to_id": N_("with"),
    "topic_id": N_("topic"), "taken_for": N_("taken for"), "edition_id": N_("edition"), "first_line": N_("line"),
    "old": N_("topic before"), "new": N_("topic now"), "basis": N_("rests on"), "coded": N_("names by coders"),
    "names": N_("names found"), "kinds": N_("of these of the same kind"), "f1": "F1", "score": N_("probability"),
    "partner": N_("nearest measure of the other edition"), "became": N_("what became of it"), "held": N_("held before"),
    "chart": N_("shown in"), "into": N_("taken from it by"), "kept": N_("share that stayed"),
    "initiative_id": N_("initiative"), "other": N_("the other"), "initiatives": N_("initiatives"), "what": N_("what"),
    "second_topic": N_("second topic"), "last_line": N_("last line"), "group": N_("group"), "terms": N_("words"),
    "expected": N_("as it stands"), "corrected": N_("corrected"), "reason": N_("reason"), "line": N_("line"),
    "doubtful": N_("doubtful"), "share": N_("share"), "figure": N_("what"), "of": N_("of"), "low": N_("at the lowest"),
    "high": N_("at the highest"), "estimate": N_("estimate"), "decided": N_("decided"), "units": N_("units"),
    "who": N_("who"), "when": N_("when"), "why": N_("why"), "precision": N_("precision"), "recall": N_("recall"),
    "method": N_("found by"), "title": N_("title"), "relation": N_("relation"), "kind": N_("kind"),
    "status": N_("status"), "lines": N_("lines"), "measures": N_("measures"), "roadmap_rows": N_("rows of the roadmap"),
    "section": N_("section"), "confidence": N_("confidence"), "doubts": N_("doubts"), "topic": N_("topic"),
    "ministries": N_("ministries"), "probability": N_("probability"), "name": N_("name"),
}  # fmt: skip
SHARES = ("share", "kept", "precision", "recall", "f1", "kinds", "estimate", "low", "high")
CHANCES = ("probability", "score")
TOPICS = ("topic_id", "second_topic", "taken_for", "old", "new")
MEASURES = ("measure_id", "unit_id", "to_id", "partner")
TOOLTIPS = {
    "label": N_("what"), "item": N_("what"), "name": N_("name"), "thing": N_("name"), "what": N_("kind"),
    "count": N_("number"), "total": N_("of"), "name_en": N_("topic"), "name_ja": N_("topic"),
    "doc_id": N_("document"), "measure_id": N_("measure"), "edition_id": N_("edition"), "column": N_("edition"),
    "partner": N_("with"), "first_act": N_("first act"), "last_act": N_("last act"), "strictness": N_("threshold"),
    "low": N_("at the lowest"), "high": N_("at the highest"), "reason": N_("where it stands, and why"),
    "latest": N_("latest value"), "score": N_("probability"), "basis": N_("rests on"), "from_id": N_("earlier measure"),
    "to_id": N_("later measure"), "source": N_("topic"), "target": N_("topic"),
    "from_edition": N_("from"), "to_edition": N_("to"), "names": N_("rarest names"), "told": " ",
    "topic": N_("topic"), "heading": N_("heading"), "initiative": N_("initiative"), "before": N_("before"),
    "state": N_("what"), "text": N_("share"), "section": N_("section"), "edition": N_("edition"), "kind": N_("kind"),
    "measures": N_("measures"), "lines": N_("lines"), "group": N_("group"), "value": N_("value"), "year": N_("year"),
    "share": N_("share"), "status": N_("status"), "title": N_("names"), "change": N_("change"),
    "loosest": N_("lowest threshold"), "strictest": N_("highest threshold"),
    "novelty": N_("novelty (bits)"), "resonance": N_("resonance (bits)"),
}  # fmt: skip
YEARS = ("year",)

Say = Callable[[Any], Any]


def head(column: str, language: str) -> str:
    """Return what to call a column; a head that is words already stays."""
    return gettext(HEADS.get(column, column.replace("_", " ")), language)


def cells(tables: Mapping[str, pl.DataFrame], language: str, labels: Mapping[str, str]) -> dict[str, Say]:
    """Return what says a column's values in words, by column. `labels` names the kind of a column's labels."""
    topics = cache(lambda: topic_names(tables["topics"], language))
    headings = cache(lambda: _headings(tables["measures"]))
    said: dict[str, Say] = dict.fromkeys(SHARES, percent)
    said |= dict.fromkeys(TOPICS, lambda topic: topics().get(topic, topic) if topic else "–")
    said |= dict.fromkeys(MEASURES, lambda key: f"{key} {headings().get(key, '')}".strip() if key else "–")
    said["into"] = lambda names: ", ".join(topics().get(name) or name for name in names or []) or "–"
    said["edition_id"] = lambda edition_id: editions.label(edition_id, language)
    said["year"] = str
    said["doubtful"] = lambda doubtful: gettext("doubtful", language) if doubtful else ""
    said["doubts"] = lambda doubts: [label("doubt", doubt, language) for doubt in doubts]
    said["terms"] = lambda terms: terms if isinstance(terms, str) else " · ".join(terms)
    said |= dict.fromkeys(CHANCES, lambda chance: None if chance is None else pair_view.chance(chance))
    said["chart"] = lambda chart: gettext(CHARTS[chart], language) if chart in CHARTS else "–"
    return said | {column: _labelled(kind, language) for column, kind in labels.items()}


def _labelled(kind: str, language: str) -> Say:
    return lambda value: value and label(kind, value, language)


CHARTS = {kpi.CHARTS[group]: title for group, title in kpi_panels.TITLES.items()}
CHARTS |= {"ratings": N_("How ministries rate the measures of the standards strategy")}


def _headings(measures: pl.DataFrame) -> dict[str, str]:
    rows = measures.select("measure_id", "section", "section_title", "subhead").iter_rows()
    return {
        key: " / ".join(dict.fromkeys(filter(None, (title, below)))) or section for key, section, title, below in rows
    }


def with_tooltips(spec: Any, language: str) -> Any:
    """Return a chart's specification with a title in words on each entry of a tooltip, and no digits without end."""
    if isinstance(spec, list):
        return [with_tooltips(part, language) for part in spec]
    if not isinstance(spec, dict):
        return spec
    return {name: part if name == "datasets" else _titled(name, part, language) for name, part in spec.items()}


def _titled(name: str, part: Any, language: str) -> Any:
    if name != "tooltip":
        return with_tooltips(part, language)
    return [_entry(entry, language) for entry in part] if isinstance(part, list) else _entry(part, language)


def _entry(entry: Any, language: str) -> Any:
    if not isinstance(entry, dict) or "field" not in entry:
        return entry
    field = entry["field"]
    known = {"title": gettext(TOOLTIPS.get(field, field.replace("_", " ")), language)}
    if entry.get("type") == "quantitative":
        known["format"] = "d" if field in YEARS else ",.2~f"
    return known | entry
