"""Exhibit: what goes on into the edition, and what of it comes from before."""

import altair as alt
import polars as pl

from analysis.base.i18n import gettext_noop as N_
from analysis.base.i18n import percent
from analysis.continuity import turnover_values
from analysis.report.charts.base import BLUE, ORANGE, PERCENT, WIDTH, finished, names_axis, tips
from analysis.report.data import ReportData
from analysis.report.exhibit import Exhibit, called, percents, rows_of
from analysis.tables import editions

HEADS = {
    "earlier": N_("from"), "kind": N_("what"), "count": N_("linked"), "total": N_("of"), "value": N_("share"),
    "loosest": N_("lowest threshold"), "strictest": N_("highest threshold"),
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
    listed = table.with_columns(percents("value", "loosest", "strictest"))
    return Exhibit(
        __name__, "carry_over", "turnover", "03_continuity",
        chart=_chart(table, list(kinds.values()), data),
        rows=rows_of(listed, HEADS, ["turnover"], data.language), sentences=said,
    )  # fmt: skip


def _chart(table: pl.DataFrame, kinds: list[str], data: ReportData) -> alt.LayerChart:
    """Return points and their span over thresholds."""
    _ = data.gettext
    shown = table.rename({"earlier": "edition_id"}).with_columns(
        text=pl.format("{}/{}", "count", "total"), end=pl.max_horizontal("value", "loosest")
    )
    base = alt.Chart(shown).encode(
        y=names_axis("edition_id:N", shown["edition_id"].unique(maintain_order=True).to_list(), grid=True),
        yOffset=alt.YOffset("kind:N", sort=kinds),
        color=alt.Color("kind:N", sort=None, scale=alt.Scale(domain=kinds, range=[BLUE, ORANGE]),
                        legend=alt.Legend(title=None, orient="bottom", direction="vertical", labelLimit=500)),
        tooltip=tips("edition_id:N", "kind:N",
                 *(alt.Tooltip(f"{name}:Q", format=".1%") for name in ("value", "loosest", "strictest")), "text:N"),
    )  # fmt: skip
    furthest = float(shown["end"].max())  # type: ignore[arg-type]
    scale = alt.Scale(domain=[0, min(1.1, furthest + 0.1)], nice=False)  # room for the counts
    axis = alt.X("strictest:Q", title=_("share of measures with a link"), axis=PERCENT, scale=scale)
    span = base.mark_rule(strokeWidth=1).encode(x=axis, x2=alt.X2("loosest:Q"))
    point = base.mark_point(filled=True, size=70, opacity=1).encode(x=alt.X("value:Q"))
    text = base.mark_text(align="left", dx=7, fontSize=11).encode(x=alt.X("end:Q"), text=alt.Text("text:N"))
    rows = [
        f"{row['edition_id']}: {row['kind']} {percent(row['value'])} ({row['text']})"
        for row in shown.iter_rows(named=True)
    ]
    factors = data.tables["turnover"]["strictness"].unique().sort().to_list()
    title = _("What goes on into {edition}, and what comes from before", edition=data.edition)
    subtitle = _(
        "share, with the counts; line: thresholds of a link from {loose}× to {strict}×, where a model decides",
        loose=f"{factors[0]:g}", strict=f"{factors[-1]:g}",
    )  # fmt: skip
    return finished(span + point + text, title, subtitle, rows, data.language, width=WIDTH - 130, height=alt.Step(20))


def sentences(data: ReportData) -> list[str]:
    """Return the metrics between the two editions and what they depend on; none for an edition alone."""
    _, turnover, strictness = data.gettext, data.tables["turnover"], data.strictness
    if data.alone or turnover_values.between(turnover, data.earlier, data.later).is_empty():
        return []

    def value(name: str, strictness: float = strictness) -> dict[str, float]:
        return turnover_values.value(turnover, data.earlier, data.later, name, strictness)

    carried, inherited, jaccard, reuse = map(value, ("carried", "inherited", "jaccard", "reuse"))
    factors = turnover["strictness"].unique().sort()
    loose, strict = (percent(value("carried", factors[end])["value"]) for end in (0, -1))
    sides = {"baseline": data.plan(data.earlier), "edition": data.plan(data.later)}
    bounds = {"lowest": f"{factors[0]:g}", "highest": f"{factors[-1]:g}"}
    linked = _(
        "Linked to another: {carried} of {earlier} of the {baseline} ({share}), and {inherited} of {later} of the "
        "{edition} ({back}).",
        **sides, carried=carried["count"], earlier=data.measures(int(carried["total"]), data.earlier),
        share=percent(carried["value"]), inherited=inherited["count"],
        later=data.measures(int(inherited["total"]), data.later), back=percent(inherited["value"]),
    )  # fmt: skip
    if not data.model_decides:
        threshold = _("These links are codings: they do not depend on a model's thresholds.")
    elif loose == strict:
        threshold = _(
            "The share carried over is {loose} at any threshold from {lowest} to {highest} times that of a link.",
            loose=loose, **bounds,
        )  # fmt: skip
    else:
        threshold = _(
            "With {lowest} times the threshold of a link {loose} would be carried over, with {highest} times it "
            "{strict}.",
            loose=loose, strict=strict, **bounds,
        )  # fmt: skip
    items = _(
        "Of all items of both, {jaccard} are in both (Jaccard). Those of the {baseline} with several successors: "
        "{split}; those of the {edition} with several forerunners: {merged}.",
        **sides, split=value("split")["count"], merged=value("merged")["count"], jaccard=percent(jaccard["value"]),
    )  # fmt: skip
    if not reuse["count"]:
        return [linked, threshold, items]
    wording = _(
        "What is linked in the {edition} shares {linked} of its wording with its forerunners (common phrases count "
        "little); with something drawn at random from the {baseline} it would be {chance}.",
        **sides, linked=percent(reuse["value"] * reuse["total"], reuse["count"]),
        chance=percent(value("chance")["value"]),
    )  # fmt: skip
    return [linked, threshold, items, wording]
