"""How far results agree with people: hand checks of what was extracted, hand labels of topics, codings of links.

Hand checks stand in data/curated/hand_checks.csv. The agreement of topics and links was recorded when their models were
fitted (`topics.scale`, `continuity.model_parameters`); how far coders agree with each other is counted (`codings`).
"""

from typing import Any

import polars as pl

from analysis.base import curated, paths
from analysis.base.errors import TableFaulty
from analysis.base.i18n import gettext, percent
from analysis.coding import codings
from analysis.continuity import model_parameters
from analysis.tables import summary_statistics
from analysis.tables.labels import LABELS, label
from analysis.topics import scale

COLUMNS = {"document": pl.String, "what": pl.String, "checked": pl.Int64, "right": pl.Int64, "when": pl.String}


def hand_checks() -> pl.DataFrame:
    """Return what people compared with the documents by hand: document, what, checked [rows], right [rows], when.

    Raises TableFaulty where the file cannot be read, a row is incomplete, or more is right than was checked.
    """
    file = paths.curated() / "hand_checks.csv"
    checks = curated.csv(file, COLUMNS)
    known = LABELS["checked"]
    for number, row in enumerate(checks.iter_rows(named=True), start=2):
        if None in row.values() or row["what"] not in known or not 0 <= row["right"] <= row["checked"] > 0:
            raise TableFaulty(f"{file}, line {number} does not do: mend it ({', '.join(sorted(known))} can be checked)")
    return checks.sort("document", maintain_order=True)


def table(coded: pl.DataFrame, language: str) -> list[dict[str, Any]]:
    """Return rows for people: what was compared, document, cases [count], share that agrees with its 95% interval."""
    rows = [
        _counted(label("checked", check["what"], language), check["document"], check["right"], check["checked"])
        for check in hand_checks().iter_rows(named=True)
    ]
    if coders := codings.reliability(coded):
        what = gettext("what became of a measure, two language models that read both plans", language)
        total = int(coders["measures"])
        rows.append(_counted(what, None, round(coders["same_status"] * total), total))
    topics, links = scale.agreement_with_hand(), model_parameters.agreement_with_codings()
    for name, figures, cases in (
        ("purity", topics, "labels"), ("status_accuracy", links, "measures"),
        ("continued_f1", links, "measures"), ("links_f1", links, "links"),
    ):  # fmt: skip
        shares = figures[name], figures[f"{name}_low"], figures[f"{name}_high"]
        rows.append(_row(label("agreement", name, language), None, int(figures[cases]), *shares))
    return rows


def _counted(what: str, document: str | None, right: int, cases: int) -> dict[str, Any]:
    return _row(what, document, cases, right / cases, *summary_statistics.interval(right, cases))


def _row(what: str, document: str | None, cases: int, *shares: float) -> dict[str, Any]:
    share, low, high = map(percent, shares)
    return {"what": what, "document": document, "cases": cases, "share": share, "low": low, "high": high}
