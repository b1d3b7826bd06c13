"""Exhibit: what goes on into the edition, and what of it comes from before."""

import altair as alt
import polars as pl

from analysis.base.i18n import gettext_noop as N_
from analysis.base.i18n import percent
from analysis.continuity import turnover_values
from analysis.report.charts.base import BLUE, ORANGE, PERCENT, WIDTH, finished, names_axis
from analysis.report.data import ReportData
from analysis.report.exhibit import Exhibit, called, interval, percents, rows_of
from analysis.tables import editions

HEADS = {
    "earlier": N_("from"), "kind": N_("what"), "count": N_("linked"), "total": N_("of"), "value": N_("share"),
    "interval": N_("95% interval"), "loosest": N_("lowest threshold"), "strictest": N_("highest threshold"),
}  # fmt: skip


def exhibit(data: ReportData) -> Exhibit | None:
    """Return the shares linked from each earlier edition; None where none is earlier and nothing is compared."""
    _, said = data.gettext, sentences(data)
    table = turnover_values.into(data.tables["turnover"], data.edition, data.strictness)
    if table.is_empty():
        return Exhibit(__name__, "carry_over", "turnover", "03_continuity", sentences=said) if said else None
    kinds = {
        "carried": _("of the earlier edition: linked to {edition}", edition=data.edition),
        "inherited": _("of {edition}: linked to the earlier edition", edition=data.edition),
    }
    table = table.with_columns(
        called("from_edition", lambda edition: editions.label(edition, data.language)).alias("earlier"),
        kind=pl.col("metric").replace_strict(kinds),
    )
    listed = table.with_columns(interval(), percents("value", "loosest", "strictest"))
    return Exhibit(
        __name__, "carry_over", "turnover", "03_continuity",
        chart=_chart(table, list(kinds.values()), data),
        rows=rows_of(listed, HEADS, ["turnover"], data.language), sentences=said,
    )  # fmt: skip


def _chart(table: pl.DataFrame, kinds: list[str], data: ReportData) -> alt.LayerChart:
    """Return points with intervals and the span over thresholds."""
    _ = data.gettext
    shown = table.rename({"earlier": "edition_id"}).with_columns(
        text=pl.format("{}/{}", "count", "total"), end=pl.max_horizontal("high", "loosest")
    )
    base = alt.Chart(shown).encode(
        y=names_axis("edition_id:N", shown["edition_id"].unique(maintain_order=True).to_list(), grid=True),
        yOffset=alt.YOffset("kind:N", sort=kinds),
        color=alt.Color("kind:N", sort=None, scale=alt.Scale(domain=kinds, range=[BLUE, ORANGE]),
                        legend=alt.Legend(title=None, orient="bottom", direction="vertical", labelLimit=500)),
        tooltip=["edition_id:N", "kind:N",
                 *(alt.Tooltip(f"{name}:Q", format=".1%") for name in ("value", "low", "high")), "text:N"],
    )  # fmt: skip
    furthest = float(shown["end"].max())  # type: ignore[arg-type]
    scale = alt.Scale(domain=[0, min(1.1, furthest + 0.1)], nice=False)  # room for the counts
    axis = alt.X("strictest:Q", title=_("share of measures with a link"), axis=PERCENT, scale=scale)
    span = base.mark_rule(strokeWidth=1).encode(x=axis, x2="loosest:Q")
    intervals = base.mark_rule(strokeWidth=5, opacity=0.35).encode(x=alt.X("low:Q"), x2="high:Q")
    point = base.mark_point(filled=True, size=70, opacity=1).encode(x=alt.X("value:Q"))
    text = base.mark_text(align="left", dx=7, fontSize=11).encode(x=alt.X("end:Q"), text="text:N")
    rows = [
        f"{row['edition_id']}: {row['kind']} {percent(row['value'])} ({percent(row['low'])}–{percent(row['high'])})"
        for row in shown.iter_rows(named=True)
    ]
    factors = data.tables["turnover"]["strictness"].unique().sort().to_list()
    title = _("What goes on into {edition}, and what comes from before", edition=data.edition)
    subtitle = _(
        "dot and thick line: share with 95% interval (Wilson); thin line: thresholds {loose}× to {strict}×, where "
        "nobody read",
        loose=f"{factors[0]:g}", strict=f"{factors[-1]:g}",
    )  # fmt: skip
    return finished(
        span + intervals + point + text, title, subtitle, rows, data.language, width=WIDTH - 130, height=alt.Step(20)
    )


def sentences(data: ReportData) -> list[str]:
    """Return the metrics between the two editions, with intervals and their sensitivity; none for an edition alone."""
    _, turnover, strictness = data.gettext, data.tables["turnover"], data.strictness
    if data.alone or turnover_values.between(turnover, data.earlier, data.later).is_empty():
        return []

    def value(name: str, strictness: float = strictness) -> dict[str, float]:
        return turnover_values.value(turnover, data.earlier, data.later, name, strictness)

    carried, inherited, jaccard, reuse = map(value, ("carried", "inherited", "jaccard", "reuse"))
    factors = turnover["strictness"].unique().sort()
    loose, strict = (percent(value("carried", factors[end])["value"]) for end in (0, -1))
    sides = {"baseline": data.earlier, "edition": data.later}
    bounds = {"lowest": f"{factors[0]:g}", "highest": f"{factors[-1]:g}"}
    counts = {"split": value("split")["count"], "merged": value("merged")["count"]}
    linked = _(
        "Repetitions counted once, {carried} of the {earlier} measures of {baseline} ({share}; {low}–{high}) are "
        "linked to one of {edition}, and {inherited} of the {later} of {edition} ({back}; {back_low}–{back_high}) to "
        "one of {baseline}.",
        **sides, carried=carried["count"], earlier=carried["total"], share=percent(carried["value"]),
        low=percent(carried["low"]), high=percent(carried["high"]),
        inherited=inherited["count"], later=inherited["total"], back=percent(inherited["value"]),
        back_low=percent(inherited["low"]), back_high=percent(inherited["high"]),
    )  # fmt: skip
    if loose == strict:
        threshold = _(
            "The share carried over is {loose} at any threshold from {lowest} to {highest} times that of a link; "
            "codings do not hang on it.",
            loose=loose, **bounds,
        )  # fmt: skip
    else:
        threshold = _(
            "With {lowest} times the threshold of a link {loose} would be carried over, with {highest} times it "
            "{strict}.",
            loose=loose, strict=strict, **bounds,
        )  # fmt: skip
    if jaccard["low"] is None:
        items = _(
            "Of all items of both, {jaccard} are in both (Jaccard); {split} measures of {baseline} have several "
            "successors, {merged} of {edition} have several forerunners.",
            **sides, **counts, jaccard=percent(jaccard["value"]),
        )  # fmt: skip
    else:
        items = _(
            "Of all items of both, {jaccard} ({low}–{high}) are in both (Jaccard); {split} measures of {baseline} have "
            "several successors, {merged} of {edition} have several forerunners.",
            **sides, **counts, jaccard=percent(jaccard["value"]), low=percent(jaccard["low"]),
            high=percent(jaccard["high"]),
        )  # fmt: skip
    if not reuse["count"]:
        return [linked, threshold, items]
    wording = _(
        "A linked measure of {edition} shares {linked} of its wording with its forerunners (common phrases count "
        "little); with a measure of {baseline} drawn at random it would be {chance}.",
        **sides, linked=percent(reuse["value"] * reuse["total"], reuse["count"]),
        chance=percent(value("chance")["value"]),
    )  # fmt: skip
    return [linked, threshold, items, wording]
