"""Units of coding: the measures of an edition with what a coder is shown of them, and nothing else."""

from dataclasses import dataclass

import polars as pl

from analysis.base.errors import DocumentMissing
from analysis.tables import editions, store


@dataclass(frozen=True)
class Unit:
    """A measure as coders see it: its headings, outermost first, its text, and the hash of its text."""

    unit_id: str
    headings: list[str]
    text: str
    text_hash: str

    @property
    def shown(self) -> dict[str, object]:
        return {"unit_id": self.unit_id, "headings": self.headings, "text": self.text}


def units(edition_id: str) -> list[Unit]:
    """Return the units of an edition, sorted. Raises UsageFault for an edition that does not exist, DocumentMissing
    where the documents' texts are not at hand."""
    measures = store.read("measures").with_columns(editions.column())
    editions.check([edition_id], measures)
    measures = measures.filter(pl.col("edition_id") == edition_id)
    if not store.exists("texts"):
        raise DocumentMissing("coders need the documents' texts: run `python -m analysis fetch`, then `make report`")
    titles = store.read("roadmap").select("measure_id", "title")
    texts = store.read("texts").drop("section_title", "subhead")
    rows = measures.join(texts, on="measure_id").join(titles, on="measure_id", how="left").sort("measure_id")
    if missing := measures.join(texts, on="measure_id", how="anti")["measure_id"].to_list():
        raise DocumentMissing(f"there is no text of {missing[0]}: fetch its document and run `make report` again")
    return [
        Unit(row["measure_id"], _headings(row), row["repaired"] or row["text"], row["text_hash"])
        for row in rows.iter_rows(named=True)
    ]


def hashes() -> dict[str, str]:
    """Return the hash of each measure's present text."""
    return dict(store.read("measures").select("measure_id", "text_hash").iter_rows())


def _headings(row: dict[str, str | None]) -> list[str]:
    return [heading for heading in (row["section_title"], row["subhead"], row["title"]) if heading]
