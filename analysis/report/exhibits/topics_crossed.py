"""Exhibits: the edition's topics against its sections, and against the bodies in charge."""

from collections.abc import Iterable

import altair as alt
import polars as pl

from analysis.base.i18n import gettext_noop as N_
from analysis.report.charts import heat_map
from analysis.report.charts.base import DESCRIBED, described, tips
from analysis.report.data import ReportData
from analysis.report.exhibit import Exhibit, called, rows_of
from analysis.tables import headings, summary_statistics

BODIES = 16  # shown: those named most often


def by_section(data: ReportData) -> Exhibit | None:
    _, table = data.gettext, _crossed(data, "section")
    labels = _sections(_totals(table).sort("first_line")["other"], data.language)
    title = alt.TitleParams(
        _("Topics by section of the {plan}", plan=data.plan()),
        subtitle=_("measures; the plan's own order against its content"),
    )
    return _exhibit("section", N_("section"), table, labels, title, data)


def _sections(sections: Iterable[str], language: str) -> dict[str, str]:
    """What to call sections, by code and title as `crossed` has them."""
    parts = {section: (section.split("  ", 1)[0], section.partition("  ")[2]) for section in sections}
    names = headings.section_labels(parts.values(), language)
    return {section: names[part] for section, part in parts.items()}


def by_ministry(data: ReportData) -> Exhibit | None:
    if not data.counts_bodies:
        return None
    _, table = data.gettext, _crossed(data, "ministry")
    order = _totals(table).sort(["measures", "other"], descending=[True, False])["other"].head(BODIES)
    title = alt.TitleParams(
        _("Topics by body in charge, {edition}", edition=data.edition),
        subtitle=_("measures that name the body; the most frequent bodies"),
    )
    return _exhibit("ministry", N_("body"), table, {body: data.body(body) for body in order}, title, data)


def _crossed(data: ReportData, by: str) -> pl.DataFrame:
    return summary_statistics.crossed(*data.topic_tables, data.edition, by)


def _totals(table: pl.DataFrame) -> pl.DataFrame:
    return table.group_by("other").agg(pl.col("measures").sum(), pl.col("first_line").min())


def _exhibit(
    by: str, head: str, table: pl.DataFrame, labels: dict[str, str], title: alt.TitleParams, data: ReportData
) -> Exhibit | None:
    if table.is_empty():
        return None
    name = f"name_{data.language}"
    heads = {name: N_("topic"), "other": head, "measures": N_("measures"),
             "measure_ids": N_("which")}  # fmt: skip
    names = _sections(table["other"], data.language) if by == "section" else {}
    listed = table.with_columns(called("other", lambda other: names.get(other) or data.body(other)))
    most = listed.sort(["measures", "place", "other"], descending=[True, False, False]).row(0, named=True)
    said = data.gettext(
        "The largest overlap is that of {topic} and {other}: {measures}.",
        topic=most[name], other=" ".join(most["other"].split()),
        measures=data.measures(most["measures"]),
    )  # fmt: skip
    return Exhibit(
        __name__, f"topics-{by}", "topics", "02_topics",
        chart=_chart(table, labels, title, data), rows=rows_of(listed, heads, ["topics", "measures"], data.language),
        sentences=[said],
    )  # fmt: skip


def _chart(table: pl.DataFrame, labels: dict[str, str], title: alt.TitleParams, data: ReportData) -> alt.LayerChart:
    """Return a heat map with counts: topics across, `labels` (in their order) down."""
    name = f"name_{data.language}"
    shown = table.filter(pl.col("other").is_in(list(labels)))
    shown = shown.with_columns(label=pl.col("other").replace_strict(labels))
    base = alt.Chart(shown).encode(
        y=alt.Y("label:N", sort=list(labels.values()), title=None, axis=alt.Axis(labelLimit=330)),
        x=alt.X(f"{name}:N", sort=shown.sort("place")[name].unique(maintain_order=True).to_list(), title=None,
                axis=alt.Axis(labelAngle=-45, labelLimit=290, orient="top")),
        tooltip=tips("label:N", f"{name}:N", "measures:Q"),
    )  # fmt: skip
    largest = shown.sort(["measures", "place", "label"], descending=[True, False, False]).head(DESCRIBED)
    rows = [f"{row['label']}, {row[name]}: {row['measures']}" for row in largest.iter_rows(named=True)]
    return heat_map.counted(base, shown, data.gettext("measures")).properties(
        width=alt.Step(27), height=alt.Step(22), title=title, description=described(title.text, rows, data.language)
    )
