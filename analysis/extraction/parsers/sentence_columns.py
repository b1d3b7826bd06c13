"""Columns of measures that their heads do not name: 対応方針 beside 主担当 and 期限, with a sentence in each cell.

What a table's cells say tells its column of measures where no head does: most of them are sentences that state a task.
"""

import re
from collections.abc import Iterator
from itertools import takewhile

from analysis.base.japanese import rests, squeeze
from analysis.documents.document import Run
from analysis.extraction.parsers.cards import is_row
from analysis.extraction.parsers.statements import states_task
from analysis.extraction.parsers.table_rows import LONGEST_HEAD, NO_PLAN, cells_of, column_kind

OTHER_KINDS = {*NO_PLAN, "amount", "done"}  # of columns beside which none of measures stands
FEWEST = 2  # sentences of a column
MOST = 0.5  # the share of a column's cells that must state a task
ANSWERS = re.compile(r"意見|質問|指摘|回答")  # heads of tables of what was said
OTHERS = re.compile(r"役割|姿|将来像|理念|考え方|課題|背景|理由|経緯|趣旨")  # of sentences that may end as tasks do
MOST_ROWS = 200  # of a table that are looked at


def of(runs: list[Run]) -> tuple[str, ...]:
    """Return the heads of columns that hold measures although their words do not say so, in the order of their first
    place; a head that stands beside one of names or contents elsewhere is none."""
    heads: dict[str, None] = {}
    beside: set[str] = set()
    for at, run in enumerate(runs):
        cells = [squeeze(cell) for cell in cells_of(run)] if is_row(run) else []
        kinds = [column_kind(cell, None) if _may_head(cell) else "" for cell in cells]
        if "name" in kinds or "content" in kinds:
            beside |= set(cells)
        elif {"bodies", "time"} & set(kinds) and not OTHER_KINDS & set(kinds) and not any(map(ANSWERS.search, cells)):
            may_hold = [
                place for place, kind in enumerate(kinds) if kind in (None, "group") and not OTHERS.search(cells[place])
            ]
            rows = list(_rows(runs, at))
            tasks = {cells[place]: _tasks(rows, place) for place in may_hold}
            head = max(tasks, key=lambda head: tasks[head], default="")
            heads |= {head: None} if head and tasks[head] else {}
    return tuple(head for head in heads if head not in beside)


def _may_head(cell: str) -> bool:
    return 0 < len(cell) <= LONGEST_HEAD and not rests(cell)


def _rows(runs: list[Run], at: int) -> Iterator[list[str]]:
    """Yield the cells of the rows below a table's first one."""
    below = takewhile(lambda run: run.above == "line" and is_row(run), runs[at + 1 : at + 1 + MOST_ROWS])
    return map(cells_of, below)


def _tasks(rows: list[list[str]], place: int) -> int:
    """Return how many cells of a column are sentences that state a task; 0 where most are not."""
    cells = [cells[place] for cells in rows if place < len(cells) and cells[place]]
    count = sum(cell.endswith("。") and states_task(cell) for cell in cells)
    return count if count >= FEWEST and count > MOST * len(cells) else 0
