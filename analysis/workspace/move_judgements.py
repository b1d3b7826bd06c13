"""Move what people and coders judged along, where a document takes another's place: the files of data/curated.

What refers to a measure (codings and decisions of any codebook, what people found out about its delivery), a word
(corrections), a line (what cites one) or the document as a whole (checks by hand) gets its new identifier or line.
Codings and deliveries keep the hash of the text that was looked at, so that one can see where it has changed. What fits
nothing any more is set aside in set_aside.csv, with the reason and what to do; nothing is thrown away.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from analysis.base import paths
from analysis.base.errors import TableFaulty
from analysis.coding import codebooks, delivery, record
from analysis.documents import relocate
from analysis.documents.relocate import MovedCorrections, Running
from analysis.extraction import revision

SET_ASIDE = "set_aside.csv"
SET_ASIDE_COLUMNS = ["document", "file", "row", "why", "what_to_do"]
IDS = ("unit_id", "to_id")  # columns of codings that name measures
NEEDED = {  # columns that a file must have to be moved
    "corrections.csv": ("doc_id", "line", "expected", "corrected"), "hand_checks.csv": ("document",),
    delivery.FILE: ("unit_id", "source", "note"),
}  # fmt: skip
STRUCTURED = (*NEEDED, SET_ASIDE)  # moved by their columns, not by their words
YEARS = set(map(str, range(1900, 2200)))  # 2026-2030 in running words is a span of years, not a measure
GONE = re.compile(r"(\S+?)(?: and (\S+))? (?:was|were) dropped")
NONE_LEFT = "what it was linked with was dropped when the document was replaced"

Row = dict[str, str]


@dataclass(frozen=True)
class SetAside:
    """A row that fits nothing any more: the file, its words, why, and what to do."""

    file: str
    row: str
    why: str
    what_to_do: str


@dataclass
class Moved:
    """The new text of each file that changes, how many rows were moved (by kind), and what was set aside."""

    files: dict[Path, str] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    set_aside: list[SetAside] = field(default_factory=list)
    codings: Counter[str] = field(default_factory=Counter)  # rows of codings and decisions by old measure


@dataclass(frozen=True)
class Replaced:
    """A document's replacement, as far as judgements ask for it: `rows` are those of Revisions; `old` is None where the
    replaced text is not at hand."""

    doc_id: str
    rows: pl.DataFrame
    corrections: MovedCorrections
    old: Running | None
    new: Running
    same_reading: bool  # whether all that was read is what it was, so that checks by hand hold


def move(replaced: Replaced) -> Moved:
    """Return what becomes of the files of data/curated. Raises TableFaulty where one cannot be read."""
    moved = Moved()
    new_id = revision.mapping(replaced.rows)
    citations = Citations(replaced, new_id, moved)
    roles = _roles()
    for file in record.coding_files():
        columns, rows = record.content(file)
        if (kept := _codings(file, rows, roles, citations)) != rows:
            moved.files[file] = record.text(columns, kept)
    _file(moved, "corrections.csv", lambda rows: _corrections(rows, replaced, moved))
    _file(moved, "hand_checks.csv", lambda rows: _hand_checks(rows, replaced, moved))
    _file(moved, delivery.FILE, lambda rows: _delivery(rows, citations))
    for file in sorted(paths.curated().iterdir()):
        if file.suffix in (".csv", ".toml") and file.name not in STRUCTURED:
            citations.file(file)
    earlier = set_aside()
    rows = [_aside_moved(dict(row), new_id) for row in earlier]
    rows += [dict(zip(SET_ASIDE_COLUMNS, (replaced.doc_id, s.file, s.row, s.why, s.what_to_do), strict=True))
             for s in moved.set_aside]  # fmt: skip
    if rows != earlier:
        moved.files.update([set_aside_file(rows)])
    return moved


def set_aside() -> list[Row]:
    """Return what was set aside, none without a file. Raises TableFaulty."""
    file = paths.curated() / SET_ASIDE
    return _read(file) if file.exists() else []


def set_aside_file(rows: list[Row]) -> tuple[Path, str]:
    """Return the file of what is set aside, and what it holds."""
    return paths.curated() / SET_ASIDE, _text(SET_ASIDE_COLUMNS, rows)


def _aside_moved(row: Row, new_id: dict[str, str | None]) -> Row:
    """A row that was set aside, with the new identifiers of its measures that are still there."""
    if gone := _gone(row):
        cells = [cell if cell in gone else new_id.get(cell) or cell for cell in next(csv.reader([row["row"]]))]
        row["row"] = words(dict(enumerate(cells)))
    return row


def _gone(row: Row) -> list[str]:
    """The dropped measures for which a row was set aside."""
    match = GONE.fullmatch(row["why"])
    return [name for name in match.groups() if name] if match else []


def bring_back(documents: set[str], back: dict[str, str]) -> Moved:
    """Return what becomes of the files where dropped measures of `documents` are found in another file of the edition
    (`back`: what they are called there): codings and decisions that were set aside with them come back."""
    moved = Moved()
    aside, roles = set_aside(), _roles()
    returned: list[Row] = []  # of the rows that were set aside
    for place in record.coding_files():
        columns, there = record.content(place)
        known = {_key(row) for row in there}
        new = []
        for row in aside:
            gone = _gone(row) if row["document"] in documents and row["file"] == name_of(place) else []
            cells = next(csv.reader([row["row"]]), [])
            if gone and set(gone) <= set(back) and len(cells) == len(columns):
                coding = dict(zip(columns, [back[c] if c in gone else c for c in cells], strict=True))
                if _key(coding) not in known and coding["packet_id"] in roles:  # else coded anew, or its packet is gone
                    known.add(_key(coding))
                    new.append(coding)
                    returned.append(row)
        if new:
            moved.counts.update(_kind(roles, row) for row in new)
            compared = {(row["packet_id"], row["unit_id"]) for row in new}  # what was said for want of them goes
            for row in there:
                if row["why"] != NONE_LEFT or (row["packet_id"], row["unit_id"]) not in compared:
                    new.append(row)
            moved.files[place] = record.text(columns, new)
    returned += _delivery_back(documents, back, aside, moved)
    if returned:
        moved.files.update([set_aside_file([row for row in aside if row not in returned])])
    return moved


# --- files ------------------------------------------------------------------------------------------------------


def _read(file: Path) -> list[Row]:
    try:
        rows = list(csv.DictReader(io.StringIO(file.read_bytes().decode("utf-8-sig"), newline=""), restval=""))
    except (UnicodeDecodeError, csv.Error, OSError) as error:
        raise TableFaulty(f"{file} cannot be read ({error}): mend it or restore it with git") from error
    for number, row in enumerate(rows, 1):
        if None in row or not set(NEEDED.get(file.name, ())) <= set(row):
            raise TableFaulty(f"{file}, row {number} has other columns than its head says: mend it")
    return rows


def _text(columns: list[str], rows: list[Row]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([row.get(name) or "" for name in columns] for row in rows)
    return text.getvalue()


def _file(moved: Moved, name: str, change: Callable[[list[Row]], list[Row]]) -> None:
    """Change a file's rows; one that has none, or none that changes, stays byte for byte."""
    file = paths.curated() / name
    rows = _read(file) if file.exists() else []
    if rows and (changed := change([dict(row) for row in rows])) != rows:
        moved.files[file] = _text(list(rows[0]), changed)


def words(row: Mapping[Any, str]) -> str:
    """Return a row as its file has it."""
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow([str(value or "") for value in row.values()])
    return text.getvalue()


# --- codings and decisions --------------------------------------------------------------------------------------


def _codings(file: Path, rows: list[Row], roles: Mapping[str, str], citations: "Citations") -> list[Row]:
    """Rows with their measures' new identifiers; those of dropped measures are set aside.

    A coder who named only dropped measures of an edition found nothing in the rest of it: a row that says so stays.
    """
    new_id, moved = citations.new_id, citations.moved
    kept: list[Row] = []
    bereft: dict[tuple[str, str], Row] = {}
    for row in rows:
        ids = [row[name] for name in IDS if row.get(name)]
        named = [key for key in ids if key in new_id]
        moved.codings.update(named)
        gone = [key for key in named if new_id[key] is None]
        row = row | {name: new_id.get(row[name]) or row[name] for name in IDS if name in row}
        if gone:
            moved.set_aside.append(_without(file, row, list(dict.fromkeys(gone))))
            if row["unit_id"] not in gone and roles.get(row["packet_id"]) == "coder":
                bereft.setdefault((row["packet_id"], row["unit_id"]), row)
            continue
        moved.counts[_kind(roles, row)] += bool(named)
        where = " and ".join(row[name] for name in IDS if row.get(name))
        row["why"] = citations.words(row["why"], name_of(file), f"{where}: why")
        kept.append(row)
    compared = {(row["packet_id"], row["unit_id"]) for row in kept}
    return kept + [new for case, row in bereft.items() if case not in compared for new in _none_left(file.stem, row)]


def _none_left(codebook_id: str, row: Row) -> list[Row]:
    """What a coder says of a unit whose pairs were all dropped: nothing is left, in the codebook's word, if it has one.

    What else must be coded stays as it was said of the last pair.
    """
    if codebook_id not in codebooks.codebook_ids():
        return []
    first, *others = (book := codebooks.codebook(codebook_id)).variable
    absent = book.absent(first.variable_id)
    empty = {v.variable_id: "" for v in others if v.optional or v.sub_categories_of}
    new = row | empty | {"to_id": "", "to_hash": "", "why": NONE_LEFT}
    return [new | {first.variable_id: absent[-1]}] if absent else []


def _without(file: Path, row: Row, gone: list[str]) -> SetAside:
    pair = "link the measure that took its place, if there is one, with a decision (notebooks/review.ipynb)"
    what = pair if "to_id" in row else "code the measure that took its place, if there is one (docs/coding.md)"
    return SetAside(name_of(file), words(row), f"{' and '.join(gone)} {'were' if gone[1:] else 'was'} dropped", what)


def _roles() -> dict[str, str]:
    return dict(record.packets().select("packet_id", "role").iter_rows())


def _kind(roles: Mapping[str, str], row: Row) -> str:
    return "decision" if roles.get(row["packet_id"]) in record.PERSONS else "coding"


def _key(row: Row) -> tuple[str, ...]:
    return row["packet_id"], row["unit_id"], row.get("to_id", ""), row.get("name", "")


def name_of(file: Path) -> str:
    """Return the name of a file of data/curated, with its folder."""
    return file.relative_to(paths.curated()).as_posix()


# --- corrections and checks -------------------------------------------------------------------------------------


def _corrections(rows: list[Row], replaced: Replaced, moved: Moved) -> list[Row]:
    """The document's corrections with their new lines, in the place where they stood; the rest as they are."""
    others = [row for row in rows if row["doc_id"] != replaced.doc_id]
    at = next((n for n, row in enumerate(rows) if row["doc_id"] == replaced.doc_id), len(rows))
    own = replaced.corrections
    new = [{name: str(value) for name, value in row.items()} for row in own.rows.iter_rows(named=True)]
    moved.counts["correction"] += len(new)
    for row in own.done.iter_rows(named=True):
        why = f"the new text has {row['corrected']!r} in this place already"
        moved.set_aside.append(SetAside("corrections.csv", words(row), why, "nothing: it is no longer needed"))
    for row in own.lost.iter_rows(named=True):
        why = f"{row['expected']!r} is not found where line {row['line']} stood"
        what = "look at the place: reworded, it needs none; else write the row anew with its line in data/raw"
        moved.set_aside.append(SetAside("corrections.csv", words(row), why, what))
    before = sum(row["doc_id"] != replaced.doc_id for row in rows[:at])
    return [*others[:before], *new, *others[before:]]


def _hand_checks(rows: list[Row], replaced: Replaced, moved: Moved) -> list[Row]:
    """Checks by hand: those of the document hold where all that was read stayed; else they go on as those of the
    earlier file."""
    earlier = f"{replaced.doc_id} (replaced)"
    own = [row for row in rows if row["document"] == replaced.doc_id]
    if replaced.same_reading:
        moved.counts["check by hand"] += len(own)
    elif own:
        why = f"the {len(own)} checks by hand of {replaced.doc_id} were made of the text that was replaced"
        what = f"compare some of the new text by hand and add rows; the earlier ones stay, as those of {earlier!r}"
        moved.set_aside.append(SetAside("hand_checks.csv", words(own[0]) + (" …" if own[1:] else ""), why, what))
        for row in own:
            row["document"] = earlier
    return rows


# --- delivery ---------------------------------------------------------------------------------------------------


def _delivery(rows: list[Row], citations: "Citations") -> list[Row]:
    """What people found out, with their measures' new identifiers; that of dropped measures is set aside."""
    kept, moved = [], citations.moved
    for row in rows:
        unit_id = row["unit_id"].strip()
        if unit_id in citations.new_id and citations.new_id[unit_id] is None:
            what = "write it of the measure that took its place, if there is one"
            moved.set_aside.append(SetAside(delivery.FILE, words(row), f"{unit_id} was dropped", what))
            continue
        moved.counts["delivery finding"] += unit_id in citations.new_id
        row["unit_id"] = citations.new_id.get(unit_id) or unit_id
        for name in ("source", "note"):
            row[name] = citations.words(row[name], delivery.FILE, f"{unit_id}: {name}")
        kept.append(row)
    return kept


def _delivery_back(documents: set[str], back: dict[str, str], aside: list[Row], moved: Moved) -> list[Row]:
    """Write what was found out about measures that are found again, and return the rows that were set aside for it."""
    returning = [row for row in aside if row["file"] == delivery.FILE and row["document"] in documents]
    returning = [row for row in returning if set(_gone(row)) & set(back)]
    file = paths.curated() / delivery.FILE
    if not returning or not file.exists():
        return []
    rows = _read(file)
    for row in returning:
        (gone,) = _gone(row)
        cells = next(csv.reader([row["row"]]))
        rows.append(dict(zip(delivery.COLUMNS, cells, strict=False)) | {"unit_id": back[gone]})
    moved.counts["delivery finding"] += len(returning)
    moved.files[file] = _text(list(delivery.COLUMNS), rows)
    return returning


# --- what cites a measure or a line -----------------------------------------------------------------------------


class Citations:
    """Rewrites the measures (2026-0361) and lines (ip2026, line 361) of the document that words cite."""

    def __init__(self, replaced: Replaced, new_id: dict[str, str | None], moved: Moved) -> None:
        self.replaced, self.new_id, self.moved = replaced, new_id, moved
        doc_id = re.escape(replaced.doc_id)
        self.measure = re.compile(
            rf"(?<![\w-]){re.escape(replaced.doc_id.removeprefix('ip'))}-[0-9]{{4,}}[a-z]*(?![\w-])"
        )
        self.line = re.compile(
            rf"(?<![\w-])({doc_id}(?: |, ?|: ?)(?:lines? |l\. ?|L)?)"
            r"([0-9]{1,6})([-–〜~])?(?(3)([0-9]{1,6}))(?![\w-])"
        )
        self.lost: list[str] = []

    def file(self, file: Path) -> None:
        """Rewrite a file's words; set aside what cites something that is gone."""
        content = file.read_bytes().decode("utf-8", errors="surrogateescape")
        text = "".join(
            self.words(words, file.name, f"line {number}")
            for number, words in enumerate(content.splitlines(keepends=True), 1)
        )
        if text != content:
            self.moved.files[file] = text

    def words(self, words: str, file: str, where: str) -> str:
        self.lost = []
        result = self.line.sub(self._lines, self.measure.sub(self._measure, words))
        for name in self.lost:
            why, what = f"{where} cites {name}, which is gone", "look at it and mend it"
            self.moved.set_aside.append(SetAside(file, words.strip()[:200], why, what))
        return result

    def _measure(self, match: re.Match[str]) -> str:
        name = match[0]
        if name not in self.new_id or name.split("-")[-1] in YEARS:
            return name
        return self._noted(name, self.new_id[name])

    def _lines(self, match: re.Match[str]) -> str:
        ends = [self._line(int(end)) for end in (match[2], match[4]) if end]
        return self._noted(match[0], None if None in ends else match[1] + (match[3] or "").join(map(str, ends)))

    def _noted(self, name: str, new: str | None) -> str:
        self.moved.counts["citation"] += new is not None
        self.lost += [name] * (new is None)
        return new or name

    def _line(self, line: int) -> int | None:
        old = self.replaced.old
        return relocate.moved_line(old, line, self.replaced.new) if old and 0 < line <= len(old.lines) else None
