"""The profile of a plan that no profile is for: what measures begin with, and which heads announce them.

Bodies and times that close something are the anchor: whatever a family looks like, its measures end with who is in
charge and by when. From there the walk goes back to what each begins with, and up to the head above. What begins
several measures is a section's heading, what begins few is an inner list's mark; heads that stand again and again
above measures announce them, those that never do announce background.
"""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass

from analysis.base.japanese import squeeze
from analysis.documents import paragraphs
from analysis.documents.document import Document
from analysis.extraction.parsers import family_labels, sentence_columns, shared_closings, table_rows
from analysis.extraction.parsers.plan_blocks import ACTION, BRACKETED, Block, blocks_of, key
from analysis.extraction.parsers.profile import Closings, Profile
from analysis.extraction.parsers.statements import ministries_named, states_task

FEWEST = 3  # measures from which on a plan can be told
MEASURES = re.compile(r"施策|取組|対応|方策|方向|事項|アクション|措置|推進|対策|具体|今後|事業|行動")
BACKGROUND = re.compile(
    r"現状|課題|背景|経緯|これまで|認識|情勢|実績|現況|動向|問題|はじめに|前文|趣旨|目的|用語|参考|状況"
)
INDICATORS = re.compile(r"KPI|KGI|指標|目標値|数値目標|成果目標|達成目標|目標(?:・|と)?指標|評価")
FIGURES = re.compile(r"(?:主な)?(?:KPI|KGI|数値目標|(?:成果|業績評価|重要業績評価|参考|評価)指標|目標値)")
MOST_OWNED = 1.25  # measures that what begins a measure begins on average, at most
MOST_TASKS = 0.7  # the share of paragraphs below a head that state what will be done
OFTEN = 0.5  # the share of what looks so that begins a measure, at least
SOME, MANY = 0.02, 0.1  # the share of measures that a mark, and that no mark, begins at least


@dataclass
class _Group:
    """How often a class of beginnings stands, and how many measures each one begins."""

    total: int = 0
    owners: int = 0
    owned: int = 0


def profile(document: Document) -> Profile | None:
    """Return the profile that fits a document; None where hardly anything in it is closed as measures are."""
    runs = paragraphs.runs(document, paragraphs.AS_THEY_ARE)
    labels = family_labels.of(run.raw for run in runs)
    names = sentence_columns.of(runs)
    of_tables = Profile("any plan", paragraphs.AS_THEY_ARE, names=names) if names else None
    blocks = blocks_of(runs, labels, of_tables)
    shared_closings.spread(blocks)
    rows = {at for at, block in enumerate(blocks) if _holds_rows(block, of_tables)}
    closings = sum(block.closed for block in blocks)
    if closings < FEWEST and not rows:
        return _of_sentences(blocks)
    items, owned = _items(blocks) if closings >= FEWEST else ((), [])
    owners = [first for first, _ in owned]
    heads = _heads(blocks, owned, rows)
    levels = _levels(blocks, items, heads, owners)
    return Profile(
        "any plan", paragraphs.AS_THEY_ARE,
        measures=tuple(head for head, part in heads.items() if part == "measures"),
        background=tuple(head for head, part in heads.items() if part == "background"),
        indicators=tuple(head for head, part in heads.items() if part == "indicators"),
        levels=levels, items=items, names=names, closing=_closing(blocks, items, owners),
        body_labels=labels.bodies, time_labels=labels.times, short_names=labels.short,
    )  # fmt: skip


def _of_sentences(blocks: list[Block]) -> Profile | None:
    """Return the profile of a plan whose sentences name who does something, below heads that stand again and again;
    None where none is such."""
    below: dict[str, list[list[Block]]] = defaultdict(list)  # by head: what stands below it each time
    for block in blocks:
        if _may_head(block):
            below[key(block.words)].append([])
            current = below[key(block.words)][-1]
        elif block.look == "text" and below:
            current.append(block)
    heads = {head: [block for part in parts for block in part] for head, parts in below.items() if len(parts) > 1}
    measures = {head: texts for head, texts in heads.items() if MEASURES.search(head) and _name_who_acts(texts)}
    if not measures:
        return None
    kinds = Counter(block.kind for texts in measures.values() for block in texts)
    return Profile(
        "any plan", paragraphs.AS_THEY_ARE, measures=tuple(measures),
        background=tuple(head for head in heads if head not in measures and BACKGROUND.search(head)),
        items=tuple(kind for kind, count in kinds.items() if count >= MANY * kinds.total()),
        levels=_levels(blocks, tuple(kinds), dict.fromkeys(heads, ""), []), closing="named",
    )  # fmt: skip


def _name_who_acts(texts: list[Block]) -> bool:
    """Whether most of the paragraphs say what will be done, and half of them by whom."""
    tasks = [block for block in texts if states_task(block.raw)]
    named = sum(bool(ministries_named(block.raw)) for block in tasks)
    return len(tasks) >= max(FEWEST, MOST_TASKS * len(texts)) and named >= OFTEN * len(tasks)


Owned = list[tuple[int, int]]  # places of the blocks that begin measures, and of those that close them


def _items(blocks: list[Block]) -> tuple[tuple[str, ...], Owned]:
    """Return what measures begin with, and where each begins and is closed."""
    dropped: set[str] = set()
    while True:
        owned = _owned(blocks, dropped)
        owners = [first for first, _ in owned]
        groups = _groups(blocks, owners)
        worst = [
            (group.owners / group.total, kind)
            for kind, group in groups.items()
            if kind and kind not in dropped and group.owned and (
                group.owned > MOST_OWNED * group.owners or group.owners < OFTEN * _reachable(blocks, kind, owners)
            )
        ]  # fmt: skip
        if not worst:
            break
        dropped.add(min(worst)[1])
    count = Counter(blocks[at].kind for at in owners)
    total = sum(count.values())
    kept = [kind for kind, number in count.most_common() if number >= max(2, (SOME if kind else MANY) * total)]
    return tuple(kept), [pair for pair in owned if blocks[pair[0]].kind in kept]


def _owned(blocks: list[Block], dropped: set[str]) -> Owned:
    """Return for each closing the place of the block that begins what it closes: the nearest above that begins with a
    class that is not dropped, or the text right above it."""
    owned: Owned = []
    begins: int | None = None  # the last block of a class that is not dropped, since the last heading
    text: int | None = None  # the last text since the last closing
    before = False  # whether the block before was a closing
    for at, block in enumerate(blocks):
        if block.look in ("contents", "furniture", "footnote", "figure", "table", "card", "shared"):
            continue
        if block.look == "heading" and not ACTION.search(block.label):
            begins, text = None, at if block.kind else None  # bodies right below a numbered heading are its own
        elif block.look != "closing":
            if block.kind and block.kind not in dropped:
                begins, text = at, None
            elif not (block.kind and block.is_short):
                text = at if text is None or not block.kind or blocks[text].look == "heading" else text
        if block.closed:
            owner = begins if begins is not None else text
            if owner is not None and not (before and block.look == "closing"):
                owned.append((owner, at))
            if block.look == "closing" or block.closed:
                text = None
        before = block.closed
    return owned


def _groups(blocks: list[Block], owners: list[int]) -> dict[str, _Group]:
    groups: dict[str, _Group] = defaultdict(_Group)
    for block in blocks:
        if block.look in ("text", "heading"):
            groups[block.kind].total += 1
    for at, owned in Counter(owners).items():
        groups[blocks[at].kind].owners += 1
        groups[blocks[at].kind].owned += owned
    return groups


def _reachable(blocks: list[Block], kind: str, owners: list[int]) -> int:
    """Return how many blocks of a class stand among measures: under a heading below which it begins one."""
    places = set(owners)
    count = run = 0
    holds = False
    for at, block in enumerate(blocks):
        if _head_like(block):
            count, run, holds = count + run * holds, 0, False
        elif block.kind == kind and block.look == "text":
            run += 1
            holds = holds or at in places
    return count + run * holds


def _head_like(block: Block) -> bool:
    return block.look == "heading" or (block.is_short and (bool(BRACKETED.match(block.words)) or bool(block.kind)))


def _heads(blocks: list[Block], owned: Owned, rows: set[int]) -> dict[str, str]:
    """Return the heads that tell what stands below them, and what that is, in the order of their first place; `rows`
    are the places of blocks that hold measures in tables."""
    places = {first for first, _ in owned}
    inside = {at for first, last in owned for at in range(first, last + 1)}
    below: dict[str, list[int]] = {}  # by key: the measures below each time
    marks_only = {block.kind for block in blocks if block.kind and not block.kind[:1].isalnum()}
    current: set[str] = set()  # the nearest head, and the nearest that tells by its words
    telling = ""
    measured = 0
    for at, block in enumerate(blocks):
        named = key(block.words)
        if at not in inside and _may_head(block) and named:
            telling = named if _telling(named) else telling if not block.label or block.kind in marks_only else ""
            current = {named, telling} - {""}
            below.setdefault(named, []).append(0)
        elif at in places or at in rows:
            measured += 1
            for head in current:
                below[head][-1] += 1
    result: dict[str, str] = {}
    for name, counts in below.items():
        holding = sum(count > 0 for count in counts)
        if (INDICATORS.search(name) and holding == 0) or FIGURES.match(name):
            result[name] = "indicators"
        elif len(counts) > 1 and holding >= OFTEN * len(counts) and sum(counts) >= FEWEST:
            result[name] = "measures"
        elif holding == 0 and (BACKGROUND.search(name) or (len(counts) > 1 and not MEASURES.search(name))):
            result[name] = "background"
    headed = sum(sum(below[name]) for name, part in result.items() if part == "measures")
    if headed < 0.8 * max(measured, 1):  # measures stand elsewhere, too: heads do not announce them
        result = {name: part for name, part in result.items() if part != "measures"}
    return result


def _holds_rows(block: Block, profile: Profile | None) -> bool:
    """Whether measures are rows of the table whose head a block is, or the block is one that is a measure."""
    if block.card:
        return bool(block.card.measures)
    return block.look == "table" and bool(table_rows.columns(table_rows.cells_of(block.runs[0]), profile))


def _may_head(block: Block) -> bool:
    if block.look not in ("text", "heading") or not block.is_short or len(block.words) > 30:
        return False
    return block.look == "heading" or bool(block.kind) or bool(BRACKETED.match(block.words)) or _telling(block.words)


def _telling(words: str) -> bool:
    """Whether a line by itself is a head by its words alone."""
    named = squeeze(words)
    return len(named) <= 14 and any(pattern.search(named) for pattern in (MEASURES, BACKGROUND, INDICATORS))


def _levels(blocks: list[Block], items: tuple[str, ...], heads: dict[str, str], owners: list[int]) -> tuple[str, ...]:
    """Return the kinds of numbers of sections' headings, in the order in which they first stand."""
    places = set(owners)
    order: list[str] = []
    for at, block in enumerate(blocks):
        if block.look not in ("text", "heading") or at in places or block.kind in items or not block.is_short:
            continue
        if block.label and (block.kind[:1].isalpha()) and block.kind not in order and key(block.words) not in heads:
            order.append(block.kind)
    return tuple(order)


def _closing(blocks: list[Block], items: tuple[str, ...], owners: list[int]) -> Closings:
    """Return where bodies stand: behind the title where text follows most measures' first block, which they close."""
    if not items or "" in items:
        return "behind"
    titles = follows = 0
    for at in owners:
        closed_below = blocks[at].is_short and [block.look for block in blocks[at + 1 : at + 2]] == ["closing"]
        if not blocks[at].end.strong and not closed_below:
            continue
        titles += 1
        below = next(iter(blocks[at + 1 + closed_below :]), None)
        follows += below is not None and below.look == "text" and not below.kind and not below.is_short
    return "title" if titles >= FEWEST and follows >= 0.6 * titles else "behind"
