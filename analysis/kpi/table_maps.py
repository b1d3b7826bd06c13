"""Maps of statistics' tables (TOML): which of their cells are values of which indicator, and a first map of a new one.

docs/kpi.md says what a map holds.
"""

import json
import re
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from analysis.base import curated
from analysis.base.curated import plain
from analysis.base.errors import TableFaulty
from analysis.base.japanese import normal, squeeze
from analysis.kpi import statistics
from analysis.kpi.added_values import COLUMNS, Observation
from analysis.kpi.register import indicators
from analysis.kpi.statistics import CODE, Grid, letters

SEARCHED = 60  # rows in which a head is looked for
UNIT_SAID = re.compile(r"単位\s*[:：]\s*([^()（）、，\s]+)")
TITLES = ("統計名", "統計表名", "調査名", "表題", "表名")  # what stands before a title in rows above the head
RATE = re.compile("[比率]|%|％")
TOTALS = re.compile(r"(?:総|合|小|累)?計|総数|total", re.IGNORECASE)


@curated.exact
@dataclass(frozen=True)
class Pick:
    """The cells of an indicator: the column of its values (in a wide table what the heads say beside the period), and
    what other columns must say in its rows. A column is named by its head, or by its letter (A)."""

    indicator_id: str
    value: str = ""
    rows: dict[str, str] = field(default_factory=dict, hash=False)
    unit: str = ""


@dataclass(frozen=True)
class TableMap:
    """What a table holds. `head` are the rows of the head, counted from 1; without `period` columns the heads are the
    periods."""

    head: tuple[int, ...]
    series: tuple[Pick, ...]
    source: str
    address: str = ""
    published_on: str = ""
    retrieved_on: str = ""
    period: tuple[str, ...] = ()
    unit: str = ""
    unit_column: str = ""
    sheet: str = ""
    months: bool = False


@dataclass
class Taken:
    """Observations of a table by the cell that they come from, and the cells that were left out with the reason."""

    rows: dict[str, Observation] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)


def read(file: Path) -> TableMap:
    """Return a map. Raises TableFaulty."""
    values = {k: v.isoformat() if isinstance(v, date) else v for k, v in curated.toml(file).items()}
    table_map = curated.entries(TableMap, values, file)[0]
    if not table_map.head or min(table_map.head) < 1 or not table_map.series:
        raise TableFaulty(f"{file}: head must name rows from 1 on, and [[series]] an indicator")
    return table_map


def is_own(grid: Grid) -> bool:
    """Return whether a table has observations.csv's own columns, in any order."""
    heads = next(row for row in grid if any(row))
    return {"indicator_id", "period", "value"} <= set(heads) <= {*COLUMNS, ""}


def own(grid: Grid, name: str, given: dict[str, str]) -> Taken:
    """Return what a table with observations.csv's own columns holds. `given` are cells that it may lack. Raises
    TableFaulty, which names the row."""
    taken = Taken()
    first, heads = next((number, row) for number, row in enumerate(grid) if any(row))
    for number, row in enumerate(grid[first + 1 :], start=first + 1):
        cells = dict(zip(heads, row, strict=False))
        if any(row):
            _take(taken, given | {k: v for k, v in cells.items() if k and v}, f"row {number + 1}", name)
    return taken


def mapped(grid: Grid, table_map: TableMap, name: str, given: dict[str, str]) -> Taken:
    """Return what a table holds by its map; what is `given` goes before the map's. Raises TableFaulty, which names the
    cell."""
    heads = _heads(grid, table_map.head, name)
    common = {key: getattr(table_map, key) for key in ("source", "address", "published_on", "retrieved_on")} | given
    taken = Taken()
    for pick in table_map.series:
        columns = _columns(heads, pick, table_map, name)
        labels = {_column(heads, label, name): squeeze(words) for label, words in pick.rows.items()}
        times = [_column(heads, label, name) for label in table_map.period]
        upper = {*list(labels)[:-1], *times[:-1]}  # merged cells: what stands above holds
        others, above = 0, dict.fromkeys(upper, "")
        for number, row in enumerate(grid[max(table_map.head) :], start=max(table_map.head)):
            above |= {column: cell for column in upper if (cell := _cell(row, column))}
            if any(squeeze(above.get(column) or _cell(row, column)) != words for column, words in labels.items()):
                others += any(row)
                continue
            stated = " ".join(above.get(column) or _cell(row, column) for column in times).strip()
            for column, head in columns:
                unit = pick.unit or table_map.unit or _cell(row, _column(heads, table_map.unit_column, name))
                cells = {"indicator_id": pick.indicator_id, "period": head or stated, "unit": unit}
                if any(row):
                    cells |= common | {"value": _cell(row, column)}
                    _take(taken, cells, f"{letters(column)}{number + 1}", name, table_map.months)
        taken.left_out += [f"{others} rows that are not {_said(pick)}"] if others else []
    return taken


def _take(taken: Taken, cells: dict[str, str], where: str, name: str, months: bool | None = None) -> None:
    """Add an observation, or the reason why a cell is none. In a table with a map (`months` is not None) what has no
    period is no fault: the totals and notes below it."""
    cells["unit"] = statistics.unit(cells.get("unit", ""))
    try:
        try:
            cells["period"] = statistics.period(cells.get("period", ""))
        except ValueError as error:
            if months is None:
                raise
            total = ", a total" if TOTALS.fullmatch(squeeze(cells["period"])) else ""
            taken.left_out.append(f"{where}: {error}{total}")
            return
        if months is False and "-" in cells["period"]:
            taken.left_out.append(f"{where}: {cells['period']} is a month (months = true takes them)")
            return
        value = statistics.number(cells.get("value", ""), cells["unit"])
        if value is None:
            taken.left_out.append(f"{where}: no value of {cells['period']} ({plain(cells.get('value') or 'empty')})")
            return
        taken.rows[where] = curated.row(Observation, cells | {"value": str(value)})
    except ValueError as error:
        what, remedy = (*error.args, "mend it, or change the map")[:2]
        raise TableFaulty(f"{name}, {where}: {what}; {remedy}") from error


def _heads(grid: Grid, rows: tuple[int, ...], name: str) -> list[str]:
    """Return the head of each column: of several rows all, merged cells (empty behind the first) filled."""
    if max(rows) > len(grid):
        raise TableFaulty(f"{name} has {len(grid)} rows: head = {list(rows)} in the map names none of them")
    width = max(map(len, grid))
    heads = [""] * width
    for number in rows:
        last = ""
        for column in range(width):
            cell = " ".join(_cell(grid[number - 1], column).split())
            last = cell or (last if number != max(rows) else "")
            heads[column] = f"{heads[column]} {last}".strip()
    return heads


def _columns(heads: list[str], pick: Pick, table_map: TableMap, name: str) -> list[tuple[int, str]]:
    """Return the columns of an indicator's values, in a wide table each with its period."""
    if table_map.period:
        return [(_column(heads, pick.value, name), "")]
    columns = []
    for column, head in enumerate(heads):
        if squeeze(pick.value) not in squeeze(head):
            continue
        rest = squeeze(head).replace(squeeze(pick.value), "", 1)
        with suppress(ValueError):
            statistics.period(rest)
            columns.append((column, rest))
    if not columns:
        what = f"no head is a period{' and ' + plain(pick.value) if pick.value else ''}"
        raise TableFaulty(f"{name}: {what}: {_listed(heads)}; name the column of periods in the map, or other heads")
    return columns


def _column(heads: list[str], label: str, name: str) -> int:
    if not label:
        raise TableFaulty(f"{name}: the map names no column of values, or neither unit nor unit_column")
    places = [column for column, head in enumerate(heads) if squeeze(head) == squeeze(label)]
    places = places or [column for column in range(len(heads)) if letters(column) == label]
    if len(places) != 1:
        what = "has several columns" if places else "has no column"
        raise TableFaulty(f"{name} {what} {plain(label)!r}: its head is {_listed(heads)}; change the map")
    return places[0]


def _listed(heads: list[str]) -> str:
    return plain(", ".join(filter(None, heads[:8]))) if any(heads) else "empty"


def _cell(row: list[str], column: int) -> str:
    return row[column] if column < len(row) else ""


def _said(pick: Pick) -> str:
    return f"{pick.indicator_id} (" + ", ".join(f"{label} = {words}" for label, words in pick.rows.items()) + ")"


# ---------------------------------------------------------------------------------------------------- a first map


def proposed(grid: Grid, name: str, sheet: str, day: str) -> str:
    """Return a first map of a table, to be checked and edited. Raises TableFaulty where no periods are found in it."""
    for number, row in enumerate(grid[:SEARCHED]):
        periods = [column for column, cell in enumerate(row) if _parted(cell)[1] and not CODE.fullmatch(cell)]
        if len({_parted(row[column])[1] for column in periods}) > 1:
            return _wide(grid, number, periods, name, sheet, day)
        values = [column for column, cell in enumerate(row) if _is_value(cell)]
        if periods and number and any(column > periods[0] for column in values):
            return _long(grid, number, periods[0], values, name, sheet, day)
    raise TableFaulty(f"{name}: no years are found in a head or a column; write its map by hand (docs/kpi.md)")


def _wide(grid: Grid, number: int, periods: list[int], name: str, sheet: str, day: str) -> str:
    head, following = [number + 1], grid[number + 1] if number + 1 < len(grid) else []
    words = _parted(grid[number][periods[0]])[0]
    if not words and not any(_is_value(cell) for cell in following) and _cell(following, periods[0]):
        head, words = [*head, number + 2], _cell(following, periods[0])
    heads = _heads(grid, tuple(head), name)
    body = next((row for row in grid[head[-1] :] if any(map(_is_value, row))), [])
    labels = {heads[column] or letters(column): cell for column in range(periods[0]) if (cell := _cell(body, column))}
    return _map(grid[:number], name, sheet, day, head, [], words, labels, heads)


def _long(grid: Grid, number: int, period: int, values: list[int], name: str, sheet: str, day: str) -> str:
    heads = _heads(grid, (number,), name)
    named = [column for column in values if column > period and not CODE.fullmatch(grid[number][column])]
    plain_values = [column for column in named if not RATE.search(heads[column])]
    called = [column for column in named if squeeze(heads[column]).lower() in ("value", "値")]
    value = next(iter([*called, *plain_values, *named, *values]))
    labels = {
        heads[column]: cell
        for column, cell in enumerate(grid[number])
        if cell and heads[column] and not _is_value(cell) and not _parted(cell)[1] and "コード" not in heads[column]
    }
    return _map(grid[: number - 1], name, sheet, day, [number], [heads[period]], heads[value], labels, heads)


def _map(
    above: Grid, name: str, sheet: str, day: str, head: list[int], period: list[str], value: str,
    labels: dict[str, str], heads: list[str],
) -> str:  # fmt: skip
    """Return the map as TOML; what could not be seen is empty."""
    cells = [cell for row in above for cell in row if cell]
    unit_column = next((h for h in heads if squeeze(h).lower() in ("unit", "単位")), "")
    pairs = {squeeze(row[0]).rstrip(":："): row[1] for row in above if len(row) > 1 and row[0] and row[1]}
    said = next((match[1] for cell in [*cells, *heads] if (match := UNIT_SAID.search(cell))), pairs.get("単位", ""))
    names = [squeeze(name) for name in (*labels.values(), value, *cells)]
    indicator = next((i.indicator_id for name in names for i in indicators() if i.named(name, None)), "")
    rows = ", ".join(f"{_toml(key)} = {_toml(cell)}" for key, cell in labels.items() if key != unit_column)
    titles = [pairs[key] for key in TITLES if key in pairs]
    title = next(iter([*titles, *(cell for cell in cells if not cell.endswith((":", "：")))]), Path(name).stem)
    return f"""# What {Path(name).name} holds, for `python -m analysis observe`: check and edit it (docs/kpi.md).
source = {_toml(plain(normal(title)))}
address = ""  # where it is published: recorded, never fetched
published_on = ""  # 2026-02-04 or 2026-02
retrieved_on = {_toml(day)}
sheet = {_toml(sheet)}  # of a workbook
head = {head}  # rows of the head, counted from 1
period = {json.dumps(period, ensure_ascii=False)}  # columns of the period; none where the heads are the periods
unit = {_toml("" if unit_column else said)}  # of all values, or
unit_column = {_toml(unit_column)}
months = false  # true takes values of months, too

[[series]]  # one for each indicator
indicator_id = {_toml(indicator)}  # of data/curated/indicators.toml
value = {_toml(value)}  # the column of values; where heads are periods, what they say beside them
rows = {{ {rows} }}  # what its rows say
"""


def _toml(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _parted(cell: str) -> tuple[str, str]:
    """Return what a head says beside its period, and the period; ("", "") where it has none."""
    first, *rest = cell.split(maxsplit=1)[:2] or [""]
    *start, last = cell.rsplit(maxsplit=1)[-2:] or [""]
    for words, period in (("", cell), (" ".join(start), last), (" ".join(rest), first)):
        with suppress(ValueError):
            return words, statistics.period(period)
    return "", ""


def _is_value(cell: str) -> bool:
    with suppress(ValueError):
        return statistics.number(cell, "%") is not None
    return False
