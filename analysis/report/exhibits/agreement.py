"""Exhibit without a chart: how far what was read agrees with people, and models with codings."""

from dataclasses import dataclass
from typing import Any

import polars as pl

from analysis.base import curated, paths
from analysis.base.i18n import percent
from analysis.report.data import ReportData
from analysis.report.exhibit import Cell, Exhibit, Rows
from analysis.tables import summary_statistics
from analysis.tables.labels import LABELS, label

COLUMNS = {"document": pl.String, "what": pl.String, "checked": pl.Int64, "right": pl.Int64, "when": pl.String}

TOPICS = "document_left_out"  # prefix of the checks of the topic model


@dataclass(frozen=True)
class HandCheck:
    """A row of the file."""

    document: str
    what: str
    checked: int
    right: int
    when: curated.Day


def exhibit(data: ReportData) -> Exhibit:
    """Return what was compared, with how many cases, how much agrees, with its 95% interval."""
    _ = data.gettext
    sentence = _(
        "What was read, compared with documents read by hand (data/curated/hand_checks.csv), with 95% intervals "
        "(Wilson)."
    )
    topics = _(
        "Where nobody coded, the topic is the model's: here compared with the codings of each document in turn, which "
        "were left out of the model."
    )
    links = _(
        "Where nobody coded, links are by likeness alone: here compared with the codings between editions {apart}, "
        "each later edition left out of the model in turn, with 95% intervals (bootstrap). F1 weighs what is missed "
        "and what is wrong alike.",
        apart=data.apart,
    )
    names = _(
        "The register of names was filled from codings, too: names in measures are compared with what coders gave of "
        "each edition, found by grammar and by a register that holds only what coders named in other editions (F1)."
    )
    heads = [_("what"), _("document"), _("number of cases"), _("agreement"), _("95% interval")]
    return Exhibit(
        __name__, "agreement", "sureness", "05_report", _("Agreement with hand checks"), unfolded=True,
        rows=Rows(heads, _rows(data), []),
        sentences=[
            sentence, *_unchecked(data),
            *[topics] * data.topic_model_speaks, *[names] * bool(_names(data)), *[links] * data.model_decides,
        ],
    )  # fmt: skip


def _unchecked(data: ReportData) -> list[str]:
    """A sentence that names the documents of which nobody compared anything; none where all were."""
    without = data.tables["documents"].filter(~pl.col("doc_id").is_in(hand_checks()["document"].implode()))
    names = without["doc_id"].sort().to_list()
    return [data.gettext("Not compared by hand: {documents}.", documents=data.listed(names))] if names else []


def hand_checks() -> pl.DataFrame:
    """Return what people compared with the documents by hand: document, what, checked [rows], right [rows], when.

    Raises TableFaulty where the file cannot be read, a row is incomplete, or more is right than was checked.
    """
    file = paths.curated() / "hand_checks.csv"
    checks = curated.table(file, HandCheck, ("document", "what", "when"))
    known = LABELS["checked"]
    for line, row in checks:
        if row.what not in known:
            raise curated.row_faulty(file, line, f"what {row.what!r} must be one of {', '.join(sorted(known))}")
        if not 0 <= row.right <= row.checked > 0:
            raise curated.row_faulty(file, line, f"{row.right} of {row.checked} cannot be right")
    return curated.frame(checks, COLUMNS).sort("document", maintain_order=True)


def _rows(data: ReportData) -> list[list[Cell]]:
    language = data.language
    rows: list[list[Cell]] = [
        _row(label("checked", row["what"], language), row["document"], row["right"], row["checked"])
        for row in hand_checks().iter_rows(named=True)
    ]
    compared: list[tuple[str, dict[str, Any], float]] = []
    topics = dict(data.tables["validity"].iter_rows())
    if data.topic_model_speaks and f"{TOPICS}_measures" in topics:
        compared.append((f"{TOPICS}_accuracy", topics, topics[f"{TOPICS}_measures"]))
    if data.model_decides:
        links = data.links_agreement
        rows.append([label("agreement", "ended", language), "", int(links["measures"]), percent(links["ended"]), "–"])
        compared += [("status_accuracy", links, links["measures"]), ("continued_f1", links, links["measures"]),
                     ("links_f1", links, links["links"])]  # fmt: skip
    for name, values, cases in compared:
        ends = f"{percent(values[f'{name}_low'])}–{percent(values[f'{name}_high'])}"
        rows.append([label("agreement", name, language), "", int(cases), percent(values[name]), ends])
    return rows + _names(data)


def _names(data: ReportData) -> list[list[Cell]]:
    """How names that are found agree with coders'; no row where nobody coded names."""
    validity = data.tables["mention_validity"].filter(edition_id="all", method="edition_left_out").drop_nulls("f1")
    what = label("agreement", "mentions_f1", data.language)
    return [[what, "", round(row["coded"]), percent(row["f1"]), "–"] for row in validity.iter_rows(named=True)]


def _row(what: str, document: str, right: int, checked: int) -> list[Cell]:
    low, high = map(percent, summary_statistics.interval(right, checked))
    return [what, document, checked, percent(right, checked), f"{low}–{high}"]
