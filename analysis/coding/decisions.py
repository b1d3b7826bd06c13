"""What people decide about single units: codings of role `reviewer` or `sample` (`record`), which every run obeys.

A decision about a pair confirms it (and says whether the later measure is the same initiative or a successor) or
rejects it; one about a measure gives it the values of a codebook. A decision about a measure that no longer exists
stops the run: it must be looked at again. A decision is written whole or not at all, in place of an earlier one.
"""

from collections.abc import Mapping, Sequence
from datetime import date

import polars as pl

from analysis.base import curated
from analysis.base.errors import TableFaulty, UsageFault
from analysis.coding import codebooks, record
from analysis.coding.codebooks import Codebook
from analysis.coding.record import PERSONS, PacketRecord, Row, text_fault
from analysis.tables import editions, store
from analysis.tables.categories import RELATIONS

COLUMNS = dict.fromkeys(("from_id", "to_id", "decision", "relation", "who", "when", "why"), pl.String)
DECISIONS = ("confirm", "reject")
NOTED = ("decision", "relation", "who", "when", "why")  # of a decision that another replaces
LINKS = "links"


def table(measures: pl.DataFrame) -> pl.DataFrame:
    """Return people's decisions about links, checked against the measures: columns COLUMNS, sorted by pair.

    Of several about a pair the latest holds. Raises TableFaulty.
    """
    rows, edition_of = of_people(codebooks.codebook(LINKS)), _editions(measures)
    for row in rows.iter_rows(named=True):
        if fault := _pair_fault(row["unit_id"], row["to_id"], edition_of):
            where = f"{record.file(LINKS)}, the decision about {row['unit_id']} and {row['to_id']}"
            raise TableFaulty(f"{where}: {'; '.join(fault)}")
    latest = rows.sort("date", "role", descending=[False, True]).unique(["unit_id", "to_id"], keep="last")
    return _frame(latest.sort("unit_id", "to_id"))


def of_people(book: Codebook) -> pl.DataFrame:
    """Return the decisions about a codebook's units, with the columns of `record.codings`. Raises TableFaulty."""
    return record.codings(book).filter(pl.col("role").is_in(PERSONS))


def decide(
    from_id: str,
    to_id: str,
    decision: str,
    relation: str | None = None,
    *,
    who: str,
    why: str = "",
    when: date | str | None = None,
    sample: str | None = None,
    measures: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Write a decision about a pair (the earlier measure first), in place of an earlier one; the next run obeys it.

    `decision` is confirm (with the `relation` same or successor) or reject; `when` is today unless given; `sample` is
    the seed of the random sample that put the pair before the person. Returns the row with `replaces`, a note on the
    decision that it replaces. Raises UsageFault where something does not fit, TableFaulty for a file that cannot be
    read, AlreadyRunning and CannotWrite.
    """
    measures = store.read("measures") if measures is None else measures
    from_id, to_id, relation = curated.tidy(from_id), curated.tidy(to_id), curated.tidy(relation or "")
    about, edition_of = f"nothing is decided about {from_id} and {to_id}", _editions(measures)
    if fault := choice_fault(decision, relation) or _pair_fault(from_id, to_id, edition_of):
        raise UsageFault(f"{about}: {'; '.join(fault)}")
    values = {"relation": relation or "none"}
    before = code(codebooks.codebook(LINKS), {"unit_id": from_id, "to_id": to_id}, values, who=who, why=why, when=when,
                  sample=sample, measures=measures)  # fmt: skip
    note = "; ".join(
        " ".join(filter(None, [row[name] for name in NOTED])) for row in _frame(before).iter_rows(named=True)
    )
    now = of_people(codebooks.codebook(LINKS)).filter(unit_id=from_id, to_id=to_id, role=_role(sample))
    return _frame(now).with_columns(replaces=pl.lit(note or None, dtype=pl.String))


def code(
    book: Codebook,
    unit: Mapping[str, str],
    values: Mapping[str, str | None],
    *,
    who: str,
    why: str = "",
    when: date | str | None = None,
    sample: str | None = None,
    measures: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Write what a person decided about a unit (unit_id, of pairs also to_id): a value for each of its variables.

    Returns the decisions of the same role that it replaces (columns of `record.codings`). Raises as `decide`.
    """
    who, why, day = curated.tidy(who), curated.tidy(why), _day(when)
    about = "nothing is decided about " + " and ".join(unit.values())
    texts = {"who": who, "why": why}
    for name, text in texts.items():
        if fault := text_fault(text):
            raise UsageFault(f"{about}: {name} {fault[0]}; {fault[1]}")
    if not who:
        raise UsageFault(f"{about}: who is empty; fill it in")
    if wrong := book.fault(dict(values)):
        raise UsageFault(f"{about}: {wrong}")
    measures = store.read("measures") if measures is None else measures
    hashes = dict(measures.select("measure_id", _hash(measures)).iter_rows())
    if gone := [key for key in unit.values() if key not in hashes]:
        raise UsageFault(f"{about}: there is no measure {gone[0]} any more; look at the decision again and remove it")
    row: Row = {name: values.get(name) or "" for name in book.variables} | dict(unit)
    row |= {"text_hash": hashes[unit["unit_id"]] or "", "why": why}
    row |= {"to_hash": hashes[unit["to_id"]] or ""} if "to_id" in unit else {}
    packet = PacketRecord(
        packet_id=packet_id(book, who, day, sample),
        codebook=book.codebook_id, version=book.version, role=_role(sample), coder=who, kind="person", date=day,
        seed=sample,
    )  # fmt: skip
    return record.put(book, packet, row | {"packet_id": packet.packet_id}, dict(unit))


def packet_id(book: Codebook, who: str, day: str, sample: str | None = None) -> str:
    """Return the name of what a person decided on a day."""
    return "-".join([book.codebook_id, book.version, _role(sample), *([f"s{sample}"] if sample else []), who, day])


def withdraw(from_id: str, to_id: str) -> pl.DataFrame:
    """Take back the decisions about a pair, also of measures that no longer exist; return what they were.

    Raises UsageFault where there is none, else as `decide`.
    """
    return _frame(_taken_out(codebooks.codebook(LINKS), {"unit_id": from_id, "to_id": to_id}, PERSONS))


def take_back(book: Codebook, unit: Mapping[str, str], sample: str | None = None) -> pl.DataFrame:
    """Take back the decision about a unit that `code` wrote with the same `sample`; return what it was.

    Raises as `withdraw`.
    """
    return _taken_out(book, unit, [_role(sample)])


def _taken_out(book: Codebook, unit: Mapping[str, str], roles: Sequence[str]) -> pl.DataFrame:
    taken = record.take_out(book, unit, roles)
    if taken.is_empty():
        raise UsageFault(f"there is no decision about {' and '.join(unit.values())}: nothing is withdrawn")
    return taken


def choice_fault(decision: str, relation: str) -> tuple[str, str] | None:
    """What is wrong with a decision and its relation, and what to do."""
    if decision not in DECISIONS:
        return f"decision {decision!r} does not exist", f"choose {' or '.join(DECISIONS)}"
    if (relation in RELATIONS) != (decision == "confirm") or relation not in ("", *RELATIONS):
        return f"a confirmed pair needs the relation {' or '.join(RELATIONS)}, a rejected one has none", curated.MEND
    return None


def _pair_fault(from_id: str, to_id: str | None, edition_of: Mapping[str, str]) -> tuple[str, str] | None:
    """What is wrong with a pair, and what to do; None where it is sound."""
    pair = from_id, to_id or ""
    if gone := [key for key in pair if key not in edition_of]:
        return f"there is no measure {gone[0]} any more", "look at the decision again and mend or remove it"
    if editions.place(edition_of[pair[0]]) >= editions.place(edition_of[pair[1]]):
        first, second = (f"{key} ({edition_of[key]})" for key in pair)
        return f"{first} is no earlier than {second}", "put the earlier one first"
    return None


def _day(when: date | str | None) -> str:
    text = when.isoformat() if isinstance(when, date) else curated.tidy(when or date.today().isoformat())
    try:
        return curated.day(text)
    except ValueError as error:
        raise UsageFault(f"when {error}: write it like 2026-11-20") from error


def _role(sample: str | None) -> record.Role:
    return "reviewer" if sample is None else "sample"


def _hash(measures: pl.DataFrame) -> pl.Expr:
    return pl.col("text_hash") if "text_hash" in measures.columns else pl.lit(None, dtype=pl.String)


def _editions(measures: pl.DataFrame) -> dict[str, str]:
    return dict(measures.select("measure_id", editions.column()).iter_rows())


def _frame(rows: pl.DataFrame) -> pl.DataFrame:
    """Codings of pairs as decisions: columns COLUMNS."""
    confirmed = pl.col("relation").is_in(RELATIONS)
    return rows.select(
        from_id="unit_id",
        to_id="to_id",
        decision=pl.when(confirmed).then(pl.lit("confirm")).otherwise(pl.lit("reject")),
        relation=pl.when(confirmed).then("relation"),
        who="coder",
        when="date",
        why="why",
    )
