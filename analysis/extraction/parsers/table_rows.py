"""Measures that are rows of a table: its head says which column holds names, contents, bodies and times.

A cell that is empty in the column of bodies, times or groups is merged with the one above; a row without a name whose
cells go on with an open sentence was parted by a page's end. The head may be repeated on each page, and may take two
lines.
"""

import re
from dataclasses import dataclass

from analysis.base.japanese import SUPERSCRIPTS, join_lines, rests, squeeze
from analysis.documents import marks
from analysis.documents.document import Run
from analysis.extraction.parsers.bodies_and_times import Labels, bodies, is_time, plain, split_times, years
from analysis.extraction.parsers.closing import Closing
from analysis.extraction.parsers.profile import Profile
from analysis.tables import ministries

Columns = dict[int, str]  # name, content, bodies, time, group or number, by place
LONGEST_HEAD = 16
PIPED = re.compile(r"\s*\|.*\|\s*$")
SEPARATOR = re.compile(r"[\s|:+-]*$")
TERM = re.compile(r"(短期|中期|長期)(?:\(.*\))?$")
YEAR_HEAD = re.compile(r"(?:令和|平成)\d{1,2}年度?|[RH]\d{1,2}(?:年度?)?|20\d\d年?度?")
NOTE_MARK = re.compile(
    rf"[(（]注\s?[\d０-９{SUPERSCRIPTS}]*[)）]|(?<=\w)[※*＊][\d{SUPERSCRIPTS}]{{1,2}}|[{SUPERSCRIPTS}]+[⁾]?|\[\^\d+\]"
)
WORD = re.compile(r"[^\W_]")
NO_PLAN = {"judged", "address"}  # columns of a list of what was done, or of whom to ask
DITTO = re.compile(r"[〃″\"々]|同上|同右")
BREAK = re.compile(r"<br ?/?>")
STARTS_FROM, AIMS_AT = re.compile(r"現状|基準|現在|実績|初期"), re.compile(r"目標|目安|到達")
INNER_MARK = re.compile(
    rf"[ 　\n]{{1,9}}(?:[・•○●▪■◆–-]|[{marks.CIRCLED}](?=[ 　])|(?<=。[ 　\n])[{marks.CIRCLED}])[ 　]*"
)
FIRST_CIRCLE = re.compile(rf"[{marks.CIRCLED} 　]*")  # before the first of a list inside a cell
BAND = re.compile(r"[\W_]")  # a mark or a bracket before the name of the rows below
LONGEST_BAND = 40  # characters
IN_BRACKETS = re.compile(r"[(（\[【〔〈]([^()（）\[\]【】〔〕〈〉]{1,30})[)）\]】〕〉]")
HEADS = {  # in this order: the first that fits
    "done": re.compile(r"これまで|従来の|過去の|講じた"),
    "judged": re.compile(r"判定|評点|評価(?:結果)?$|総合評価|進捗(?:状況|度)?$|(?:実施|達成|取組)状況"),
    "address": re.compile(r"電話|内線|連絡先|問合せ先|メール|E-?mail|TEL|FAX|住所"),
    "number": re.compile(r"(?:No\.?|NO\.?|#|番号|項番|項目番号|整理番号|施策番号|通番|№|No\.?番号|番)$"),
    "bodies": re.compile(
        r"^協力|^連携|担当|所管|府省|省庁|主体|実施機関|部局|担い手|主管|関係課|関係機関|課室|課名|^(?:どこ|だれ|誰)が"
    ),
    "time": re.compile(r"時期|期限|期間|スケジュール|年次|目途|めど|実施年度|達成年度|工程|年限|期日|予定$|^いつ"),
    "amount": re.compile(r"予算|金額|経費|百万円|億円|千円|\(円\)"),
    "measure of success": re.compile(
        r"KPI|KGI|指標|目標|成果|現状|実績|評価|進捗|効果|目安|備考|参考|根拠|関連|留意|新規|区分|種別|継続"
    ),
    "name": re.compile(
        r"施策名|取組名|事業名|施策の?名称|名称|件名|施策・?事業|アクション|施策|取組|事業|措置|項目名?|対策|行動"
    ),
    "content": re.compile(r"内容|概要|説明|詳細|具体|^(?:何|なに)を"),
    "group": re.compile(r"分類|分野|柱|区分|テーマ|領域|大項目|中項目|方針|方向|政策|章"),
}


@dataclass(frozen=True)
class Row:
    """A row as a measure: its words, what closes it, and the group that it stands in."""

    text: str
    end: Closing
    group: str = ""


def columns(cells: list[str], profile: Profile | None = None) -> Columns:
    """Return the columns that a table's head names; empty where it is no table of measures."""
    result: Columns = {}
    for place, cell in enumerate(cells):
        plain = squeeze(cell)
        if not plain or len(plain) > LONGEST_HEAD or plain.endswith("。"):
            continue
        if name := column_kind(plain, profile):
            result[place] = name
    names = list(result.values())
    if "name" not in names and _measures_success(cells):
        return {}
    if "name" not in names and "content" in names:  # 内容 alone holds the measures
        result = {place: "name" if name == "content" else name for place, name in result.items()}
    taken: set[str] = set()
    for place, name in list(result.items()):
        if name in taken and name == "name":  # 施策 beside 具体的取組: the first is the wider one
            result[place] = "content"
        taken.add(name)
    kinds = set(result.values())
    if ("amount" in kinds and "time" not in kinds) or NO_PLAN & kinds:
        return {}  # or a budget
    if "name" not in kinds or not {"bodies", "time"} & kinds:
        return {}
    return result | {place: "bodies" for place, cell in enumerate(cells) if place not in result and _is_group(cell)}


def _is_group(cell: str) -> bool:
    """Whether a cell says 関係府省 or the like: bodies in charge by itself, in a head the name of their column."""
    plain = squeeze(cell)
    return len(plain) <= LONGEST_HEAD and ministries.known(plain) and HEADS["bodies"].search(plain) is not None


def _measures_success(cells: list[str]) -> bool:
    """Whether a head is one of indicators: from where (基準, 現状) to where (目標) something is to change."""
    return any(map(STARTS_FROM.search, cells)) and any(map(AIMS_AT.search, cells))


def column_kind(plain: str, profile: Profile | None) -> str | None:
    """Return what a head without spaces names: name, content, bodies, time …; None for nothing that is known."""
    if TERM.match(plain) or YEAR_HEAD.fullmatch(plain):
        return f"term {plain}"
    if profile is not None:
        for name, heads in (
            ("name", profile.names), ("content", profile.contents), ("bodies", profile.bodies), ("time", profile.times)
        ):  # fmt: skip
            if plain in map(squeeze, heads):
                return name
    if ministries.known(IN_BRACKETS.sub("", plain)):  # 内閣府(防災担当) is a body and no head
        return None
    return next((name for name, pattern in HEADS.items() if pattern.search(plain)), None)


def cells_of(run: Run) -> list[str]:
    """Return the cells of a table's row: of a ruled one, one with tabs, or one of Markdown."""
    raw = run.raw.strip(" \n")
    if "|" in raw and "\t" not in raw:
        return [cell.strip() for cell in raw.strip().strip("|").split("|")]
    return [cell.strip(" 　") for cell in raw.split("\t")]


class Reader:
    """One pass over the rows of the tables of a document."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self.columns: Columns = {}
        self.width = 0
        self.last: dict[str, str] = {}  # the last row by column
        self.above: dict[int, str] = {}  # its cells by place, for those merged with them
        self.measure = Row("", Closing(0))
        self.band = ""  # what a row over all columns says of those below
        self._head: Columns = {}  # the first line of the head
        self._any = self._after_head = self._turned = False

    def end(self) -> None:
        """End the table: what follows it is no row."""
        self._any = False

    def forget(self) -> None:
        """Forget the last head: what stands below is of another table."""
        self.columns = {}

    def row(self, run: Run) -> str:
        """Take a row in: head, measure, more (of the measure above), or row (of another table)."""
        cells = cells_of(run)
        if all(SEPARATOR.match(cell) for cell in cells):
            return "head" if self.columns else "row"
        if heads := columns(cells, self.profile):
            self._turned = heads == self._head  # repeated on another page
            if not self._turned:
                self.last, self.above, self.band = {}, {}, ""
            self.columns, self.width, self._head = heads, len(cells), heads
            self._any = self._after_head = True
            return "head"
        if not self.columns or (not self._any and len(cells) != self.width):
            self.columns = {}
            return "row"
        if more := self._second_head(cells):
            self.columns |= more
            return "head"
        self._after_head = False
        if _is_head(cells):
            self.columns = {}
            return "row"
        return self._row(cells)

    def _second_head(self, cells: list[str]) -> Columns:
        """Return the columns that the second line of a head names, below cells that span several columns."""
        filled = {place: self._named_below(place, squeeze(cell)) for place, cell in enumerate(cells) if cell}
        if not self._after_head or not filled or not all(filled.values()):
            return {}
        return {place: name for place, name in filled.items() if name and len(cells[place]) <= LONGEST_HEAD}

    def _named_below(self, place: int, plain: str) -> str | None:
        """Return what a cell of the second line names; below bodies and times 区分 and the like are of these."""
        name = column_kind(plain, self.profile)
        above = self._head[max((at for at in self._head if at <= place), default=min(self._head))]
        return above if name in (None, "group", "measure of success") and above in ("bodies", "time") else name

    def _is_band(self, cells: list[str]) -> bool:
        """Whether a row names the rows below: one short cell, marked or in brackets, that no sentence ends."""
        filled = {cell for cell in cells if cell}
        if len(filled) != 1 or len(self.columns) < 3:
            return False
        (text,) = filled
        return len(text) <= LONGEST_BAND and bool(BAND.match(text) and WORD.search(text)) and text[-1] != "。"

    def _row(self, cells: list[str]) -> str:
        cells = [BREAK.sub(" ", cell) for cell in cells]
        if self._is_band(cells):
            self.band = marks.without_mark(next(filter(None, cells)))
            return "row"
        cells = [self.above.get(place, "") if DITTO.fullmatch(cell) else cell for place, cell in enumerate(cells)]
        printed = {self.columns[place] for place, cell in enumerate(cells) if cell and place in self.columns}
        by_column: dict[str, list[str]] = {}
        if any(
            name in ("name", "content") and place < len(cells) and cells[place] for place, name in self.columns.items()
        ):
            cells = self._filled(cells)
        for place, name in self.columns.items():
            if place < len(cells) and cells[place] and (name != "time" or WORD.search(cells[place])):
                by_column.setdefault(name, []).append(cells[place])
        row = {name: "、".join(texts) if name == "bodies" else " ".join(texts) for name, texts in by_column.items()}
        if not WORD.search(NOTE_MARK.sub("", row.get("name", "") + row.get("content", ""))):
            return "row"
        if self._goes_on(printed):
            row = {name: text for name, text in row.items() if name in printed}
            merged = {name: join_lines([self.last.get(name, ""), text]) for name, text in row.items()}
            self.last |= merged
            self.measure = measure(self.last, self.profile.labels, self.band)
            self._turned = False
            return "more"
        self._turned = False
        if "name" in row or "content" not in row:
            self.last = row
        else:  # the name's cell is merged over several contents
            self.last = {**row, "name": self.last.get("name", "")}
        self.measure = measure(self.last, self.profile.labels, self.band)
        return "measure"

    def _filled(self, cells: list[str]) -> list[str]:
        """Return a row's cells with those of the row above where they are merged with them."""
        cells = [*cells, *[""] * (max(self.columns) + 1 - len(cells))]
        merging = {name: place for place, name in reversed(self.columns.items())}  # the first column of each name
        for place, name in self.columns.items():
            if not cells[place] and (name == "group" or (name in ("bodies", "time") and merging[name] == place)):
                cells[place] = self.above.get(place, "")
            self.above[place] = cells[place]
        return cells

    def _goes_on(self, printed: set[str]) -> bool:
        """Whether a row is the rest of the one above, which a page's end parted: without a number where rows have
        one, or with nothing but words that go on with an open sentence."""
        above = self.last.get("content") or self.last.get("name", "")
        if not above or rests(above):
            return False
        if self._turned and "content" in self.last and not printed & {"name", "number"}:
            return True
        if "number" in self.columns.values():
            return "number" not in printed and bool(self.last.get("number"))
        return "content" in self.last and not printed & {"bodies", "time", "group"}


def measure(row: dict[str, str], labels: Labels, band: str = "") -> Row:
    """Return the measure that cells are, by what their columns name: name, content, bodies, time, group, term …"""
    name = marks.without_mark(row.get("name", ""))
    content = FIRST_CIRCLE.sub("", marks.without_mark(row.get("content", "")), count=1)
    text = NOTE_MARK.sub("", INNER_MARK.sub("", " ".join(filter(None, [name, content]))))
    names, times = _bodies_and_times(row.get("bodies", ""), labels)
    horizon, deadline = split_times([row["time"], *times] if "time" in row else times)
    due = set(years(deadline or ""))
    for head in (name.removeprefix("term ") for name in row if name.startswith("term ")):
        term = TERM.match(head)  # a mark in the column of a horizon, or of a year
        horizon = (*horizon, term[1]) if term else horizon
        due |= set() if term else set(years(head))
    end = Closing(len(text), names, horizon, deadline, tuple(sorted(due)))
    return Row(text, end, " / ".join(filter(None, [band, row.get("group", "")])))


def _bodies_and_times(cell: str, labels: Labels) -> tuple[tuple[str, ...], list[str]]:
    """Return the bodies of a cell, and the times that stand among them in brackets: (主)畜産課 (協力)県【中期】."""
    times: list[str] = []

    def part(bracket: re.Match[str]) -> str:
        words = bracket[1]
        if is_time(plain(words)):
            times.append(words)
        elif not labels.alone.fullmatch(squeeze(words)):
            return bracket[0]
        return "、"

    return tuple(bodies(IN_BRACKETS.sub(part, cell))), times


def _is_head(cells: list[str]) -> bool:
    """Whether a row looks like the head of another table: short words in every cell, several of which heads hold."""
    plain = [squeeze(cell) for cell in cells if cell.strip()]
    heads = [cell for cell in plain if any(pattern.search(cell) for pattern in HEADS.values())]
    return len(plain) > 1 and all(len(cell) <= 8 for cell in plain) and len(heads) >= max(2, len(plain) - 1)
