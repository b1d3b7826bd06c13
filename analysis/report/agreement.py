"""How far what was read and found agrees with people: the rows of data/curated/hand_checks.csv, the labels of topics
and the readings of links (`analysis.coefficients`), and the readers with each other (`analysis.readings`)."""

from typing import Any

import polars as pl

from analysis.base import curated, paths
from analysis.base.errors import TableFaulty
from analysis.base.i18n import gettext, keys, percent
from analysis.coding import codings
from analysis.continuity import model_parameters
from analysis.tables import summary_statistics
from analysis.tables.labels import label
from analysis.topics import scale

COLUMNS = {"document": pl.String, "what": pl.String, "checked": pl.Int64, "right": pl.Int64, "when": pl.String}


def hand_checks() -> pl.DataFrame:
    """What people compared with the documents by hand: document, what, checked [rows], right [rows], when.

    Raises TableFaulty where the file cannot be read, a row is incomplete, or more is right than was checked.
    """
    file = paths.curated() / "hand_checks.csv"
    found = curated.csv(file, COLUMNS)
    known = {key.removeprefix("checked_") for key in keys() if key.startswith("checked_")}
    for number, row in enumerate(found.iter_rows(named=True), start=2):
        if None in row.values() or row["what"] not in known or not 0 <= row["right"] <= row["checked"] > 0:
            raise TableFaulty(f"{file}, line {number} does not do: mend it ({', '.join(sorted(known))} can be checked)")
    return found.sort("document", maintain_order=True)


def table(read: pl.DataFrame, language: str) -> list[dict[str, Any]]:
    """Rows for people: what was compared, with how many cases, how much agrees, with its 95% interval."""
    rows = [
        _row(label("checked", row['what'], language), row["document"], row["checked"],
             row["right"] / row["checked"], summary_statistics.interval(row["right"], row["checked"]))
        for row in hand_checks().iter_rows(named=True)
    ]  # fmt: skip
    if readers := codings.reliability(read):
        alike, among = round(readers["same_status"] * readers["measures"]), int(readers["measures"])
        ends = summary_statistics.interval(alike, among)
        rows.append(
            _row(
                gettext("what became of a measure, two language models that read both plans", language),
                None,
                among,
                readers["same_status"],
                ends,
            )
        )
    topics, links = scale.agreement_with_hand(), model_parameters.agreement_with_codings()
    for name, found, cases in (
        ("purity", topics, topics["labels"]), ("status_accuracy", links, links["measures"]),
        ("continued_f1", links, links["measures"]), ("links_f1", links, links["links"]),
    ):  # fmt: skip
        ends = found[f"{name}_low"], found[f"{name}_high"]
        rows.append(_row(label("agreement", name, language), None, int(cases), found[name], ends))
    return rows


def _row(what: str, document: str | None, cases: int, share: float, ends: tuple[float, float]) -> dict[str, Any]:
    low, high = map(percent, ends)
    return {"what": what, "document": document, "cases": cases, "share": percent(share), "low": low, "high": high}
