"""Forms to fill in: for people a workbook with the units and drop-down lists of categories, for programs JSON Lines."""

import io
import json
import zipfile
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from analysis.base.errors import UsageFault
from analysis.coding import codebooks
from analysis.coding.codebooks import Codebook

if TYPE_CHECKING:
    from analysis.coding.packets import Packet

CREATED = datetime(1980, 1, 1)  # a workbook must say when it was made: the day on which the calendar of ZIP begins
PAIR_ROWS = 4  # of a unit that is paired, or whose names are given; more can be added below
MOST_BYTES = 50_000_000  # of an unpacked form
TEXT_WIDTH, WIDTH = 70, 18  # of columns, in characters
CELL = 32_000  # characters
SHEETS = ("codings", "later", "codebook", "packet")


def xlsx(packet: "Packet") -> bytes:
    """Return the form of a packet: sheets codings (to be filled in), later (the other edition), codebook, packet."""
    book = codebooks.codebook(packet.codebook)
    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    workbook.set_properties({"title": packet.packet_id, "created": CREATED})
    wrap = workbook.add_format({"text_wrap": True, "valign": "top"})
    head = workbook.add_format({"bold": True, "bg_color": "#E7ECF2", "bottom": 1, "valign": "top"})
    sheets = {name: workbook.add_worksheet(name) for name in SHEETS}
    _rules(sheets["codebook"], packet, book, wrap)
    _later(sheets["later"], packet, head, wrap)
    _codings(sheets["codings"], packet, book, head, wrap)
    text = json.dumps(asdict(packet), ensure_ascii=False)
    for row, at in enumerate(range(0, len(text), CELL)):
        sheets["packet"].write_string(row, 0, text[at : at + CELL])
    sheets["packet"].hide()
    if not packet.others:
        sheets["later"].hide()
    workbook.close()
    return buffer.getvalue()


def jsonl(packet: "Packet") -> str:
    """Return the form of a packet for programs: an answer for each unit, with nothing filled in."""
    book = codebooks.codebook(packet.codebook)
    nothing: dict[str, Any] = dict.fromkeys((*packet.variables(book), "why"))
    rows = []
    for unit in packet.units:
        asked = packet.offers(unit.unit_id) if packet.proposed else [None]
        pairs = [{"to_id": to_id} | nothing for to_id in asked]
        empty: dict[str, Any] = {"measure": nothing, "pair": {"pairs": pairs}, "name": {"names": []}}[book.unit]
        rows.append({"unit_id": unit.unit_id} | empty)
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def columns(packet: "Packet", book: Codebook) -> list[str]:
    """Return the columns of the sheet codings; what is given stands before what is asked."""
    why = [] if book.unit == "name" else ["why"]
    return ["unit_id", "headings", "text", *book.key[1:], *packet.givens(book), *packet.variables(book), *why]


def read(file: Path) -> tuple[dict[str, Any], list[dict[str, str | None]]]:
    """Return what a filled-in form says: its packet, as JSON has it, and the rows of the sheet codings.

    Raises UsageFault where it is no form.
    """
    import openpyxl

    try:
        with zipfile.ZipFile(file) as parts:
            if sum(part.file_size for part in parts.infolist()) > MOST_BYTES:
                raise ValueError(f"unpacked it is larger than {MOST_BYTES // 10**6} MB")
        workbook = openpyxl.load_workbook(file, read_only=True, data_only=True)
        packet = json.loads("".join(str(row[0]) for row in workbook["packet"].iter_rows(values_only=True) if row[0]))
        rows = list(workbook["codings"].iter_rows(values_only=True))
        workbook.close()
    except Exception as error:  # openpyxl raises whatever a part of the file makes it stumble over
        raise UsageFault(
            f"{file} is no form of `code pack` ({str(error)[:100]}): fill in the one that it wrote"
        ) from error
    names = [str(name) for name in rows[0]] if rows else []
    return packet, [
        {name: None if value is None else str(value).strip() or None for name, value in zip(names, row, strict=False)}
        for row in rows[1:]
    ]


def _codings(sheet: Worksheet, packet: "Packet", book: Codebook, head: Format, wrap: Format) -> None:
    names, variables = columns(packet, book), packet.variables(book)
    for place, name in enumerate(names):
        sheet.write_string(0, place, name, head)
        sheet.set_column(place, place, TEXT_WIDTH if name == "text" else WIDTH)
    sheet.freeze_panes(1, 1)
    row = 1
    for unit in packet.units:
        size = 1
        proposed = (packet.proposed or {}).get(unit.unit_id, [])
        asked = packet.offers(unit.unit_id) if proposed and book.unit == "pair" else []
        if book.unit != "measure":
            size = len(asked) or min(PAIR_ROWS, book.most)
        for place, text in enumerate((unit.unit_id, " / ".join(unit.headings), unit.text)):
            sheet.write_string(row, place, text, wrap)
        for name, value in packet.held(unit.unit_id).items():
            sheet.write_string(row, names.index(name), value, wrap)
        for below in range(1, size):
            sheet.write_string(row + below, 0, unit.unit_id, wrap)
        for below, to_id in enumerate(asked):
            sheet.write_string(row + below, names.index("to_id"), to_id)
        if proposed:
            said = "; ".join(" ".join(filter(None, value.values())) for value in proposed)
            sheet.write_comment(row, names.index(variables[0]), said)
        row += size
    first = 2  # row of the codebook's sheet, as `_rules` writes it
    for name in variables:
        size, place = len(packet.categories(book, name)), names.index(name)
        source = f"=codebook!$A${first}:$A${first + size - 1}"
        sheet.data_validation(1, place, max(row, 2) + 200, place, {"validate": "list", "source": source})
        first += size + 1
    if packet.others:
        source = f"=later!$A$2:$A${len(packet.others) + 1}"
        place = names.index("to_id")
        sheet.data_validation(1, place, max(row, 2) + 200, place, {"validate": "list", "source": source})


def _later(sheet: Worksheet, packet: "Packet", head: Format, wrap: Format) -> None:
    for place, name in enumerate(("unit_id", "headings", "text")):
        sheet.write_string(0, place, name, head)
        sheet.set_column(place, place, TEXT_WIDTH if name == "text" else WIDTH)
    for row, unit in enumerate(packet.others, start=1):
        for place, text in enumerate((unit.unit_id, " / ".join(unit.headings), unit.text)):
            sheet.write_string(row, place, text, wrap)


def _rules(sheet: Worksheet, packet: "Packet", book: Codebook, wrap: Format) -> None:
    """The categories of each variable, below its name; the drop-down lists take them from here. Then the rules."""
    sheet.set_column(0, 0, WIDTH)
    sheet.set_column(1, 2, WIDTH * 2)
    sheet.set_column(3, 6, WIDTH * 3)
    row = 0
    for variable in map(book.named, packet.variables(book)):
        sheet.write_string(row, 0, variable.variable_id)
        sheet.write_string(row, 1, variable.question, wrap)
        row += 1
        for category in packet.categories(book, variable.variable_id):
            lists = (category.includes, category.excludes, category.examples)
            names = (category.category_id, category.name_en, category.name_ja, category.definition)
            for place, text in enumerate([*names, *map("; ".join, lists)]):
                sheet.write_string(row, place, text, wrap)
            row += 1
    for rule in book.rules:
        sheet.write_string(row, 1, rule)
        row += 1
