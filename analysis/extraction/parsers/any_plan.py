"""Plans of any family, read by a profile: measures are what bodies in charge or a time close.

A measure begins with what its family's measures begin with (a list mark, a kind of number, or nothing), takes the
lines behind it, and is closed by the bodies and times at its end or on lines of their own (`closing`). Heads in the
profile say where measures, background and indicators stand; rows of tables with columns of names and bodies are
measures, too (`table_rows`).
"""

import re
from dataclasses import dataclass, field, replace
from itertools import takewhile

from analysis.base.japanese import join_lines, normal, rests, squeeze
from analysis.documents.document import Run
from analysis.extraction.parsers import cards, closing, shared_closings, table_rows
from analysis.extraction.parsers.bodies_and_times import Labels
from analysis.extraction.parsers.closing import Closing
from analysis.extraction.parsers.parse_result import Measure, Paragraph, ParseResult
from analysis.extraction.parsers.plan_blocks import ACTION, BRACKETED, Block, blocks_of, key
from analysis.extraction.parsers.profile import Profile
from analysis.extraction.parsers.statements import ministries_named, states_task

ANNOUNCES = re.compile(r"(?:次|以下|下記|左)(?:の|に掲げる|に示す|に挙げる|により)|次のとおり|以下のとおり")
LIST_BELOW = re.compile(r"(?:次|以下|下記|左)の[^。]{1,12}(?:とおり|とする|とします|である|です)[^。]{0,4}。")
PAST = re.compile(r"(?:た|ている|である|ています)。?$")  # of a sentence that states what is, not what will be done
INDICATOR = re.compile(
    r"(?:重要業績評価指標|(?:成果|活動|達成|参考|評価|関連|進捗)?指標|KPI|KGI|数値目標|成果目標)(?:\([^()]*\))?\s*[::]"
)
LONGEST_LIST = 30  # of what a measure says more
ENDS_PLAN = re.compile(  # heads of what follows the measures
    r"(?:おわりに|終わりに|結び|むすび|(?:計画|プラン|戦略|方針)の(?:推進|進行管理|進捗管理|点検)|(?:推進|実施)体制|フォローアップ"
    r"|進捗管理|進行管理|附則|付録|附録|附属|付属|参考資料|資料編|別紙|別表)"
)
POINTS = re.compile(r"(?:関連(?:する)?(?:施策|取組|項目)?|参照|再掲|併せて参照)\s*[::]")  # to another place of the plan
NO_CLOSING = "no ministries"


# --- measures ---------------------------------------------------------------------------------------------------


def read(runs: list[Run], profile: Profile) -> ParseResult:
    """Read a plan by its profile: its measures, and a role for every line."""
    blocks = blocks_of(runs, profile.labels, profile)
    shared_closings.spread(blocks)
    walk = _Walk(blocks, profile)
    walk.run()
    return walk.result


@dataclass
class _Open:
    """A measure that is being read: its blocks, and where it stands."""

    blocks: list[Block]
    section: str
    title: str
    headings: str
    subheads: tuple[str, ...]
    given: Closing = field(default_factory=lambda: Closing(0))

    @property
    def closed(self) -> bool:
        return any(block.closed or (self.given.strong and block.end.deadline) for block in self.blocks)


class _Walk:
    """One pass over the blocks, with the headings that hold where it is."""

    def __init__(self, blocks: list[Block], profile: Profile) -> None:
        self.blocks, self.profile = blocks, profile
        self.result = ParseResult()
        self.heads = {
            key(head): part
            for part, heads in (
                ("measures", profile.measures), ("background", profile.background), ("kpi", profile.indicators)
            )
            for head in heads
        }  # fmt: skip
        self.labels: dict[int, tuple[str, str]] = {}  # label and title of the sections' headings, by level
        self.subheads: list[tuple[str, str]] = []  # kind and words of the headings below them
        self.part = self._default()
        self.open: _Open | None = None
        self.given = Closing(0)  # what a head says of all measures below it: 【主な取組】(担当:農林水産部)
        self.rows = table_rows.Reader(profile)
        self.begun = False  # whether the first section has begun

    def _default(self) -> str:
        """What stands below a section's heading before any head: measures where the family has no heads for them."""
        return "" if self.profile.measures else "anywhere"

    def run(self) -> None:
        for at, block in enumerate(self.blocks):
            self._step(at, block)
        self._close()
        self.result.paragraphs.sort(key=lambda paragraph: paragraph.lines[0][0])

    @property
    def _may_begin(self) -> bool:
        """Whether the first section has begun, before which stand title and preface."""
        return self.begun or not self.profile.levels

    @property
    def section(self) -> str:
        return "-".join(self.labels[level][0] for level in sorted(self.labels))

    @property
    def headings(self) -> str:
        return " / ".join(self.labels[level][1] for level in sorted(self.labels))

    @property
    def title(self) -> str:
        return self.labels[max(self.labels)][1] if self.labels else ""

    def _step(self, at: int, block: Block) -> None:
        if block.look == "table":
            self._row(block)
            return
        self.rows.end()
        if block.card:
            self._card(block, block.card)
            return
        if block.look in ("contents", "furniture", "footnote", "figure"):
            self._emit(block, block.look)
        elif block.look == "shared":
            self._close()
            self._emit(block, "attribution")
        elif block.look == "closing":
            self._closing(block)
        elif INDICATOR.match(normal(block.words)):
            self._close()
            self._emit(block, "kpi")
        elif POINTS.match(normal(block.words)) and block.is_short:
            self._emit(block, "cross_reference")
        elif self._is_heading(at, block):
            self._close()
            self._enter(block)
            self._emit(block, "heading" if self.begun else "title")
        else:
            self._text(at, block)

    # --- headings

    def _is_heading(self, at: int, block: Block) -> bool:
        if block.end.strong and not block.start.strong and "\n" not in block.raw:
            title = block.words[: block.end.start].strip()
            return bool(BRACKETED.match(title)) or key(title) in self.heads
        if not block.is_short or len(block.raw) > self.profile.heading_length:
            return False
        if block.kind and block.kind in self.profile.items and self._is_title(block):
            return False
        if block.look == "heading" or key(block.words) in self.heads:
            return True
        if block.kind in self.profile.items:
            return False
        if self.open and self._lists(block):
            return False  # of the list that the measure announces
        if self.open and not self.open.closed and self.open.blocks[-1].kind == block.kind != "":
            return False
        if self.part == "kpi" and re.search(r"\d", normal(block.words)):
            return False
        if block.kind in self.profile.levels:
            return True
        following = self.blocks[at + 1] if at + 1 < len(self.blocks) else None
        if self.open and not self.open.closed:
            return False
        if ENDS_PLAN.match(squeeze(block.words)):
            return True
        named = block.kind and not rests(block.words) and not re.search(r"\d", normal(block.words))
        if BRACKETED.match(block.words) or named:
            return following is not None and following.look != "closing" and self.begun
        return False

    def _is_title(self, block: Block) -> bool:
        """Whether a line that begins a measure is its title: what it is of follows below."""
        return self.profile.closing == "title" or ACTION.search(block.label) is not None

    def _enter(self, block: Block) -> None:
        title = block.words[: block.end.start] if block.end.strong else block.words
        part = self.heads.get(key(title))
        self.given = block.end if block.end.strong else Closing(0)
        if block.kind in self.profile.levels:
            level = self.profile.levels.index(block.kind)
            self.labels = {at: other for at, other in self.labels.items() if at < level}
            self.labels[level] = (block.label, block.words)
            self.part, self.subheads, self.begun = part or self._default(), [], True
        elif part:
            self.part, self.subheads, self.begun = part, [], True
        else:
            kinds = [kind for kind, _ in self.subheads]
            kept = self.subheads[: kinds.index(block.kind)] if block.kind in kinds else self.subheads
            self.subheads = [*kept, (block.kind, block.words)]

    # --- text

    def _text(self, at: int, block: Block) -> None:
        if self.open is not None and (self._details(at, block) or self._lists_below(at, block)):
            self.open.blocks.append(block)
            return
        listed = self.open is not None and self._lists(block)
        begins = block.kind != "" and block.kind in self.profile.items and not listed and self._may_begin
        if begins and not self.profile.measures:
            self._begin(block)  # where no head announces measures, one of background does not forbid them
            return
        if self.part not in ("measures", "anywhere") or not self._may_begin:
            self._emit(block, "kpi" if self.part == "kpi" else "background" if self.begun else "title")
            return
        if self.open is not None and listed:
            self.open.blocks.append(block)
        elif block.kind in self.profile.items and (block.kind or not self._is_open()):
            self._begin(block)
        elif self.open is not None and self._takes(block):
            self.open.blocks.append(block)
        elif block.kind == "" and "" in self.profile.items:
            self._begin(block)
        elif block.closed and self.part == "measures":
            self._begin(block)  # closed as measures are, whatever it begins with
        else:
            self._close()
            self._emit(block, "background" if self.begun else "title")

    def _lists(self, block: Block) -> bool:
        """Whether a block is of the list that the open measure has announced: the last of it may close the measure."""
        assert self.open is not None
        if not block.kind or not ANNOUNCES.search(self.open.blocks[0].raw):
            return False
        if self.open.closed:  # in front of its list: …次の用途に活用する。〔令和9年度〕
            listed = block.kind[0].isalpha() or LIST_BELOW.search(self.open.blocks[0].words)
            return bool(listed) and block.kind not in (*self.profile.items, *self.profile.levels) and not block.closed
        return not block.closed or len(self.open.blocks) > 1

    def _details(self, at: int, block: Block) -> bool:
        """Whether a block is of a list below a measure that is closed, which says more of it: another mark than the
        measure's, and nothing that closes one."""
        assert self.open is not None
        first, last = self.open.blocks[0], self.open.blocks[-1]
        if not self.open.closed or not block.kind or block.closed or block.kind in (first.kind, *self.profile.levels):
            return False
        if at + 1 < len(self.blocks) and self.blocks[at + 1].look == "closing":
            return False
        text = block.raw
        if block.is_short or ANNOUNCES.search(text) or not (states_task(text) or text.endswith(("こと。", "こと"))):
            return False
        return last.look == "closing" or last.closed or last.kind == block.kind

    def _lists_below(self, at: int, block: Block) -> bool:
        """Whether a block is of a list below a measure's sentence that is not closed yet, which closes once, at its
        end, for all of it."""
        assert self.open is not None
        first, last = self.open.blocks[0], self.open.blocks[-1]
        if self.open.closed or not block.kind or block.kind in (first.kind, *self.profile.levels):
            return False
        if block.closed or not first.words.endswith("。") or not states_task(first.raw):
            return False
        if len(self.open.blocks) > 1:
            return last.kind == block.kind
        ends = self.blocks[at : at + LONGEST_LIST]
        listed = list(takewhile(lambda other: other.kind == block.kind and not other.closed, ends))
        rest = [other.look for other in ends[len(listed) : len(listed) + 1]]
        return len(listed) > 1 and rest == ["closing"]

    def _is_open(self) -> bool:
        """Whether a measure waits for its end in mid-sentence."""
        return self.open is not None and not self.open.closed and not rests(self.open.blocks[-1].raw)

    def _takes(self, block: Block) -> bool:
        """Whether the open measure goes on with a block that begins no other."""
        assert self.open is not None
        if self.profile.closing == "title":
            return True
        if not self.open.closed:
            return bool(block.kind) or "" not in self.profile.items or (not block.closed and self._is_open())
        return False

    def _begin(self, block: Block) -> None:
        self._close(block.kind)
        self.open = _Open(
            [block], self.section, self.title, self.headings, tuple(words for _, words in self.subheads), self.given
        )

    def _closing(self, block: Block) -> None:
        """Take a line of bodies or times into the measure above."""
        if self.open is not None:
            self.open.blocks.append(block)
        else:
            self._emit(block, "unknown" if self.part == "measures" else "background" if self.begun else "title")

    def _close(self, following: str | None = None) -> None:
        """Put the open measure into the result; what nothing closed is none, unless a head announced it.

        `following` is what the next measure begins with: under another mark it stands below this one, a heading.
        """
        measure, self.open = self.open, None
        if measure is None:
            return
        first = measure.blocks[0]
        named = first.is_short and not rests(first.words)
        if not measure.closed and len(measure.blocks) == 1 and (named or following not in (None, first.kind)):
            self.subheads = [(first.kind, first.words)]
            self._emit(first, "heading")
            return
        task = self.profile.closing == "named" and states_task(measure.blocks[-1].raw)
        listed = self.part == "measures" and (measure.blocks[0].kind != "" or task)
        stated = not self.profile.measures and PAST.search(measure.blocks[0].raw[: measure.blocks[0].end.start].strip())
        if stated or (not measure.closed and not listed):
            self._background(measure)
            return
        self._add(measure)

    def _background(self, measure: _Open) -> None:
        for block in measure.blocks:
            self._emit(block, "background")

    def _add(self, measure: _Open) -> None:
        texts: list[str] = []
        ends: list[Closing] = []
        for at, block in enumerate(measure.blocks):
            ends += [block.start, block.end]
            following = measure.blocks[at + 1].look if at + 1 < len(measure.blocks) else ""
            cut = block.end.strong or measure.given.strong or "closing" in (block.look, following)
            if block.look != "closing":
                words = block.raw[: block.end.start].rstrip() if cut else block.raw
                # the full stop behind …する(国土交通省)。 is the sentence's
                stop = "。" * (cut and block.raw.endswith("。") and not rests(words))
                texts.append(words + stop)
        title = len(texts) > 1 and not rests(texts[0]) and self._is_title(measure.blocks[0])
        parts = [texts[:1], texts[1:]] if title else [texts]
        text = " ".join(join_lines(_without_notes(part)) for part in parts)
        if not re.search(r"\w", text):  # names of bodies by themselves
            self._background(measure)
            return
        end = closing.joined([measure.given, *ends])
        if self.profile.closing == "named":
            end = replace(end, ministries=ministries_named(text))
        doubts = ("no full stop",) if not rests(text) and not measure.closed else ()
        numbers = [number for block in measure.blocks for number, _ in block.numbered]
        self.result.measures.append(
            _with_end(
                Measure(
                    min(numbers), max(numbers), text, measure.section, measure.title, measure.subheads, doubts=doubts
                ),
                end,
                self.profile.labels,
            )
        )
        index = len(self.result.measures) - 1
        for block in measure.blocks:
            role = "attribution" if block.look == "closing" else "measure"
            self.result.paragraphs.append(
                Paragraph(tuple(block.numbered), role, measure.section, index, measure.headings)
            )

    # --- tables

    def _row(self, block: Block) -> None:
        """Take a table's row: a measure where the table's head says so, or the rest of one that a page's end parted."""
        role = self.rows.row(block.runs[0])
        if role in ("measure", "head"):
            self._close()
        if role not in ("measure", "more"):
            self._emit(block, "table")
            return
        row, measures = self.rows.measure, self.result.measures
        first, last = block.numbered[0][0], block.numbered[-1][0]
        if role == "measure":
            measures.append(self._of_row(row, first, last))
        else:
            measures[-1] = _with_end(
                replace(measures[-1], text=row.text, last_line=last, doubts=()), row.end, self.profile.labels
            )
        index = len(measures) - 1
        self.result.paragraphs.append(Paragraph(tuple(block.numbered), "measure", self.section, index, self.headings))

    def _card(self, block: Block, card: cards.Card) -> None:
        """Take a small table of its own: the measures that it is, with the role of each of its rows."""
        self._close()
        self.rows.forget()
        first, last = block.numbered[0][0], block.numbered[-1][0]
        for row in card.measures:
            self.result.measures.append(self._of_row(row, first, last))
        for run, role in zip(block.runs, card.roles, strict=True):
            index = len(self.result.measures) - 1 if card.measures and role in ("measure", "attribution") else None
            role = "table" if role in ("measure", "attribution") and index is None else role
            self.result.paragraphs.append(Paragraph(tuple(run.numbered), role, self.section, index, self.headings))

    def _of_row(self, row: table_rows.Row, first: int, last: int) -> Measure:
        subheads = (*(words for _, words in self.subheads), *filter(None, [row.group]))
        return _with_end(
            Measure(first, last, row.text, self.section, self.title, subheads), row.end, self.profile.labels
        )

    def _emit(self, block: Block, role: str) -> None:
        self.result.stray += block.closed
        self.result.paragraphs.append(Paragraph(tuple(block.numbered), role, self.section, headings=self.headings))


def _without_notes(texts: list[str]) -> list[str]:
    return [table_rows.NOTE_MARK.sub("", line) for text in texts for line in text.split("\n")]


def _with_end(measure: Measure, end: Closing, labels: Labels) -> Measure:
    """Return a measure with what closes it, short names in full; one without bodies is doubted."""
    names = tuple(dict.fromkeys(map(labels.in_full, end.ministries)))
    doubts = measure.doubts if end.ministries else (NO_CLOSING, *measure.doubts)
    return replace(
        measure, horizon=end.horizon, ministries=names, repeated=end.repeated, deadline=end.deadline,
        deadline_years=end.years, doubts=doubts,
    )  # fmt: skip
