"""Each measure's own place on the page, for all editions up to the report's: what is known of it, what it was before.

Texts, their differences and neighbouring lines appear only where the documents are at hand; the template escapes them.
"""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import polars as pl
from markupsafe import Markup

from analysis.documents import source_lines
from analysis.report import narrative, pair_view, stepmap
from analysis.report.data import ReportData
from analysis.tables import editions, headings, ministries, summary_statistics
from analysis.tables.categories import CHECKABLE, UNCLEAR
from analysis.tables.labels import became, label, step_words

Row = dict[str, Any]
ONE_CODE = {"continuing": "continued"}  # both are one choice of the filter: the same link, seen from either end


def by_edition(data: ReportData, documents: source_lines.Documents) -> list[Row]:
    """Return the editions, the report's first, then the others from the latest on: `edition_id`, `name`, `own`
    (whether it is the report's), `sections` (name, title as the document has it, rows), `count` of measures."""
    known = _Known(data, documents)
    measures = data.tables["measures"].with_columns(edition_id=editions.column())
    points = sorted(stepmap.time_points(data), key=lambda name: (name != str(data.edition), _backwards(name)))
    return [_edition(name, measures.filter(edition_id=name), known) for name in points]


def _backwards(edition_id: str) -> tuple[int, bool]:
    year, roadmap = editions.place(edition_id)
    return -year, not roadmap


def _edition(edition_id: str, measures: pl.DataFrame, known: "_Known") -> Row:
    rows = measures.sort("doc_id", "first_line", "measure_id").to_dicts()
    data = known.data
    parted = [(key, list(own)) for key, own in groupby(rows, lambda row: (row["section"], row["section_title"]))]
    names = headings.section_labels([key for key, _ in parted], data.language)
    sections = [
        {"name": names[key], "title": key[1], "rows": [known.record(row) for row in own]} for key, own in parted
    ]
    return {"edition_id": edition_id, "name": editions.label(edition_id, data.language), "sections": sections,
            "own": edition_id == str(data.edition), "count": len(rows)}  # fmt: skip


def filters(data: ReportData) -> list[Row]:
    """Return by what measures can be filtered: `name` of the attribute, `label`, `options` (value, words)."""
    _, measures = data.gettext, data.tables["measures"]
    points = stepmap.time_points(data)
    measures = measures.with_columns(edition_id=editions.column()).filter(pl.col("edition_id").is_in(points))
    horizons = sorted({name for names in measures["horizon"] for name in names})
    bodies = sorted({data.body(name) for names in measures["ministries"] for name in names})
    statuses = {known["code"] for _, known in _statuses(data)}
    topics = [(topic_id or UNCLEAR, name) for topic_id, name in data.topic_names.items() if topic_id]
    words = {
        "edition": (_("edition"), [(name, editions.label(name, data.language)) for name in reversed(points)]),
        "topic": (_("topic"), topics),
        "body": (_("ministry"), [(name, name) for name in bodies]),
        "status": (_("what became of it"),
                   [(name, label("status", name, data.language)) for name in sorted(statuses)]),
        "horizon": (_("horizon"), [(name, label("horizon", name, data.language)) for name in horizons]),
        "names": (_("to be checked by"),
                  [(name, label("checkable", name, data.language)) for name in (*CHECKABLE, "none")]),
    }  # fmt: skip
    return [
        {"name": name, "label": head, "options": options} for name, (head, options) in words.items() if len(options) > 1
    ]


class _Known:
    """What the tables know of measures, looked up once by measure_id."""

    def __init__(self, data: ReportData, documents: source_lines.Documents) -> None:
        tables, language = data.tables, data.language
        self.data, self.documents = data, documents
        self.texts: dict[str, str] = dict(
            tables["texts"].select("measure_id", pl.coalesce("repaired", "text")).iter_rows()
        )
        self.terms = {key: [*names, *terms] for key, names, terms in
                      tables["features"].select("measure_id", "names", "terms").iter_rows()}  # fmt: skip
        self.topics = {row["measure_id"]: row for row in tables["assignments"].iter_rows(named=True)}
        self.checks = {row["measure_id"]: row for row in tables["checkability"].iter_rows(named=True)}
        self.sub_topics: dict[str, str] = dict(
            tables["sub_topics"].select("sub_topic", f"name_{language}").unique().iter_rows()
        )
        self.delivery = narrative.delivered(tables["delivery"], language)
        self.initiative_of = stepmap.initiative_of(data)
        self.steps = stepmap.members(data)
        self.seen = dict(_statuses(data))
        self.partners = _partners(data)
        self.things = dict(
            data.mentions.group_by("measure_id", maintain_order=True)
            .agg(pl.col("thing").unique(maintain_order=True))
            .iter_rows()
        )

    def record(self, row: Row) -> Row:
        """Return what the page shows of a measure (a row of Measures)."""
        key, data = row["measure_id"], self.data
        topic, checks, seen = self.topics.get(key, {}), self.checks.get(key), self.seen.get(key)
        bodies = [data.body(name) for name in row["ministries"]]
        named = [name for name in CHECKABLE if checks[name]] or ["none"] if checks else []
        own = row["edition"] == data.edition and row["part"] in editions.OWN_PARTS
        place = (row["doc_id"], row["first_line"], row["last_line"])
        return row | {
            "text": self.texts.get(key),
            "subhead": headings.label(row["subhead"], data.language) if row["subhead"] else None,
            "terms": " · ".join(self.terms.get(key, [])[: pair_view.TERMS_SHOWN]),
            "topic_id": topic.get("topic_id") or UNCLEAR,
            "topic": self._topic(topic),
            "bodies": bodies,
            "written": data.listed([ministries.written(name, data.language) for name in row["ministries"]]),
            "horizons": data.listed([label("horizon", name, data.language) for name in row["horizon"]]),
            "seen": seen,
            "partners": self.partners.get(key, []),
            "names": named,
            "check": self._check(checks, named) if checks else "",
            "things": data.listed(self.things.get(key, [])),
            "delivery": self.delivery.get(key, []),
            "initiative": self.initiative_of.get(key),
            "steps": list(self._steps(key)),
            "wording": self._wording(key),
            "neighbours": source_lines.around(self.documents, *place, own=False) if own else [],
        }

    def _topic(self, assigned: Row) -> str:
        """The topic in words, with sub-topic, second topic, and what that rests on."""
        data = self.data
        name = data.topic_names[assigned.get("topic_id")]
        more = [self.sub_topics[assigned["sub_topic"]]] if assigned.get("sub_topic") in self.sub_topics else []
        more += [data.topic_names[assigned["second_topic"]]] if assigned.get("second_topic") else []
        basis = label("topic_basis", assigned["basis"], data.language) if assigned.get("basis") else ""
        return " · ".join((name, *more)) + (f" ({basis})" if basis else "")

    def _check(self, checks: Row, named: list[str]) -> str:
        """The strongest act and what is named that could be checked, in words, and what that rests on."""
        language = self.data.language
        words = self.data.listed([label("checkable", name, language) for name in named])
        act = label("act", checks["act"], language) if checks["act"] else "–"
        basis = label("topic_basis", checks["basis"], language)
        return self.data.gettext("strongest act: {act}; names: {named} ({basis})", act=act, named=words, basis=basis)

    def _steps(self, key: str) -> Iterator[Row]:
        """The measures of its initiative before and after it: edition, identifier, step in words."""
        initiative = self.initiative_of.get(key)
        for member in self.steps.get(initiative[0], []) if initiative else []:
            if editions.year(member["edition_id"]) <= self.data.edition:
                yield {
                    "edition": editions.label(member["edition_id"], self.data.language),
                    "measure_id": member["measure_id"],
                    "step": self.data.listed(step_words(member, self.data.language)),
                    "own": member["measure_id"] == key,
                }

    def _wording(self, key: str) -> tuple[str, Markup] | None:
        """The measure that it comes from, and both texts in one with their differences marked."""
        initiative = self.initiative_of.get(key)
        for member in self.steps.get(initiative[0], []) if initiative else []:
            before = member["from_id"] if member["measure_id"] == key else None
            if before in self.texts and key in self.texts and self.texts[before] != self.texts[key]:
                return before, pair_view.merged(self.texts[before], self.texts[key])
        return None


def _statuses(data: ReportData) -> Iterator[tuple[str, Row]]:
    """What became of each measure of the two editions that are compared, seen from the other: `from` (the other
    edition), `code` and `status` in words, whether it is doubtful."""
    for edition_id, other in ((data.later, data.earlier), (data.earlier, data.later)):
        for row in summary_statistics.with_elsewhere(data.tables["statuses"], edition_id, other).iter_rows(named=True):
            words = became(row["status"], row["change"], row["changed"], data.language)
            known = {
                "from": other,
                "code": ONE_CODE.get(row["status"], row["status"]),
                "status": words,
                "doubtful": row["doubtful"],
            }
            yield row["measure_id"], known


def _partners(data: ReportData) -> dict[str, list[str]]:
    """The measures of the other edition that each measure is linked to, most probable first."""
    result: dict[str, list[str]] = {}
    for row in data.own_links.sort("score", "from_id", "to_id", descending=[True, False, False]).iter_rows(named=True):
        result.setdefault(row["from_id"], []).append(row["to_id"])
        result.setdefault(row["to_id"], []).append(row["from_id"])
    return result
