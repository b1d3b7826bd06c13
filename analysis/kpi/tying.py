"""Which figure belongs to which indicator: by the register's patterns, else by likeness; and why the others to none."""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

import polars as pl

from analysis.base.i18n import gettext
from analysis.base.i18n import gettext_noop as N_
from analysis.kpi.amounts import CURRENCIES, converted, scale
from analysis.kpi.likeness import (
    LISTED,
    MARGIN,
    THRESHOLD,
    Known,
    Likeness,
    Stated,
    Value,
    Words,
    contradicts,
    words_of,
)
from analysis.kpi.register import Indicator, Untied, by_id, indicators, names, register
from analysis.kpi.timeline import COMING, set_by, years_of
from analysis.tables import store

WORDS, HEADINGS, LIKENESS = "words", "headings", "likeness"
PLACE, CHANGE, CURRENCY = "place", "change", "currency"  # reasons that no entry of the register gives
REASONS = {
    PLACE: N_("Another country or region, for comparison."),
    CHANGE: N_("A change or rate of an indicator that is shown with its values: {name}."),
    CURRENCY: N_("In another currency than the indicator: {name}."),
}
Row = dict[str, Any]


class Tie(NamedTuple):
    """An indicator of a figure, how it was found, and its score (1 where a pattern fits)."""

    indicator_id: str
    by: str
    score: float


def ties(figures: pl.DataFrame) -> pl.DataFrame:
    """Return the indicators of every figure (schema Ties), from the figures of all editions (schema Figures).

    A figure has one indicator at most, the first of the register whose patterns fit, else the one that it is like; a
    target without a number belongs to every one whose patterns fit. Figures are compared with the names of those that
    patterns tie, whatever their edition. One without an indicator has the nearest one and the reason, where there are.
    """
    ordered = figures.sort("figure_id").to_dicts()
    by_pattern = {row["figure_id"]: list(_by_pattern(row)) for row in ordered}
    likeness = Likeness(_known(ordered, by_pattern))
    ranked = _ranked(ordered, by_pattern, likeness)
    rows: list[Row] = []
    for row in ordered:
        key, tied = row["figure_id"], by_pattern[row["figure_id"]]
        if not tied:
            tied = list(_by_likeness(row, ranked.get(key, Ranked([], []))))
        rows += [{"figure_id": key, "number": number, **tie._asdict()} for number, tie in enumerate(tied, 1)]
        if not tied:
            rows.append({"figure_id": key, "number": 1, **_untied(row, ranked.get(key, Ranked([], [])))})
    return pl.DataFrame(rows, schema=store.empty("ties").schema)


def tied(figures: pl.DataFrame, ties: pl.DataFrame) -> pl.DataFrame:
    """Return figures (schema Figures) with what follows from their ties (schema Ties) and periods: indicator_id (the
    first), first_year and last_year."""
    first = ties.filter(number=1).select("figure_id", "indicator_id")
    joined = figures.drop("indicator_id").join(first, on="figure_id", how="left", maintain_order="left")
    since = set_by(joined)
    years = [span(period, since[key]) for key, period in joined.select("figure_id", "period").iter_rows()]
    dated = joined.with_columns(
        first_year=pl.Series([first for first, _ in years], dtype=pl.Float64),
        last_year=pl.Series([last for _, last in years], dtype=pl.Float64),
    )
    return dated.select(figures.columns)


def span(period: str | None, start: int) -> tuple[float | None, float | None]:
    """Return the first and the last year of a period, months as fractions; the years to come begin with `start`."""
    last = years_of(period, start)[1]
    if period is None or last is None:
        return None, None
    if COMING.match(period):
        return float(start), last
    begin = re.match(r"(\d{4}[-\d]*?)(?:年度)?/|(\d{4})-\d{4}", period)
    first = years_of(begin[1] or begin[2], start)[1] if begin else last
    return first, last


def _by_pattern(row: Row) -> Iterator[Tie]:
    """Yield the first indicator whose patterns fit, of a target without a number every one."""
    name, headings = row["indicator"], row["headings"]
    if name is None:
        return
    for indicator in indicators():
        if indicator.fits(name, headings, row["unit"], row["nature"]) and not _contradicts(name, indicator):
            yield Tie(indicator.indicator_id, WORDS if indicator.worded(name) else HEADINGS, 1.0)
            if row["value"] is not None:
                return


def _contradicts(name: str, indicator: Indicator) -> bool:
    """Return whether a name tells that something else is counted than what the register says of an indicator."""
    return contradicts(name, *_registered(indicator))


def _registered(indicator: Indicator) -> tuple[list[Words], list[Words]]:
    """Return what the register calls an indicator, patterns included, and what else it says of it."""
    patterns = [*indicator.patterns, *(pattern for some in indicator.local.values() for pattern in some)]
    said = (indicator.definition_ja, indicator.measured_by_ja)
    return [words_of(text) for text in (indicator.name_ja, *patterns)], [words_of(text) for text in said]


def _known(rows: list[Row], by_pattern: dict[str, list[Tie]]) -> list[Known]:
    """Return what the figures that patterns tie say of each indicator."""
    called: dict[str, set[tuple[str, str]]] = defaultdict(set)
    values: dict[str, dict[str, list[tuple[int, float, str, Value]]]] = defaultdict(lambda: defaultdict(list))
    registered = by_id()
    for row in rows:
        ties = by_pattern[row["figure_id"]]
        if len(ties) == 1:  # a target that several indicators follow has the name of none
            called[ties[0].indicator_id] |= {(name, row["headings"] or "") for name in wordings(row["indicator"])}
        if ties and row["value"] is not None:
            indicator = registered[ties[0].indicator_id]
            year = years_of(row["period"], row["edition"])[1]
            value = (year, converted(row["value"], row["unit"], indicator.unit))
            values[indicator.id][row["kind"]].append((row["edition"], year or 0.0, row["figure_id"], value))
    return [
        Known(
            indicator,
            tuple(
                (words_of(name), words_of(headings.rpartition(" / ")[2]).words - words_of(name).words)
                for name, headings in [(indicator.name_ja, ""), *sorted(called[indicator.id])]
            ),
            words_of(indicator.name_ja),
            words_of(f"{indicator.definition_ja}。{indicator.measured_by_ja}"),
            {kind: tuple(row[-1] for row in sorted(some)) for kind, some in values[indicator.id].items()},
        )
        for indicator in indicators()
    ]


def wordings(name: str) -> list[str]:
    """Return a name, and where brackets in its middle hold another word for what stands before, both in full:
    旅行(インバウンド)消費額 is 旅行消費額, インバウンド消費額 and itself."""
    match = re.fullmatch(r"([^()]+)\(([^()]{2,})\)([^()]+)", name)
    return [name, match[1] + match[3], match[2] + match[3]] if match else [name]


class Ranked(NamedTuple):
    """Indicators with their scores, the best first: of the figure's own unit and nature, and of any."""

    fitting: list[tuple[float, str]]
    all: list[tuple[float, str]]


def _ranked(rows: list[Row], by_pattern: dict[str, list[Tie]], likeness: Likeness) -> dict[str, Ranked]:
    """Return the indicators that each figure without a pattern is like. Figures of one name in one line are one
    question: of a series' two values either may be near."""
    groups: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in rows:
        if row["indicator"] is not None and not by_pattern[row["figure_id"]]:
            groups[row["doc_id"], row["first_line"], row["indicator"], row["unit"], row["nature"]].append(row)
    result: dict[str, Ranked] = {}
    for same in groups.values():
        row = same[0]
        values = tuple(
            (other["kind"], (years_of(other["period"], other["edition"])[1], other["value"]))
            for other in same if other["value"] is not None
        )  # fmt: skip
        stated = Stated(row["indicator"], row["headings"] or "", row["unit"], row["nature"], values)
        ranked = Ranked(likeness.scores(stated), likeness.scores(stated, whatever=True))
        result |= {other["figure_id"]: ranked for other in same}
    return result


def _by_likeness(row: Row, ranked: Ranked) -> Iterator[Tie]:
    """Yield the indicator that a figure with a value is like, where no other comes near and the register does not say
    that it belongs to none."""
    if row["value"] is not None and clear(ranked.fitting) and _entry(row) is None:
        score, indicator_id = ranked.fitting[0]
        yield Tie(indicator_id, LIKENESS, score)


def clear(ranked: list[tuple[float, str]]) -> bool:
    """Return whether the best indicator is like enough, and clearly more so than the next."""
    return bool(ranked) and ranked[0][0] >= THRESHOLD and (len(ranked) == 1 or ranked[0][0] - ranked[1][0] >= MARGIN)


def _untied(row: Row, ranked: Ranked) -> Row:
    """Return nearest, score and reason of a figure that belongs to no indicator, null where there are none."""
    entry = _entry(row)
    if entry and not (entry.patterns or entry.headings):  # where it stands says all
        return {"reason": entry.id}
    score, nearest = next(iter(ranked.fitting or ranked.all), (0.0, None))
    reason, about, likeness = None, _named(row), 1.0
    if about is None and clear(ranked.all):
        likeness, about = ranked.all[0]
    if about is not None and (reason := _differs(row, about)):
        score, nearest = likeness, about
    if row["nature"] == "level" and _elsewhere(row["indicator"] or ""):
        reason = PLACE
    near = {"nearest": nearest, "score": score} if nearest and score >= LISTED else {}
    return {**near, "reason": entry.id if entry else reason}


def _named(row: Row) -> str | None:
    """Return the first indicator of which a figure's words speak, in whatever unit or nature."""
    name, headings = row["indicator"], row["headings"]
    if name is None:
        return None
    named = (i for i in indicators() if i.named(name, headings) and not _contradicts(name, i))
    return next((indicator.indicator_id for indicator in named), None)


def _differs(row: Row, about: str) -> str | None:
    """Return whether a figure is a change or rate of the indicator that it is about, or a value in another currency."""
    indicator = by_id()[about]
    if row["nature"] != indicator.nature:
        return CHANGE if row["nature"] != "level" else None
    counted = {scale(row["unit"] or "")[1], scale(indicator.unit)[1]}
    return CURRENCY if len(counted) == 2 and counted <= set(CURRENCIES) else None


def _entry(row: Row) -> Untied | None:
    """Return the entry of the register that says why a figure belongs to no indicator."""
    return next((entry for entry in register().untied if entry.fits(row)), None)


def _elsewhere(name: str) -> bool:
    """Return whether a name speaks of a country or region of which no indicator does."""
    known = (text.places for indicator in indicators() for texts in _registered(indicator) for text in texts)
    return bool(words_of(name).places - frozenset().union(*known))


def reason_text(reason: str | None, nearest: str | None, language: str) -> str | None:
    """Return a reason of Ties as a sentence; null where there is none."""
    if reason in REASONS:
        return gettext(REASONS[reason], language, name=names(language).get(nearest or "", ""))
    entry = next((entry for entry in register().untied if entry.id == reason), None)
    if entry is None:
        return None
    return entry.reason_ja if language == "ja" else entry.reason_en
