"""Exhibit: how many measures name a thing, a date or a number that somebody could check, and how many none of them."""

from collections.abc import Iterator

import altair as alt
import polars as pl

from analysis.base.i18n import gettext_noop as N_
from analysis.base.i18n import percent
from analysis.coding.checkability import LEFT_OUT, SEEN
from analysis.report import comparability
from analysis.report.charts.base import WIDTH, finished, tips
from analysis.report.data import ReportData
from analysis.report.exhibit import Exhibit, finding, joined, rows_of
from analysis.tables import editions, summary_statistics
from analysis.tables.categories import ACTS, CHECKABLE, INSTRUMENTS, UNCLEAR
from analysis.tables.labels import label

KINDS = (*CHECKABLE, "none")
BODIES = 10  # shown: those named most often
INSTRUMENTS_AFTER = "Hood 1983"
RULES = "*"  # marks an edition whose measures only rules have read
FINDING = N_(
    "Of {measures} of the {plan}, {output} name a thing or event that somebody could look for, {date} a date and "
    "{quantity} a number to be reached; {none} name none of the three."
)
BY_RULES = N_("Nobody has coded {by_rules} of them: rules of grammar read these, and err more (see below).")
ALL_BY_RULES = N_("Nobody has coded any of them: rules of grammar read all {by_rules}, and err more (see below).")
HEADS = {"group": N_("grouped by"), "name": N_("what"), "measures": N_("measures"), **dict.fromkeys(KINDS, ""),
         "by_rules": N_("read by rules"), "measure_ids": N_("which name one")}  # fmt: skip


def exhibit(data: ReportData) -> Exhibit | None:
    """Return a heat map by edition, topic and body in charge; None where the edition states no measures."""
    own = _own(data).filter(edition=data.edition)
    if own.is_empty():
        return None
    table = pl.concat(list(_groups(data)))
    heads = HEADS | {kind: label("checkable", kind, "en") for kind in KINDS}
    counts = _counted(own, "edition").row(0, named=True)
    numbers: dict[str, object] = {name: counts[name] for name in KINDS}
    numbers["measures"] = data.measures(counts["measures"])
    said = finding(FINDING, data.language, "rows-checkability", numbers, plan=data.plan())
    if by_rules := counts["by_rules"]:
        message = ALL_BY_RULES if by_rules == counts["measures"] else BY_RULES
        rules = finding(message, data.language, "rows-checkability", {"by_rules": by_rules})
        said = joined(said, rules)
    return Exhibit(
        __name__, "checkability", "checkability", "02_topics",
        chart=_chart(table, data),
        rows=rows_of(table, heads, ["checkability"], data.language),
        sentences=[said.text, *_read_alike(data), *_acts(own, data), *_basis(table, data)],
        findings=[said],
    )  # fmt: skip


def _own(data: ReportData) -> pl.DataFrame:
    """What the editions state themselves, repetitions once, with what can be checked: `none` and bodies, too."""
    stated = summary_statistics.counted(data.tables["measures"]).select(
        "measure_id", "edition", bodies=summary_statistics.bodies()
    )
    rows = stated.join(data.tables["checkability"], on="measure_id").sort("measure_id")
    return rows.with_columns(none=~pl.any_horizontal(KINDS[:3]))


def _counted(rows: pl.DataFrame, by: str) -> pl.DataFrame:
    """Count measures of each group: key, measures, KINDS [counts], by_rules [that rules alone have read],
    measure_ids of those that name one."""
    counts = rows.group_by(key=pl.col(by).cast(pl.String), maintain_order=True).agg(
        measures=pl.len().cast(pl.Int64),
        **{kind: pl.col(kind).sum().cast(pl.Int64) for kind in KINDS},
        by_rules=(pl.col("basis") == "rules").sum().cast(pl.Int64),
        measure_ids=pl.col("measure_id").filter(~pl.col("none")),
    )
    return counts.sort("measures", "key", descending=[True, False])


def _groups(data: ReportData) -> Iterator[pl.DataFrame]:
    """The table by edition, by the edition's topics and by its bodies in charge, with names for people."""
    rows = _own(data)
    own = rows.filter(edition=data.edition)
    assigned = data.tables["assignments"].select("measure_id", "topic_id")
    topics = own.join(assigned, on="measure_id").with_columns(pl.col("topic_id").fill_null(UNCLEAR))
    by_topic = _counted(topics, "topic_id")
    by_edition = _counted(rows, "edition").sort("key", descending=True)
    names = [editions.label(row["key"], data.language) + RULES * (row["by_rules"] > 0) for row in by_edition.to_dicts()]
    yield _named(by_edition, data.gettext("edition"), names)
    yield _named(by_topic, data.gettext("topic"), [data.topic_names[key] for key in by_topic["key"]])
    if data.counts_bodies:
        bodies = _counted(own.explode("bodies").drop_nulls("bodies"), "bodies").head(BODIES)
        yield _named(bodies, data.gettext("body"), [data.body(key) for key in bodies["key"]])


def _named(table: pl.DataFrame, group: str, names: list[str]) -> pl.DataFrame:
    return table.with_columns(pl.lit(group).alias("group"), pl.Series("name", names, dtype=pl.String))


def _chart(table: pl.DataFrame, data: ReportData) -> alt.VConcatChart:
    """Return shares with their counts: what is named across, groups down, a block for editions, topics and bodies."""
    _ = data.gettext
    names = {kind: label("checkable", kind, data.language) for kind in KINDS}
    long = table.unpivot(on=list(KINDS), index=["group", "name", "measures"], variable_name="kind", value_name="count")
    long = long.with_columns(
        kind=pl.col("kind").replace_strict(names), share=pl.col("count") / pl.col("measures"),
        label=pl.format("{} ({})", "name", "measures"),
    )  # fmt: skip
    blocks = []
    for place, ((group,), rows) in enumerate(long.group_by(["group"], maintain_order=True)):
        order = rows["label"].unique(maintain_order=True).to_list()
        axis = alt.Axis(orient="top", labelAngle=0, labelLimit=120, labels=place == 0, ticks=False, domain=False)
        base = alt.Chart(rows, title=alt.TitleParams(str(group), fontSize=12, offset=4, frame="group")).encode(
            y=alt.Y("label:N", sort=order, title=None, axis=alt.Axis(labelLimit=380, domain=False, ticks=False)),
            x=alt.X("kind:N", sort=list(names.values()), title=None, axis=axis),
            tooltip=tips("label:N", "kind:N", "count:Q", alt.Tooltip("share:Q", format=".0%")),
        )
        scale = alt.Scale(scheme="blues", domain=[0, 1])
        squares = base.mark_rect(stroke="white").encode(color=alt.Color("share:Q", scale=scale, legend=None))
        dark = alt.condition(alt.datum.share > 0.6, alt.value("white"), alt.value("#333"))
        text = base.mark_text(fontSize=11).encode(text=alt.Text("count:Q"), color=dark)
        blocks.append((squares + text).properties(width=WIDTH - 270, height=alt.Step(20)))
    told = [
        f"{row['name']}: " + ", ".join(f"{names[kind]} {row[kind]}" for kind in KINDS) + f" / {row['measures']}"
        for row in table.filter(pl.col("group") == data.gettext("edition")).iter_rows(named=True)
    ]
    title = _("What of the {plan} could be checked", plan=data.plan())
    subtitle = [_("measures that name it, dark where most do; a measure can name several")]
    if table["by_rules"].sum():
        subtitle.append(_("{mark} not all of this edition is coded: rules of grammar read the rest", mark=RULES))
    return finished(alt.vconcat(*blocks, spacing=12), title, subtitle, told, data.language)


def _read_alike(data: ReportData) -> list[str]:
    """Return what rules of grammar see in both editions, where nobody has coded one of them wholly: what coders see in
    one and rules in the other cannot be compared."""
    share = comparability.named_by_rules(data)
    if share is None:
        return []
    return [
        data.gettext(
            "Coders and rules of grammar see different things. Read by the same rules, {own} of the {plan} and "
            "{before} of the {other} name a thing, a date or a number.",
            own=percent(share[data.edition]), plan=data.plan(), before=percent(share[data.baseline]),
            other=data.plan(data.baseline),
        )
    ]  # fmt: skip


def _acts(own: pl.DataFrame, data: ReportData) -> list[str]:
    """Return what the edition's measures do, by their strongest act and by policy instrument."""
    counts = {act: own.filter(act=act).height for act in ACTS}
    said = [f"{label('act', act, data.language)} {count}" for act, count in counts.items() if count]
    counts = {name: own.filter(instrument=name).height for name in INSTRUMENTS}
    by_instrument = [f"{label('instrument', name, data.language)} {count}" for name, count in counts.items() if count]
    return [
        data.gettext("By the strongest act that they commit to: {acts}.", acts=data.listed(said)),
        data.gettext(
            "By policy instrument ({source}): {instruments}.",
            source=INSTRUMENTS_AFTER,
            instruments=data.listed(by_instrument),
        ),
    ]


def _basis(table: pl.DataFrame, data: ReportData) -> list[str]:
    """Return how far rules agree with coders where they decide, on editions that they were not written on, or that
    there is no such figure."""
    read = table.filter(pl.col("group") == data.gettext("edition"), pl.col("by_rules") > 0)
    if read.is_empty():
        return []
    figures = dict(data.tables["validity"].iter_rows())
    prefix = LEFT_OUT if f"{LEFT_OUT}_measures" in figures else SEEN
    if f"{prefix}_measures" not in figures:
        return []
    left_out = N_(
        "Rules of grammar decide where nobody coded ({editions}). On {measures} measures of editions that they were "
        "not written on they agree with coders about the act of {act} (kappa {act_kappa}), and about the thing of "
        "{output} (kappa {output_kappa})."
    )
    seen = N_(
        "Rules of grammar decide where nobody coded ({editions}). On the {measures} measures that they were written on "
        "they agree with coders about the act of {act} (kappa {act_kappa}), and about the thing of {output} (kappa "
        "{output_kappa}); on another edition it will be less."
    )
    editions_read = [f"{data.plan(row['key'])} {row['by_rules']}" for row in read.iter_rows(named=True)]
    values: dict[str, object] = {"measures": int(figures[f"{prefix}_measures"]), "editions": data.listed(editions_read)}
    for name in ("act", "output"):
        values[name] = percent(figures[f"{prefix}_{name}_accuracy"])
        values[f"{name}_kappa"] = f"{figures.get(f'{prefix}_{name}_kappa', float('nan')):.2f}"
    return [data.gettext(left_out if prefix == LEFT_OUT else seen, **values)]
