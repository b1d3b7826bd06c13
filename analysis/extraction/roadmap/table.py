"""A roadmap whose rows came with their cells, as ruling lines give them: one line a row, cells parted by tabs.

Rules, with the reason why each is general:

- The table's head names its columns (項目番号, 項目名, 施策内容, 担当府省, years); it holds until the next head.
- An empty cell in the column of numbers or of texts goes on with the one above: the cell above is merged. A row that
  has neither number nor text adds what it has (ministries, years) to the row above.
- A number or a text in a row begins an item's next row; a text that does not end with its horizon, and is followed by
  one without a number on the next page, was parted by the page.
- What stands alone in its row is a heading.
"""

import re
from dataclasses import dataclass, field

from analysis.base.japanese import join_lines, normal, squeeze
from analysis.extraction.parsers.attribution import HORIZON, REPEATED
from analysis.extraction.roadmap import years
from analysis.extraction.roadmap.cells import NUMBER, PART, REPEAT, SECTION
from analysis.extraction.roadmap.model import Row
from analysis.tables import ministries
from analysis.tables.schemas import HORIZONS

COLUMNS = {"項目名": "title", "施策": "text", "担当": "ministry", "府省": "ministry", "番": "number", "項目": "number"}
LONGEST_HEAD = 10
YEAR = re.compile(r"([0-9]{4})年度")
TERM = re.compile(r"(?:短期|中期|長期)+")
CIRCLED = re.compile(r"[①-⑳]")
LONGEST_NAME = 24
PIECE = re.compile(r"(?:[^\s、,・()（）]|[(（][^()（）]*[)）]|[()（）])+")  # signs that part stay in brackets
NO_HORIZON, NO_NUMBER, NO_MINISTRIES = (
    "no horizon",
    "no number found for this text",
    "no ministries found for this text",
)
DOUBT = 0.2


@dataclass
class _Item:
    """A row as it is being read."""

    part: str
    group: str
    no: int | None
    repeat: bool
    title: str
    text: str = ""
    lines: list[int] = field(default_factory=list)
    ministry_lines: list[int] = field(default_factory=list)
    other_lines: list[int] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    years: dict[str, str] = field(default_factory=dict)


def is_table(lines: list[tuple[int, str]]) -> bool:
    """Whether the rows of a roadmap came with their cells: a head with its columns says so."""
    return any("\t" in raw and {"text", "ministry"} <= set(_head(raw).values()) for _, raw in lines)


def read(lines: list[tuple[int, str]]) -> tuple[list[Row], dict[int, tuple[str, int | None]]]:
    """The rows, and for each line that is not blank its role and the place of its row (None: of none)."""
    reader = _Reader()
    for number, raw in lines:
        if raw.strip():
            reader.line(number, raw)
    return _rows(reader.items), dict(sorted(reader.roles.items()))


class _Reader:
    """One pass over the lines."""

    def __init__(self) -> None:
        self.items: list[_Item] = []
        self.roles: dict[int, tuple[str, int | None]] = {}
        self._columns: dict[int, str] = {}
        self._part = self._section = self._group = ""
        self._headed = False  # whether the line before was a table's head

    def line(self, number: int, raw: str) -> None:
        plain = normal(raw).strip()
        cells = [cell.strip() for cell in raw.split("\t")]
        filled = [cell for cell in cells if cell]
        if year := PART.search(plain):
            self._enter(year[1])
        if "\t" in raw and self._is_head(raw):
            head = _head(raw)
            self._columns = {**(self._columns if self._headed else {}), **head}
            self._headed = True
            self.roles[number] = ("furniture", None)
            return
        self._headed = False
        if "\t" not in raw or (len(filled) == 1 and self._is_heading(filled[0])):
            self._heading(number, filled[0])
        elif "text" in self._columns.values():
            self._row(number, cells)
        else:
            self.roles[number] = ("unknown", None)

    def _enter(self, year: str) -> None:
        if year != self._part:
            self._part, self._group, self._section, self._columns = year, "", "", {}

    def _is_head(self, raw: str) -> bool:
        head = _head(raw)
        cells = [squeeze(cell) for cell in raw.split("\t") if cell.strip()]
        terms = sum(TERM.fullmatch(cell) is not None for cell in cells)
        return bool(head) and len(head) + terms == len(cells)

    def _is_heading(self, text: str) -> bool:
        plain = normal(text)
        return bool(PART.search(plain) or SECTION.match(plain) or CIRCLED.match(text))

    def _heading(self, number: int, text: str) -> None:
        plain = normal(text)
        if self._is_heading(text):
            self.roles[number] = ("heading", None)
            if CIRCLED.match(text):
                self._group = text
            elif plain[:1].isdigit():
                self._section, self._group = text, ""
        elif TERM.fullmatch(squeeze(text)) or YEAR.fullmatch(squeeze(text)) or _column(squeeze(text)):
            self.roles[number] = ("furniture", None)
        else:
            self.roles[number] = ("heading" if not self.items else "unknown", None)

    def _row(self, number: int, cells: list[str]) -> None:
        held: dict[str, str] = {}
        for place, cell in enumerate(cells):
            if cell and (name := self._columns.get(place)):
                held[name] = cell
        stray = [cell for place, cell in enumerate(cells) if cell and place not in self._columns]
        text, label = held.get("text", ""), squeeze(held.get("number", ""))
        last = self.items[-1] if self.items and self.items[-1].part == self._part else None
        if text and last and not label and _cut(last.text):
            last.text = join_lines([last.text, text])
        elif text or label:
            self._begin(label, held.get("title", ""), text)
        elif last is None:
            self.roles[number] = ("unknown", None)
            return
        item, place = self.items[-1], len(self.items) - 1
        if text:
            item.lines.append(number)
        names = _names(held.get("ministry", ""))
        item.names += [name for name in names if name not in item.names]
        if names:
            item.ministry_lines.append(number)
        if not text:
            item.other_lines.append(number)
        for name, cell in held.items():
            if name.startswith("year:"):
                key = name.removeprefix("year:")
                item.years[key] = "\n".join(filter(None, [item.years.get(key), cell]))
        role = "measure" if text else "attribution" if names else "roadmap"
        self.roles[number] = ("unknown", None) if stray and not (text or names) else (role, place)

    def _begin(self, label: str, title: str, text: str) -> None:
        last = self.items[-1] if self.items and self.items[-1].part == self._part else None
        no, repeat = (int(label) if NUMBER.fullmatch(label) else None), label == REPEAT
        if not label and last is not None:  # the number's cell is merged over several texts
            no, repeat, title = last.no, last.repeat, title or last.title
        self.items.append(_Item(self._part, self._group or self._section, no, repeat, title, text))


def _head(raw: str) -> dict[int, str]:
    """The columns that a line's cells name, by their places."""
    found: dict[int, str] = {}
    for place, cell in enumerate(raw.split("\t")):
        plain = squeeze(cell)
        if name := _column(plain):
            found[place] = name
        elif year := YEAR.fullmatch(plain):
            found[place] = f"year:{year[1]}"
    return found


def _column(head: str) -> str | None:
    """What a column of this head holds."""
    if len(head) > LONGEST_HEAD or ministries.known(head):
        return None
    return next((name for word, name in COLUMNS.items() if word in head), None)


def _cut(text: str) -> bool:
    """Whether a page parted a text: it has neither its horizon nor a full stop."""
    return bool(text) and not HORIZON.search(text) and not normal(text).endswith(("。", ")"))


def _names(cell: str) -> list[str]:
    """The ministries of a cell; names that stand close together are told apart by the register."""
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


def _rows(items: list[_Item]) -> list[Row]:
    counts: dict[tuple[str, int], int] = {}
    for item in items:
        if item.no is not None:
            counts[item.part, item.no] = counts.get((item.part, item.no), 0) + 1
    seen: dict[tuple[str, int], int] = {}
    rows = []
    for item in items:
        key = (item.part, item.no) if item.no is not None else None
        seen |= {key: seen.get(key, 0) + 1} if key else {}
        text, horizon = _parted(item.text)
        doubts = [NO_HORIZON] * (not horizon) + [NO_NUMBER] * (item.no is None and not item.repeat)
        doubts += [NO_MINISTRIES] * (not item.names)
        first = item.lines or item.ministry_lines or item.other_lines
        cells = [cell for _, cell in sorted(item.years.items())]
        repeats = next((int(match[1]) for cell in cells if (match := years.SAME_PART.fullmatch(squeeze(cell)))), None)
        links = sorted({link for cell in cells if item.repeat is False for link in years.links(cell)})
        rows.append(
            Row(
                part=item.part, no=item.no, cell=seen[key] if key else 1, cells=counts[key] if key else 1,
                group=item.group, title=item.title or None, text=text, horizon=horizon,
                ministries=tuple(item.names) or None, carried_to=tuple(links), lines=tuple(item.lines),
                first_line=first[0], last_line=first[-1], ministry_lines=tuple(item.ministry_lines),
                years=dict(sorted(item.years.items())), confidence=round(max(0.0, 1 - DOUBT * len(doubts)), 2),
                doubts=tuple(doubts), repeats=repeats, other_lines=tuple(item.other_lines),
            )
        )  # fmt: skip
    return rows


def _parted(running: str) -> tuple[str, tuple[str, ...]]:
    """A text cell's text and horizon."""
    running = REPEATED.sub("", running).strip()
    marks = list(HORIZON.finditer(running))
    if not marks or running[marks[-1].end() :].strip() not in ("", "。"):
        return running, ()
    return running[: marks[-1].start()].rstrip(), tuple(name for name in HORIZONS if name in marks[-1].group())
