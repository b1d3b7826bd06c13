"""Bodies and times that a plan says once for several measures: above a list, as in 【環境省】, or below it, as in
〔以上⑤から⑦まで　総務部〕.
"""

import re
from dataclasses import replace
from itertools import dropwhile, pairwise, takewhile

from analysis.base.japanese import normal, rests
from analysis.documents import marks
from analysis.extraction.parsers import closing
from analysis.extraction.parsers.bodies_and_times import classify, plain
from analysis.extraction.parsers.closing import Closing
from analysis.extraction.parsers.plan_blocks import ACTION, Block
from analysis.extraction.parsers.statements import states_task

PASSED_OVER = ("furniture", "footnote", "figure", "contents")
MOST_BACK = 300  # blocks above a bracket that are looked at for the items that it names
NUMERALS = "[0-9０-９]{1,2}|[ァ-ヶ]|[一二三四五六七八九十]{1,3}"
LABEL = rf"(?:[(（][0-9０-９ァ-ヶa-z]{{1,2}}[)）]|[{marks.CIRCLED}⑴-⒇]|{NUMERALS})"
TO = r"\s?(?:から|[~〜～‐–-])\s?"
AND = r"\s?(?:、|，|・|及び|並びに|と)\s?"
THESE = re.compile(
    rf"[(（\[［【〔《〈<](?:以上|上記|前記)?(?:の|、|，)?\s?(?P<labels>{LABEL}(?:(?:{TO}|{AND}){LABEL})*)(?:まで)?\s?"
    r"(?:は|の)?[\s:：]\s*(?P<rest>\S.*)$"
)
EXCEPT = re.compile(r"[(（][^()（）]{0,30}除く?[^()（）]{0,6}[)）]")
STEP = re.compile(rf"(?P<to>{TO})?(?:{AND})?(?P<label>{LABEL})")
SAID_ABOVE = re.compile(
    r"(?:この|本|次の|以下の)(?:節|項|章|柱|目標|分野)?(?:の|に掲げる)?(?:取組|施策|事業|事項|項目)(?:について|に関して)?は、?"
    r"(?P<bodies>[^。]{2,80}?)(?:が|において)(?:、|共同|連携|協力|中心|主体|一体)?[^。]{0,12}(?:担当|所管|実施|推進|取り組)[^。]{0,6}。"
)


def spread(blocks: list[Block]) -> None:
    """Give each measure that others share their bodies with what closes it; what is said once becomes a head."""
    _from_below(blocks)
    _from_sentence(blocks)
    _from_above(blocks)


def _from_below(blocks: list[Block]) -> None:
    for at, block in enumerate(blocks):
        these = THESE.match(EXCEPT.sub("", block.words)) if len(block.runs) == 1 else None
        # the bracket that these words close opens before the labels
        end = closing.read(f"({these['rest']}", block.labels) if these else Closing(0)
        owners = _items(blocks[max(0, at - MOST_BACK) : at], these["labels"]) if these and end.ministries else []
        if owners:
            block.look, block.end = "shared", end
        for owner in owners:
            if not owner.end.ministries:
                owner.end = _with(owner, end)


def _items(blocks: list[Block], labels: str) -> list[Block]:
    """Return the nearest blocks above that labels name, with those in between: (1)～(3), ④及び⑥."""
    steps = [(normal(step["label"]), step["to"] is not None) for step in STEP.finditer(labels)]
    places: list[int] = []
    end = len(blocks)
    for label, _ in reversed(steps):
        place = next((at for at in range(end - 1, -1, -1) if normal(blocks[at].label) == label), None)
        if place is None:
            return []
        places.insert(0, place)
        end = place
    named = set(places)
    for number, (_, goes_to) in enumerate(steps):
        named |= set(range(places[number - 1], places[number])) if goes_to and number else set()
    kind = blocks[places[0]].kind
    return [blocks[at] for at in sorted(named) if blocks[at].look == "text" and blocks[at].kind == kind]


def _from_sentence(blocks: list[Block]) -> None:
    """Give the sentences of a part the bodies that its first one names: この節の取組は、○○課が担当します。"""
    for at, block in enumerate(blocks):
        said = SAID_ABOVE.fullmatch(block.raw) if block.look == "text" else None
        piece = classify(plain(said["bodies"]), block.labels) if said else None
        if piece is None or not piece.bodies:
            continue
        block.look, block.end = "shared", Closing(0, tuple(piece.bodies))
        for other in takewhile(lambda other: not _is_head(other), blocks[at + 1 :]):
            if other.look == "text" and states_task(other.raw) and not other.end.ministries:
                other.end = _with(other, block.end)


def _from_above(blocks: list[Block]) -> None:
    """Where each part between two headings begins with bodies and none of its items has any, they are of the items."""
    shown = [block for block in blocks if block.look not in PASSED_OVER]
    heads = [at for at, block in enumerate(shown) if _is_head(block) and not _is_listed(shown, at)]
    for first, last in pairwise([*heads, len(shown)]):
        part = list(dropwhile(_is_background, shown[first + 1 : last]))
        if part and _leads(shown[first], part):
            end = Closing(0)
            for block in part:
                if block.look == "closing":
                    block.look, end = "shared", block.end
                elif block.kind == part[1].kind:
                    block.end = _with(block, end)


def _is_head(block: Block) -> bool:
    named = block.is_short and "。" not in block.words and not (block.start.deadline or block.end.deadline)
    return block.look == "heading" or (block.look == "text" and named)


def _is_background(block: Block) -> bool:
    """Whether a block below a heading says what is: a sentence that nothing marks and that states no task."""
    return block.look == "text" and not block.kind and rests(block.raw) and not states_task(block.raw)


def _is_listed(blocks: list[Block], at: int) -> bool:
    """Whether a short line is one of a list's, behind another like it or a sentence that announces it."""
    if at == 0:
        return False
    before, block = blocks[at - 1], blocks[at]
    return (before.look == "text" and block.kind != "" and before.kind == block.kind) or "次の" in before.words


def _leads(head: Block, part: list[Block]) -> bool:
    """Whether a part's bodies stand above its items: it begins with bodies, items of one kind follow, none of which
    names any, and the last of them stands below the last bodies."""
    if part[0].look != "closing" or len(part) < 2 or ACTION.search(head.label):
        return False
    items = [block for block in part if block.look != "closing"]
    marked = (part[1].kind != "" or part[1].flagged) and (head.look == "heading" or head.kind != part[1].kind)
    named = any(block.end.ministries or block.start.ministries or block.look == "table" for block in items)
    ends = [block for block in part if block.look == "closing" or block.kind == part[1].kind]
    return (
        marked
        and not named
        and ends[-1].look != "closing"
        and all(block.end.ministries for block in ends if block.look == "closing")
    )


def _with(block: Block, end: Closing) -> Closing:
    """Return what closes a block by itself, with what it shares."""
    start = block.end.start if block.end.deadline or block.end.horizon else len(block.raw)
    return replace(closing.joined([block.end, end]), start=start)
