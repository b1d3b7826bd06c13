"""What is read: one figure of merit."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One figure. `value` is in `unit`, null where a target names no number; `period` is a western year ("2025"),
    a fiscal year ("2025年度"), a month ("2025-06"), a span ("2020-2025") or words ("今後5年間")."""

    first_line: int
    section: str
    place: str
    measure: int | None
    indicator: str | None
    kind: str
    nature: str
    value: float | None
    unit: str | None
    period: str | None
    set_in: str | None
    comparator: str | None
