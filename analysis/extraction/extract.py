"""From the documents to the tables: what notebook 01_clean runs.

Each document is read on its own; the rows of a document that is not at hand stay as they are committed.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from difflib import SequenceMatcher
from itertools import groupby
from typing import cast

import polars as pl

from analysis.base.errors import TableFaulty
from analysis.base.japanese import cut, shorten, squeeze
from analysis.documents import corrections, manifest
from analysis.documents import document as model
from analysis.documents.manifest import Document
from analysis.extraction import commitments, doubts, recognised, text_features, values
from analysis.extraction import mentions as mentioned
from analysis.extraction.parsers import parse
from analysis.extraction.parsers.parse_result import Measure, Paragraph, ParseResult
from analysis.extraction.parsers.profile import Profile, layout
from analysis.tables import ministries, store
from analysis.tables.schemas import TABLES

MOST_CHARACTERS = 10_000  # of a measure: twenty times the longest
MOST_MINISTRIES = 100  # of a measure: ten times the longest list
PIECE = 12  # characters of a difference that are shown
ANNEX = "annex"  # the kind of a document, and the role and section of its lines
ROADMAP = "roadmap"  # the section code that readers give to roadmaps
ALIKE = 0.8  # a repeated measure and its origin may differ by a programme's year or a bracket
TABLES_OF_A_DOCUMENT = (
    "documents", "measures", "texts", "roadmap", "year_cells", "features", "commitments", "mentions", "figures",
    "unread", "ledger",
)  # fmt: skip


def extract() -> tuple[dict[str, pl.DataFrame], list[Document]]:
    """Read every document at hand and write the tables. Returns the tables and the documents that are missing.

    Raises DocumentFaulty where a document is altered, TableFaulty where a row breaks its schema.
    """
    missing = manifest.missing()
    names = (*TABLES_OF_A_DOCUMENT, "revisions")
    return dict(zip(names, store.all_made(names, _tables, missing), strict=True)), missing


def _tables(missing: list[Document]) -> Iterator[pl.DataFrame]:
    documents = manifest.documents()
    at_hand = [document for document in documents if document not in missing]
    fresh = [rows_of(document, manifest.lines(document)) for document in at_hand]
    for name in TABLES_OF_A_DOCUMENT:
        new = [rows[name] for rows in fresh]
        yield pl.concat([*new, *_kept(name, missing)], how="vertical_relaxed")
    known = pl.col("doc_id").is_in([document.doc_id for document in documents])
    yield store.read_if_there("revisions").filter(known)


def _kept(name: str, missing: list[Document]) -> list[pl.DataFrame]:
    """The rows on disk of documents that are not at hand (those of documents that left the manifest go)."""
    if not missing or not store.exists(name):
        return [store.empty(name)]
    frame = store.read(name)
    if "doc_id" in frame.columns:
        return [frame.filter(pl.col("doc_id").is_in([document.doc_id for document in missing]))]
    prefixes = [_prefix(document) for document in missing]
    return [frame.filter(pl.col("measure_id").str.split("-").list.first().is_in(prefixes))]


def rows_of(
    document: Document, lines: list[str], profile: Profile | None = None, corrected_by: pl.DataFrame | None = None
) -> dict[str, pl.DataFrame]:
    """All tables' rows of one document, read with the profile of its layout, or with one that is not kept yet, and
    corrected by those rows (by data/curated/corrections.csv unless given).

    What is odd in a row is cut or left out of it, and doubted. Raises TableFaulty where there is no such layout.
    """
    profile = profile or layout(document.layout)
    loaded = model.load(lines)
    by_ocr = recognised.lines_by_ocr(loaded)
    reading = recognised.with_likely_bodies(_as_part(document, _bounded(parse(profile, loaded))), by_ocr)
    corrected = _corrected(document, lines, reading, profile, corrected_by)
    ids = _ids(document, reading.measures)
    figures, unread = _figure_rows(document, reading, ids, profile)
    measures = [_measure_row(document, key, measure) for key, measure in zip(ids, reading.measures, strict=True)]
    doubts.add_among_others(measures, reading)
    _tie_repeats(measures, reading.measures)
    pages = _pages(document, loaded)
    for row in (*measures, *figures):
        row["page"] = pages.get(cast(int, row["first_line"]))
        if recognised.is_by_ocr(row, by_ocr):
            doubts.add(row, recognised.BY_OCR)
    return {
        "documents": pl.DataFrame([_document_row(document, list(loaded.lines) if loaded.pages else lines, reading)]),
        "measures": _frame("measures", measures),
        "texts": _frame("texts", [_text_row(*row) for row in zip(ids, reading.measures, corrected, strict=True)]),
        "roadmap": _frame("roadmap", _roadmap_rows(reading, ids)),
        "year_cells": _frame("year_cells", _year_cell_rows(reading, ids)),
        "features": text_features.table(
            [
                (key, text, " ".join((m.section_title, *m.subheads)))
                for key, m, text in zip(ids, reading.measures, corrected, strict=True)
            ]
        ),
        "commitments": commitments.table(
            [(key, text, _year(document, m)) for key, m, text in zip(ids, reading.measures, corrected, strict=True)]
        ),
        "mentions": mentioned.table(zip(ids, corrected, strict=True)),
        "figures": _frame("figures", figures),
        "unread": _frame("unread", unread),
        "ledger": _frame("ledger", _ledger_rows(document, list(loaded.lines), reading, ids)),
    }


def _year(document: Document, measure: Measure) -> int:
    """The year of the plan that a measure is of: an item of a roadmap can be of an earlier one."""
    return int(measure.part) if measure.part.isdigit() else document.edition


def _bounded(reading: ParseResult) -> ParseResult:
    """Return a parse result whose measures' texts are cut where they are longer than any can be."""
    measures = [
        replace(m, text=cut(m.text, MOST_CHARACTERS), clean=m.clean and cut(m.clean, MOST_CHARACTERS))
        for m in reading.measures
    ]
    return replace(reading, measures=measures)


def _as_part(document: Document, reading: ParseResult) -> ParseResult:
    """What was read of a document, as it stands in its plan: a roadmap whose title names no year is of the plan's own;
    an annex has no measures."""
    if document.kind == ANNEX:
        roles = dict.fromkeys(("measure", "attribution", "background", "kpi", "cross_reference", "unknown"), ANNEX)
        return ParseResult([], [replace(p, role=roles.get(p.role, p.role), section=ANNEX, measure=None)
                                for p in reading.paragraphs])  # fmt: skip
    year = str(document.edition)
    measures = [m if m.part else replace(m, part=year, section=m.section + year) for m in reading.measures]
    return replace(reading, measures=measures)


def _corrected(
    document: Document, lines: list[str], reading: ParseResult, profile: Profile, corrected_by: pl.DataFrame | None
) -> list[str]:
    """The measures' texts without footnotes' marks and with the curated corrections, which must not change what is a
    measure."""
    corrected = corrections.applied(document.doc_id, lines, corrected_by)
    made = model.load(corrected)
    again = reading.measures if corrected == lines else _as_part(document, _bounded(parse(profile, made))).measures
    if [measure.first_line for measure in again] != [measure.first_line for measure in reading.measures]:
        raise TableFaulty(f"data/curated/corrections.csv changes which lines of {document.doc_id} are measures")
    return [measure.clean or measure.text for measure in again]


def _pages(document: Document, loaded: model.Document) -> dict[int, int]:
    """The page of each line of a PDF; nothing of a file whose pages are not those that readers see."""
    if document.source is None or document.source.form != "pdf":
        return {}
    return {line.number: number for number, page in enumerate(loaded.pages, 1) for line in (*page.lines, *page.notes)}


def _frame(name: str, rows: list[dict[str, object]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=TABLES[name].create_empty().schema)


def _ids(document: Document, measures: list[Measure]) -> list[str]:
    """Edition and first line; where a line holds several measures the second is b, the third c …"""
    seen: Counter[int] = Counter()
    ids = []
    for measure in measures:
        seen[measure.first_line] += 1
        count = seen[measure.first_line]
        suffix = "" if count == 1 else _letters(count - 1)
        ids.append(f"{_prefix(document)}-{measure.first_line:04d}{suffix}")
    return ids


def _prefix(document: Document) -> str:
    """What identifiers of this document's rows begin with: ip2026 → 2026."""
    return document.doc_id.removeprefix("ip")


def _letters(number: int) -> str:
    """0 → a, 25 → z, 26 → aa."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("a") + rest) + letters
    return letters


def _document_row(document: Document, lines: list[str], reading: ParseResult) -> dict[str, object]:
    return {
        "doc_id": document.doc_id,
        "edition": document.edition,
        "kind": document.kind,
        "status": document.status,
        "title": document.title,
        "layout": document.layout,
        "sha256": document.sha256,
        "bytes": document.bytes,
        "lines": len(lines),
        "characters": sum(len(line) for line in lines),
        "measures": sum(measure.place is None for measure in reading.measures),
        "roadmap_rows": sum(measure.place is not None for measure in reading.measures),
    }


def _measure_row(document: Document, measure_id: str, measure: Measure) -> dict[str, object]:
    names = list(dict.fromkeys(ministries.canonical(name) for name in measure.ministries[: 10 * MOST_MINISTRIES]))
    row_doubts = [*measure.doubts, *doubts.of_row(measure, names, MOST_MINISTRIES)]
    names = names[:MOST_MINISTRIES]
    text = squeeze(measure.text)
    return {
        "measure_id": measure_id,
        "doc_id": document.doc_id,
        "edition": document.edition,
        "part": measure.part,
        "section": shorten(measure.section),
        "section_title": shorten(measure.section_title),
        "subhead": shorten(" / ".join(measure.subheads)) or None,
        "first_line": measure.first_line,
        "last_line": measure.last_line,
        "characters": len(text),
        "text_hash": hashlib.sha256(text.encode()).hexdigest()[:16],
        "horizon": list(measure.horizon),
        "deadline": shorten(measure.deadline) if measure.deadline else None,
        "deadline_years": list(measure.deadline_years),
        "ministries": names,
        "repeated": measure.repeated,
        "repeats": None,
        "repeat_changes": [],
        "confidence": doubts.confidence(row_doubts),
        "doubts": row_doubts,
    }


def _text_row(measure_id: str, measure: Measure, corrected: str) -> dict[str, object]:
    return {
        "measure_id": measure_id,
        "text": measure.text,
        "repaired": None if corrected == measure.text else corrected,
        "section_title": measure.section_title,
        "subhead": " / ".join(measure.subheads) or None,
        "years": [f"{year}: {text}" for year, text in measure.place.years] if measure.place else [],
    }


def _roadmap_rows(reading: ParseResult, ids: list[str]) -> list[dict[str, object]]:
    return [
        {
            "measure_id": measure_id,
            "part": measure.part,
            "no": measure.place.no,
            "cell": measure.place.cell,
            "cells": measure.place.cells,
            "title": shorten(measure.place.title) if measure.place.title else None,
            "carried_to": list(measure.place.carried_to),
        }
        for measure_id, measure in zip(ids, reading.measures, strict=True)
        if measure.place
    ]


def _year_cell_rows(reading: ParseResult, ids: list[str]) -> list[dict[str, object]]:
    return [
        {
            "measure_id": measure_id,
            "year_cell": number,
            "years": list(cell.years),
            "first_line": cell.lines[0],
            "last_line": cell.lines[-1],
        }
        for measure_id, measure in zip(ids, reading.measures, strict=True)
        if measure.place
        for number, cell in enumerate(measure.place.year_cells, 1)
    ]


def _tie_repeats(rows: list[dict[str, object]], measures: list[Measure]) -> None:
    """Tie each measure marked 【再掲】 to the unmarked one of its part whose text is most like its own."""
    pairs = [Counter(_bigrams(measure.text)) for measure in measures]
    for index, measure in enumerate(measures):
        if not measure.repeated:
            continue
        best, score = None, ALIKE
        for other, candidate in enumerate(measures):
            alike = _dice(pairs[index], pairs[other])
            if not candidate.repeated and candidate.part == measure.part and alike > score:
                best, score = other, alike
        if best is None:
            doubts.add(rows[index], "repeats a measure that was not found")
            continue
        rows[index]["repeats"] = rows[best]["measure_id"]
        rows[index]["repeat_changes"] = differences(measures[best].text, measure.text)


def differences(one: str, other: str) -> list[str]:
    """What a repetition changed, as short pieces: old→new, either of which can be empty."""
    old, new = squeeze(one), squeeze(other)
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [f"{shorten(old[a:b], PIECE)}→{shorten(new[c:d], PIECE)}" for kind, a, b, c, d in steps if kind != "equal"]


def _bigrams(text: str) -> list[str]:
    plain = squeeze(text)
    return [plain[i : i + 2] for i in range(len(plain) - 1)]


def _dice(one: Counter[str], other: Counter[str]) -> float:
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 0.0


def _figure_rows(
    document: Document, reading: ParseResult, ids: list[str], profile: Profile
) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """The rows of figures, and those of numbers that are none."""
    seen: Counter[int] = Counter()
    rows = []
    own = [paragraph for paragraph in reading.paragraphs if paragraph.section != ROADMAP]
    figures, unread = values.read_all(own, document.edition)
    for part, paragraphs in _roadmap_parts(document, reading).items():
        further, further_unread = values.read_all(paragraphs, int(part))
        figures += [replace(f, set_in=f.set_in or part) if f.kind == "target" else f for f in further]
        unread += further_unread
    headings = {number: part.headings for part in own for number, _ in part.lines}
    outlook = {number for number, path in headings.items() if any(word in squeeze(path) for word in profile.outlook)}
    for figure in figures:
        seen[figure.first_line] += 1
        rows.append(
            vars(figure)
            | {
                "figure_id": f"{_prefix(document)}-{figure.first_line:04d}{_letters(seen[figure.first_line] - 1)}",
                "doc_id": document.doc_id,
                "edition": document.edition,
                "section": shorten(figure.section),
                "headings": _path(headings.get(figure.first_line, "")),
                "place": _place(figure, outlook),
                "measure_id": None if figure.measure is None else ids[figure.measure],
                "indicator": None if figure.indicator is None else shorten(figure.indicator),
                "why": list(figure.why),
                "doubts": list(figure.doubts),
            }
        )
    return rows, _unread_rows(document, unread, outlook)


def _roadmap_parts(document: Document, reading: ParseResult) -> dict[str, list[Paragraph]]:
    """Return the paragraphs of a roadmap that can state figures, by the year of the plan that its part is of: texts of
    earlier plans' measures, and year cells. Those of its own plan's measures repeat the body."""
    parts: dict[str, list[Paragraph]] = {}
    for paragraph in reading.paragraphs:
        if paragraph.section != ROADMAP or paragraph.measure is None:
            continue
        part = reading.measures[paragraph.measure].part
        if not part.isdigit() or (paragraph.role == "measure" and part == str(document.edition)):
            continue
        if paragraph.role in ("measure", "roadmap"):
            role = "background" if paragraph.role == "roadmap" else paragraph.role
            parts.setdefault(part, []).append(replace(paragraph, role=role))
    return parts


def _path(headings: str) -> str | None:
    return " / ".join(map(shorten, headings.split(" / "))) or None


def _place(figure: values.Figure | values.Unread, outlook: set[int]) -> str:
    """Return where a figure stands; background in a chapter on where things stand is the outlook."""
    if figure.section == ROADMAP:
        return ROADMAP
    return "outlook" if figure.place == "background" and figure.first_line in outlook else figure.place


def _unread_rows(document: Document, unread: list[values.Unread], outlook: set[int]) -> list[dict[str, object]]:
    seen: Counter[int] = Counter()
    rows: list[dict[str, object]] = []
    for number in unread:
        seen[number.first_line] += 1
        rows.append(
            vars(number)
            | {
                "number_id": f"{_prefix(document)}-{number.first_line:04d}-{seen[number.first_line]}",
                "doc_id": document.doc_id,
                "edition": document.edition,
                "section": shorten(number.section),
                "place": _place(number, outlook),
                "number": shorten(number.number),
            }
        )
    return rows


def _ledger_rows(document: Document, lines: list[str], reading: ParseResult, ids: list[str]) -> list[dict[str, object]]:
    """One role for every line; lines that no paragraph holds are blank or, if not blank, unknown."""
    roles: list[tuple[str, str | None]] = [("unknown" if line.strip() else "blank", None) for line in lines]
    for paragraph in reading.paragraphs:
        item = None if paragraph.measure is None else ids[paragraph.measure]
        for number, _ in paragraph.lines:
            roles[number - 1] = (paragraph.role, item)
    rows, first = [], 1
    for (role, item), run in groupby(roles):
        length = len(list(run))
        row = {
            "doc_id": document.doc_id,
            "first_line": first,
            "last_line": first + length - 1,
            "role": role,
            "item": item,
        }
        rows.append(row)
        first += length
    return rows


def doubtful(measures: pl.DataFrame) -> pl.DataFrame:
    """The measures that a person should check first, the most doubtful ones before the others."""
    rows = measures.filter(pl.col("doubts").list.len() > 0).sort("confidence", "measure_id")
    return rows.select("measure_id", "section", "first_line", "last_line", "confidence", "doubts")
