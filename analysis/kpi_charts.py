"""Charts of the indicators: small multiples laid by hand, the ratio of growth, the industries, the ratings.

A hundred small Vega-Lite charts take seconds to draw; here all panels of a chart are the marks of one, each with its
place in pixels. So titles, values and years stand where nothing else does, and the grid is aligned.
"""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import cast

import altair as alt
import polars as pl

from analysis import kpi
from analysis.charts import BLUE, GREEN, GREY, ORANGE, _names, _title
from analysis.kpi import amounts, annex, pace
from analysis.wording import word

WIDTH, COLUMNS, GAP = 760, 3, 22
PANEL = (WIDTH - (COLUMNS - 1) * GAP) / COLUMNS
HEIGHT, BELOW = 172, 16  # of a panel, and the space under it
LEFT, RIGHT, TOP, BOTTOM = 46, 60, 74, 134  # of the plot within a panel
ROW, HEAD = 40, 34  # of the compact rows, and of a heading over them
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
COLOURS = {"reached": "#1f7a4a", "on_track": "#2b6ca3", "accelerate": "#8a6100", "limited": "#b3541e",
           "deteriorating": "#a8322a", "missed": "#a8322a"}  # fmt: skip
GRADES = {"◎": "#1f7a4a", "○": "#8cc5a2", "△": "#f0b860", "×": "#c0504d"}
KINDS = {"observation": ("circle", BLUE), "baseline": ("circle", GREY), "target": ("diamond", ORANGE)}


@dataclass
class Drawing:
    """Marks with their places in pixels, by layer; alike rows make one layer of a chart."""

    rules: list[dict[str, object]] = field(default_factory=list)
    texts: list[dict[str, object]] = field(default_factory=list)
    points: list[dict[str, object]] = field(default_factory=list)

    def rule(self, x: float, y: float, x2: float, y2: float, colour: str, dashed: bool = False) -> None:
        self.rules.append({"x": x, "y": y, "x2": x2, "y2": y2, "colour": colour, "dash": [4, 3] if dashed else [1, 0]})

    def text(self, x: float, y: float, text: str, *, align: str = "left", size: float = 11.5, colour: str = INK,
             weight: str = "normal") -> None:  # fmt: skip
        self.texts.append({"x": x, "y": y, "text": text, "align": align, "size": size, "colour": colour,
                           "weight": weight})  # fmt: skip

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
                    **place, x2="x2:Q", y2="y2:Q", color=alt.Color("colour:N", scale=None),
                    strokeDash=alt.StrokeDash("dash:N", scale=None))
            )  # fmt: skip
        if self.points:
            layers.append(
                alt.Chart(pl.DataFrame(self.points)).mark_point(opacity=1, strokeWidth=1.5).encode(
                    **place, shape=alt.Shape("shape:N", scale=None), fill=alt.Fill("fill:N", scale=None),
                    stroke=alt.Stroke("stroke:N", scale=None), size=alt.Size("size:Q", scale=None),
                    tooltip=alt.Tooltip("told:N", title=" "), description="told:N")
            )  # fmt: skip
        if self.texts:
            datum = {name: alt.expr(f"datum.{name}") for name in ("align", "weight")}
            layers.append(
                alt.Chart(pl.DataFrame(self.texts)).mark_text(
                    baseline="alphabetic", aria=False, align=datum["align"], fontWeight=datum["weight"]
                ).encode(**place, text="text:N", size=alt.Size("size:Q", scale=None),
                         color=alt.Color("colour:N", scale=None))
            )  # fmt: skip
        drawn = alt.layer(*layers).properties(width=WIDTH, height=height, title=title, description=description)
        return cast(alt.LayerChart, drawn)


def _wide(text: str, size: float) -> float:
    """How wide a text is, about: a kanji is as wide as high, a Latin letter a bit more than half of it."""
    return sum(size if ord(sign) > 0x2E80 else 0.56 * size for sign in text)


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


def _described(title: str, told: Iterable[str], language: str) -> str:
    return word("described", language, title=title, rows=" ".join(told))


# ------------------------------------------------------------------------------------------------ small multiples


def indicators(rows: list[dict[str, object]], group: str, edition: int, language: str) -> alt.LayerChart | None:
    """The indicators of a group (judged, open, followed) of `kpi.overview`: a panel for each with values of two
    times, a target among them or not, and a line for each of the others. None where the group has none."""
    own = [row for row in rows if row["group"] == group]
    if not own:
        return None
    panels = [row for row in own if _has_panel(row)]
    compact = [row for row in own if not _has_panel(row)]
    drawing, y = Drawing(), 0.0
    drawing.text(0, 10, word("kpi_legend", language), colour=SOFT, size=11)
    y = 24.0
    for start in range(0, len(panels), COLUMNS):
        for column, row in enumerate(panels[start : start + COLUMNS]):
            _panel(drawing, column * (PANEL + GAP), y, row, language)
        y += HEIGHT + BELOW
    if compact:
        y = _compact(drawing, compact, y + (8 if panels else 0), group, language)
    key = f"kpi_{group}"
    told = (f"{row['name']}: {row['state_word']}. {row['reason']}" for row in own)
    description = _described(word(f"{key}_title", language), told, language)
    return drawing.chart(y, _title(key, language, edition=edition), description)


def _has_panel(row: dict[str, object]) -> bool:
    """Whether there is something to see over time: values of two times, or a value and a target."""
    points = _points(row)
    seen = {p["year"] for p in points if p["kind"] != "target" and p["year"] is not None}
    return len(seen) > 1 or bool(seen and any(p["kind"] == "target" for p in points))


def _points(row: dict[str, object]) -> list[dict[str, object]]:
    return cast(list[dict[str, object]], row["points"])


def _panel(drawing: Drawing, x: float, y: float, row: dict[str, object], language: str) -> None:
    drawing.rule(x, y, x + PANEL, y, RULE)
    for number, line in enumerate(_lines(str(row["name"]), PANEL, 13)):
        drawing.text(x, y + 17 + 16 * number, line, size=13, weight="bold")
    _state(drawing, x, y + 51, row)
    drawing.text(x + PANEL, y + 51, _unit_beside(row, language), align="right", size=11, colour=SOFT)
    drawing.text(x, y + HEIGHT - 4, _where(row, language), size=10, colour=FAINT)
    _plot(drawing, x, y, row, language)


def _unit_beside(row: dict[str, object], language: str) -> str:
    """The unit, where the values do not carry it themselves and there is room beside the state."""
    unit = _unit(row)
    told = "" if unit in ("%", "位") else str(row["unit"])
    return told if _wide(told, 11) + _wide(str(row["state_word"]), 11.5) + 30 < PANEL else ""


def _unit(row: dict[str, object]) -> str:
    return next(i.unit for i in kpi.indicators() if i.indicator_id == row["indicator_id"])


def _state(drawing: Drawing, x: float, y: float, row: dict[str, object]) -> None:
    state = str(row["state"])
    colour = COLOURS.get(state, FAINT)
    if state in MARKS:
        drawing.point(x + 5, y - 4, MARKS[state], colour, str(row["state_word"]), size=36)
    text = str(row["state_word"]) + ("" if row["sure"] else " ?")
    drawing.text(x + (14 if state in MARKS else 0), y, text, colour=colour, weight="bold")


def _where(row: dict[str, object], language: str) -> str:
    """The editions and lines that the values come from: three lines at most, and who added others."""
    by_edition: dict[int, list[int]] = {}
    for point in sorted(_points(row), key=lambda p: (str(p["doc_id"]), p["first_line"] or 0)):
        if point["edition"] is not None:
            lines = by_edition.setdefault(cast(int, point["edition"]), [])
            if point["first_line"] not in lines:
                lines.append(cast(int, point["first_line"]))
    told = [
        word("kpi_lines", language, edition=edition, lines=", ".join(map(str, lines[:3])) + ("…" if lines[3:] else ""))
        for edition, lines in sorted(by_edition.items(), reverse=True)
    ]
    people = sorted({str(point["who"]) for point in _points(row) if point["who"] is not None})
    told += [word("kpi_people", language, who=", ".join(people))] if people else []
    return _lines("; ".join(told), PANEL, 10, most=1)[0]


def _plot(drawing: Drawing, x: float, y: float, row: dict[str, object], language: str) -> None:
    unit, points = _unit(row), _points(row)
    dated = [p for p in points if p["year"] is not None]
    aims = _aims(row, dated)
    seen = [p for p in dated if p["kind"] != "target"]
    across = _across([cast(float, p["year"]) for p in (*seen, *aims) if p["year"] is not None], x, not _dated(aims))
    down = _down([cast(float, p["value"]) for p in (*seen, *aims)], y, unit == "位")
    drawing.rule(x + LEFT - 8, y + BOTTOM + 5, x + PANEL - RIGHT + 8, y + BOTTOM + 5, RULE)
    best = {cast(float, p.year): p for p in pace.points(pl.DataFrame(seen, infer_schema_length=None))} if seen else {}
    line = [(across(p.year), down(p.value)) for p in best.values()]
    for (x1, y1), (x2, y2) in zip(line, line[1:], strict=False):
        drawing.rule(x1, y1, x2, y2, BLUE)
    goal = next((p for p in aims if p["figure_id"] == row["target_id"]), None)
    if goal is not None and row["needed"] is not None and line:
        drawing.rule(*line[-1], across(cast(float, goal["year"])), down(cast(float, goal["value"])), ORANGE, dashed=True)
    for point in (*seen, *aims):
        place = across(cast(float | None, point["year"])), down(cast(float, point["value"]))
        _mark(drawing, *place, point, unit, language)
    _labels(drawing, y, list(best.values()), seen, goal, across, down, unit, language)


def _aims(row: dict[str, object], dated: list[dict[str, object]]) -> list[dict[str, object]]:
    """The targets to draw: dated ones; where none is, the one that holds, without a year."""
    aims = [p for p in dated if p["kind"] == "target"]
    return aims or [p for p in _points(row) if p["figure_id"] == row["target_id"]]


def _dated(aims: list[dict[str, object]]) -> bool:
    return all(p["year"] is not None for p in aims)


def _across(years: list[float], x: float, undated: bool):  # type: ignore[no-untyped-def]
    """Years to pixels; what has no year stands at the right end."""
    first, last = min(years), max(years)
    left, right = x + LEFT, x + PANEL - RIGHT
    if undated:
        last += max(1.0, last - first)
    wide = last - first

    def place(year: float | None) -> float:
        if year is None:
            return right
        return left + (right - left) * ((year - first) / wide if wide else 0.5)

    return place


def _down(values: list[float], y: float, rank: bool):  # type: ignore[no-untyped-def]
    """Values to pixels: from zero on, so that no difference looks larger than it is; of ranks the first is on top."""
    low, high = (1.0, max(values)) if rank else (min(0.0, *values), max(0.0, *values))
    tall = high - low or 1.0

    def place(value: float) -> float:
        share = (value - low) / tall
        return y + TOP + (BOTTOM - TOP) * (share if rank else 1 - share)

    return place


def _mark(drawing: Drawing, x: float, y: float, point: dict[str, object], unit: str, language: str) -> None:
    shape, colour = KINDS[str(point["kind"])]
    people = point["who"] is not None
    if people:
        shape, colour = "square", GREEN
    drawing.point(x, y, shape, colour, _told(point, unit, language), filled=not people and point["kind"] != "baseline",
                  size=80 if shape == "diamond" else 48)  # fmt: skip


def _told(point: dict[str, object], unit: str, language: str) -> str:
    """A point in words: kind, value, year, and the edition and line or who added it."""
    told = [
        word(f"kind_{point['kind']}", language),
        amounts.amount(cast(float, point["value"]), unit, language, cast(str | None, point["comparator"])),
    ]
    if point["year"] is not None:
        told.append(amounts.year(cast(float, point["year"]), bool(point["fiscal"]), language))
    if point["edition"] is None:
        told.append(f"{word('kpi_people', language, who=point['who'])} ({point['source']})")
    else:
        told.append(word("kpi_lines", language, edition=point["edition"], lines=point["first_line"]))
    return ", ".join(told)


def _labels(drawing: Drawing, y: float, line: list[pace.Point], seen: list[dict[str, object]],
            goal: dict[str, object] | None, across, down, unit: str, language: str) -> None:  # type: ignore[no-untyped-def]  # fmt: skip
    """The first and latest value and the target with their years: the first to the left of its point, the latest to
    the right, below or above the way on, the target to the right of all."""
    fiscal = {(p["figure_id"]): bool(p["fiscal"]) for p in seen}
    base = y + BOTTOM + 19
    ends = [line[0], line[-1]] if len(line) > 1 else line
    near = len(ends) > 1 and across(ends[1].year) - across(ends[0].year) < 64
    for number, point in enumerate(ends):
        px, py = across(point.year), down(point.value)
        text = amounts.figure(point.value, unit, language, point.comparator)
        told = amounts.year(point.year, fiscal[point.figure_id], language)
        if number == 0:
            drawing.text(px - 8, py + 4, text, align="right", weight="bold")
            drawing.text(px + (5 if near else 0), base, told, align="right" if near else "center", size=10.5, colour=SOFT)
            continue
        ahead = goal is not None and goal["year"] is not None and cast(float, goal["year"]) > point.year
        rise = down(cast(float, goal["value"])) - py if ahead and goal is not None else 0.0
        drop = 4 if not ahead else 15 if rise <= 0 else -7
        drawing.text(px + (4 if ahead else 8), py + drop, text, weight="bold")
        drawing.text(px - (3 if near else 0), base, told, align="left" if near else "center", size=10.5, colour=SOFT)
    if goal is not None:
        px, py = across(goal["year"]), down(goal["value"])
        text = amounts.figure(cast(float, goal["value"]), unit, language)
        drawing.text(px + 9, py + 4, text, colour="#9a5a10", weight="bold")
        told = word("no_year", language) if goal["year"] is None else amounts.year(
            cast(float, goal["year"]), bool(goal["fiscal"]), language)  # fmt: skip
        if not ends or px - across(ends[-1].year) > 44:
            drawing.text(px, base, told, align="center", size=10.5, colour=SOFT)


def _compact(drawing: Drawing, rows: list[dict[str, object]], y: float, group: str, language: str) -> float:
    """A heading and the rows in two columns, each with name, value or target, and state; returns the end."""
    drawing.rule(0, y, WIDTH, y, RULE)
    heading = word("kpi_only_targets" if group == "open" else "kpi_single", language)
    drawing.text(0, y + 20, heading, size=12.5, weight="bold", colour=SOFT)
    wide = (WIDTH - GAP) / 2
    deep = math.ceil(len(rows) / 2)
    for number, row in enumerate(rows):
        x, top = (wide + GAP) * (number // deep), y + HEAD + ROW * (number % deep)
        drawing.text(x, top + 12, _lines(str(row["name"]), wide, 12, most=1)[0], size=12, weight="bold")
        drawing.text(x, top + 27, _lines(_in_short(row, language), wide, 11, most=1)[0], size=11, colour=SOFT)
    return y + HEAD + ROW * deep


def _in_short(row: dict[str, object], language: str) -> str:
    """The values of an indicator without a panel, its state, and where they stand."""
    unit, told = _unit(row), []
    for point in _points(row):
        if point["kind"] == "target" and point["figure_id"] != row["target_id"]:
            continue
        value = amounts.amount(cast(float, point["value"]), unit, language,
                               None if point["kind"] == "target" else cast(str | None, point["comparator"]))  # fmt: skip
        when = point["year"] and amounts.year(cast(float, point["year"]), bool(point["fiscal"]), language)
        if point["kind"] == "target":
            key = "kpi_aimed_by" if when else "kpi_aimed"
            told.append(word(key, language, value=value, **({"year": when} if when else {})))
        else:
            told.append(f"{value} ({when})" if when else f"{value} ({word('no_date', language)})")
    return " · ".join([*told, str(row["state_word"]), _where(row, language)])


# ---------------------------------------------------------------------------------------------------------- ratio


def ratio(rows: list[dict[str, object]], edition: int, language: str) -> alt.LayerChart | None:
    """Points with what rounding allows: observed over required growth, on the zones of the states. `rows` is what
    `kpi.overview` gives; None where no indicator has a ratio."""
    own = sorted((row for row in rows if row["ratio"] is not None), key=lambda row: -cast(float, row["ratio"]))
    if not own:
        return None
    keep = ("name", "state_word", "ratio", "ratio_low", "ratio_high", "reason")
    data = pl.DataFrame([{name: row[name] for name in keep} for row in own]).with_columns(
        label=pl.format("{}  ({})", pl.col("ratio").round(2), "state_word")
    )
    low, high = min(-0.3, data["ratio_low"].min() - 0.1), max(1.6, data["ratio_high"].max() + 0.55)  # type: ignore[operator]
    bounds = [low, 0.0, pace.ACCELERATE, pace.ON_TRACK, high]
    states = ["deteriorating", "limited", "accelerate", "on_track"]
    zones = pl.DataFrame(
        [{"from": a, "to": b, "colour": COLOURS[s], "word": word(f"ratio_zone_{s}", language), "mid": (a + min(b, 1.6)) / 2}
         for a, b, s in zip(bounds[:-1], bounds[1:], states, strict=True)]
    )  # fmt: skip
    scale = alt.Scale(domain=[low, high], nice=False)
    axis = alt.Axis(values=[0, pace.ACCELERATE, pace.ON_TRACK, 1.5, 2], format="~g", grid=False)
    band = alt.Chart(zones).mark_rect(opacity=0.13, aria=False).encode(
        x=alt.X("from:Q", scale=scale, axis=axis, title=word("ratio_axis", language)), x2="to:Q",
        color=alt.Color("colour:N", scale=None))  # fmt: skip
    heads = alt.Chart(zones).mark_text(aria=False, fontSize=11).encode(
        x=alt.X("mid:Q", scale=scale), y=alt.value(-8), text="word:N", color=alt.Color("colour:N", scale=None)
    )
    base = alt.Chart(data).encode(y=_names("name:N", data["name"].to_list()), tooltip=["name:N", "label:N", "reason:N"])
    span = base.mark_rule(strokeWidth=4, opacity=0.4, color=BLUE).encode(x=alt.X("ratio_low:Q"), x2="ratio_high:Q")
    point = base.mark_point(filled=True, size=80, opacity=1, color=BLUE).encode(x="ratio:Q")
    text = base.mark_text(align="left", dx=9, fontSize=11.5).encode(x="ratio_high:Q", text="label:N")
    told = [
        word("ratio_row", language, name=row["name"], state=row["state_word"],
             **{name: f"{row[key]:.2f}" for name, key in (("ratio", "ratio"), ("low", "ratio_low"),
                                                           ("high", "ratio_high"))})
        for row in own
    ]  # fmt: skip
    title = _title("kpi_ratio", language)
    title.offset = 24
    return cast(
        alt.LayerChart,
        (band + heads + span + point + text).properties(
            width=WIDTH - 320, height=alt.Step(30), title=title,
            description=_described(word("kpi_ratio_title", language), [line + "." for line in told], language),
        ),
    )  # fmt: skip


# ----------------------------------------------------------------------------------------------------- industries


def industries(figures: pl.DataFrame, edition: int, language: str) -> alt.HConcatChart | None:
    """Two columns of dots: what each industry sold abroad, before and latest, in yen and in dollars, with the change
    that the plan states. None where the edition has no such table."""
    data = industry_rows(figures, edition, language)
    if data.is_empty():
        return None
    charts = [_industry(data.filter(pl.col("unit") == unit), language) for unit in ("兆円", "百億米ドル")]
    told = [
        f"{row['name']}: {amounts.amount(row['before'], row['unit'], language)} → "
        f"{amounts.amount(row['latest'], row['unit'], language)} ({row['change']})."
        for row in data.iter_rows(named=True)
    ]
    title = _title("industries", language, edition=edition)
    description = _described(word("industries_title", language), told, language)
    both = alt.hconcat(*charts, spacing=26).resolve_scale(y="independent")
    return cast(alt.HConcatChart, both.properties(title=title, description=description))


def industry_rows(figures: pl.DataFrame, edition: int, language: str) -> pl.DataFrame:
    """The table of industries in yen and dollars: name, unit, before, latest [unit], change [as written], total
    (whether it is the sum), first_line. A table counts as such where its rows have values in both."""
    own = figures.filter((pl.col("edition") == edition) & (pl.col("place") == "table")).sort("first_line", "figure_id")
    named = dict(kpi.ties(own).iter_rows())
    names = kpi.names(language)
    rows: list[dict[str, object]] = []
    for (line,), cells in own.group_by(["first_line"], maintain_order=True):
        if not {"兆円", "百億米ドル"} <= set(cells["unit"]):
            continue
        key = next((named[figure] for figure in cells["figure_id"] if figure in named), None)
        total = cells["indicator"][0] == "合計"
        name = word("industries_total", language) if total else names.get(key or "", cells["indicator"][0])
        for unit in ("兆円", "百億米ドル"):
            values = cells.filter((pl.col("unit") == unit) & (pl.col("nature") == "level")).sort("set_in")
            rate = cells.filter((pl.col("nature") == "rate") & (pl.col("figure_id") > values["figure_id"].max()))
            if len(values) != 2:
                continue
            change = amounts.growth(rate["value"][0] / 100, False, unit, language) if len(rate) else ""
            rows.append({"name": name, "unit": unit, "before": values["value"][0], "latest": values["value"][1],
                         "change": change, "total": total, "first_line": line})  # fmt: skip
    schema = {"name": pl.String, "unit": pl.String, "before": pl.Float64, "latest": pl.Float64, "change": pl.String,
              "total": pl.Boolean, "first_line": pl.Int64}  # fmt: skip
    return pl.DataFrame(rows, schema=schema)


def _industry(data: pl.DataFrame, language: str) -> alt.LayerChart:
    unit = data["unit"][0]
    shown = data.with_columns(
        pl.col(name).map_elements(lambda value: amounts.shown(value, unit, language), return_dtype=pl.Float64)
        for name in ("before", "latest")
    )
    total = shown.filter("total")
    parts = shown.filter(~pl.col("total")).with_columns(
        text=pl.format("{}  {}", pl.col("latest").map_elements(amounts.number, return_dtype=pl.String), "change"),
        end=pl.max_horizontal("before", "latest"), ink=pl.when(pl.col("latest") < pl.col("before"))
        .then(pl.lit(COLOURS["limited"])).otherwise(pl.lit(INK)),
    )  # fmt: skip
    order = data.filter((pl.col("unit") == unit) & ~pl.col("total")).sort("latest", descending=True)["name"].to_list()
    hidden = unit != "兆円"
    y = alt.Y("name:N", sort=order, title=None, axis=alt.Axis(labels=not hidden, ticks=not hidden, labelLimit=300,
                                                              domain=False, grid=True))  # fmt: skip
    furthest = float(parts["end"].max()) * 1.45  # type: ignore[arg-type]
    x = alt.X("before:Q", scale=alt.Scale(domain=[0, furthest], nice=False), title=amounts.unit_shown(unit, language),
              axis=alt.Axis(tickCount=4, grid=False))  # fmt: skip
    base = alt.Chart(parts).encode(y=y, tooltip=["name:N", "before:Q", "latest:Q", "change:N"])
    layers = [
        base.mark_rule(color=GREY, strokeWidth=2).encode(x=x, x2="latest:Q"),
        base.mark_point(size=70, stroke=BLUE, fill="white", opacity=1).encode(x="before:Q"),
        base.mark_point(size=70, filled=True, color=BLUE, opacity=1).encode(x="latest:Q"),
        base.mark_text(align="left", dx=9, fontSize=11.5).encode(
            x="end:Q", text="text:N", color=alt.Color("ink:N", scale=None)
        ),
    ]
    told = [f"{amounts.number(row['before'])} → {amounts.number(row['latest'])} ({row['change']})"
            for row in total.iter_rows(named=True)]  # fmt: skip
    head = f"{word('industries_total', language)} {told[0]}" if told else ""
    title = alt.TitleParams(amounts.unit_shown(unit, language), subtitle=head, fontSize=13, subtitleFontSize=12, offset=8)
    return cast(alt.LayerChart, alt.layer(*layers).properties(width=230, height=alt.Step(26), title=title))


# -------------------------------------------------------------------------------------------------------- ratings


def ratings(figures: pl.DataFrame, edition: int, language: str) -> alt.LayerChart | None:
    """Stacked bars with counts: the measures of the standards strategy by rating, in the annex's order and groups.
    None where the edition's annex rates nothing."""
    found = annex.ratings(figures, edition, language)
    if found.is_empty():
        return None
    words = {grade: word(f"grade_{grade}", language) for grade in GRADES}
    data = found.with_columns(
        rank=pl.col("grade").replace_strict({grade: n for n, grade in enumerate(GRADES)}, return_dtype=pl.Int64),
        label=pl.col("grade").replace_strict(words), text=pl.format("{} {}", "grade", "measures"),
    ).sort("place", "rank")  # fmt: skip
    data = data.with_columns(
        end=pl.col("measures").cum_sum().over("place", order_by="rank"),
    ).with_columns(start=pl.col("end") - pl.col("measures"), mid=pl.col("end") - pl.col("measures") / 2)
    order: list[str] = []
    for row in data.iter_rows(named=True):
        order += [name for name in (row["group"], row["item"]) if name and name not in order]
    groups = [group for group in order if group in set(data["group"])]
    bold = alt.Axis(
        labelLimit=330, grid=False, ticks=False, domain=False,
        labelFontWeight=alt.condition(alt.FieldOneOfPredicate("value", groups), alt.value("bold"), alt.value("normal")),
    )  # fmt: skip
    base = alt.Chart(data).encode(
        y=alt.Y("item:N", sort=None, scale=alt.Scale(domain=order), title=None, axis=bold),
        tooltip=["group:N", "item:N", "label:N", "measures:Q"],
    )
    bars = base.mark_bar(height={"band": 0.8}, stroke="white").encode(
        x=alt.X("start:Q", title=word("ratings_axis", language), axis=alt.Axis(tickMinStep=1, tickCount=8)), x2="end:Q",
        color=alt.Color("label:N", title=None, sort=None, scale=alt.Scale(
            domain=list(words.values()), range=list(GRADES.values())), legend=alt.Legend(orient="top")),
    )  # fmt: skip
    text = base.mark_text(fontSize=10.5, aria=False).encode(
        x="mid:Q", text="text:N",
        color=alt.condition(alt.FieldOneOfPredicate("grade", ["◎", "×"]), alt.value("white"), alt.value("#222")),
    )  # fmt: skip
    told = [
        f"{item}: " + ", ".join(rows["text"]) + "."
        for (item,), rows in data.group_by(["item"], maintain_order=True)
    ]  # fmt: skip
    values = {"edition": edition, "measures": int(data["measures"].sum())}
    return cast(
        alt.LayerChart,
        (bars + text).properties(
            width=WIDTH - 320, height=alt.Step(21), title=_title("ratings", language, **values),
            description=_described(word("ratings_title", language), told, language),
        ),
    )  # fmt: skip


def charts(found: dict[str, pl.DataFrame], edition: int, language: str) -> dict[str, alt.TopLevelMixin | None]:
    """All charts of the indicators by name, in the order of reading; None where an edition has nothing to show.

    `found` has the tables figures and series."""
    rows = kpi.overview(found, edition, language)
    return {
        "kpi-ratio": ratio(rows, edition, language),
        **{f"kpi-{group}": indicators(rows, group, edition, language) for group in kpi.coverage.GROUPS},
        "industries": industries(found["figures"], edition, language),
        "ratings": ratings(found["figures"], edition, language),
    }
