"""Exhibit: what the edition and the one it is compared with are about, in shares of topics."""

import altair as alt
import polars as pl

from analysis.base.i18n import gettext_noop as N_
from analysis.base.i18n import percent
from analysis.report import comparability
from analysis.report.charts.base import WIDTH, finished, names_axis
from analysis.report.charts.share_points import share_points
from analysis.report.data import ReportData
from analysis.report.exhibit import Exhibit, Fact, Finding, finding, joined, percents, rows_of
from analysis.report.exhibits import reliability
from analysis.tables.categories import UNCLEAR

LARGEST = N_(
    "The largest topics of the {plan} are {first} ({first_share} of {measures}) and {second} ({second_share})."
)
BASES = {  # what topics rest on, in the order of the sentence
    "decision": N_("people's decisions {share}"), "adjudicated": N_("an adjudicator {share}"),
    "agreed": N_("coders who agree {share}"), "single": N_("one coder {share}"),
    "model": N_("the topic model {share}"),
}  # fmt: skip
SHIFT = N_(
    "From the {before} to the {plan}, {up} gained most, from {up_from} to {up_to}, and {down} lost most, from "
    "{down_from} to {down_to}."
)  # fmt: skip
HEADS = {"name": N_("topic"), "edition": N_("edition"), "measures": N_("measures"), "share": N_("share")}


def exhibit(data: ReportData) -> Exhibit:
    every = data.shares.with_columns(name=f"name_{data.language}")
    shares = every.filter(pl.col("edition").is_in([data.edition, data.baseline]))
    own = shares.filter(edition=data.edition).sort(["share", "topic_id"], descending=[True, False])
    own = own.filter(pl.col("topic_id") != UNCLEAR)
    before = shares.filter(pl.col("edition") == data.baseline).select("topic_id", before="share")
    moved = own.join(before.clear() if data.alone else before, on="topic_id")
    moved = moved.sort(pl.col("share") - pl.col("before"), "topic_id")
    if moved.select((pl.col("share") == pl.col("before")).all()).item():
        moved = moved.clear()
    between = pl.col("edition").is_between(int(data.earlier), int(data.later))
    extremes = pl.concat([moved.head(1), moved.tail(1)]).select("topic_id")  # those that moved most, in all editions
    context = every.filter(between).join(extremes, on="topic_id", how="semi")
    listed = pl.concat([shares, context]).unique(maintain_order=True)
    listed = listed.filter((pl.col("measures") > 0) | pl.col("topic_id").is_in(extremes["topic_id"].implode()))
    listed = listed.sort("edition", "share", "topic_id", descending=[True, True, False])
    listed = listed.with_columns(percents("share"))
    return Exhibit(
        __name__, "topics", "topics", "02_topics",
        chart=_chart(shares, data),
        rows=rows_of(listed, HEADS, ["topics"], data.language),
        sentences=[*_sentences(own, moved, data), *_quality(data)],
        findings=_findings(own, moved, data),
    )  # fmt: skip


def _chart(shares: pl.DataFrame, data: ReportData) -> alt.LayerChart:
    """Return points: one row a topic, one colour an edition."""
    _, name = data.gettext, f"name_{data.language}"
    largest = shares.group_by(name).agg(pl.col("share").max()).sort(["share", name], descending=[True, False])
    rows = [
        f"{row[name]} {row['edition']}: {100 * row['share']:.0f}%"
        for row in shares.sort(["edition", "share", name], descending=[True, True, False]).iter_rows(named=True)
        if row["measures"]
    ]
    y = names_axis(f"{name}:N", largest[name].to_list(), grid=True)
    points = share_points(shares.drop("name"), y, [f"{name}:N"], data.language)
    title = _("What the plans are about")
    subtitle = _("share of measures by main topic; repetitions counted once")
    return finished(points, title, subtitle, rows, data.language, width=WIDTH - 170, height=alt.Step(13))


def _sentences(own: pl.DataFrame, moved: pl.DataFrame, data: ReportData) -> list[str]:
    """The largest topics, and which grew and shrank since the baseline."""
    _, result = data.gettext, []
    if len(own) >= 3:
        values: dict[str, object] = {"plan": data.plan()}
        for place, row in zip(("first", "second", "third"), own.head(3).iter_rows(named=True), strict=True):
            values |= {place: row["name"], f"{place}_share": percent(row["share"])}
        result.append(
            _(
                "The largest topics of the {plan} are {first} ({first_share}), {second} ({second_share}) and "
                "{third} ({third_share}).",
                **values,
            )
        )
    if len(moved):
        up, down = (
            {"name": row["name"], "before": percent(row["before"]), "after": percent(row["share"])}
            for row in (moved.row(-1, named=True), moved.row(0, named=True))
        )
        result += [
            _(
                "Since the {baseline}, {name} has gained most, from {before} to {after}.",
                baseline=data.plan(data.baseline), **up,
            ),
            _("{name} has lost most, from {before} to {after}.", **down),
            *_between(moved, data), *comparability.scope_sentences(moved, data),
        ]  # fmt: skip
        result += [said.text for said in comparability.kinds(data)]
    return result


def _between(moved: pl.DataFrame, data: ReportData) -> list[str]:
    """The shares, in the editions between, of the topic that gained most and the one that lost most."""
    years = data.shares.filter(pl.col("edition").is_between(int(data.earlier), int(data.later), "none"))
    result = []
    for row in (moved.row(-1, named=True), moved.row(0, named=True)):
        own = years.filter(topic_id=row["topic_id"]).sort("edition")
        parts = [f"{data.plan(year)} {percent(share)}" for year, share in own.select("edition", "share").iter_rows()]
        if parts:
            result.append(
                data.gettext("{name} in the documents between: {parts}.", name=row["name"], parts=data.listed(parts))
            )
    return result


def _quality(data: ReportData) -> list[str]:
    """What the topics rest on, what is unclear, and how far the model can be trusted where it speaks."""
    rows = data.tables["assignments"].join(data.counted, on="measure_id", how="semi")
    counts = dict(rows.group_by("basis").len().iter_rows())
    known = [
        data.gettext(text, share=percent(counts[name], len(rows))) for name, text in BASES.items() if name in counts
    ]
    sentences = [
        data.gettext(
            "The topics of {measures} of the {plan} rest on: {bases}. Unclear: {unclear}.",
            measures=data.measures(len(rows)), plan=data.plan(), bases=data.listed(known),
            unclear=rows["unclear"].sum(),
        )
    ]  # fmt: skip
    sentences += reliability.differed(data) if "adjudicated" in counts else []
    validity = dict(data.tables["validity"].iter_rows())
    if data.topic_model_speaks and f"{comparability.LEFT_OUT}_accuracy" in validity:
        model = {name: percent(validity[f"{comparability.LEFT_OUT}_{name}"]) for name in
                 ("accuracy", "accuracy_low", "accuracy_high", "coverage")}  # fmt: skip
        sentences.append(
            data.gettext(
                "Where nobody has coded, the topic model speaks: of documents that it did not see it gives {share} "
                "({low}–{high}) of the measures the coders' topic; it is sure enough of {coverage}.",
                share=model["accuracy"], low=model["accuracy_low"], high=model["accuracy_high"],
                coverage=model["coverage"],
            )
        )  # fmt: skip
    return sentences


def _findings(own: pl.DataFrame, moved: pl.DataFrame, data: ReportData) -> list[Finding]:
    if len(own) < 2:
        return []
    first, second = (own.row(place, named=True) for place in (0, 1))
    numbers: dict[str, object] = {
        "first_share": percent(first["share"]), "second_share": percent(second["share"]),
        "measures": Fact(data.measures(len(data.counted)), "rows-sections"),
    }  # fmt: skip
    names = {"plan": data.plan(), "first": first["name"], "second": second["name"]}
    largest = finding(LARGEST, data.language, "rows-topics", numbers, **names)
    if moved.is_empty():
        return [largest]
    up, down = moved.row(-1, named=True), moved.row(0, named=True)
    ends = {f"{side}_{end}": percent(row[column]) for side, row in (("up", up), ("down", down))
            for end, column in (("from", "before"), ("to", "share"))}  # fmt: skip
    names = {"before": data.plan(data.baseline), "plan": data.plan(), "up": up["name"], "down": down["name"]}
    shift = finding(SHIFT, data.language, "rows-topics", ends, **names)
    return [largest, joined(shift, *comparability.cautions(moved, data))]
