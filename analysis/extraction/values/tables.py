"""Figures of tables.

A table says by its layout what running text says by words: a column's head (or a row's label) gives unit, period and
kind, the other gives the name. Head rows are those before the first row with a value; a head's cell spans the empty
cells to its right. A number without a unit of its own takes that of its row's column of units or label, of its
column's head, or of the caption, and is left out where there is none: what it counts would be a guess. A cell that
holds more than a number (412人(2030年度)→600人) is read as text.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import zip_longest

from analysis.base.japanese import normal, shorten
from analysis.extraction.parsers.parse_result import Paragraph
from analysis.extraction.values import texts
from analysis.extraction.values.amounts import NUMERAL, is_unit
from analysis.extraction.values.blocks import STROKES, is_row, where
from analysis.extraction.values.labels import ARROW, LABEL, ONLY, TIME
from analysis.extraction.values.passage import Figure, Passage, Unread, passage_of
from analysis.extraction.values.periods import WESTERN, Period
from analysis.extraction.values.running_text import LIST_MARK, normal_line
from analysis.extraction.values.words import BRACKET, COMPARED

# Rows and values.
BETWEEN_CELLS = re.compile(f"[{STROKES}]")
RULE = re.compile(r":?[-=~─+]*:?")  # between the rows of Markdown
BARE_NUMBER = re.compile(rf"(?P<sign>[-△▲▼~+])?約?(?P<number>{NUMERAL})(?P<rest>(?:{COMPARED})?{BRACKET})$")
BARE_YEAR = re.compile(rf"'?{WESTERN}(?:実績|目標|見込)?$")
COUNTER = "個"  # stands for the unit of a head while a bare number is read
LETTERS = re.compile(r"[一-龥ぁ-んァ-ヶA-Za-z]")
LONGEST_VALUE = 14  # letters beside the amounts and dates of a cell that holds values
WHOLE, PART = 20, 10  # characters of the two halves of a name

# Heads and labels: of columns that hold no values, and what they say of those that do.
REMARKS = re.compile(r"備考|出典|資料|説明|定義|算出|調査名")
OFFICES = re.compile(r"担当|所管|府省|省庁|部局|主体$")
UNIT_HEAD = re.compile(r"^\(?単位\)?$")
RATING = re.compile(r"[◎○〇△×]$")
RATE_HEAD = re.compile(r"増減率|増加率|伸び率|前年度?比|減少率|成長率")
CHANGE_HEAD = re.compile(r"増減額?$|差分?$|変化$|増減幅")
STEP = re.compile(rf"{ARROW.pattern}|から(?=.)")
PLAN_YEAR_HEAD = re.compile(rf"計画({WESTERN})$")  # the edition that gave a column's values
UNIT_SAID = re.compile(r"[(]?単位[:は](?P<unit>[^)\s、。]+)[)]?")
LISTED_UNIT = re.compile(r"、(?P<unit>[^()、]{1,6})[)]$")  # (2030年、%)
IN_BRACKET = re.compile(r"(?<=.)[(](?P<unit>[^()]{1,8})[)]$")
NOTE_MARK = re.compile(r"[※*]\d*|\(?注\d*\)?$")
# Heads that say what kind of thing a column holds, and name none.
NO_NAME = re.compile(
    r"(?:No\.?|番号|KPI|KGI|(?:評価|成果|活動|参考|主要|代表)?指標|項目|区分|名称|施策|事業|成果|内容|年度?|時期|期限|単位|備考"
    r"|出典|担当|分野|部門|地域|値|数値|達成|状況|進捗|等|名|の|・|→|から|へ|:)*$"
)

CAPTION = re.compile(r"(?:別紙)?図?表\d*")
NEAR = 4  # lines between a table and its caption


@dataclass(frozen=True)
class Meaning:
    """What heads or labels say of values: words that name something, unit, period, kind and nature."""

    text: str = ""
    name: str = ""
    unit: str = ""
    period: Period | None = None
    kind: str | None = None
    nature: str = "level"
    steps: tuple["Meaning", ...] = ()  # of a head with an arrow


@dataclass(frozen=True)
class Column:
    """What a column's heads say of its values. Columns under one head have the same `group`."""

    head: Meaning
    group: int
    set_in: str | None


@dataclass(frozen=True)
class Row:
    """A row below the heads: its line, its cells and what its labels say."""

    line: int
    cells: list[str]
    label: Meaning


@dataclass(frozen=True)
class Table:
    """`first` is the position of the first column of values; `corner` the first label of the head, which names the
    whole table; `period` and `unit` are those of its caption; `shared` is the name in all columns."""

    block: Paragraph
    edition: int
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    first: int
    corner: str
    shared: str
    period: str | None
    unit: str


def figures(block: Paragraph, paragraphs: list[Paragraph], edition: int) -> tuple[list[Figure], list[Unread]]:
    """Return the figures of a table's rows, and its numbers that are none; `paragraphs` are the document's, for the
    caption. Beside ratings stand their sums, which are left out."""
    table = _table(block, paragraphs, edition)
    rated = any(RATING.match(column.head.text) for column in table.columns)
    result: list[Figure] = []
    unread: list[Unread] = []
    for row in table.rows:
        for position in range(table.first, len(row.cells)):
            head = table.columns[position].head.text
            if REMARKS.search(head) or (rated and not RATING.match(head)) or not _is_value(row.cells[position]):
                continue
            cell_figures, cell_unread = _cell(table, row, position)
            result += cell_figures
            unread += cell_unread
    return result, unread


# ------------------------------------------------------------------------------------- rows, columns and captions


def cells_of(raw: str) -> list[str]:
    """Return the cells of a row: between tabs, or between the strokes of Markdown."""
    text = raw.strip("\n")
    pieces = text.split("\t") if "\t" in text else BETWEEN_CELLS.split(normal(text).strip().strip(STROKES))
    return [normal_line(piece).replace(" ", "") for piece in pieces]


def _table(block: Paragraph, paragraphs: list[Paragraph], edition: int) -> Table:
    rows = [(number, cells_of(raw)) for number, raw in block.lines]
    rows = [(number, cells) for number, cells in rows if not all(RULE.fullmatch(cell) for cell in cells)]
    below = next((i for i, (_, cells) in enumerate(rows) if _has_value(cells)), len(rows))
    heads, body = [cells for _, cells in rows[:below]], rows[below:]
    width = max((len(cells) for _, cells in rows), default=0)
    columns = tuple(_column(heads, position, edition) for position in range(width))
    first = min(
        [
            next((i for i, cell in enumerate(cells) if i and _is_value(cell)), 1)
            for _, cells in body
            if _has_value(cells)
        ]
        + [i for i, column in enumerate(columns) if i and (column.head.period or column.head.kind)],
        default=1,
    )
    valued = {i for _, cells in body for i in range(first, len(cells)) if cells[i]}
    names = {columns[i].head.name for i in valued if not UNIT_HEAD.search(columns[i].head.text)}
    caption = _caption(block, paragraphs)
    units = [UNIT_SAID.search(text) for text in ("".join(cell for head in heads for cell in head), *caption)]
    return Table(
        block=block,
        edition=edition,
        columns=columns,
        rows=tuple(_rows(body, columns[:first], edition)),
        first=first,
        corner=_meaning(next((head[0] for head in heads if head[0]), ""), edition).name,
        shared=names.pop() if len(names) == 1 else "",
        period=_caption_period(caption, edition),
        unit=next((match["unit"] for match in units if match), ""),
    )


def _rows(rows: list[tuple[int, list[str]]], columns: tuple[Column, ...], edition: int) -> Iterable[Row]:
    """Yield the rows below the heads; `columns` are those of their labels. An empty label is that of the row above,
    whose cell is merged over both; units and ministries are no labels."""
    above: list[str] = []
    named = [not (UNIT_HEAD.search(column.head.text) or OFFICES.search(column.head.text)) for column in columns]
    for number, cells in rows:
        labels = [cell for cell, is_label in zip(cells, named, strict=False) if is_label]
        if labels[:1] == [""]:
            labels = [cell or before for cell, before in zip_longest(labels, above, fillvalue="")]
        above = labels
        yield Row(number, cells, _together(_meaning(cell, edition) for cell in labels))


def _has_value(cells: list[str]) -> bool:
    """Return whether a row holds values: one of years is a head."""
    return any(_is_value(cell) and not BARE_YEAR.match(cell) for cell in cells[1:])


def _is_value(cell: str) -> bool:
    if BARE_NUMBER.match(cell):
        return True
    if not any(character.isdigit() for character in cell):
        return False
    passage = _read(cell, 0)
    return bool(passage.amounts or (passage.bare and ARROW.search(cell)))


def _column(heads: list[list[str]], position: int, edition: int) -> Column:
    first = heads[0][: position + 1] if heads else []
    group = max((i for i, cell in enumerate(first) if cell), default=0)  # where the merged cell of the first row begins
    spanning = [next((cell for cell in reversed(head[group : position + 1]) if cell), "") for head in heads]
    plan = PLAN_YEAR_HEAD.search(spanning[-1] if spanning else "")
    return Column(_together(_meaning(cell, edition) for cell in spanning if cell), group, plan[1] if plan else None)


def _caption(block: Paragraph, paragraphs: list[Paragraph]) -> list[str]:
    """Return the texts near a table, nearest before it first."""
    first, last = block.lines[0][0], block.lines[-1][0]
    near = []
    for paragraph in paragraphs:
        lines = [(number, raw) for number, raw in paragraph.lines if not is_row(raw)]
        if lines and (first - NEAR <= lines[-1][0] < first or last < lines[0][0] <= last + NEAR):
            text = "".join(normal_line(raw) for _, raw in lines).replace(" ", "")
            near.append((lines[-1][0] > last, -lines[-1][0], text))
    return [text for *_, text in sorted(near)]


def _caption_period(caption: list[str], edition: int) -> str | None:
    """Return the one year that a table's caption names: 図表5:令和7年度の取組."""
    for text in caption:
        dates = [date for date in _read(text, edition).periods if date.year] if CAPTION.match(text) else []
        if len(dates) == 1:
            return dates[0].name
    return None


# ------------------------------------------------------------------------------------- what heads and labels say


@lru_cache(maxsize=2048)
def _read(cell: str, edition: int) -> Passage:
    return passage_of(Paragraph(((0, cell),), "cell"), edition, None)


@lru_cache(maxsize=2048)
def _meaning(cell: str, edition: int) -> Meaning:
    """Return what a head's cell or a row's label says."""
    cell = NOTE_MARK.sub("", cell.strip(LIST_MARK + "。"))
    text = re.sub(rf"^'?({WESTERN})(?=実績|目標|見込|$)", r"\1年", cell)
    passage = _read(text, edition)
    unit, rest = _unit_in(passage.masked)
    for label in passage.labels:
        rest = rest.replace(label.word, "", 1)
    name = re.sub(r"[(\[][:・、]*[)\]]", "", ONLY.sub("", rest.replace(TIME, ""), count=1)).strip(":・")
    kinds = {label.kind for label in passage.labels}
    steps = STEP.split(text)
    return Meaning(
        text=cell,
        name="" if NO_NAME.match(name) else name,
        unit=unit,
        period=passage.periods[0] if len(passage.periods) == 1 else None,
        kind=kinds.pop() if len(kinds) == 1 else None,
        nature="rate" if RATE_HEAD.search(cell) else "change" if CHANGE_HEAD.search(cell) else "level",
        steps=tuple(_meaning(step, edition) for step in steps) if len(steps) > 1 else (),
    )


def _together(meanings: Iterable[Meaning]) -> Meaning:
    """Return what several heads or labels say together: of each thing what the last says that says any."""
    result = Meaning()
    for said in meanings:
        result = Meaning(
            text=said.text,
            name=said.name or result.name,
            unit=said.unit or result.unit,
            period=said.period or result.period,
            kind=said.kind or result.kind,
            nature=said.nature if said.nature != "level" else result.nature,
            steps=said.steps or result.steps,
        )
    return result


def _unit_in(text: str) -> tuple[str, str]:
    """Return the unit that a text gives in brackets or by 単位, and the text without it."""
    if match := UNIT_SAID.search(text):
        return match["unit"], text.replace(match.group(), "")
    for pattern, closing in ((LISTED_UNIT, ")"), (IN_BRACKET, "")):
        if (match := pattern.search(text)) and is_unit(match["unit"]) and not LABEL.search(match["unit"]):
            return match["unit"], text[: match.start()] + closing
    return "", text


# ------------------------------------------------------------------------------------- cells


def _cell(table: Table, row: Row, position: int) -> tuple[list[Figure], list[Unread]]:
    """Return the figures of a row's cell, and the numbers in it that are none."""
    head, cell = table.columns[position].head, row.cells[position]
    line, section, place, measure = where(table.block, row.line)
    unit = _row_unit(table, row) or head.unit or row.label.unit or table.unit
    bare = BARE_NUMBER.match(cell)
    if bare and not unit:
        return [], [] if BARE_YEAR.match(cell) else [Unread(line, section, place, cell, "no_unit")]
    if bare:
        passage = _read(f"{cell[: bare.start('rest')]}{COUNTER}{bare['rest']}", table.edition)
    else:
        passage = _read(_with_unit(_read(cell, table.edition), unit), table.edition)
    if len(LETTERS.findall(LABEL.sub("", passage.nameable))) > LONGEST_VALUE:
        return [], []  # a sentence
    read, unread = texts.figures(passage)
    if bare:
        read = [_in_unit(figure, unit, is_signed=bool(bare["sign"])) for figure in read]
    steps = head.steps if len(head.steps) == len(read) else [None] * len(read)
    result = [_figure(table, row, position, figure, step) for figure, step in zip(read, steps, strict=True)]
    return (
        [
            replace(figure, first_line=line, section=section, place=place, measure=measure)
            for figure in result
            if figure
        ],
        [replace(number, first_line=line, section=section, place=place) for number in unread],
    )


def _row_unit(table: Table, row: Row) -> str:
    """Return the unit in a row's column of units."""
    cells = zip(table.columns, row.cells, strict=False)
    return next((cell.strip("()") for column, cell in cells if UNIT_HEAD.search(column.head.text)), "")


def _with_unit(passage: Passage, unit: str) -> str:
    """Return a cell's text with the unit behind each number that has none: 48.2(2030年度)→60."""
    text = passage.text
    for number in reversed(passage.bare):
        text = text[: number.end] + unit + text[number.end :]
    return text


def _in_unit(figure: Figure, unit: str, is_signed: bool) -> Figure:
    """Return the figure of a bare number in the unit as its head writes it: 百億米ドル."""
    value = (figure.value or 0.0) * (10 if unit == "割" else 1)
    unit = (figure.unit or "").removesuffix(COUNTER) + ("%" if unit in ("割", "パーセント") else unit)
    return replace(figure, value=value, unit=unit, nature="rate" if is_signed and unit == "%" else "level")


def _figure(table: Table, row: Row, position: int, figure: Figure, step: Meaning | None) -> Figure | None:
    """Return a cell's figure with what heads, labels and caption say of it; None for a forecast. `step` is the part of
    a head with an arrow (現状→目標) that the figure stands under."""
    column = table.columns[position]
    head = step or column.head
    period = head.period or column.head.period or row.label.period
    in_cell = not figure.why[0].endswith(("nothing said", "deadline"))
    kind = figure.kind if in_cell else head.kind or (None if step else row.label.kind)
    kind = (step.kind if step else None) or kind
    if kind is None:
        kind = "target" if period and (period.year or 0) > table.edition else "observation"
    if kind == "forecast":
        return None
    natures = (figure.nature, column.head.nature, row.label.nature)
    name = figure.period or _row_period(table, row, position, kind) or (period.name if period else None)
    return replace(
        figure,
        indicator=_name(table, column, row),
        kind=kind,
        nature=next((nature for nature in natures if nature != "level"), "level"),
        period=name or _group_period(table, row, column, position) or table.period,
        set_in=column.set_in,
        why=(
            f"kind: {'cell' if in_cell else 'head'}",
            "period: " + ("cell" if figure.period else "head" if name else "caption"),
        ),
    )


def _row_period(table: Table, row: Row, position: int, kind: str) -> str | None:
    """Return the period that another cell of the row gives for its values of a kind: a column 目標年度 or 時期. A date
    belongs to the value in front of it."""
    cells = list(zip(row.cells, table.columns, strict=False))
    for cell, column in [*cells[position + 1 : position + 2], *cells[1:]]:
        date = _meaning(cell, table.edition)
        if date.period and not date.name and not column.head.period and column.head.kind in (kind, None):
            return date.period.name
    return None


def _group_period(table: Table, row: Row, column: Column, position: int) -> str | None:
    """Return the period of a change: that of the first value before it under the same head."""
    if column.head.nature == "level":
        return None
    before = zip(row.cells[:position], table.columns, strict=False)
    dates = [
        date for cell, other in before if other.group == column.group for date in _read(cell, table.edition).periods
    ]
    return dates[0].name if dates else None


def _name(table: Table, column: Column, row: Row) -> str | None:
    """Return a row's last name; under the table's own name where the columns are years, with the rating if any."""
    name = row.label.name
    if not name:
        name = column.head.name or table.corner
    elif table.shared or (column.head.period and table.corner):
        name = f"{shorten(table.shared or table.corner, WHOLE)}({shorten(name, PART)})"
    elif RATING.match(column.head.text):
        name = f"{shorten(name, 30)} {column.head.text}"
    return shorten(name) or None
