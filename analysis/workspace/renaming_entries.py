"""What `add` says of renamed bodies and programmes: the evidence, and entries for the files of data/curated."""

import csv
import io
import json
from dataclasses import dataclass, field

import polars as pl

from analysis.base import paths
from analysis.base.errors import TableFaulty
from analysis.base.japanese import squeeze
from analysis.continuity import proposed_renamings
from analysis.continuity.proposed_renamings import Proposal
from analysis.documents import manifest
from analysis.documents.manifest import Document
from analysis.extraction import doubts
from analysis.tables import ministries, store
from analysis.tables.editions import OWN_PARTS

FULL = "full"
EXAMPLES = 3


@dataclass(frozen=True)
class Renamings:
    """What a document renames, against the full plan of the edition `against`; or why nothing was looked for."""

    bodies: list[Proposal] = field(default_factory=list)
    programmes: list[Proposal] = field(default_factory=list)
    against: int | None = None
    fault: str = ""

    def explains(self, doubt: str, names: list[str]) -> bool:
        """Return whether a measure's doubt is only that one of its bodies has a new name."""
        new = {body.new for body in self.bodies}
        return any(doubt == doubts.unknown_ministry(name) and ministries.body_of(name) in new for name in names)


def look_for(document: Document, rows: dict[str, pl.DataFrame]) -> Renamings:
    """Compare a full plan with the nearest earlier one that has rows in data/processed."""
    if document.kind != FULL:
        return Renamings()
    try:
        measures, features = (store.read_if_there(name, paths.committed()) for name in ("measures", "features"))
        before = _joined(measures.filter(pl.col("edition") < document.edition), features)
        plans = [other.doc_id for other in manifest.documents() if other.kind == FULL]
        plan = before.filter(pl.col("doc_id").is_in(plans))
        if plan.is_empty():
            return Renamings()
        plan = plan.filter(edition=plan["edition"].max())
        text = pl.coalesce("repaired", "text").alias("text")
        texts = rows["texts"].select("measure_id", text)
        edition = _joined(rows["measures"], rows["features"]).join(texts, on="measure_id", maintain_order="left")
        bodies, programmes = proposed_renamings.proposed(plan, edition, before)
    except TableFaulty as error:  # the document can be added all the same
        return Renamings(fault=str(error))
    return Renamings(bodies, programmes, plan["edition"][0])


def _joined(measures: pl.DataFrame, features: pl.DataFrame) -> pl.DataFrame:
    """The measures that editions state themselves (no roadmap rows) with their features."""
    own = measures.filter(pl.col("part").is_in(OWN_PARTS))
    return own.join(features, on="measure_id", maintain_order="left")


def summary(renamings: Renamings, document: Document, lines: list[str]) -> list[str]:
    """Return what is proposed with its evidence; `lines` are those of the document."""
    if renamings.fault:
        return [f"renamed bodies and programmes: not looked for ({renamings.fault})"]
    if renamings.against is None:
        return []
    text = squeeze("".join(lines))
    told = [f"renamed bodies (data/curated/ministries.toml): {len(renamings.bodies) or 'none'}"]
    for body in renamings.bodies:
        told += _evidence(body, renamings.against, text)
        told.append(f"  measures of the new edition of which {body.old} is in charge: {body.still or 'none'}")
    for new in dict.fromkeys(body.new for body in renamings.bodies):
        olds = [body for body in renamings.bodies if body.new == new]
        told += [
            f"  to add, if {new} is a body (where it is another spelling of one, add it to that one's variants):",
            *("", *_entry(new, olds, document), ""),
        ]
    told.append(f"renamed programmes (data/curated/renamings.csv): {len(renamings.programmes) or 'none'}")
    for programme in renamings.programmes:
        told += _evidence(programme, renamings.against, text)
    if renamings.programmes:
        told += ["  to add, where a programme was renamed:", ""]
        told += [_row(programme, document) for programme in renamings.programmes]
    return told


def to_check(renamings: Renamings, measures: pl.DataFrame) -> list[str]:
    """Return one line for each new body: its rows are right as soon as the register knows it."""
    names = [set(map(ministries.body_of, listed)) for listed in measures["ministries"].to_list()]
    return [
        f"{new}  in charge of {sum(new in listed for listed in names)} measures: see renamed bodies"
        for new in dict.fromkeys(body.new for body in renamings.bodies)
    ]


def _evidence(change: Proposal, against: int, text: str) -> list[str]:
    examples = ", ".join(f"{earlier} → {new}" for earlier, new in change.pairs[:EXAMPLES])
    written = text.replace(squeeze(change.new), "").count(squeeze(change.old))
    return [
        f"  {change.old} → {change.new}: {len(change.pairs)} of {change.alike} otherwise alike measures that named "
        f"{change.old} in {against}",
        f"  such as {examples}",
        f"  places in the new edition's text where {change.old} still stands: {written or 'none'}",
    ]


def _entry(new: str, olds: list[Proposal], document: Document) -> list[str]:
    """A body of the register, as far as the plans tell; what the analyst has to look up is said behind it."""
    model = ministries.register()[max(olds, key=lambda body: len(body.pairs)).old]
    fields: list[tuple[str, object, str]] = [
        ("name", new, ""),
        ("name_en", new, "its English name"),
        ("kind", model.kind, ""),
        *([("parent", model.parent, "")] if model.parent else []),
        ("since", document.edition, "the year in which it began"),
        ("predecessors", [body.old for body in olds], ""),
        ("source", document.title, "the act that establishes it"),
    ]
    return ["[[body]]", *(
        f"{name} = {json.dumps(value, ensure_ascii=False)}{comment and f'  # to look up: {comment}'}"
        for name, value, comment in fields
    )]  # fmt: skip


def _row(programme: Proposal, document: Document) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(
        [programme.old, programme.new, "renamed", document.edition, document.title]
    )
    return out.getvalue()
