"""A roadmap whose rows came with their cells: one line a row, cells parted by tabs, as ruling lines give them.

Rules, with the reason why each is general:

- The table's head names its columns (項目番号, 項目名, 施策内容, 担当府省, years); it holds until the next head. A
  column of names (施策名) beside one of contents (取組内容) holds the rows' titles. Years are written in either
  calendar, as spans (2028～2030年度, 2031年度以降), or stand as 短期, 中期, 長期 where no year stands below.
- Rows without a column of numbers are numbered in their order.
- An empty cell in the column of numbers or of texts goes on with the one above: the cell above is merged. A row that
  has neither number nor text adds what it has (ministries, years) to the row above.
- A number or a text in a row begins an item's next row; a text that does not end with its horizon, and is followed by
  one without a number on the next page, was parted by the page.
- What stands alone in its row is a heading.
"""

import re

from analysis.base.japanese import join_lines, normal, squeeze
from analysis.extraction.horizon import HORIZON
from analysis.extraction.roadmap.table import CIRCLED, PART, SECTION, CellKind, Line, Table, TableRow
from analysis.tables import ministries

# Words of a head and what its column holds; the first that fits counts.
COLUMNS = {
    "title": re.compile(r"項目名"), "name": re.compile(r"(?:施策|取組|事業|措置)の?名|名称|件名"),
    "ministry": re.compile(r"担当|府省|省庁|所管|主体|機関|部局"),
    "other": re.compile(r"KPI|KGI|指標|目標|成果|備考|参考|予算|関連|進捗"),
    "text": re.compile(r"施策|取組|内容|措置|アクション|事項$"), "number": re.compile(r"番|No\.?$|NO\.?$|^#$|項目"),
    "group": re.compile(r"分野|分類|区分|柱|テーマ"),
}  # fmt: skip
LONGEST_HEAD = 10
TERM = re.compile(r"(?:短期|中期|長期)+")
JAPANESE_YEAR = re.compile(r"(?:令和|R)(元|[0-9]{1,2})(?:年度?)?")
REIWA = 2018  # the year before the first of 令和
SPAN = re.compile(
    r"((?:19|20|21)[0-9]{2})(?:年度?)?(?:(?:[~―ー–-]|から)((?:19|20|21)?[0-9]{1,2})(?:年度?)?(?:まで)?)?(以降|-|~)?"
)
LABEL = re.compile(r"\D{0,3}?([0-9]{1,3})\D{0,2}")
LONGEST_NAME = 24
PIECE = re.compile(r"(?:[^\s、,・()（）]|[(（][^()（）]*[)）]|[()（）])+")  # separators in brackets part nothing


def is_table(lines: list[Line]) -> bool:
    """Say whether the rows of a roadmap came with their cells: a head with its columns says so."""
    heads = (set(_resolved(head_of(raw.split("\t"))).values()) for _, raw in lines if "\t" in raw and _is_head(raw))
    return any({"text", "ministry"} <= head for head in heads)


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
            self._columns = _resolved({**(self._columns if self._after_head else {}), **head_of(raw.split("\t"))})
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
        if _years(plain) or _column(plain):
            return "head"
        return "unknown" if self.rows else "heading"

    def _row(self, number: int, raw: str) -> CellKind:
        cells = {place: text for place, cell in enumerate(raw.split("\t")) if (text := cell.strip())}
        by_column: dict[str, str] = {}
        for place, words in cells.items():
            name = self._columns.get(place, "other")
            by_column[name] = join_lines([by_column.get(name, ""), words])
        text, label = by_column.get("text", ""), squeeze(by_column.get("number", ""))
        self._group = by_column.get("group", self._group)
        last = self.rows[-1] if self.rows and self.rows[-1].part == self._part else None
        numbered = "number" in self._columns.values()
        goes_on = not label if numbered else not (by_column.get("ministry") or by_column.get("title"))
        if text and last and goes_on and _cut(last.text):
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
        years = [(name[5:], cell) for name, cell in by_column.items() if name.startswith("year:")]
        row.years += years
        row.year_lines += [(number,)] * len(years)
        row.lines += [number] * bool(text)
        row.ministry_lines += [number] * bool(names)
        row.other_lines += [number] * (not text)
        if not (text or names or cells.keys() <= self._columns.keys()):
            return "unknown"
        return "text" if text else "ministry" if names else "year"

    def _begin(self, label: str, title: str, text: str, last: TableRow | None) -> TableRow:
        if "number" not in self._columns.values():
            label = str(1 + sum(row.part == self._part for row in self.rows))
        elif not label and last is not None:  # the number's cell is merged over several texts
            label, title = last.number, title or last.title
        elif match := LABEL.fullmatch(label):
            label = match[1]
        self.rows.append(TableRow(self._part, self._group or self._section, label, title, text))
        return self.rows[-1]


def _is_head(raw: str) -> bool:
    columns = head_of(raw.split("\t"))
    return bool(columns) and len(columns) == sum(bool(cell.strip()) for cell in raw.split("\t"))


def _resolved(columns: dict[int, str]) -> dict[int, str]:
    """The columns, with one of names as that of titles where another holds the texts, else as that of the texts."""
    kind = "title" if "text" in columns.values() else "text"
    return {place: kind if name == "name" else name for place, name in columns.items()}


def _is_heading(text: str) -> bool:
    plain = normal(text)
    return bool(PART.search(plain) or SECTION.match(plain) or CIRCLED.match(text))


def head_of(cells: list[str]) -> dict[int, str]:
    """Return the columns that cells name, by their places."""
    columns: dict[int, str] = {}
    for place, cell in enumerate(cells):
        plain = squeeze(cell)
        if name := _column(plain):
            columns[place] = name
        elif years := _years(plain):
            columns[place] = f"year:{years}"
    return columns


def _years(head: str) -> str | None:
    """Return the years that a column's head names: 2027, 2028-2030, 2031- (以降), or 短期, 中期, 長期; None for no
    years."""
    if TERM.fullmatch(head):
        return head
    plain = re.sub(r"[(（][^()（）]*[)）]", "", head.removeprefix("FY"))
    in_era = JAPANESE_YEAR.sub(lambda match: str(REIWA + int(match[1].replace("元", "1"))), plain)
    if not (match := SPAN.fullmatch(in_era)):
        return None
    first, last, on = match.groups()
    if last and len(last) < 4:  # 2028～30年度, 令和10～12年度
        last = f"{first[:-2]}{last:0>2}" if in_era == plain else str(REIWA + int(last))
    return f"{first}-{last}" if last else f"{first}-" if on else first


def _column(head: str) -> str | None:
    """Return what a column of this head holds."""
    if len(head) > LONGEST_HEAD or ministries.known(head):
        return None
    return next((name for name, words in COLUMNS.items() if words.search(head)), None)


def _cut(text: str) -> bool:
    """Say whether a page parted a text: it has neither its horizon nor a full stop."""
    return bool(text) and not HORIZON.search(text) and not normal(text).endswith(("。", ")"))


def _names(cell: str) -> list[str]:
    """Return the ministries of a cell; names that stand close together are told apart by the register."""
    runs = (ministries.told_apart(squeeze(piece), 2, LONGEST_NAME) for piece in PIECE.findall(cell))
    return [name for names in runs for name in names if name]
