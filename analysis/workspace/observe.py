"""`python -m analysis observe`: values of a statistic's table into data/curated/observations.csv.

What would be recorded is shown beside the plans' values first. All rows of a table are recorded or none.
"""

import re
import sys
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from pathlib import Path

import polars as pl
import typer

from analysis.base import files, paths
from analysis.base.errors import TableFaulty, UsageFault
from analysis.base.japanese import visible
from analysis.kpi import added_values, amounts, statistics, table_maps
from analysis.kpi.added_values import Observation
from analysis.kpi.register import by_id
from analysis.kpi.table_maps import Taken
from analysis.tables import store
from analysis.workspace import publish

STDIN = "-"
MOST = 1000  # values of a table
SHOWN = 20  # cells that were left out
DATES = re.compile(r"^(?:published_on|retrieved_on)[ \t]*=.*\n", re.MULTILINE)  # of one file, not of the next


@dataclass(frozen=True)
class Wanted:
    """What the command line says; `given` are who, published_on and retrieved_on, as far as they are named."""

    map_file: Path | None
    sheet: str
    given: dict[str, str]
    yes: bool
    insist: bool


def observe(file: str, wanted: Wanted) -> None:
    """Read a table, show its values, and record those that are new. Raises UsageFault, TableFaulty, CannotWrite."""
    content, name = _content(file)
    map_file = _map_file(file, wanted)
    with publish.exclusive():
        taken = _taken(content, name, map_file, wanted)
        kept = added_values.kept()
        new = _new(taken, kept, name)
        series = store.read_if_there("series", paths.committed())
        _show(_preview(taken, new, kept, series))
        _check(new, kept, series, name, wanted.insist)
        if not new:
            return
        _confirm(file, wanted)
        if map_file is not None and map_file.exists():
            _keep_map(map_file)
        files.write(added_values.path(), added_values.text([*kept, *new.values()]))
        print(f"{len(new)} rows recorded in {added_values.path()}")


def _content(file: str) -> tuple[bytes, str]:
    """Return the bytes of a file or of standard input, and what to call it."""
    most = statistics.MOST_BYTES + 1
    if file == STDIN:
        return sys.stdin.buffer.read(most), "standard input"
    if fault := files.fault(Path(file)):
        raise UsageFault(f"{file} is not a file ({fault}): name a CSV or XLSX file, or - for standard input")
    try:
        with Path(file).open("rb") as stream:
            return stream.read(most), file
    except OSError as error:
        raise UsageFault(f"{file} cannot be read ({error.strerror or error}): make it readable") from error


def _map_file(file: str, wanted: Wanted) -> Path | None:
    """Return where the table's map is, or is to be: as named, beside the file, or kept from an earlier year."""
    if wanted.map_file is not None:
        return wanted.map_file
    if file == STDIN:
        return None
    beside = Path(file).with_suffix(".toml")
    kept = _kept_maps() / beside.name
    return kept if kept.exists() and not beside.exists() else beside


def _kept_maps() -> Path:
    return paths.curated() / "observations"


def _taken(content: bytes, name: str, map_file: Path | None, wanted: Wanted) -> Taken:
    """Return what the table holds. Without a map, and columns of its own that need none, one is written and shown."""
    table_map = table_maps.read(map_file) if map_file is not None and map_file.exists() else None
    sheet = wanted.sheet or (table_map.sheet if table_map else "")
    grid = statistics.grid(content, name, sheet)
    if table_map is not None:
        return table_maps.mapped(grid, table_map, name, wanted.given)
    if table_maps.is_own(grid):
        return table_maps.own(grid, name, wanted.given)
    if map_file is None:
        heads = ",".join(added_values.COLUMNS)
        raise UsageFault(f"a table on standard input needs --map MAP.toml, or the columns {heads}")
    proposal = table_maps.proposed(grid, name, sheet, date.today().isoformat())
    files.write(map_file, proposal)
    _show(proposal.splitlines())
    try:
        table_map = table_maps.read(map_file)
        series = tuple(replace(pick, indicator_id=pick.indicator_id or "?") for pick in table_map.series)
        taken = table_maps.mapped(grid, replace(table_map, series=series), name, {"who": "?"} | wanted.given)
        _show(_preview(taken, taken.rows, [], store.empty("series")))
    except TableFaulty as error:
        _show([f"it cannot be read yet: {error}"])
    raise UsageFault(f"{map_file} is a proposal: check and edit it, and run the command again")


def _show(lines: list[str]) -> None:
    print("\n".join(map(visible, lines)))


def _new(taken: Taken, kept: list[Observation], name: str) -> dict[str, Observation]:
    """Return the observations that say something new, by cell. Raises TableFaulty, which names the cell."""
    if not taken.rows:
        reasons = "; ".join(taken.left_out[:3]) or "no row fits"
        raise TableFaulty(f"{name}: no value was read ({reasons}): change the map, or give another table")
    if len(taken.rows) > MOST:
        raise TableFaulty(f"{name} gives {len(taken.rows):,} values: name the rows of the indicator in the map")
    where = {id(row): place for place, row in taken.rows.items()}
    for place, row in taken.rows.items():
        if fault := added_values.fault_of(row):
            raise TableFaulty(f"{name}, {place}: {'; '.join(fault)}")
    if pair := added_values.conflict(taken.rows.values()):
        first, second = (where[id(row)] for row in pair)
        what = f"{second} gives {' '.join(pair[1].key)}, and so does {first}"
        raise TableFaulty(f"{name}: {what}; name the rows or the column in the map, or keep one")
    new: dict[str, Observation] = {}
    for place, row in taken.rows.items():
        if added_values.is_known(row, [*kept, *new.values()]):
            taken.left_out.append(f"{place}: {' '.join(row.key)} is known already, with the same value")
        else:
            new[place] = row
    return new


def _check(new: dict[str, Observation], kept: list[Observation], series: pl.DataFrame, name: str, insist: bool) -> None:
    """Raise TableFaulty where a value is out of size, or differs from one that is kept of the same day."""
    sizes = [odd for row in new.values() if (odd := added_values.out_of_size(row, series))]
    if sizes and not insist:
        more = f" (and {len(sizes) - 1} more)" if sizes[1:] else ""
        raise TableFaulty(f"{name}: {sizes[0]}{more}; check the unit, or add --insist if it is right")
    if pair := added_values.conflict([*kept, *new.values()]):
        before, row = pair
        what = (
            f"{' '.join(row.key)} is {row.value} {row.unit}, and {before.value} {before.unit} was added of the same day"
        )
        raise TableFaulty(f"{name}: {what}, {row.dated[0]}; give the day of the revision (published_on, retrieved_on)")


def _preview(taken: Taken, new: dict[str, Observation], kept: list[Observation], series: pl.DataFrame) -> list[str]:
    """Return a line for each value, beside that of the plans, and for what was left out."""
    lines = [f"{place}  {_shown(row, kept, series)}" for place, row in new.items()]
    if left := len(taken.left_out):
        lines += [f"left out: {left}", *(f"  {reason}" for reason in islice(taken.left_out, SHOWN))]
    return [*lines, f"  … and {left - SHOWN} more"] if left > SHOWN else lines


def _shown(row: Observation, kept: list[Observation], series: pl.DataFrame) -> str:
    indicator = by_id().get(row.indicator_id)
    said = f"{row.indicator_id} {row.period}: {row.value} {row.unit}"
    if indicator is None or added_values.fault_of(row):
        return said
    if row.unit != indicator.unit:
        said += f" = {row.amount:,.10g} {indicator.unit}"
    for earlier in (other for other in kept if other.key == row.key):
        said += f"; added before: {earlier.value} {earlier.unit} ({earlier.dated[0]})"
    stated = series.filter(
        (pl.col("year") - row.year).abs() < 0.01, pl.col("edition").is_not_null(), pl.col("kind") != "target",
        indicator_id=row.indicator_id,
    ).sort("edition", "first_line", descending=[True, False])  # fmt: skip
    for plan in stated.head(1).iter_rows(named=True):
        year = amounts.year(plan["year"], plan["fiscal"], "en")
        apart = f" ({100 * (row.amount / plan['value'] - 1):+.1f}%)" if plan["value"] else ""
        said += (
            f"; the plan of {plan['edition']} says {amounts.number(plan['value'])} {indicator.unit} for {year}{apart}"
        )
    return said


def _confirm(file: str, wanted: Wanted) -> None:
    if wanted.yes:
        return
    if file == STDIN or not sys.stdin.isatty():
        raise UsageFault("nothing was recorded: look at the values, and run the command again with --yes")
    if not typer.confirm("Record them?"):
        raise UsageFault("nothing was recorded")


def _keep_map(map_file: Path) -> None:
    """Keep a map for the next year's file, without the days of this one."""
    kept = _kept_maps() / map_file.name
    if map_file.resolve() != kept.resolve():
        files.write(kept, DATES.sub("", map_file.read_text(encoding="utf-8-sig")))
