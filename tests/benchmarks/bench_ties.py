"""How well figures are tied by likeness (`make bench`): reworded names and look-alikes, and figures whose own line or
whose indicator's patterns are taken away. Prints right, false and missing ties; patterns are not asked."""

import json
from collections import Counter, defaultdict
from pathlib import Path

from analysis.base import paths
from analysis.kpi import tying
from analysis.kpi.likeness import Likeness, Stated
from analysis.tables import store

CASES = Path(__file__).with_name("reworded_figures.jsonl")
Row = dict[str, object]
Ties = dict[str, list[tying.Tie]]


def committed() -> tuple[list[Row], Ties]:
    """The figures with a value, and what patterns tie."""
    figures = store.read("figures", paths.committed()).drop_nulls("value").sort("figure_id").to_dicts()
    return figures, {row["figure_id"]: list(tying._by_pattern(row)) for row in figures}


def told(right: str | None, ranked: list[tuple[float, str]]) -> str:
    """Right, false, missing, or rightly left alone."""
    tied = ranked[0][1] if tying.clear(ranked) else None
    return ("right" if tied == right else "false") if tied else ("missing" if right else "left alone")


def reworded(figures: list[Row], ties: Ties) -> Counter[str]:
    likeness = Likeness(tying._known(figures, ties))
    counts: Counter[str] = Counter()
    for line in CASES.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        kind = "target" if str(case["period"] or "") >= "2027" else "observation"
        values = ((kind, (None, float(case["value"]))),)
        stated = Stated(case["name"], case["headings"], case["unit"], case["nature"], values)
        counts[told(case["indicator_id"], likeness.scores(stated))] += 1
    return counts


def taken_away(figures: list[Row], ties: Ties, by_line: bool) -> Counter[str]:
    """Tie each figure as if patterns tied none of its line (or of its indicator)."""
    groups: dict[object, list[Row]] = defaultdict(list)
    for row in figures:
        for tie in ties[row["figure_id"]]:
            groups[(row["doc_id"], row["first_line"]) if by_line else tie.indicator_id].append(row)
    counts: Counter[str] = Counter()
    for rows in groups.values():
        left = ties | {row["figure_id"]: [] for row in rows}
        ranked = tying._ranked(rows, left, Likeness(tying._known(figures, left)))
        counts.update(told(ties[row["figure_id"]][0].indicator_id, ranked[row["figure_id"]].fitting) for row in rows)
    return counts


if __name__ == "__main__":
    rows, by_pattern = committed()
    print("reworded and look-alikes ", dict(reworded(rows, by_pattern)))
    print("without their own line   ", dict(taken_away(rows, by_pattern, by_line=True)))
    print("without their patterns   ", dict(taken_away(rows, by_pattern, by_line=False)))
