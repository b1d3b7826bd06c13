"""Exhibit of the notebook: whether the topics of the edition it starts from are nearer to what came before or after."""

import altair as alt
import polars as pl

from analysis.base.i18n import gettext_noop as N_
from analysis.report.charts.base import BLUE, WIDTH, finished, tips
from analysis.report.data import ReportData
from analysis.report.exhibit import Exhibit, rows_of
from analysis.tables import editions

SIDES = {
    "future": N_("their topics are nearer to the editions after than to those before"),
    "past": N_("their topics are nearer to the editions before than to those after"),
    "open": N_("whether their topics are nearer to the editions before or after cannot be told"),
}
HEADS = {"name": N_("topic"), "measures": N_("measures"), "novelty": N_("novelty (bits)"),
         "resonance": N_("resonance (bits)"), "ends": N_("95% interval")}  # fmt: skip


def exhibit(data: ReportData) -> Exhibit | None:
    """Return the novelty and resonance of the baseline's topics; None where it has none."""
    rows = data.tables["resonance"].filter(pl.col("edition_id") == str(data.baseline))
    topics = rows.filter(pl.col("topic_id") != "all").sort("resonance", "topic_id")
    if topics.is_empty():
        return None
    topics = topics.with_columns(name=pl.col("topic_id").replace_strict(data.topic_names))
    ends = [f"{_signed(low)}–{_signed(high)}" for low, high in topics.select("resonance_low", "resonance_high").rows()]
    listed = topics.reverse().with_columns(pl.col("novelty", "resonance").round(2), ends=pl.Series(ends[::-1]))
    return Exhibit(
        __name__, "resonance", "", "03_continuity", chart=_chart(topics, data),
        rows=rows_of(listed, HEADS, ["resonance"], data.language),
        sentences=_sentences(rows.filter(pl.col("topic_id") == "all").row(0, named=True), topics, data),
    )  # fmt: skip


def _chart(topics: pl.DataFrame, data: ReportData) -> alt.LayerChart:
    """Return a scatter with intervals; the names stand at the right, joined to their points by thin lines."""
    _, where = data.gettext, editions.label(str(data.baseline), data.language)
    bottom, top = float(topics["resonance_low"].min()), float(topics["resonance_high"].max())  # type: ignore[arg-type]
    left, right = float(topics["novelty_low"].min()), float(topics["novelty_high"].max())  # type: ignore[arg-type]
    shown = topics.with_columns(
        place=bottom + (top - bottom) / max(len(topics) - 1, 1) * pl.int_range(pl.len()),
        edge=pl.lit(right + 0.03 * (right - left)), label=pl.format("{} (n = {})", "name", "measures"),
    )  # fmt: skip
    base = alt.Chart(shown).encode(
        tooltip=tips("name:N", "measures:Q", *(alt.Tooltip(f"{m}:Q", format=".2f") for m in ("novelty", "resonance")))
    )
    plain = alt.Axis(grid=False)
    x = alt.X("novelty:Q", title=_("novelty: distance from the editions before (bits)"), axis=plain,
              scale=alt.Scale(domain=[left, right], nice=False))  # fmt: skip
    y = alt.Y("resonance:Q", title=_("resonance: novelty − transience (bits)"), axis=plain,
              scale=alt.Scale(domain=[bottom, top], nice=False))  # fmt: skip
    zero = alt.Chart(pl.DataFrame({"resonance": [0.0]}))
    layers = (
        base.mark_point(filled=True, size=75, opacity=1, color=BLUE).encode(x=x, y=y),
        zero.mark_rule(strokeDash=[4, 4], color="#777").encode(y=alt.Y("resonance:Q")),
        base.mark_rule(color="#aaa", strokeWidth=0.6).encode(
            x=alt.X("novelty:Q"), x2=alt.X2("edge:Q"), y=alt.Y("resonance:Q"), y2=alt.Y2("place:Q")
        ),
        base.mark_rule(color=BLUE, opacity=0.35).encode(
            x=alt.X("novelty_low:Q"), x2=alt.X2("novelty_high:Q"), y=alt.Y("resonance:Q")
        ),
        base.mark_rule(color=BLUE, opacity=0.35).encode(
            x=alt.X("novelty:Q"), y=alt.Y("resonance_low:Q"), y2=alt.Y2("resonance_high:Q")
        ),
        base.mark_point(filled=True, size=75, opacity=1, color=BLUE).encode(x=x, y=y),
        base.mark_text(align="left", dx=3, fontSize=11, color="#333").encode(
            x=alt.X("edge:Q"), y=alt.Y("place:Q"), text=alt.Text("label:N")
        ),
    )
    rows = [
        f"{row['name']}: {row['novelty']:.1f}, {row['resonance']:+.1f} "
        f"({row['resonance_low']:+.1f}–{row['resonance_high']:+.1f})"
        for row in shown.reverse().iter_rows(named=True)
    ]
    title = _("Novelty and resonance of the {edition_id} measures, by topic", edition_id=where)
    subtitle = _(
        "means with 95% intervals (bootstrap); to the right: rarer before; above 0: nearer to the editions after than "
        "before"
    )
    return finished(alt.layer(*layers), title, subtitle, rows, data.language, width=WIDTH - 250, height=400)


def _sentences(every: dict[str, float], topics: pl.DataFrame, data: ReportData) -> list[str]:
    """Whether the edition's measures are nearer to the editions before or after, and which topics are."""
    _ = data.gettext
    up = topics.filter(pl.col("resonance_low") > 0)["name"].reverse().to_list()
    down = topics.filter(pl.col("resonance_high") < 0)["name"].to_list()
    side = "future" if every["resonance_low"] > 0 else "past" if every["resonance_high"] < 0 else "open"
    return [
        _(
            "The {edition_id} measures have a mean novelty of {novelty} bits and a resonance of {resonance} bits "
            "({low} to {high}): {side}.",
            edition_id=editions.label(str(data.baseline), data.language), novelty=f"{every['novelty']:.1f}",
            resonance=_signed(every["resonance"]), low=_signed(every["resonance_low"]),
            high=_signed(every["resonance_high"]), side=_(SIDES[side]),
        ),
        _(
            "Nearer to the editions after: {up}. Nearer to those before: {down}.",
            up=data.listed(up) or _("none"), down=data.listed(down) or _("none"),
        ),
        _(
            "This is mostly whether a topic's share grew; where the editions after a full plan are summaries, they "
            "choose what they name, and the newest editions have no transience yet."
        ),
    ]  # fmt: skip


def _signed(value: float) -> str:
    return f"{value:+.1f}".replace("-", "−")
