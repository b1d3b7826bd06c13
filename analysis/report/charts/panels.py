"""Small multiples of the indicators, laid by hand.

A hundred small Vega-Lite charts take seconds to draw; here all panels of a chart are the marks of one, each with its
place in pixels. So titles, values and years stand where nothing else does, and the grid is aligned.
"""

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

import altair as alt
import polars as pl

from analysis.base.i18n import gettext
from analysis.base.i18n import gettext_noop as N_
from analysis.kpi import amounts, pace, reasons
from analysis.kpi.points import points
from analysis.report.charts.base import BLUE, GREEN, GREY, ORANGE
from analysis.tables.labels import label

WIDTH, GAP, BELOW = 760, 22, 18  # of the drawing; between the panels and under them
ROW, HEAD = 23, 34  # of the compact rows, and of a heading over them
VALUES = 380  # where the values of a compact row begin
NO_LIMIT = 0  # of labels: a limit makes Vega measure each several times, which doubles the time to draw a chart
INK, SOFT, FAINT, RULE = "#222", "#555", "#6b7580", "#d5dae0"
# a state has a mark of its own, so that it is not told by colour alone: paths in the unit square of Vega's shapes
MARKS = {
    "reached": "M-1,0L-0.3,0.7L1,-0.8L0.7,-1L-0.35,0.2L-0.75,-0.25Z",
    "on_track": "M-0.9,0.9L0.3,-0.3L-0.1,-0.7L1,-1L0.7,0.1L0.5,-0.1L-0.7,1.1Z",
    "accelerate": "M-1,-0.25L0.1,-0.25L0.1,-0.8L1,0L0.1,0.8L0.1,0.25L-1,0.25Z",
    "limited": "M-1,-0.25L1,-0.25L1,0.25L-1,0.25Z",
    "deteriorating": "M-0.9,-0.9L0.3,0.3L-0.1,0.7L1,1L0.7,-0.1L0.5,0.1L-0.7,-1.1Z",
    "missed": "M-0.9,-0.6L-0.6,-0.9L0,-0.3L0.6,-0.9L0.9,-0.6L0.3,0L0.9,0.6L0.6,0.9L0,0.3L-0.6,0.9L-0.9,0.6L-0.3,0Z",
}
MARKS |= {"up": MARKS["on_track"], "down": MARKS["deteriorating"], "flat": MARKS["limited"], "kept": MARKS["reached"],
          "not_kept": MARKS["missed"]}  # fmt: skip
COLOURS = {"reached": "#1f7a4a", "kept": "#1f7a4a", "on_track": "#2b6ca3", "accelerate": "#8a6100",
           "limited": "#b3541e", "deteriorating": "#a8322a", "not_kept": "#a8322a", "missed": "#a8322a",
           "improving": "#2b6ca3", "moderate": "#8a6100", "stagnant": "#b3541e"}  # fmt: skip
AIM = "#9a5a10"
KINDS = {"observation": ("circle", BLUE), "baseline": ("circle", GREY), "target": ("diamond", ORANGE)}

Row = dict[str, Any]  # of `kpi.overview`


@dataclass(frozen=True)
class Grid:
    """How panels are laid: columns, height of a plot, room for values left and right of it, and whether the lines
    of the document stand below (else the tooltips tell them)."""

    columns: int
    plot: float
    left: float
    right: float
    sourced: bool

    @property
    def width(self) -> float:
        return (WIDTH - (self.columns - 1) * GAP) / self.columns


GRIDS = {
    "judged": Grid(3, 60, 46, 60, True),
    "open": Grid(4, 44, 48, 44, False),
    "followed": Grid(4, 40, 48, 44, False),
}


@dataclass
class Drawing:
    """Marks with their places in pixels, by layer; alike rows make one layer of a chart."""

    rules: list[dict[str, object]] = field(default_factory=list)
    texts: list[dict[str, object]] = field(default_factory=list)
    points: list[dict[str, object]] = field(default_factory=list)

    def rule(self, x: float, y: float, x2: float, y2: float, colour: str, dashed: bool = False) -> None:
        self.rules.append({"x": x, "y": y, "x2": x2, "y2": y2, "colour": colour, "dash": [4, 3] if dashed else [1, 0]})

    def text(
        self, x: float, y: float, text: str, *, align: str = "left", size: float = 11.5, colour: str = INK
    ) -> None:
        self.texts.append({"x": x, "y": y, "text": text, "align": align, "size": size, "colour": colour})

    def point(self, x: float, y: float, shape: str, colour: str, told: str, *, size: float = 60,
              filled: bool = True) -> None:  # fmt: skip
        self.points.append({"x": x, "y": y, "shape": shape, "fill": colour if filled else "white", "stroke": colour,
                            "size": size, "told": told})  # fmt: skip

    def chart(self, height: float, title: alt.TitleParams, description: str) -> alt.LayerChart:
        """The drawing as one chart of the common width."""
        layers = []
        place = {"x": alt.X("x:Q", scale=None, axis=None), "y": alt.Y("y:Q", scale=None, axis=None)}
        if self.rules:
            layers.append(
                alt.Chart(pl.DataFrame(self.rules)).mark_rule(strokeWidth=1.4, aria=False).encode(
                    **place, x2=alt.X2("x2:Q"), y2=alt.Y2("y2:Q"), color=alt.Color("colour:N", scale=None),
                    strokeDash=alt.StrokeDash("dash:N", scale=None))
            )  # fmt: skip
        if self.points:
            layers.append(
                alt.Chart(pl.DataFrame(self.points)).mark_point(opacity=1, strokeWidth=1.5).encode(
                    **place, shape=alt.Shape("shape:N", scale=None), fill=alt.Fill("fill:N", scale=None),
                    stroke=alt.Stroke("stroke:N", scale=None), size=alt.Size("size:Q", scale=None),
                    tooltip=alt.Tooltip("told:N", title=" "), description=alt.Description("told:N"))
            )  # fmt: skip
        if self.texts:
            layers.append(
                alt.Chart(pl.DataFrame(self.texts)).mark_text(
                    baseline="alphabetic", aria=False, align=alt.expr("datum.align")
                ).encode(**place, text=alt.Text("text:N"), size=alt.Size("size:Q", scale=None),
                         color=alt.Color("colour:N", scale=None))
            )  # fmt: skip
        drawn = alt.layer(*layers).properties(width=WIDTH, height=height, title=title, description=description)
        return cast(alt.LayerChart, drawn)


def _wide(text: str, size: float) -> float:
    """How wide a text is, about: a kanji is as wide as high, a Latin letter a bit more than half of it."""
    return sum(size if ord(sign) > 0x2E80 else 0.53 * size for sign in text)


def _lines(text: str, width: float, size: float, most: int = 2) -> list[str]:
    """The text in lines of that width, broken between words or kanji; what does not fit is cut with an ellipsis."""
    lines = [""]
    for piece in re.findall(r"[!-~]+\s*|.", text):
        if lines[-1] and _wide(lines[-1] + piece.rstrip(), size) > width:
            lines.append("")
        lines[-1] += piece
    if len(lines) > most:
        cut = lines[most - 1].rstrip()
        while _wide(cut + "…", size) > width:
            cut = cut[:-1]
        lines = [*lines[: most - 1], cut + "…"]
    return [line.rstrip() for line in lines]


def small_multiples(
    rows: list[Row], group: str, head: str, title: alt.TitleParams, description: str, language: str
) -> alt.LayerChart:
    """Return a panel for each indicator with values of two times, a target among them or not, and a line for each of
    the others, under `head`. `rows` are those of a group of `kpi.overview`."""
    grid = GRIDS[group]
    panels = [row for row in rows if has_panel(row)]
    compact = [row for row in rows if not has_panel(row)]
    drawing, y = Drawing(), 12.0
    if panels:
        legend = gettext(
            "● observed　◆ target　○ baseline, or derived from a stated change　□ added by people　"
            "dashed: the path still required",
            language,
        )
        drawing.text(0, 10, legend, colour=SOFT, size=11)
        y = 24.0
    for start in range(0, len(panels), grid.columns):
        y = _row_of_panels(drawing, y, panels[start : start + grid.columns], grid, language) + BELOW
    if compact:
        y = _compact(drawing, compact, y, head, language)
    return drawing.chart(y, title, description)


def has_panel(row: Row) -> bool:
    """Whether there is something to see over time: values of two times, or a value and a target."""
    seen = {p["year"] for p in row["points"] if p["kind"] != "target" and p["year"] is not None}
    return len(seen) > 1 or bool(seen and any(p["kind"] == "target" for p in row["points"]))


def _row_of_panels(drawing: Drawing, y: float, rows: list[Row], grid: Grid, language: str) -> float:
    """A row of panels with their heads on one height; returns where it ends."""
    names = [_lines(row["name"], grid.width, 12.5, most=3) for row in rows]
    head = y + 17 + 15 * (max(map(len, names)) - 1)
    top = head + 46
    for column, (row, name) in enumerate(zip(rows, names, strict=True)):
        x = column * (grid.width + GAP)
        drawing.rule(x, y, x + grid.width, y, RULE)
        for number, line in enumerate(name):
            drawing.text(x, y + 17 + 15 * number, line, size=12.5)
        _state(drawing, x, head + 18, row, language)
        drawing.text(x, head + 34, _axis(row, language), size=10, colour=FAINT)
        _plot(drawing, Plot(x + grid.left, x + grid.width - grid.right, top, top + grid.plot), row, language)
        if grid.sourced:
            drawing.text(x, top + grid.plot + 38, _where(row, grid.width, language), size=10, colour=FAINT)
    return top + grid.plot + (40 if grid.sourced else 24)


def _axis(row: Row, language: str) -> str:
    """What the values are counted in, where they do not say so themselves."""
    special = {"%": "", "位": gettext("rank, 1st on top", language)}
    return special.get(row["measured_in"], str(row["unit"]))


def _state(drawing: Drawing, x: float, y: float, row: Row, language: str) -> None:
    """Mark and word of the state; of what has no target, where it goes and whether that is wished."""
    mark, told = row["state"], row["state_word"]
    colour = COLOURS.get(mark, FAINT)
    if row["group"] == "followed" and row["trend"]:
        mark = row["trend"]
        word = row["direction_word"] or label("trend", mark, language)
        colour, told = COLOURS.get(row["direction"], FAINT), word
    if row["ratio"] is not None and row["state"] in pace.PACED:
        told += f" · {row['ratio']:.2f}".replace("-", "−")
    if not row["sure"] or (row["group"] == "followed" and not row["direction_sure"]):
        told += f" · {gettext('near a bound', language)}"
    if row["fragile"]:
        fragile = gettext("fragile", language)
        told += f" · {fragile}"
    if mark in MARKS:
        drawing.point(x + 5, y - 4, MARKS[mark], colour, told, size=36)
    drawing.text(x + (14 if mark in MARKS else 0), y, told, colour=colour, size=11)


def _where(row: Row, width: float, language: str) -> str:
    """The editions and lines that the values come from, three lines at most, and who added others."""
    by_edition: dict[int, list[int]] = {}
    for point in sorted(row["points"], key=lambda p: (str(p["doc_id"]), p["first_line"] or 0)):
        if point["edition"] is not None:
            lines = by_edition.setdefault(point["edition"], [])
            if point["first_line"] not in lines:
                lines.append(point["first_line"])
    told = [
        gettext(
            "{edition}: l. {lines}",
            language,
            edition=edition,
            lines=", ".join(map(str, lines[:3])) + ("…" if lines[3:] else ""),
        )
        for edition, lines in sorted(by_edition.items(), reverse=True)
    ]
    people = sorted({point["who"] for point in row["points"] if point["who"] is not None})
    told += [gettext("added: {who}", language, who=", ".join(people))] if people else []
    return _lines(" · ".join(told), width, 10, most=1)[0]


@dataclass(frozen=True)
class Plot:
    """The rectangle of a plot, in pixels."""

    left: float
    right: float
    top: float
    bottom: float


def _plot(drawing: Drawing, plot: Plot, row: Row, language: str) -> None:
    unit = row["measured_in"]
    dated = [p for p in row["points"] if p["year"] is not None]
    seen = [p for p in dated if p["kind"] != "target"]
    # dated targets; where none is, the one that holds, without a year
    aims = [p for p in dated if p["kind"] == "target"]
    aims = aims or [p for p in row["points"] if p["value_id"] == row["target_id"]]
    across = _across([_at(p) for p in (*seen, *aims)], plot)
    down = _down([p["value"] for p in (*seen, *aims)], plot, unit == "位")
    drawing.rule(plot.left - 8, plot.bottom + 5, plot.right + 8, plot.bottom + 5, RULE)
    line = points(pl.DataFrame(seen, infer_schema_length=None))
    places = [(across(p.at), down(p.value)) for p in line]
    for start, end in itertools.pairwise(places):
        drawing.rule(*start, *end, BLUE)
    goal = next((p for p in aims if p["value_id"] == row["target_id"]), None)
    if goal is not None and row["needed"] is not None:
        drawing.rule(*places[-1], across(_at(goal)), down(goal["value"]), ORANGE, dashed=True)
    for point in (*seen, *aims):
        _mark(drawing, across(_at(point)), down(point["value"]), point, unit, language)
    by_id = {p["value_id"]: p for p in seen}
    ends = [
        Label(*place, amounts.bare_amount(p.value, unit, language, p.comparator, p.step),
              reasons.years(by_id[p.value_id], language))
        for p, place in zip(line, places, strict=True)
    ]  # fmt: skip
    aim = None
    if goal is not None:
        when = gettext("no year", language)
        if goal["year"] is not None:
            when = reasons.years(goal, language)
        value = amounts.bare_amount(goal["value"], unit, language, goal["comparator"])
        aim = Label(across(_at(goal)), down(goal["value"]), value, when)
    _labels(drawing, plot, [ends[0], ends[-1]] if len(ends) > 1 else ends, aim)


def _at(point: Row) -> float | None:
    """The time a value stands at: the middle of a span; of a sum of years to come its end."""
    if point["span_start"] is None or point["kind"] == "target":
        return cast("float | None", point["year"])
    return float(point["span_start"] + point["year"]) / 2


def _across(years: list[float | None], plot: Plot) -> Callable[[float | None], float]:
    """Years to pixels; what has no year stands at the right end, behind all others."""
    known = [year for year in years if year is not None]
    first, last = min(known), max(known)
    if len(known) < len(years):
        last += max(1.0, last - first)

    def place(year: float | None) -> float:
        if year is None:
            return plot.right
        share = (year - first) / (last - first) if last > first else 0.5
        return plot.left + (plot.right - plot.left) * share

    return place


def _down(values: list[float], plot: Plot, rank: bool) -> Callable[[float], float]:
    """Values to pixels: from zero on, so that no difference looks larger than it is; of ranks the first is on top."""
    low, high = (1.0, max(values)) if rank else (min(0.0, *values), max(0.0, *values))

    def place(value: float) -> float:
        share = (value - low) / ((high - low) or 1.0)
        return plot.top + (plot.bottom - plot.top) * (share if rank else 1 - share)

    return place


def _mark(drawing: Drawing, x: float, y: float, point: Row, unit: str, language: str) -> None:
    shape, colour = KINDS[point["kind"]] if point["who"] is None else ("square", GREEN)
    told = [
        label("kind", point["kind"], language),
        amounts.amount(point["value"], unit, language, point["comparator"], point["step"]),
    ]
    if point["year"] is not None:
        told.append(reasons.years(point, language))
    if point["basis"] == "derived":
        told.append(gettext("from the change that the plan states", language))
    if point["who"] is None:
        told.append(gettext("{edition}: l. {lines}", language, edition=point["edition"], lines=point["first_line"]))
    else:
        told.append(f"{gettext('added: {who}', language, who=point['who'])} ({point['source']})")
    filled = point["basis"] == "stated" and point["kind"] != "baseline"
    drawing.point(x, y, shape, colour, ", ".join(told), filled=filled, size=80 if shape == "diamond" else 44)


@dataclass(frozen=True)
class Label:
    """What stands beside a point: its value, and its year below the plot."""

    x: float
    y: float
    value: str
    year: str


def _labels(drawing: Drawing, plot: Plot, ends: list[Label], aim: Label | None) -> None:
    """The first value stands to the left of its point, the target to the right; the latest to the right, too, or
    where the way on would cross it, on the other side of that way."""
    under = plot.bottom + 19
    near = len(ends) > 1 and ends[1].x - ends[0].x < (_wide(ends[0].year, 10.5) + _wide(ends[1].year, 10.5)) / 2 + 8
    first, last = ends[0], ends[-1]
    drawing.text(first.x - 8, first.y + 4, first.value, align="right", size=12)
    drawing.text(first.x + (5 if near else 0), under, first.year, align="right" if near else "center", size=10.5,
                 colour=SOFT)  # fmt: skip
    if last is not first:
        if aim is None or aim.x <= last.x:
            drawing.text(last.x + 8, last.y + 4, last.value, size=12)
        elif aim.y > last.y or last.y + 17 > plot.bottom:
            drawing.text(last.x + 5, last.y - 8, last.value, align="left" if aim.y > last.y else "right", size=12)
        else:
            drawing.text(last.x + 5, last.y + 15, last.value, size=12)
        drawing.text(last.x - (3 if near else 0), under, last.year, align="left" if near else "center", size=10.5,
                     colour=SOFT)  # fmt: skip
    if aim is not None:
        drawing.text(aim.x + 9, aim.y + 4, aim.value, colour=AIM, size=12)
        if abs(aim.x - last.x) > 44:
            drawing.text(aim.x, under, aim.year, align="center", size=10.5, colour=SOFT)


def _compact(drawing: Drawing, rows: list[Row], y: float, head: str, language: str) -> float:
    """A heading and a line for each row with its name and values; returns where it ends."""
    drawing.rule(0, y, WIDTH, y, RULE)
    drawing.text(0, y + 20, head, size=12.5, colour=SOFT)
    for number, row in enumerate(rows):
        line = y + HEAD + ROW * number + 12
        drawing.text(0, line, _lines(row["name"], VALUES - 12, 12, most=1)[0], size=12)
        drawing.text(VALUES, line, _lines(_values(row, language), WIDTH - VALUES, 12, most=1)[0], size=12)
    return y + HEAD + ROW * len(rows)


def _values(row: Row, language: str) -> str:
    """The values of an indicator without a panel: what there is, then the target that holds."""
    unit = row["measured_in"]
    aim = next((p for p in row["points"] if p["value_id"] == row["target_id"]), None)
    told = []
    for point in row["points"]:
        if point["kind"] != "target":
            tell = amounts.bare_amount if aim is not None else amounts.amount
            value = tell(point["value"], unit, language, point["comparator"], point["step"])
            when = reasons.years(point, language) or gettext("no date", language)
            told.append(gettext("{value} ({year})", language, value=value, year=when))
            if point["growth"] is not None:
                change = amounts.growth(point["growth"] / 100, False, unit, language)
                told[-1] += (", ", "、")[language == "ja"] + gettext(
                    "{growth} on the year before", language, growth=change
                )
    if aim is not None:
        value = reasons.aim(aim, row["points"], unit, language)
        when = reasons.years(aim, language) or gettext("no year", language)
        by = N_("{value} ({year})") if aim["year"] is None or aim["span_start"] is not None else N_("{value} by {year}")
        if aim["keeps"]:
            by = N_("keep {value} ({year})") if aim["year"] is None else N_("keep {value} until {year}")
        told.append(gettext(by, language, value=value, year=when))
    return " → ".join(told)
