"""A roadmap whose rows came with their cells: one line a row, cells parted by tabs, as ruling lines give them.

Rules, with the reason why each is general:

- The table's head names its columns (項目番号, 項目名, 施策内容, 担当府省, years); it holds until the next head.
- An empty cell in the column of numbers or of texts goes on with the one above: the cell above is merged. A row that
  has neither number nor text adds what it has (ministries, years) to the row above.
- A number or a text in a row begins an item's next row; a text that does not end with its horizon, and is followed by
  one without a number on the next page, was parted by the page.
- What stands alone in its row is a heading.
"""

import re

from analysis.base.japanese import join_lines, normal, squeeze
from analysis.extraction.horizon import HORIZON
from analysis.extraction.roadmap.table import CIRCLED, PART, SECTION, YEAR, CellKind, Line, Table, TableRow
from analysis.tables import ministries

COLUMNS = {"項目名": "title", "施策": "text", "担当": "ministry", "府省": "ministry", "番": "number", "項目": "number"}
LONGEST_HEAD = 10
TERM = re.compile(r"(?:短期|中期|長期)+")
LONGEST_NAME = 24
PIECE = re.compile(r"(?:[^\s、,・()（）]|[(（][^()（）]*[)）]|[()（）])+")  # separators in brackets part nothing


def is_table(lines: list[Line]) -> bool:
    """Say whether the rows of a roadmap came with their cells: a head with its columns says so."""
    return any("\t" in raw and {"text", "ministry"} <= set(_head(raw).values()) for _, raw in lines)


def read(lines: list[Line]) -> Table:
    """Return the table that lines with tabs hold. `lines` are (line number, text)."""
    reader = _TableReader()
    for number, raw in lines:
        if raw.strip():
            reader.cells.append((number, reader.line(number, raw)))
    return Table(reader.rows, reader.cells)


class _TableReader:
    """One pass over the lines, with the columns and headings that hold where it is."""

    def __init__(self) -> None:
        self.rows: list[TableRow] = []
        self.cells: list[tuple[int, CellKind]] = []
        self._columns: dict[int, str] = {}
        self._part = self._section = self._group = ""
        self._after_head = False

    def line(self, number: int, raw: str) -> CellKind:
        """Take a line in and return what stands on it."""
        if year := PART.search(normal(raw)):
            self._enter(year[1])
        if "\t" in raw and _is_head(raw):
            # a head of several lines names the more columns
            self._columns = {**(self._columns if self._after_head else {}), **_head(raw)}
            self._after_head = True
            return "head"
        self._after_head = False
        filled = [cell for cell in map(str.strip, raw.split("\t")) if cell]
        if "\t" not in raw or (len(filled) == 1 and _is_heading(filled[0])):
            return self._heading(filled[0])
        return self._row(number, raw) if "text" in self._columns.values() else "unknown"

    def _enter(self, year: str) -> None:
        if year != self._part:
            self._part, self._group, self._section, self._columns = year, "", "", {}

    def _heading(self, text: str) -> CellKind:
        plain = squeeze(text)
        if _is_heading(text):
            if CIRCLED.match(text):
                self._group = text
            elif normal(text)[:1].isdigit():
                self._section, self._group = text, ""
            return "heading"
        if TERM.fullmatch(plain) or YEAR.fullmatch(plain) or _column(plain):
            return "head"
        return "unknown" if self.rows else "heading"

    def _row(self, number: int, raw: str) -> CellKind:
        cells = {place: text for place, cell in enumerate(raw.split("\t")) if (text := cell.strip())}
        by_column = {self._columns[place]: text for place, text in cells.items() if place in self._columns}
        text, label = by_column.get("text", ""), squeeze(by_column.get("number", ""))
        last = self.rows[-1] if self.rows and self.rows[-1].part == self._part else None
        if text and last and not label and _cut(last.text):
            row = last
            row.text = join_lines([row.text, text])
        elif text or label:
            row = self._begin(label, by_column.get("title", ""), text, last)
        elif last is None:
            return "unknown"
        else:
            row = last
        names = _names(by_column.get("ministry", ""))
        row.ministries += [name for name in names if name not in row.ministries]
        row.years += [(name[5:], cell) for name, cell in by_column.items() if name.startswith("year:")]
        row.lines += [number] * bool(text)
        row.ministry_lines += [number] * bool(names)
        row.other_lines += [number] * (not text)
        if not (text or names or cells.keys() <= self._columns.keys()):
            return "unknown"
        return "text" if text else "ministry" if names else "year"

    def _begin(self, label: str, title: str, text: str, last: TableRow | None) -> TableRow:
        if not label and last is not None:  # the number's cell is merged over several texts
            label, title = last.number, title or last.title
        self.rows.append(TableRow(self._part, self._group or self._section, label, title, text))
        return self.rows[-1]


def _is_head(raw: str) -> bool:
    columns = _head(raw)
    cells = [squeeze(cell) for cell in raw.split("\t") if cell.strip()]
    return bool(columns) and len(columns) + sum(TERM.fullmatch(cell) is not None for cell in cells) == len(cells)


def _is_heading(text: str) -> bool:
    plain = normal(text)
    return bool(PART.search(plain) or SECTION.match(plain) or CIRCLED.match(text))


def _head(raw: str) -> dict[int, str]:
    """Return the columns that a line's cells name, by their places."""
    columns: dict[int, str] = {}
    for place, cell in enumerate(raw.split("\t")):
        plain = squeeze(cell)
        if name := _column(plain):
            columns[place] = name
        elif year := YEAR.fullmatch(plain):
            columns[place] = f"year:{year[1]}"
    return columns


def _column(head: str) -> str | None:
    """Return what a column of this head holds."""
    if len(head) > LONGEST_HEAD or ministries.known(head):
        return None
    return next((name for word, name in COLUMNS.items() if word in head), None)


def _cut(text: str) -> bool:
    """Say whether a page parted a text: it has neither its horizon nor a full stop."""
    return bool(text) and not HORIZON.search(text) and not normal(text).endswith(("。", ")"))


def _names(cell: str) -> list[str]:
    """Return the ministries of a cell; names that stand close together are told apart by the register."""
    names: list[str] = []
    for piece in PIECE.findall(cell):
        rest = squeeze(piece)
        while rest and not ministries.known(rest):
            length = next((n for n in range(min(len(rest), LONGEST_NAME), 1, -1) if ministries.known(rest[:n])), 0)
            if not length:
                break
            names.append(rest[:length])
            rest = rest[length:]
        names += [rest] if rest else []
    return names
