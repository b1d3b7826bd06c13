"""Exhibit: how the strongest act shifted along each initiative, from what was first said of it to what is said now."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import altair as alt
import polars as pl

from analysis.base.i18n import gettext_noop as N_
from analysis.report import comparability, stepmap
from analysis.report.charts.base import WIDTH, finished, tips
from analysis.report.data import ReportData
from analysis.report.exhibit import Cell, Exhibit, Japanese, Link, Rows, called, linked, rows_of
from analysis.tables.categories import ACTS
from analysis.tables.labels import label

STRENGTH = {act: -place for place, act in enumerate(ACTS)}  # categories name the strongest first
DIRECTIONS = {1: N_("stronger"), 0: N_("as strong"), -1: N_("weaker")}
HEADS = {
    "initiative": N_("initiative"), "shift": N_("shift"), "first_act": N_("first act"), "first_words": N_("its words"),
    "last_act": N_("last act"), "last_words": N_("words now"),
}  # fmt: skip
KINDS = {
    "shift": N_("shift"), "first_act": N_("first act"), "last_act": N_("last act"), "count": N_("initiatives"),
    "words": N_("most frequent words, first and now"), "which": N_("first measure → measure now"),
}  # fmt: skip
FREQUENT = 3  # words of each kind of shift that are named


def exhibit(data: ReportData) -> Exhibit | None:
    """Return a matrix of first and last acts; None where no initiative of the edition was stated before in full."""
    table = _shifts(data)
    if table.is_empty():
        return None
    return Exhibit(
        __name__, "act_shifts", "checkability", "03_continuity", chart=_chart(table, data), rows=_rows(table, data),
        sentences=_sentences(table, data),
    )  # fmt: skip


def kinds(data: ReportData) -> Exhibit | None:
    """Return each kind of shift with its count and the measures behind it, the most frequent first; None where no act
    shifted."""
    table = _shifts(data)
    shifted = table.filter(pl.col("shift") != 0) if len(table) else table
    if shifted.is_empty():
        return None
    counted = shifted.group_by("first_act", "last_act", "shift").agg(
        pl.len().cast(pl.Int64).alias("count"), "first_words", "last_words", "first_id", "last_id", "initiative_id"
    ).sort("shift", "count", "first_act", "last_act", descending=[True, True, False, False])  # fmt: skip
    cells: list[list[Cell]] = []
    for row, named in zip(counted.iter_rows(named=True), _called(counted, data).iter_rows(named=True), strict=True):
        ends = zip(row["first_id"], row["last_id"], row["initiative_id"], strict=True)
        which = [Link(f"{first} → {last}", key) for first, last, key in sorted(ends)]
        words = _frequent(row["first_words"], row["last_words"])
        cells.append([named["shift"], named["first_act"], named["last_act"], row["count"], words, which])
    counts = {shift: int(counted.filter(shift=shift)["count"].sum()) for shift in DIRECTIONS}
    numbers = {"stronger": counts[1], "weaker": counts[-1], "kinds": len(counted)}
    said = linked(SHIFTED, data.language, "rows-act_shift_kinds", numbers)
    return Exhibit(
        __name__, "act_shift_kinds", "checkability", "03_continuity", data.gettext("Kinds of shift, with the measures"),
        rows=Rows([data.gettext(head) for head in KINDS.values()], cells, ["checkability", "initiative_members"]),
        sentences=[said],
    )  # fmt: skip


SHIFTED = N_(
    "Shifts of the strongest act to a stronger one: {stronger}; to a weaker one: {weaker}; kinds of shift: {kinds}. "
    "The words are those by which the rules know the acts."
)


def _frequent(first: list[str], last: list[str]) -> str | None:
    """Return the words of both acts that stand together most often: 検討 → 実施 (3)."""
    pairs = Counter(
        (old, new)
        for before, after in zip(first, last, strict=True)
        for old in filter(None, before.split("、"))
        for new in filter(None, after.split("、"))
    )
    ranked = sorted(pairs.items(), key=lambda pair: (-pair[1], pair[0]))[:FREQUENT]
    return Japanese("、".join(f"{old} → {new} ({count})" for (old, new), count in ranked)) if ranked else None


def _shifts(data: ReportData) -> pl.DataFrame:
    """The initiatives of the edition that a full plan or its roadmap stated before in other words, with both acts.

    Summaries are left out: they shorten what is done; so are pairs whose acts differ and rest on the same word. Where
    nobody has coded one of the two measures, rules of grammar read both: what coders see in one and rules in the other
    would differ by the method. Columns: initiative_id, name, basis (rules or coders), of first and last measure its id,
    act and words, and shift (1 stronger, 0, -1 weaker).
    """
    names = dict(data.tables["initiatives"].select("initiative_id", f"name_{data.language}").iter_rows())
    stated = set(data.tables["measures"].filter(pl.col("part") != "summary")["measure_id"])
    acts = {row["measure_id"]: row for row in data.tables["checkability"].iter_rows(named=True)}
    seen = {row["measure_id"]: row for row in comparability.read_by_rules(data).iter_rows(named=True)}
    rows: list[dict[str, Any]] = []
    for initiative_id, members in sorted(stepmap.members(data).items()):
        own = [member for member in members if member["measure_id"] in stated]
        first, last = own[:1], [member for member in own if member["edition_id"] == str(data.edition)]
        if first and last and first[0]["text_hash"] != last[0]["text_hash"]:
            ends = first[0]["measure_id"], last[0]["measure_id"]
            by_rules = any(acts[key]["basis"] == "rules" for key in ends)
            row: dict[str, Any] = {"initiative_id": initiative_id, "name": names[initiative_id],
                                   "basis": "rules" if by_rules else "coders"}  # fmt: skip
            for side, key in zip(("first", "last"), ends, strict=True):
                act = (seen if by_rules else acts)[key]
                row |= {f"{side}_id": key, f"{side}_act": act["act"], f"{side}_words": "、".join(act["act_words"])}
            if _alike(row):
                continue
            change = STRENGTH[row["last_act"]] - STRENGTH[row["first_act"]]
            rows.append(row | {"shift": (change > 0) - (change < 0)})
    return pl.DataFrame(rows)


def _alike(row: dict[str, Any]) -> bool:
    """Whether two different acts were read from the same word: the reading changed, and not the text."""
    first, last = (set(filter(None, row[f"{side}_words"].split("、"))) for side in ("first", "last"))
    return row["first_act"] != row["last_act"] and bool(first & last)


def _chart(table: pl.DataFrame, data: ReportData) -> alt.LayerChart:
    """Return counts: first acts down, last acts across; above the diagonal the acts became stronger."""
    _ = data.gettext
    weakest_first = [label("act", act, data.language) for act in reversed(ACTS)]
    grouped = _called(table, data).group_by("first_act", "last_act", "shift").agg(count=pl.len())
    shown = grouped.sort("first_act", "last_act")
    base = alt.Chart(shown).encode(
        y=alt.Y("first_act:N", title=_("first act"), scale=alt.Scale(domain=weakest_first), sort=None),
        x=alt.X("last_act:N", title=_("act in the {plan}", plan=data.plan()), sort=None,
                scale=alt.Scale(domain=weakest_first), axis=alt.Axis(orient="top", labelAngle=0)),
        tooltip=tips("first_act:N", "last_act:N", "count:Q"),
    )  # fmt: skip
    colours = dict(zip((_(word) for word in DIRECTIONS.values()), COLOURS, strict=True))
    squares = base.mark_rect(stroke="white").encode(
        color=alt.Color("shift:N", title=None, scale=alt.Scale(domain=list(colours), range=list(colours.values())),
                        legend=alt.Legend(orient="top")),
    )  # fmt: skip
    text = base.mark_text(fontSize=12).encode(text=alt.Text("count:Q"))
    told = [f"{row['first_act']} → {row['last_act']}: {row['count']}" for row in shown.iter_rows(named=True)]
    title = _("How the strongest act shifted along initiatives")
    subtitle = _("{count} initiatives of the {plan} that were stated before in other words", count=len(table),
                 plan=data.plan())  # fmt: skip
    return finished(squares + text, title, subtitle, told, data.language, width=WIDTH - 200, height=alt.Step(30))  # type: ignore[no-any-return]


COLOURS = ("#8cc5a2", "#e3e7ec", "#f0b860")  # of DIRECTIONS


def _called(table: pl.DataFrame, data: ReportData) -> pl.DataFrame:
    """The table with what to call its acts and shifts."""
    words = {shift: data.gettext(word) for shift, word in DIRECTIONS.items()}
    acts = [called(name, lambda act: label("act", act, data.language)) for name in ("first_act", "last_act")]
    return table.with_columns(*acts, pl.col("shift").replace_strict(words, return_dtype=pl.String))


def _rows(table: pl.DataFrame, data: ReportData) -> Rows:
    shown = _called(table.sort("shift", "initiative_id", descending=[True, False]), data)
    rows = rows_of(shown.rename({"name": "initiative"}), HEADS, ["checkability", "initiative_members"], data.language)
    cells = [
        [[Link(f"{key} {row[0]}", key)], *row[1:]]
        for key, row in zip(shown["initiative_id"], rows.rows, strict=True)
    ]  # fmt: skip
    return Rows(rows.heads, cells, rows.files)


def _sentences(table: pl.DataFrame, data: ReportData) -> list[str]:
    counts = {shift: table.filter(shift=shift).height for shift in DIRECTIONS}
    said = data.gettext(
        "{count} initiatives of the {plan} were stated before in other words, in full plans or their roadmaps. The "
        "strongest act became stronger in {stronger}, weaker in {weaker}, and stayed as strong in {same}; pairs whose "
        "acts differ and rest on the same word are left out.",
        count=len(table), plan=data.plan(), stronger=counts[1], weaker=counts[-1], same=counts[0],
    )  # fmt: skip
    return [said, *_read_by_rules(table, data), *_usual(table, data)]


def _read_by_rules(table: pl.DataFrame, data: ReportData) -> Iterator[str]:
    """That rules read both acts of some pairs, where they do."""
    if count := table.filter(basis="rules").height:
        yield data.gettext(
            "Both acts read by rules of grammar, since nobody has coded one of the two measures: {count} of {all}. "
            "Rules err more than coders, so that single shifts among these may be mistaken.",
            count=count, all=len(table),
        )  # fmt: skip


def _usual(table: pl.DataFrame, data: ReportData) -> Iterator[str]:
    """The most frequent shift, and the opposite one."""
    shifts = table.filter(pl.col("shift") != 0).group_by("first_act", "last_act").len()
    if shifts.is_empty():
        return
    first, last, count = shifts.sort("len", "first_act", "last_act", descending=[True, False, False]).row(0)
    back = shifts.filter(first_act=last, last_act=first)["len"].sum()
    names = {act: label("act", act, data.language) for act in (first, last)}
    yield data.gettext(
        "The most frequent shift is from {first} to {last}: {count}; the other way round: {back}.",
        first=names[first], last=names[last], count=count, back=back,
    )  # fmt: skip
