"""Measures that are small tables of their own: labels (施策名, 内容, 担当, 時期 …) with what each says beside it.

A card may have its name in a bar above, over the whole width or behind its number, or in a heading; two labels and what
they say in one row; one cell a line, in text files. Cards that follow one another begin anew where a label comes again.
What has the same form and says neither who nor when, or what is measured, is no measure.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from analysis.base.japanese import normal, rests, squeeze
from analysis.documents import marks
from analysis.documents.document import Run
from analysis.extraction.parsers import table_rows, text_rows
from analysis.extraction.parsers.bodies_and_times import USUAL, Labels, bodies, classify, is_time, plain
from analysis.extraction.parsers.profile import Profile
from analysis.extraction.parsers.table_rows import DITTO, LONGEST_HEAD, NO_PLAN, PIPED, SEPARATOR, Row
from analysis.tables import ministries

FEWEST, FEWEST_UNRULED = 2, 3  # cards of a document; with one cell a line, unless they say all that labels do
OF_A_FULL = ("name", "content", "bodies", "time")
OTHER = "other"  # what a label announces that nothing tells
OFTEN = 3  # times that a label stands that only what it says tells
MOST = 0.5  # the share of what a label says that must be bodies, or times
NAMED_ABOVE = 0.8  # the share of cards without a name that a heading stands right above, to be named by it
MOST_RUNS = 200  # of a card
LONGEST_NAME = 60  # characters
BACKGROUND = re.compile(r"背景|課題|必要性|目的|趣旨|ねらい|経緯|理由|現状|効果")
CONTENT = re.compile(r"内容|概要|説明|詳細|具体")
WORD = re.compile(r"\w")
NUMBERED = re.compile(r"番号|No\.?$")
HEAD_PAIR = re.compile(r"(?:項目名?|区分|事項|見出し)?\|(?:内容|記載内容|説明|概要|記述)")
LABELLED = re.compile(rf"[^:：。]{{1,{LONGEST_HEAD}}}[:：]")
PAGE = re.compile(r"\d{1,4}")
EDGES = re.compile(r"^[\W\d_]+|[\W_]+$")
GOES_ON = re.compile(r"[(（\[【〔](?:続き|つづき|前頁から続く|再掲)[)）\]】〕]$")
OF_A_PLAN = re.compile(r"施策|取組|事業|対策|行動|措置|アクション|プロジェクト|プログラム")


@dataclass(frozen=True)
class Card:
    """A small table: the role of each of its runs, and the measures that it is, one or none, or one a column."""

    roles: tuple[str, ...]
    measures: tuple[Row, ...]


@dataclass
class _Open:
    """A card that is being read: where it begins, its name, what its labels say, and which label each run has."""

    first: int
    name: str = ""
    said: list[tuple[str, str, str]] = field(default_factory=list)  # label, kind, value
    kinds: list[str] = field(default_factory=list)  # of the runs
    ruled: bool = True

    @property
    def labels(self) -> set[str]:
        return {label for label, _, _ in self.said}

    @property
    def closed(self) -> bool:
        """Whether it has said who or when."""
        return any(kind in ("bodies", "time") for _, kind, _ in self.said)

    @property
    def is_full(self) -> bool:
        """Whether it says all that a measure's labels do: name, content, who and when."""
        return all(map(self.values, OF_A_FULL))

    def say(self, more: str) -> None:
        """Add a further line to what the last label says."""
        label, kind, value = self.said[-1]
        self.said[-1] = label, kind, text_rows.cell_of(value, more, kind)

    def values(self, kind: str) -> list[str]:
        values = (value for _, other, value in self.said if other == kind)
        return [value for value in values if WORD.search(value) or DITTO.fullmatch(value)]


def of(runs: list[Run], profile: Profile | None = None) -> tuple[list[Run], dict[int, Card]]:
    """Return a document's runs, rows that were broken into lines put together, and its cards by their first run."""
    kinds = _kinds(runs, profile)
    if not {"bodies", "time"} & set(kinds.values()):
        return runs, {}
    runs = _joined(runs, kinds)
    walk = _Walk(runs, kinds)
    walk.run()
    return runs, walk.cards(profile.labels if profile else USUAL)


# --- labels -------------------------------------------------------------------------------------------------------


def label_of(cell: str) -> str:
    """Return what a cell says as a label: its words without numbers, marks and brackets; "" where it is too long."""
    label = "" if len(cell) > 2 * LONGEST_HEAD or cell.endswith("。") else EDGES.sub("", squeeze(cell))
    return "" if label[-1:].isdigit() else label


def kind_of(label: str, profile: Profile | None) -> str | None:
    """Return what a label announces: name, content, bodies, time, background …; None where its words do not tell."""
    if not label or len(label) > LONGEST_HEAD:
        return None
    if BACKGROUND.search(label):
        return "background"
    kind = table_rows.column_kind(label, profile)
    return "content" if kind == "name" and CONTENT.search(label) and not label.endswith("名") else kind


def _kinds(runs: list[Run], profile: Profile | None) -> dict[str, str]:
    """Return the labels of a document's cards, with what each announces."""
    said: dict[str, list[str]] = defaultdict(list)
    pairs = head_and_values(runs)
    alone: Counter[str] = Counter()  # of the labels that are a line by themselves
    for at, run in enumerate(runs):
        if is_row(run):
            cells = [cell for cell in cells_of(run) if cell]
            for label, value in pairs.get(at, []):
                said[label].append(value)
            if at in pairs or at + 1 in pairs:
                continue
            beside = len(cells) > 2 and len(cells) % 2  # a name stands before the labels of the card's first row
            for label, value in zip(map(label_of, cells[beside::2]), cells[beside + 1 :: 2], strict=False):
                if label and (len(cells) > 2 or not PAGE.fullmatch(normal(value)) or NUMBERED.search(label)):
                    said[label].append(value)
        elif at + 1 < len(runs) and _goes_below(run, runs[at + 1]) and (label := label_of(run.text)):
            alone[label] += 1
            said[label].append(runs[at + 1].text)
    result: dict[str, str] = {}
    unsure: set[str] = set()  # labels that stand but twice, a line each
    for label, values in said.items():
        scarce = len(values) - alone[label] < FEWEST and len(values) < FEWEST_UNRULED
        if len(values) < FEWEST or (scarce and kind_of(label, profile) not in OF_A_FULL):
            continue
        if is_time(plain(label)) or ministries.known(label):
            continue  # what a label says, in a cell of several lines
        kind = kind_of(label, profile) or _told_by(values)
        if kind is None and len(label) <= LONGEST_HEAD and len(values) >= OFTEN and not alone[label]:
            kind = OTHER
        if kind is None:
            continue
        if kind != "bodies" or _share(map(names_bodies, values), len(values)) > MOST:
            result[label] = kind
            unsure |= {label} if scarce else set()
    unsure &= set(_below_labels(runs, result))
    return {label: kind for label, kind in result.items() if label not in unsure}


def _below_labels(runs: list[Run], labels: Collection[str]) -> Iterator[str]:
    """Yield the lines that say what a label on the line above announces: 灯台整備事業 below 事業名."""
    lines = ["" if is_row(run) else label_of(run.text) for run in runs]
    says = False
    for above, below in pairwise(lines):
        says = above in labels and not says
        if says:
            yield below


def _goes_below(run: Run, below: Run) -> bool:
    """Whether a line may be a label by itself, with what it says on the line below."""
    return below.above == "line" and not is_row(below) and len(run.text) <= LONGEST_HEAD and not run.heading


def _told_by(values: list[str]) -> str | None:
    """Return what a label announces whose words do not tell: bodies, or times."""
    if len(values) < OFTEN:
        return None
    if _share((names_bodies(value, known=True) for value in values), len(values)) > MOST:
        return "bodies"
    return "time" if _share((is_time(plain(value)) for value in values), len(values)) > MOST else None


def names_bodies(text: str, known: bool = False) -> bool:
    """Whether a text is a list of bodies, or stands for one; with `known` one of them must be of the register."""
    if DITTO.fullmatch(text) or not WORD.search(text):
        return not known
    piece = classify(plain(text), USUAL)
    listed = piece is not None and bool(piece.bodies) and not known
    return listed or (not rests(text) and any(map(ministries.known, bodies(text))))


def _share(holds: Iterable[bool], count: int) -> float:
    return sum(holds) / count


def cells_of(run: Run) -> list[str]:
    """Return the cells of a card's row; a label and what it says in one cell are two."""
    result: list[str] = []
    for cell in table_rows.cells_of(run):
        label, colon, value = re.split(r"([:：])", cell, maxsplit=1) if LABELLED.match(cell) else (cell, "", "")
        result += [label, value.strip()] if colon and kind_of(label_of(label), None) else [cell]
    return result


def is_row(run: Run) -> bool:
    """Whether a run is a row of a table: with ruling lines, tabs, or as Markdown has it."""
    return run.lines[0].ruled or "\t" in run.raw or PIPED.match(run.text) is not None


def head_and_values(runs: list[Run]) -> dict[int, list[tuple[str, str]]]:
    """Return the rows that say what the labels in the row above announce, bodies and times among them, in cards whose
    other rows have their labels at the left."""
    result: dict[int, list[tuple[str, str]]] = {}
    for at, (above, below) in enumerate(pairwise(runs), 1):
        if below.above != "line" or not (is_row(above) and is_row(below)):
            continue
        labels, values = (list(filter(None, cells_of(run))) for run in (above, below))
        kinds = {kind_of(label_of(label), None) for label in labels}
        if len(values) == len(labels) > 1 and "bodies" in kinds and not kinds & {None, "name", "content"}:
            result[at] = list(zip(map(label_of, labels), values, strict=True))
    heads = Counter(tuple(label for label, _ in pairs) for pairs in result.values())
    return {at: pairs for at, pairs in result.items() if heads[tuple(label for label, _ in pairs)] >= FEWEST}


def is_head_pair(cells: list[str]) -> bool:
    """Whether a row is the head of a card's two columns: 項目 and 内容."""
    return len(cells) == 2 and HEAD_PAIR.fullmatch(squeeze("|".join(cells))) is not None


def _joined(runs: list[Run], kinds: dict[str, str]) -> list[Run]:
    """Return runs with one for each row of cards in a text file, where cells of several lines broke it: by the number
    of cells of the widest row around."""
    result: list[Run] = []
    at = 0
    for first, after in _groups(runs):
        result += runs[at:first]
        width = max(run.raw.count("\t") for run in runs[first:after])
        at = first
        while at < after:
            end = _row_end(runs, at, after, width, kinds)
            cells = runs[at].raw.split("\t")
            for line in runs[at + 1 : end]:
                cells = text_rows.filled(cells, line.raw.split("\t"), kinds.get(label_of(cells[0]), ""))
            result.append(runs[at] if end == at + 1 else text_rows.joined(runs[at:end], cells))
            at = end
    return [*result, *runs[at:]]


def _groups(runs: list[Run]) -> Iterator[tuple[int, int]]:
    """Yield where lines without a gap begin and end, some of which have tabs."""
    first = 0
    for at in range(1, len(runs) + 1):
        if at == len(runs) or runs[at].above != "line" or runs[at].lines[0].ruled:
            if any("\t" in run.raw and not run.lines[0].ruled for run in runs[first:at]):
                yield first, at
            first = at


def _row_end(runs: list[Run], at: int, last: int, width: int, kinds: dict[str, str]) -> int:
    tabs = runs[at].raw.count("\t")
    if not 0 < tabs < width or label_of(runs[at].raw.split("\t")[0]) not in kinds:
        return at + 1
    after = at + 1
    while tabs < width and after < min(last, at + text_rows.MOST_LINES):
        if label_of(runs[after].raw.split("\t")[0]) in kinds:
            break
        tabs, after = tabs + runs[after].raw.count("\t"), after + 1
    return after if tabs == width else at + 1


# --- cards --------------------------------------------------------------------------------------------------------


class _Walk:
    """One pass over a document's runs, which puts labels and what they say into cards."""

    def __init__(self, runs: list[Run], kinds: dict[str, str]) -> None:
        self.runs, self.kinds = runs, kinds
        self.pairs = head_and_values(runs)
        self.said = [self._said(at) for at in range(len(runs))]
        self.bars = [self._bar(at) for at in range(len(runs))]
        self.next_label = self._next_labels()
        self.open: _Open | None = None
        self.done: list[_Open] = []

    def _said(self, at: int) -> list[tuple[str, str]]:
        """Return the labels of a row and what stands beside each; of a line that is a label, the label."""
        run = self.runs[at]
        if at in self.pairs:
            return [(label, value) for label, value in self.pairs[at] if label in self.kinds]
        if not is_row(run):
            label = label_of(run.text)
            below = at + 1 < len(self.runs) and _goes_below(run, self.runs[at + 1])
            return [(label, "")] if label in self.kinds and below else []
        cells = cells_of(run)
        labels = [label_of(cell) in self.kinds for cell in cells]
        result: list[tuple[str, str]] = []
        place = 0
        while place < len(cells):
            if not labels[place]:
                if cells[place] and result:
                    return []  # a row of another table
                place += 1
                continue
            value = "" if labels[place + 1 : place + 2] == [True] else "".join(cells[place + 1 : place + 2])
            result.append((label_of(cells[place]), value))
            place += 2
        if is_head_pair(cells):
            return []
        heads = sum(labels) > 1 and not any(WORD.search(value) for _, value in result)
        return [] if heads or any(USUAL.alone.fullmatch(squeeze(value)) for _, value in result if value) else result

    def _bar(self, at: int) -> str:
        """Return the name that a row over all columns holds, or one behind a number; "" for none."""
        run = self.runs[at]
        if self.said[at] or not is_row(run) or at + 1 == len(self.runs) or self.runs[at + 1].above != "line":
            return ""
        cells = [cell for cell in cells_of(run) if cell]
        if len(cells) == 2 and text_rows.is_number(cells[0]):
            cells = cells[1:]
        return cells[0] if len(cells) == 1 and _is_name(cells[0]) else ""

    def _next_labels(self) -> list[int]:
        """Return for each line which one below it has the next label, with nothing but lines between; 0 for none."""
        result = [0] * (len(self.runs) + 1)
        for at in range(len(self.runs) - 1, -1, -1):
            below = at + 1
            if below < len(self.runs) and self.runs[below].above == "line":
                result[at] = below if self.said[below] else 0 if self.bars[below] else result[below]
        return result

    def run(self) -> None:
        for at, run in enumerate(self.runs):
            follows = self.open is not None and run.above == "line" and len(self.open.kinds) < MOST_RUNS
            if not follows:
                self._close()
            if self.said[at] and (self.open is not None or self.kinds[self.said[at][0][0]] != OTHER):
                self._label(at)
            elif follows and self.open and (at + 1 in self.pairs or self._is_head(at)):
                self.open.kinds.append("rule")
            elif self.bars[at] and at + 1 < len(self.runs) and self.said[at + 1]:
                self._begin(at)
            elif follows and self._takes(at):
                assert self.open is not None
                self.open.say(" ".join(filter(None, cells_of(run))) if is_row(run) else run.text)
                self.open.kinds.append(self.open.said[-1][1])
            else:
                self._close()
        self._close()

    def _begin(self, at: int) -> None:
        before = self.open
        name = GOES_ON.sub("", self.bars[at]).strip()
        if before is not None and before.name and name == GOES_ON.sub("", before.name).strip():
            before.kinds.append("heading")  # said again on another page
            return
        self._close()
        self.open = _Open(at, name, kinds=["heading"])

    def _close(self) -> None:
        if self.open is not None and self.open.said:
            self.done.append(self.open)
        self.open = None

    def _label(self, at: int) -> None:
        said = self.said[at]
        if self.open is not None and self._is_anew(said[0][0]):
            self._close()
        if self.open is None:
            self.open = _Open(at)
        card = self.open
        card.ruled = card.ruled and is_row(self.runs[at])
        leading = next(filter(None, cells_of(self.runs[at])), "") if is_row(self.runs[at]) else ""
        beside = leading and label_of(leading) not in self.kinds and not text_rows.is_number(leading)
        if beside and not card.name and not card.said:
            card.name = leading  # in a cell beside all of the card's rows
        for label, value in said:
            if label in card.labels and card.said and card.said[-1][0] == label:
                card.say(value)  # said again on another page
            else:
                card.said.append((label, self.kinds[label], value))
        kinds = [self.kinds[label] for label, _ in said]
        card.kinds.append(next((kind for kind in ("name", "content", "bodies", "time") if kind in kinds), kinds[0]))

    def _is_anew(self, label: str) -> bool:
        """Whether a label begins the next card: it has been said in this one, which is closed."""
        assert self.open is not None
        card = self.open
        first = card.said[0][0] if card.said else ""
        again = label in card.labels and (label == first or self.kinds[label] not in ("bodies", "time"))
        return again and (card.closed or (label == first and len(card.labels) > 1))

    def _takes(self, at: int) -> bool:
        """Whether a line without a label goes on with what the last one says."""
        assert self.open is not None
        card, run = self.open, self.runs[at]
        if not card.said:
            return False
        _, kind, value = card.said[-1]
        if is_row(run):
            cells = cells_of(run)
            return (not cells[0] and sum(map(bool, cells)) == 1) or (not value and sum(map(bool, cells)) == 1)
        if not value:
            return True
        if label := self.next_label[at]:
            if not self._is_anew(self.said[label][0][0]):
                return True
            if label == at + 1 and _is_name(run.text):
                return False  # the name of the next
        if kind in ("bodies", "time"):
            piece = classify(plain(run.text), USUAL)
            return piece is not None and piece.sure
        return kind == "content" and (not rests(value) or marks.mark(run.text) is not None)

    # --- what they are

    def cards(self, labels: Labels) -> dict[int, Card]:
        """Return the cards by their first run, with the measures that they are."""
        whole = [card for card in self.done if len(card.labels) > 1]
        measures = [card for card in whole if _is_measure(card)]
        enough = sum(card.ruled or card.is_full for card in measures) >= FEWEST or len(measures) >= FEWEST_UNRULED
        if not enough:
            return {}
        self._name_above([card for card in measures if not card.name and not card.values("name")])
        result: dict[int, Card] = {}
        before: dict[str, str] = {}
        for card in whole:
            rows: tuple[Row, ...] = ()
            if _is_measure(card):
                before = _cells(card, before)
                rows = (table_rows.measure(before, labels),)
            result[card.first] = Card(tuple(map(_role, card.kinds)), rows)
        return result

    def _name_above(self, nameless: list[_Open]) -> None:
        """Name cards by the short lines right above them, where nearly all of them have one."""
        taken = {card.first + at for card in self.done for at in range(len(card.kinds))}
        above: list[tuple[_Open, int]] = []
        for card in nameless:
            at = card.first - 1
            while at > 0 and self._is_head(at):
                at -= 1
            if at >= 0 and at not in taken and _may_name(self.runs[at]):
                above.append((card, at))
        if len(above) < NAMED_ABOVE * len(nameless):
            return
        for card, at in above:
            card.name = self.runs[at].text.lstrip("#").strip()
            card.kinds = ["heading", *["rule"] * (card.first - at - 1), *card.kinds]
            card.first = at

    def _is_head(self, at: int) -> bool:
        """Whether a row is a card's head, or the line below it."""
        cells = cells_of(self.runs[at]) if is_row(self.runs[at]) else []
        return bool(cells) and (is_head_pair(cells) or all(map(SEPARATOR.match, cells)))


def _may_name(run: Run) -> bool:
    return not is_row(run) and _is_name(run.text)


def _is_name(text: str) -> bool:
    return len(text) <= LONGEST_NAME and not text.endswith("。") and WORD.search(text) is not None


def _is_measure(card: _Open) -> bool:
    """Whether a card says what will be done, by whom or when, not how it went, what it costs or what is measured."""
    kinds = {kind for _, kind, _ in card.said}
    if "judged" in kinds or (("amount" in kinds or NO_PLAN & kinds) and "time" not in kinds):
        return False
    if not card.values("bodies") and not card.values("time"):
        return False
    if card.values("content") or card.values("name"):
        return True
    return bool(card.name) and (
        "measure of success" not in kinds or bool(OF_A_PLAN.match(card.name.lstrip("【〔［[<＜■◆●")))
    )


def _cells(card: _Open, before: dict[str, str]) -> dict[str, str]:
    """Return what a card says by kind; what it repeats by a sign is that of the card before."""
    names = [marks.beginning(name).words or name for name in [card.name, *card.values("name")] if name]
    contents = card.values("content")
    row = {"name": names[0] if names else "", "content": " ".join([*names[1:], *contents])}
    for kind, between in (("bodies", "、"), ("time", " "), ("group", " ")):
        values = [before.get(kind, "") if DITTO.fullmatch(value) else value for value in card.values(kind)]
        row[kind] = between.join(filter(None, values))
    return {kind: value for kind, value in row.items() if value}


def _role(kind: str) -> str:
    if kind in ("name", "content"):
        return "measure"
    return "attribution" if kind in ("bodies", "time") else "heading" if kind == "heading" else "table"
