"""Figures of tables.

A table says by its layout what running text says by words: a column's head (or a row's label) gives unit, period and
kind, the other gives the name. Head rows are those before the first row with a value; a head's cell spans the empty
cells to its right. A number without a unit of its own takes that of its row's column of units or label, of its
column's head, or of the caption, and is left out where there is none: what it counts would be a guess. A cell that
holds more than a number (412人(2030年度)→600人) is read as text.
"""

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import zip_longest

from analysis.base.japanese import normal, shorten
from analysis.extraction.parsers.parse_result import Paragraph
from analysis.extraction.values import texts
from analysis.extraction.values.amounts import MINUS, NUMERAL, is_unit, scaled
from analysis.extraction.values.blocks import STROKES, is_row, where
from analysis.extraction.values.labels import ARROW, LABEL, ONLY, TIME
from analysis.extraction.values.passage import Figure, Passage, Unread, passage_of
from analysis.extraction.values.periods import WESTERN, Period
from analysis.extraction.values.running_text import LIST_MARK, normal_line

BETWEEN_CELLS = re.compile(f"[{STROKES}]")
RULE = re.compile(r":?[-=~─+]*:?")  # between the rows of Markdown
UNIT_SAID = re.compile(r"[(]?単位[:は](?P<unit>[^)\s、。]+)[)]?")
IN_BRACKET = re.compile(r"[(](?P<unit>[^()]{1,8})[)]")
LISTED_UNIT = re.compile(r"、(?P<unit>[^()、]{1,6})(?P<rest>[)])$")
BARE_NUMBER = re.compile(
    rf"(?P<sign>[-△▲▼~+])?(?:約)?(?P<number>{NUMERAL})(?P<rest>(?:以上|以下|以内|未満|超|程度)?(?:\([^()]*\))?)$"
)
BARE_YEAR = re.compile(rf"'?{WESTERN}(?:実績|目標|見込)?$")
RATING = re.compile(r"[◎○〇△×]$")
RATE_HEAD = re.compile(r"増減率|増加率|伸び率|前年度?比|減少率|成長率")
CHANGE_HEAD = re.compile(r"増減額?$|差分?$|変化$|増減幅")
REMARKS = re.compile(r"備考|出典|資料|説明|定義|算出|調査名")  # heads of columns that hold no values
OFFICES = re.compile(r"担当|所管|府省|省庁|部局|主体$")
UNIT_HEAD = re.compile(r"^\(?単位\)?$")
STEP = re.compile(rf"{ARROW.pattern}|から(?=.)")
NOTE_MARK = re.compile(r"[※*]\d*|\(?注\d*\)?$")
PLAN_YEAR_HEAD = re.compile(rf"計画({WESTERN})$")  # the edition that gave a column's values
# Heads that say what kind of thing a column holds, and name none.
NO_NAME = re.compile(
    r"(?:No\.?|番号|KPI|KGI|(?:評価|成果|活動|参考|主要|代表)?指標|項目|区分|名称|施策|事業|成果|内容|年度?|時期|期限|単位|備考|出典|担当|分野|部門|地域|値|数値|達成|状況|進捗|等|名|の|・|→|から|へ|:)*$"
)
CAPTION = re.compile(r"(?:別紙)?図?表\d*")
LETTERS = re.compile(r"[一-龥ぁ-んァ-ヶA-Za-z]")
COUNTER = "個"  # stands for the unit of a head while a bare number is read
LONGEST_VALUE = 14  # letters beside the amounts and dates of a cell that holds values
NEAR = 4  # lines between a table and its caption


@dataclass(frozen=True)
class Meaning:
    """What a head's cell or a row's label says of values: words that name something, unit, period, kind and nature."""

    text: str
    name: str
    unit: str = ""
    period: Period | None = None
    kind: str | None = None
    nature: str = "level"
    steps: tuple["Meaning", ...] = ()  # of a head with an arrow


@dataclass(frozen=True)
class Column:
    """What a column's heads say of its values. Columns under one head have the same `group`."""

    heads: tuple[Meaning, ...]
    group: int
    set_in: str | None

    @property
    def label(self) -> str:
        return self.heads[-1].text if self.heads else ""

    @property
    def unit(self) -> str:
        return next((head.unit for head in reversed(self.heads) if head.unit), "")

    @property
    def period(self) -> Period | None:
        return next((head.period for head in reversed(self.heads) if head.period), None)

    @property
    def kind(self) -> str | None:
        return next((head.kind for head in reversed(self.heads) if head.kind), None)

    @property
    def nature(self) -> str:
        return self.heads[-1].nature if self.heads else "level"

    @property
    def name(self) -> str:
        return next((head.name for head in reversed(self.heads) if head.name), "")


@dataclass(frozen=True)
class Row:
    """A row below the heads: its line, cells, what its labels say, and the position of its first value."""

    line: int
    cells: list[str]
    labels: list[Meaning]
    first: int


@dataclass(frozen=True)
class Table:
    """`corner` is the first label of the head, which names the whole table; `period` and `unit` are those of its
    caption; `shared` is the name in all columns."""

    block: Paragraph
    edition: int
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    corner: str
    period: str | None
    unit: str
    shared: str


def figures(block: Paragraph, paragraphs: list[Paragraph], edition: int) -> tuple[list[Figure], list[Unread]]:
    """Return the figures of a table's rows, and its numbers that are none; `paragraphs` are the document's, for the
    caption. Beside ratings stand their sums, which are left out."""
    table = _table(block, paragraphs, edition)
    rated = any(RATING.match(column.label) for column in table.columns)
    result: list[Figure] = []
    unread: list[Unread] = []
    for row in table.rows:
        for position in range(row.first, len(row.cells)):
            if rated and not RATING.match(table.columns[position].label):
                continue
            read, left = _cell(table, row, position)
            result += read
            unread += left
    return result, unread


def cells_of(raw: str) -> list[str]:
    """Return the cells of a row: between tabs, or between the strokes of Markdown."""
    text = raw.strip("\n")
    pieces = text.split("\t") if "\t" in text else BETWEEN_CELLS.split(normal(text).strip().strip(STROKES))
    return [normal_line(piece).replace(" ", "") for piece in pieces]


def _table(block: Paragraph, paragraphs: list[Paragraph], edition: int) -> Table:
    rows = [(number, cells_of(raw)) for number, raw in block.lines]
    rows = [(number, cells) for number, cells in rows if not all(RULE.fullmatch(cell) for cell in cells)]
    first = next((i for i, (_, cells) in enumerate(rows) if _has_value(cells)), len(rows))
    heads = [cells for _, cells in rows[:first]]
    width = max((len(cells) for _, cells in rows), default=0)
    columns = tuple(_column(heads, position, edition) for position in range(width))
    caption = _caption(block, paragraphs)
    body = _rows(rows[first:], columns, edition)
    values = sorted({position for row in body for position in range(row.first, len(row.cells)) if row.cells[position]})
    names = {columns[position].name for position in values if not UNIT_HEAD.search(columns[position].label)}
    shared = names.pop() if len(names) == 1 else ""
    corner = next((head[0] for head in heads if head[0]), "")
    unit_said = UNIT_SAID.search("".join(cell for head in heads for cell in head))
    return Table(
        block=block,
        edition=edition,
        columns=columns,
        rows=tuple(body),
        corner="" if NO_NAME.match(_meaning(corner, edition).name) else _meaning(corner, edition).name,
        period=_caption_period(caption, edition),
        unit=unit_said["unit"]
        if unit_said
        else next((m["unit"] for text in caption if (m := UNIT_SAID.search(text))), ""),
        shared=shared,
    )


def _has_value(cells: list[str]) -> bool:
    values = [cell for cell in cells[1:] if _is_value(cell)]
    return bool(values) and (not all(BARE_YEAR.match(cell) for cell in values) or bool(_unit_in(cells[0])[0]))


def _is_value(cell: str) -> bool:
    if BARE_NUMBER.match(cell):
        return True
    if not any(character.isdigit() for character in cell):
        return False
    passage = _read(cell, 0)
    return bool(passage.amounts or (passage.bare and ARROW.search(cell)))


def _rows(rows: list[tuple[int, list[str]]], columns: tuple[Column, ...], edition: int) -> list[Row]:
    """Return the rows below the heads. An empty label is that of the row above, whose cell is merged over both."""
    firsts = [
        next(
            (i for i, cell in enumerate(cells) if i and _is_value(cell) and not _is_serial(columns[i], cell)),
            len(cells),
        )
        for _, cells in rows
    ]
    labels = min((first for first, (_, cells) in zip(firsts, rows, strict=True) if _has_value(cells)), default=1)
    labels = min([labels, *(i for i, column in enumerate(columns) if i and (column.period or column.kind))])
    result: list[Row] = []
    above: list[str] = []
    for number, cells in rows:
        own = [cell for cell, column in zip(cells[:labels], columns, strict=False) if not _is_aside(column)]
        if above and own and not own[0]:
            own = [cell or before for cell, before in zip(own, above, strict=False)]
        above = own
        result.append(Row(number, cells, [_meaning(cell, edition) for cell in own], labels))
    return result


def _is_aside(column: Column) -> bool:
    """Return whether a column in front of the values names nothing that is measured: units, ministries."""
    return UNIT_HEAD.search(column.label) is not None or OFFICES.search(column.label) is not None


def _is_serial(column: Column, cell: str) -> bool:
    return bool(re.fullmatch(r"No\.?|番号|#", column.label)) or UNIT_HEAD.search(column.label) is not None


def _column(heads: list[list[str]], position: int, edition: int) -> Column:
    first = heads[0][: position + 1] if heads else []
    group = max((i for i, cell in enumerate(first) if cell), default=0)  # where the merged cell of the first row begins
    spanning = [
        next((c for c in reversed(head[group if row else 0 : position + 1]) if c), "") for row, head in enumerate(heads)
    ]
    meanings = tuple(_meaning(cell, edition) for cell in spanning if cell)
    plan = PLAN_YEAR_HEAD.search(spanning[-1] if spanning else "")
    return Column(meanings, group, plan[1] if plan else None)


@lru_cache(maxsize=2048)
def _read(cell: str, edition: int) -> Passage:
    return passage_of(Paragraph(((0, cell),), "cell"), edition, None)


def _meaning(cell: str, edition: int) -> Meaning:
    """Return what a head's cell or a row's label says."""
    cell = NOTE_MARK.sub("", cell.strip(LIST_MARK + "。"))
    text = re.sub(rf"^'?({WESTERN})(?=実績|目標|見込|$)", r"\1年", cell)
    passage = _read(text, edition)
    unit, rest = _unit_in(passage.masked)
    dates = [period for period in passage.periods if period.role != "vague"]
    kinds_said = {label.kind for label in passage.labels}
    steps = STEP.split(text) if dates or kinds_said else []
    for label in sorted(passage.labels, key=lambda one: -one.start):
        rest = rest.replace(label.word, "", 1)
    name = re.sub(r"[(\[][:・、]*[)\]]", "", ONLY.sub("", rest.replace(TIME, ""), count=1)).strip(":・")
    return Meaning(
        text=cell,
        name="" if NO_NAME.match(name) else name,
        unit=unit,
        period=dates[-1] if len(dates) == 1 else None,
        kind=kinds_said.pop() if len(kinds_said) == 1 else None,
        nature="rate" if RATE_HEAD.search(cell) else "change" if CHANGE_HEAD.search(cell) else "level",
        steps=tuple(_meaning(step, edition) for step in steps) if len(steps) > 1 else (),
    )


def _unit_in(text: str) -> tuple[str, str]:
    """Return the unit that a text gives in brackets or by 単位, and the text without it."""
    if match := UNIT_SAID.search(text):
        return match["unit"], text.replace(match.group(), "")
    for match in LISTED_UNIT.finditer(text):  # (2030年、%)
        if is_unit(match["unit"]) and not LABEL.search(match["unit"]):
            return match["unit"], text[: match.start()] + match["rest"] + text[match.end() :]
    for match in IN_BRACKET.finditer(text):
        is_label = LABEL.search(match["unit"]) is not None
        if match.end() == len(text) and match.start() and not is_label and is_unit(match["unit"]):
            return match["unit"], text[: match.start()]
    return "", text


def _cell(table: Table, row: Row, position: int) -> tuple[list[Figure], list[Unread]]:
    """Return the figures of a row's cell, and the numbers in it that are none."""
    column, cell = table.columns[position], row.cells[position]
    place = where(table.block, row.line)
    if UNIT_HEAD.search(column.label) or REMARKS.search(column.label) or not _is_value(cell):
        return [], []
    labelled = next((meaning.unit for meaning in reversed(row.labels) if meaning.unit), "")
    unit = _row_unit(table, row) or column.unit or labelled or table.unit
    if BARE_YEAR.match(cell) and not unit:
        return [], []
    bare = BARE_NUMBER.match(cell)
    if bare and not unit:
        return [], [Unread(*place[:3], cell, "no_unit")]
    passage = _read(f"{cell[: bare.start('rest')]}{COUNTER}{bare['rest']}" if bare else cell, table.edition)
    if unit and not bare and passage.bare:
        passage = _read(_with_unit(passage, unit), table.edition)
    if len(LETTERS.findall(LABEL.sub("", passage.nameable))) > LONGEST_VALUE:
        return [], []  # a sentence
    read, left = texts.figures(passage)
    if bare and len(read) == 1:  # the unit as its head writes it: 百億米ドル
        value, multiplier = scaled(bare["number"])
        scaled_value = -value if bare["sign"] in MINUS else value
        written = multiplier + ("%" if unit in ("割", "パーセント") else unit)
        nature = "rate" if bare["sign"] and written == "%" else "level"
        read = [replace(read[0], value=scaled_value * (10 if unit == "割" else 1), unit=written, nature=nature)]
    steps = next((head.steps for head in reversed(column.heads) if len(head.steps) == len(read)), ())
    result = [_figure(table, row, position, f, place, s) for f, s in zip_longest(read, steps)]
    return [figure for figure in result if figure is not None], [
        replace(u, first_line=place[0], section=place[1], place=place[2]) for u in left
    ]


def _row_unit(table: Table, row: Row) -> str:
    """Return the unit in a row's column of units."""
    columns = [i for i, column in enumerate(table.columns) if UNIT_HEAD.search(column.label) and i < len(row.cells)]
    return row.cells[columns[0]].strip("()") if columns else ""


def _with_unit(passage: Passage, unit: str) -> str:
    """Return a cell's text with the unit behind each number that has none: 48.2(2030年度)→60."""
    text = passage.text
    for bare in sorted(passage.bare, key=lambda one: -one.start):
        text = text[: bare.end] + unit + text[bare.end :]
    return text


def _figure(
    table: Table,
    row: Row,
    position: int,
    figure: Figure,
    place: tuple[int, str, str, int | None],
    step: Meaning | None,
) -> Figure | None:
    """Return a cell's figure with what heads, labels and caption say of it; None for a forecast. `step` is the part of
    a head with an arrow (現状→目標) that the figure stands under."""
    column = table.columns[position]
    said = next((m.kind for m in reversed(row.labels) if m.kind), None)
    own = not figure.why[0].endswith(("nothing said", "deadline"))
    kind = figure.kind if own else column.kind or said or "observation"
    dated = next((m.period for m in reversed(row.labels) if m.period and not m.name), None)
    period = (step.period if step else None) or column.period or dated
    if step and step.kind:
        kind = step.kind
    elif step and period and not own:
        kind = "target" if (period.year or 0) > table.edition else "observation"
    if not own and column.kind is None and said is None and period and (period.year or 0) > table.edition:
        kind = "target"
    if kind == "forecast":
        return None
    natures = [figure.nature, column.nature, *(label.nature for label in row.labels)]
    nature = next((nature for nature in natures if nature != "level"), "level")
    name = figure.period or _row_period(table, row, position, kind) or (period.name if period else None)
    return replace(
        figure,
        first_line=place[0],
        section=place[1],
        place=place[2],
        measure=place[3],
        indicator=_name(table, column, row),
        kind=kind,
        nature=nature,
        period=name or _group_period(table, row, position) or table.period,
        set_in=column.set_in,
        why=(
            f"kind: {'cell' if own else 'head'}",
            "period: " + ("cell" if figure.period else "head" if name else "caption"),
        ),
    )


def _row_period(table: Table, row: Row, at: int, kind: str) -> str | None:
    """Return the period that another cell of the row gives for its values of a kind: a column 目標年度 or 時期."""
    beside = [at + 1, *range(1, len(row.cells))]  # a date belongs to the value in front of it
    for position in beside:
        if position >= len(row.cells):
            continue
        column = table.columns[position]
        if _is_value(row.cells[position]) and not BARE_YEAR.match(row.cells[position]):
            continue
        said = _meaning(row.cells[position], table.edition)
        if said.period and not said.name and not column.period and column.kind in (kind, None):
            return said.period.name
    return None


def _group_period(table: Table, row: Row, position: int) -> str | None:
    """Return the period of a change: that of the first value before it under the same head."""
    group = table.columns[position].group
    if table.columns[position].nature == "level":
        return None
    before = [cell for cell, column in zip(row.cells[:position], table.columns, strict=False) if column.group == group]
    dated = [p.name for cell in before if _is_value(cell) for p in _read(cell, table.edition).periods]
    return dated[0] if dated else None


def _name(table: Table, column: Column, row: Row) -> str | None:
    """Return a row's last name; under the table's own name where the columns are years, with the rating if any."""
    name = next((label.name for label in reversed(row.labels) if label.name), "")
    if not name:
        name = column.name or table.corner
    elif table.shared:
        name = f"{shorten(table.shared, 20)}({shorten(name, 10)})"
    elif column.period and table.corner and len(row.labels) == 1:
        name = f"{shorten(table.corner, 20)}({shorten(name, 10)})"
    elif RATING.match(column.label):
        name = f"{shorten(name, 30)} {column.label}"
    return shorten(name) or None


def _caption(block: Paragraph, paragraphs: list[Paragraph]) -> list[str]:
    """Return the texts near a table, nearest before it first."""
    first, last = block.lines[0][0], block.lines[-1][0]
    texts_near = []
    for paragraph in paragraphs:
        lines = [(number, raw) for number, raw in paragraph.lines if not is_row(raw)]
        if lines and (first - NEAR <= lines[-1][0] < first or last < lines[0][0] <= last + NEAR):
            text = "".join(normal_line(raw) for _, raw in lines).replace(" ", "")
            texts_near.append((lines[-1][0] > last, -lines[-1][0], text))
    return [text for *_, text in sorted(texts_near)]


def _caption_period(caption: list[str], edition: int) -> str | None:
    """Return the one year that a table's caption names: 図表5:令和7年度の取組."""
    for text in caption:
        if CAPTION.match(text):
            dates = [period for period in _read(text, edition).periods if period.role != "vague" and period.year]
            if len(dates) == 1:
                return dates[0].name
    return None
