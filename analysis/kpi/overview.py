"""The indicators as people read them: each with its progress in words, and the values that do not agree."""

import re
from collections.abc import Mapping
from typing import Any

import polars as pl

from analysis.base.i18n import gettext
from analysis.kpi import amounts
from analysis.kpi.pace import GROUPS, group_of, progress
from analysis.kpi.reasons import aim, reason, years
from analysis.kpi.register import Indicator, by_id
from analysis.kpi.timeline import as_of
from analysis.tables.labels import label

Row = dict[str, Any]

PROGRAM = "知的財産推進計画"  # what sets a target itself, where it quotes those of others


def overview(tables: Mapping[str, pl.DataFrame], edition: int, language: str, *, up_to: bool = False) -> list[Row]:
    """Return the indicators that an edition speaks of, by group and in the plan's order, in words: what the report's
    table and charts show; with `up_to` all that it or an edition before speaks of. `tables` has figures, ties, series.

    Besides the columns of Progress, as the edition's readers could know it, each row has: section, first_line, name,
    unit (what to call it), measured_in (the register's unit), wish (up, down, watch), own (set by a Program), group,
    state_word, direction_word (empty where it has none), reason (sentences: why, and what that rests on), set_by,
    measured_by, definition, points (its rows of the series, in the order of time).
    """
    known = as_of(tables["series"], edition)
    spoken = (known if up_to else known.filter(edition=edition))["indicator_id"].unique().to_list()
    own = tables["figures"].filter(edition=edition).drop("indicator_id")
    tied = tables["ties"].drop_nulls("indicator_id").join(own, on="figure_id")
    first = tied.sort("first_line", "figure_id").unique("indicator_id", keep="first")
    order = {key: (section, line) for key, section, line in first["indicator_id", "section", "first_line"].iter_rows()}
    registered, rows = by_id(), []
    series = {str(key[0]): values for key, values in known.group_by("indicator_id")}
    for row in progress(known).filter(pl.col("indicator_id").is_in(spoken)).iter_rows(named=True):
        indicator = registered[row["indicator_id"]]
        values = series[indicator.indicator_id]
        later = _set_later(indicator, edition)
        if later and row["state"] in ("no_number", "watched"):  # no KPI that this edition knew
            row["state"] = "no_target"
        section, line = order.get(indicator.indicator_id, ("", 0))
        rows.append(
            {
                **row,
                "section": section,
                "first_line": line,
                "group": group_of(row["state"]),
                "state_word": _state_word(row, language),
                "direction_word": "" if row["direction"] is None else label("direction", row["direction"], language),
                "reason": reason(indicator, row, values, series, language),
                "unit": amounts.unit_shown(indicator.unit, language),
                "measured_in": indicator.unit,
                "wish": indicator.direction,
                "own": PROGRAM in indicator.set_by_ja and not later,
                **{what: indicator.text(what, language) for what in ("name", "measured_by", "definition")},
                "set_by": "" if later else indicator.text("set_by", language),
                "points": values.sort("year", "edition", "first_line", nulls_last=True).to_dicts(),
            }
        )
    return sorted(rows, key=lambda row: (GROUPS.index(row["group"]), row["first_line"], row["indicator_id"]))


def _state_word(row: Row, language: str) -> str:
    """Return the state in words; where there are values and none of the target's year, which is past, so."""
    if row["state"] == "no_observation" and row["last_id"] is not None:
        return gettext("no value of the target’s year", language)
    return label("state", row["state"], language)


def _set_later(indicator: Indicator, edition: int) -> bool:
    """Whether only plans of later years than the edition set the indicator's target; the year of others that set one
    is not known."""
    years = re.findall(PROGRAM + r"(\d{4})", indicator.set_by_ja)
    return bool(years) and min(map(int, years)) > edition


def disagreements(contradictions: pl.DataFrame, series: pl.DataFrame, language: str) -> list[Row]:
    """Return the table contradictions (schema Contradictions) in words: indicator_id, name, finding, year, and of each
    side (one, other) value, edition, doc_id and first_line. `series` (schema Series) has the values' own words."""
    registered, rows = by_id(), []
    stated = {(row["indicator_id"], row["value_id"]): row for row in series.iter_rows(named=True)}
    for row in contradictions.sort("indicator_id", "finding", "one_id", "other_id").iter_rows(named=True):
        indicator = registered[row["indicator_id"]]
        sides = {
            side: {
                "value": _said(row, side, stated, indicator, language),
                "edition": row[f"{side}_edition"],
                "doc_id": row[f"{side}_doc"],
                "first_line": row[f"{side}_line"],
            }
            for side in ("one", "other")
        }
        rows.append(
            {
                "indicator_id": indicator.indicator_id,
                "name": indicator.text("name", language),
                "finding": label("finding", row["finding"], language),
                "year": None if row["year"] is None else amounts.year(row["year"], False, language),
                **sides,
            }
        )
    return rows


def _said(row: Row, side: str, stated: Mapping[tuple[str, str], Row], indicator: Indicator, language: str) -> str:
    """Return a side's value in words; of targets set anew for another year with that year."""
    value = row[f"{side}_value"]
    if row["finding"] == "growth":
        return amounts.growth(value / 100, False, "%", language)
    own = stated.get((row["indicator_id"], row[f"{side}_id"]))
    if own is None:
        return amounts.amount(value, indicator.unit, language)
    amount = aim(own, stated.values(), indicator.unit, language)
    if row["finding"] != "new_target":
        return amount
    return gettext("{value} ({year})", language, value=amount, year=years(own, language))
