"""Packets: shares of units, drawn by seed, that one coder gets with the codebook, a prompt and a form.

A packet is a folder: packet.json (what it is, by which its answers are checked), prompt.md (all that a language model
is told), form.xlsx (for people) and form.jsonl (for programs). It holds sentences of the documents and so never lies in
the repository.
"""

import json
import random
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

import polars as pl
from pydantic import TypeAdapter

from analysis.base import curated, files, paths
from analysis.base.errors import UsageFault
from analysis.coding import codebooks, forms, prompts, settled
from analysis.coding.codebooks import Category, Codebook
from analysis.coding.units import Unit, units
from analysis.tables import editions, store

Role = Literal["coder", "adjudicator"]
NOT_RECORDED = "not recorded"
HASH_DIGITS = 16
SHARE = 20  # units: with a whole later plan beside them they fit a context of 128,000 tokens


@dataclass(frozen=True, kw_only=True)
class Packet:
    """What a coder gets. `others` are the later edition's units, of pairs; `offered` limits them for each unit;
    `proposed` are the values among which an adjudicator chooses, without their authors. `asked` are the variables that
    are asked, none for all; `given` are the values that hold of each unit and that what is asked rests upon."""

    packet_id: str
    codebook: str
    version: str
    role: Role
    edition: str
    against: str | None
    seed: int
    units: tuple[Unit, ...]
    others: tuple[Unit, ...] = ()
    offered: dict[str, list[str]] | None = None
    proposed: dict[str, list[dict[str, str | None]]] | None = None
    asked: tuple[str, ...] = ()
    given: dict[str, dict[str, str]] | None = None

    prompt_hash: str = NOT_RECORDED

    def offers(self, unit_id: str) -> list[str]:
        """Return the later units that a unit can be paired with."""
        if self.offered is not None:
            return self.offered.get(unit_id, [])
        return [other.unit_id for other in self.others]

    def held(self, unit_id: str) -> dict[str, str]:
        """Return the values that hold of a unit and are given to the coder, by variable."""
        return (self.given or {}).get(unit_id, {})

    def variables(self, book: Codebook) -> list[str]:
        """Return the variables that are asked."""
        return [name for name in book.variables if name in self.asked] if self.asked else book.variables

    def givens(self, book: Codebook) -> list[str]:
        """Return the variables whose values are given."""
        return [name for name in book.variables if any(name in values for values in (self.given or {}).values())]

    def categories(self, book: Codebook, variable_id: str) -> list[Category]:
        """Return the categories that a variable can have here: of sub-categories those below what is given."""
        above = book.named(variable_id).sub_categories_of
        held = {values.get(above or "") for values in (self.given or {}).values()} - {None}
        categories = [c for c in book.categories(above) if c.category_id in held] if above and held else []
        return [sub for c in categories for sub in c.sub_categories] or book.categories(variable_id)


def draw(
    book: Codebook,
    edition: str,
    against: str | None = None,
    *,
    coders: int = 2,
    seed: int = 0,
    share: int = SHARE,
    offered: dict[str, list[str]] | None = None,
    ask: Collection[str] = (),
    where: Mapping[str, Collection[str]] | None = None,
) -> list[list[Packet]]:
    """Return the packets of each coder: all units of an edition, in other shares for every coder.

    `offered` are the candidates of each unit, where a coder is not to see the whole later edition. `ask` are the
    variables to ask, all unless given; `where` limits the units to those of which one of these values holds, by
    variable. Raises UsageFault where the codebook's unit does not fit, and as `units`.
    """
    _check(book, edition, against, coders, share)
    where = where or {}
    _check_asked(book, ask, where)
    everything = units(edition)
    if book.only:
        of_status = _of_status(book.only, against or "")
        everything = [unit for unit in everything if unit.unit_id in of_status]
    asked = tuple(name for name in book.variables if name in ask)
    given = None
    if asked or where:
        given = _given(book, everything, asked, where)
        everything = [unit for unit in everything if unit.unit_id in given]
        if not everything:
            raise UsageFault(f"there is nothing to ask: such values hold of no unit of {edition}")
    about = [*asked, *(value for values in where.values() for value in sorted(values))]
    later = units(against) if against and book.unit == "pair" else []
    result: list[list[Packet]] = []
    for coder in range(1, coders + 1):
        drawn = random.Random(f"{seed}/{coder}").sample(everything, len(everything))
        shares = [drawn[at : at + share] for at in range(0, len(drawn), share)]
        result.append([])
        for number, part in enumerate(shares, start=1):
            own = {unit.unit_id: offered.get(unit.unit_id, []) for unit in part} if offered is not None else None
            shown = {key for keys in own.values() for key in keys} if own is not None else None
            result[-1].append(Packet(
                packet_id=packet_id(book, edition, against, *about, f"s{seed}", f"c{coder}", f"{number:02}"),
                codebook=book.codebook_id, version=book.version, role="coder", edition=edition, against=against,
                seed=seed, units=tuple(sorted(part, key=lambda unit: unit.unit_id)), offered=own,
                others=tuple(unit for unit in later if shown is None or unit.unit_id in shown), asked=asked,
                given={unit.unit_id: given[unit.unit_id] for unit in part} if given else None,
            ))  # fmt: skip
    return result


def adjudication(book: Codebook, seed: int = 0, share: int = SHARE) -> list[Packet]:
    """Return the packets of what coders differ about (`settled.disputed`), with what they said in no order, unnamed.

    No packets where nothing is open. Raises as `units`.
    """
    disputed = settled.disputed(book)
    disputed = disputed.with_columns(
        pl.col("unit_id").replace_strict(_asked_of(disputed), return_dtype=pl.String).alias("asked")
    )
    result = []
    known = {
        edition: units(edition)
        for edition in editions.in_time([*disputed["edition"], *disputed["against"].drop_nulls()])
    }
    groups = disputed.group_by("edition", "against", "asked")
    for (edition, against, asked), rows in sorted(groups, key=lambda group: str(group[0])):
        names = tuple((asked or "").split())
        values = [*book.key[1:], *(names or book.variables)]
        given_once = rows.select("unit_id", *values).unique().sort("unit_id", *values, nulls_last=True)
        proposed = given_once.rows_by_key("unit_id", named=True)
        pairs = book.unit == "pair"
        offered = {key: sorted({str(v["to_id"]) for v in said}) for key, said in proposed.items()} if pairs else None
        shown = {key for keys in (offered or {}).values() for key in keys}
        others = tuple(unit for unit in known.get(against, []) if unit.unit_id in shown)
        open_units = [unit for unit in known[edition] if unit.unit_id in proposed]
        given = _given(book, open_units, names, {}) if names else None
        for number, at in enumerate(range(0, len(open_units), share), start=1):
            part = tuple(open_units[at : at + share])
            of_part = {unit.unit_id for unit in part}
            result.append(Packet(
                packet_id=packet_id(book, edition, against, *names, f"s{seed}", "a", f"{number:02}"),
                codebook=book.codebook_id, version=book.version, role="adjudicator", edition=edition, against=against,
                seed=seed, units=part, others=others,
                offered={key: value for key, value in offered.items() if key in of_part} if offered else None,
                proposed={key: value for key, value in proposed.items() if key in of_part}, asked=names,
                given={key: value for key, value in given.items() if key in of_part} if given else None,
            ))  # fmt: skip
    return result


def packet_id(book: Codebook, edition: str, against: str | None, *parts: str) -> str:
    """Return the name of a packet, which its folder has, too."""
    return "-".join([book.codebook_id, book.version, edition, *([against] if against else []), *parts])


def write(packets: Iterable[Packet], folder: Path) -> list[Path]:
    """Write each packet into a folder of its own in `folder`; return these. Raises CannotWrite, UsageFault."""
    inside = folder.resolve()
    if inside.is_relative_to(paths.root().resolve()) and not inside.is_relative_to(paths.reports().resolve()):
        raise UsageFault(
            f"{folder} lies in the repository, which may not hold the documents' sentences: choose another"
        )
    packets, result = list(packets), []
    for place in (folder / packet.packet_id for packet in packets):
        if (place / "packet.json").exists():
            raise UsageFault(f"{place} holds a packet already: choose another folder, or remove it")
    for packet in packets:
        place = folder / packet.packet_id
        prompt = prompts.prompt(packet)
        packet = replace(packet, prompt_hash=files.checksum(prompt.encode())[:HASH_DIGITS])
        files.write(place / "packet.json", json.dumps(asdict(packet), ensure_ascii=False, indent=1) + "\n")
        files.write(place / "prompt.md", prompt)
        files.write(place / "form.xlsx", forms.xlsx(packet))
        files.write(place / "form.jsonl", forms.jsonl(packet))
        result.append(place)
    return result


def read(file: Path) -> Packet:
    """Return the packet of a packet.json. Raises UsageFault where it is none."""
    try:
        return of_json(json.loads(file.read_text(encoding="utf-8")), file)
    except (OSError, ValueError) as error:
        raise UsageFault(f"{file} is no packet ({error}): take it from where `code pack` wrote it") from error


def of_json(content: Any, file: Path) -> Packet:
    """Return the packet that `write` put into JSON, read from a file. Raises UsageFault where it is none."""
    try:
        return _packet_type().validate_json(json.dumps(content))
    except ValueError as error:
        raise UsageFault(f"{file} holds no packet ({str(error)[:100]}): make a new one") from error


@cache
def _packet_type() -> TypeAdapter[Packet]:
    return TypeAdapter(curated.exact(Packet))


def _check(book: Codebook, edition: str, against: str | None, coders: int, share: int) -> None:
    if book.unit != "pair" and against and not book.only:
        raise UsageFault(f"codebook {book.codebook_id} is about single measures: leave --against out")
    if (book.unit == "pair" or book.only) and not against:
        about = f"measures that {book.only}" if book.only else "pairs"
        raise UsageFault(f"codebook {book.codebook_id} is about {about}: say --against which later edition")
    if against and editions.place(edition) >= editions.place(against):
        raise UsageFault(f"{edition} is no earlier edition than {against}: swap them or choose others")
    if coders < 1 or share < 1:
        raise UsageFault("a packet needs a coder and a unit: --coders and --share are 1 or more")


def _check_asked(book: Codebook, ask: Collection[str], where: Mapping[str, Collection[str]]) -> None:
    if book.unit != "measure" and (ask or where):
        raise UsageFault(f"codebook {book.codebook_id} is about {book.unit}s: leave --ask and --where out")
    if unknown := sorted({*ask, *where} - set(book.variables)):
        known = ", ".join(book.variables)
        raise UsageFault(f"{unknown[0]} is no variable of codebook {book.codebook_id}: choose among {known}")
    for name, values in where.items():
        if unknown := sorted(set(values) - set(book.choices(name))):
            raise UsageFault(f"{name} has no category {unknown[0]}: choose among {', '.join(book.choices(name))}")


def _given(
    book: Codebook, drawn: list[Unit], asked: Collection[str], where: Mapping[str, Collection[str]]
) -> dict[str, dict[str, str]]:
    """What holds of each unit that can be asked: the values that limit the units, and those above what is asked."""
    above = [book.named(name).above for name in asked]
    names = [name for name in book.variables if name not in asked and (name in where or name in above)]
    held = {row["unit_id"]: row for row in settled.measures(book).iter_rows(named=True)}
    result = {}
    for unit in drawn:
        row = held.get(unit.unit_id, {})
        within = all(row.get(name) in values for name, values in where.items())
        if within and all(_can_be_asked(book, name, row) for name in asked if book.named(name).above not in asked):
            result[unit.unit_id] = {name: row[name] for name in names if row.get(name)}
    return result


def _can_be_asked(book: Codebook, name: str, held: Mapping[str, str | None]) -> bool:
    """Whether a variable can have a value, by what holds of a unit: only below a category that has sub-categories."""
    variable = book.named(name)
    if variable.sub_categories_of:
        return bool(book.below(name, held))
    return variable.above is None or held.get(variable.above) is not None


def _asked_of(disputed: pl.DataFrame) -> dict[str, str | None]:
    """What an adjudicator is asked of each unit: what the coders were asked who differ, all if one of them was."""
    asked: dict[str, set[str | None]] = {}
    for unit_id, names in disputed.select("unit_id", "asked").iter_rows():
        asked.setdefault(unit_id, set()).update(names.split() if names else [None])
    return {key: None if None in names else " ".join(sorted(filter(None, names))) for key, names in asked.items()}


def _of_status(status: str, against: str) -> set[str]:
    """The measures that have a status in a later edition."""
    statuses = store.read("statuses")
    editions.check([against], store.read("measures").with_columns(editions.column()))
    return set(statuses.filter(status=status, other_edition=against)["measure_id"])


def book_of(packet: Packet) -> Codebook:
    """Return the packet's codebook. Raises UsageFault where its version has changed."""
    book = codebooks.codebook(packet.codebook)
    if book.version != packet.version:
        raise UsageFault(
            f"{packet.packet_id} follows version {packet.version} of codebook {packet.codebook}, which is now "
            f"{book.version}: make a new packet"
        )
    return book
