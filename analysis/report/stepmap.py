"""What a Stepmap shows: initiatives as rows, editions as time points, the measure that stands for each."""

from collections.abc import Iterator
from typing import Any

import polars as pl

from analysis.report import narrative
from analysis.report.data import ReportData
from analysis.tables import editions, ministries
from analysis.tables.categories import UNCLEAR
from analysis.tables.labels import label, step_words

Row = dict[str, Any]
TIES = ("split_from", "evolved_from", "merged_into", "evolved_into")  # of an initiative to others


def time_points(data: ReportData) -> list[str]:
    """Return the editions up to that of the report, in the order of time."""
    known = editions.in_time(data.tables["initiative_members"]["edition_id"])
    return [edition_id for edition_id in known if editions.year(edition_id) <= data.edition]


def rows(data: ReportData, topic: str = "", ministry: str = "") -> pl.DataFrame:
    """Return the initiatives that are seen by the report's edition, by birth and life: those of Initiatives, `born`
    and `last_seen` places in time.

    `topic` and `ministry` limit them to those whose last measure has it.
    """
    columns = {edition_id: place for place, edition_id in enumerate(time_points(data))}
    table = data.tables["initiatives"].filter(pl.col("born").is_in(list(columns)))
    if topic:
        table = table.filter(pl.col("topic_id").fill_null(UNCLEAR) == topic)
    if ministry:
        bodies = pl.col("ministries").list.eval(pl.element().replace_strict(_bodies(table), return_dtype=pl.String))
        table = table.filter(bodies.list.contains(ministry))
    places = pl.col("editions").list.eval(pl.element().replace_strict(columns, default=-1, return_dtype=pl.Int64))
    return table.with_columns(
        start=pl.col("born").replace_strict(columns, return_dtype=pl.Int64), end=places.list.max(),
        seen=places.list.eval(pl.element() >= 0).list.sum(),
    ).sort("start", "end", "initiative_id", descending=[False, True, False])  # fmt: skip


def _bodies(table: pl.DataFrame) -> dict[str, str]:
    return {name: ministries.body_of(name) for name in table["ministries"].explode().drop_nulls().unique()}


def members(data: ReportData) -> dict[str, list[Row]]:
    """Return the measures of each initiative by its identifier, one an edition, in the order of time."""
    table = data.tables["initiative_members"].filter(pl.col("relation") != "repetition")
    result: dict[str, list[Row]] = {}
    for row in sorted(table.iter_rows(named=True), key=lambda row: editions.place(row["edition_id"])):
        result.setdefault(row["initiative_id"], []).append(row)
    return result


def delivered(data: ReportData) -> dict[str, str]:
    """Return what somebody found out last about the delivery of a measure or an initiative, by its identifier."""
    latest = data.tables["delivery"].filter("latest").sort("date", "source")
    return {
        row["unit_id"]: f"{label('delivery', row['status'], data.language)} ({row['date']})"
        for row in latest.iter_rows(named=True)
    }


def by_topic(table: pl.DataFrame, data: ReportData) -> Iterator[tuple[str, pl.DataFrame]]:
    """Yield the initiatives of each topic with its name, in the order of the topics, unclear ones last."""
    for topic_id, name in data.topic_names.items():
        if topic_id != UNCLEAR:
            own = table.filter(pl.col("topic_id").eq_missing(topic_id))
            if len(own):
                yield name, own


def cards(data: ReportData) -> list[tuple[str, list[Row]]]:
    """Return the initiatives by topic, each with its measures (`own`) and the initiatives that it is tied to (`others`:
    how, identifier, name)."""
    tables, points, name = data.tables, time_points(data), f"name_{data.language}"
    shown, own = rows(data), members(data)
    names = dict(shown.select("initiative_id", name).iter_rows())
    measures = {row["measure_id"]: row for row in tables["measures"].iter_rows(named=True)}
    found_out = narrative.delivered(tables["delivery"], data.language)

    def measure(member: Row) -> Row:
        key = member["measure_id"]
        return measures[key] | {
            "edition_name": editions.label(member["edition_id"], data.language),
            "step": " · ".join(step_words(member, data.language)),
            "delivery": found_out.get(key, []),
        }

    return [
        (topic, [
            row | {
                "name": row[name],
                "others": [(label("tied", tie, data.language), row[tie], names[row[tie]])
                           for tie in TIES if row[tie] in names],
                "own": [measure(member) for member in own[row["initiative_id"]] if member["edition_id"] in points],
            }
            for row in table.iter_rows(named=True)
        ])
        for topic, table in by_topic(shown, data)
    ]  # fmt: skip


def initiative_of(data: ReportData) -> dict[str, tuple[str, str]]:
    """Return identifier and name of the initiative of each measure."""
    named = data.tables["initiatives"].select("initiative_id", name=f"name_{data.language}")
    table = data.tables["initiative_members"].join(named, on="initiative_id")
    return {key: (initiative_id, name) for key, initiative_id, name in
            table.select("measure_id", "initiative_id", "name").iter_rows()}  # fmt: skip
