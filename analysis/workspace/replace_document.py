"""A document that takes another's place: a decided plan for its draft, a PDF for the text that was taken from it.

What was judged goes along (`move_judgements`), what changed is kept (table `revisions`), and all of it is put in place
in one step (`publish.replace_files`).
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from analysis import kpi
from analysis.base import files, paths
from analysis.base.errors import DocumentFaulty, TableFaulty, UsageFault
from analysis.base.japanese import shorten, split_lines
from analysis.coding import record as codings_record
from analysis.documents import corrections, document, manifest, relocate
from analysis.documents.manifest import Document
from analysis.documents.relocate import MovedCorrections, Running
from analysis.extraction import extract, revision
from analysis.extraction.parsers.profile import Profile
from analysis.tables import store
from analysis.tables.categories import CHANGES
from analysis.workspace import move_judgements, publish
from analysis.workspace.move_judgements import Moved, Replaced

Tables = dict[str, pl.DataFrame]
CARRIED = ("revisions", "assignments")  # tables that a run takes from the one before
READ = ("measures", "figures", "roadmap")  # tables that checks by hand are about
WHERE = (
    "measure_id", "figure_id", "doc_id", "first_line", "last_line", "doubts", "confidence", "repeats", "indicator_id",
    "first_year", "last_year",
)  # fmt: skip


@dataclass(frozen=True)
class Replacement:
    """A replacement, ready to be recorded: the entry that goes, the new rows, what changed, and all that moves."""

    before: Document
    rows: Tables
    newest: pl.DataFrame  # rows of Revisions
    moved: Moved
    silent: list[str]  # indicators that had figures of the document and have none any more
    near: list[tuple[str, str, float]]
    tables: Mapping[Path, str]  # what a run takes from the one before
    read_from: Mapping[Path, str]  # checksums of the files that this was made of


@dataclass(frozen=True)
class Returning:
    """What comes back with a file that holds what another one of the edition held: measures, and what was judged."""

    measures: int
    moved: Moved
    tables: Mapping[Path, str]
    read_from: Mapping[Path, str]

    def summary(self) -> str:
        counts = ", ".join(f"{count} {kind}s" for kind, count in sorted(self.moved.counts.items()))
        return f"{self.measures} measures that another file of the edition held before; come back: {counts or '–'}"


def replaced_by(edition: int, kind: str | None, doc_id: str | None) -> Document:
    """Return the document of the manifest that a new one takes the place of. Raises UsageFault."""
    documents = [d for d in manifest.documents() if d.edition == edition and kind in (None, d.kind)]
    if doc_id is not None:
        documents = [d for d in manifest.documents() if d.doc_id == doc_id]
    elif kind is None and len(documents) > 1:
        documents = [d for d in documents if d.kind == "full"] or documents
    if len(documents) == 1:
        return documents[0]
    what = f"{kind or 'document'} of {edition}" if doc_id is None else doc_id
    if documents:
        names = ", ".join(d.doc_id for d in documents)
        raise UsageFault(f"the manifest has more than one {what}: say with --doc-id which one to replace ({names})")
    raise UsageFault(f"the manifest has no {what} that could be replaced: leave --replace out to add it")


def read(new: Document, content: bytes, before: Document, profile: Profile) -> Replacement:
    """Return what replacing a document changes. Raises DocumentFaulty, TableFaulty."""
    read_from = _checksums()
    lines = split_lines(content.decode())
    old_lines = manifest.lines(before) if manifest.path(before).exists() else None
    old_running, new_running = None if old_lines is None else running(old_lines), running(lines)
    listed = corrections.listed().filter(pl.col("doc_id") == before.doc_id)
    rows, moving = _corrected(new, lines, profile, relocate.corrections(listed, old_running, new_running))
    old = stored(before) if old_lines is None else checked(extract.rows_of(before, old_lines))
    earlier = store.read_if_there("revisions", paths.committed()).filter(pl.col("doc_id") == before.doc_id)
    step = int(str(earlier["step"].max() or 0)) + 1
    newest = revision.revisions(new, before, rows, old, step)
    same = _same_reading(newest, old, rows)
    moved = move_judgements.move(Replaced(before.doc_id, newest, moving, old_running, new_running, same))
    newest = store.check("revisions", newest.with_columns(codings=_codings(moved.codings)))
    new_id = revision.mapping(newest)
    told = newest.clear() if same and new.sha256 == before.sha256 else newest  # the same text once more says nothing
    tables = _carried(told, new_id)
    silent = sorted(set(_tied(old)) - set(_tied(rows)))
    return Replacement(before, rows, newest, moved, silent, revision.near(newest, old, rows), tables, read_from)


def _checksums() -> dict[Path, str]:
    """The checksums of all that a replacement is made of."""
    kept = [*paths.curated().iterdir(), *codings_record.folder().glob("*.csv")]
    kept = [file for file in sorted(kept) if file.is_file()]
    kept += [file for file in (store.path(name, paths.committed()) for name in CARRIED) if file.exists()]
    return {file: files.checksum(file) for file in (paths.manifest(), *kept)}


def running(lines: list[str]) -> Running:
    """Return the words of a stored text or listing as one text."""
    made = document.load(lines)
    return Running(list(made.lines) if made.pages else lines)


def checked(rows: Tables) -> Tables:
    return {name: store.check(name, frame) for name, frame in rows.items()}


def stored(before: Document) -> Tables:
    """Return the committed rows of a document that is not at hand. Raises DocumentFaulty where there are none."""
    if not store.exists("measures", paths.committed()):
        raise DocumentFaulty(f"neither {manifest.path(before)} nor its tables are there: run `make report` first")
    tables = {name: store.read(name, paths.committed()) for name in ("measures", "features", "figures", "roadmap")}
    own = tables["measures"].filter(pl.col("doc_id") == before.doc_id)
    if own.is_empty():
        raise DocumentFaulty(f"{before.doc_id} is not at hand and has no rows in data/processed: fetch it first")
    tables["figures"] = tables["figures"].filter(pl.col("doc_id") == before.doc_id)
    for name in ("features", "roadmap"):
        tables[name] = tables[name].join(own, on="measure_id", how="semi")
    return tables | {"measures": own}


def _corrected(
    new: Document, lines: list[str], profile: Profile, moving: MovedCorrections
) -> tuple[Tables, MovedCorrections]:
    """The new rows, and those corrections that the new text takes; one whose word is parted there, or that would change
    what is a measure, counts as lost."""
    try:
        return checked(extract.rows_of(new, lines, profile, moving.rows)), moving
    except TableFaulty:
        works = pl.Series(
            [_works(new, lines, profile, moving.rows[at]) for at in range(moving.rows.height)], dtype=pl.Boolean
        )
    lost = pl.concat([moving.lost, moving.rows.filter(~works)])
    moving = replace(moving, rows=moving.rows.filter(works), lost=lost)
    return checked(extract.rows_of(new, lines, profile, moving.rows)), moving


def _works(new: Document, lines: list[str], profile: Profile, row: pl.DataFrame) -> bool:
    try:
        extract.rows_of(new, lines, profile, row)
    except TableFaulty:
        return False
    return True


def _same_reading(revisions: pl.DataFrame, old: Tables, new: Tables) -> bool:
    """Whether both files give the same rows, wherever they stand."""
    if revisions.filter(pl.col("change") != "unchanged").height:
        return False
    for name in READ:
        one, other = (tables[name].drop(WHERE, strict=False) for tables in (old, new))
        if not one.equals(other.select(one.columns)):
            return False
    return True


def _codings(codings: Counter[str]) -> pl.Expr:
    return pl.col("old_id").replace_strict(dict(codings), default=0, return_dtype=pl.Int64).fill_null(0)


def _tied(tables: Tables) -> list[str]:
    return kpi.ties(tables["figures"])["indicator_id"].drop_nulls().to_list()


def _carried(newest: pl.DataFrame, new_id: Mapping[str, str | None]) -> dict[Path, str]:
    """The tables that a run takes from the one before, with the identifiers that measures have now: what replacements
    changed, and the topics that measures had."""
    folder = paths.committed()
    moved = pl.col("measure_id").replace_strict(new_id, default=pl.col("measure_id"), return_dtype=pl.String)
    earlier = store.read_if_there("revisions", folder).with_columns(moved)
    tables = {"revisions": pl.concat([earlier, newest.select(earlier.columns)])}
    if store.exists("assignments", folder):
        tables["assignments"] = store.read("assignments", folder).with_columns(moved).drop_nulls("measure_id")
    return {store.path(name, folder): store.dump(name, frame) for name, frame in tables.items()}


# --- what comes back --------------------------------------------------------------------------------------------


def returning(new: Document, rows: Tables) -> Returning | None:
    """Return what comes back with a document that holds measures which a file of its edition held before; None where
    nothing does. Raises TableFaulty."""
    siblings = {d.doc_id for d in manifest.documents() if d.edition == new.edition}
    earlier = store.read_if_there("revisions", paths.committed())
    here = pl.col("doc_id").is_in(siblings) & (pl.col("change") == "dropped")
    back = revision.found_again(earlier.filter(here), rows["measures"])
    if not back:
        return None
    read_from = _checksums()
    again = here & pl.col("old_id").is_in(list(back))
    measure_id = pl.col("old_id").replace_strict(back, default=None, return_dtype=pl.String)
    revisions = earlier.with_columns(
        pl.when(again).then(measure_id).otherwise("measure_id").alias("measure_id"),
        pl.when(again).then(pl.lit("elsewhere")).otherwise("change").alias("change"),
    )
    moved = move_judgements.bring_back(siblings, back)
    table = store.path("revisions", paths.committed())
    return Returning(len(back), moved, {table: store.dump("revisions", revisions)}, read_from)


# --- recording --------------------------------------------------------------------------------------------------


def record(new: Document, content: bytes, replacement: Replacement | Returning, layout: Mapping[Path, str]) -> None:
    """Put the new document in the other's place (or beside it), with all that goes along, in one step.

    Raises UsageFault where a file that people keep was changed meanwhile, AlreadyRunning beside a run, CannotWrite.
    """
    with publish.exclusive(), codings_record.alone():
        publish.repair()
        changed = dict(replacement.read_from.items() ^ _checksums().items())
        if changed:
            raise UsageFault(
                f"{min(changed)} was changed meanwhile, and nothing is replaced: run the command once more"
            )
        publish.replace_files(
            {
                manifest.path(new): content,
                paths.manifest(): manifest.with_entry(new),
                **replacement.moved.files,
                **replacement.tables,
                **layout,
            }
        )


# --- the summary ------------------------------------------------------------------------------------------------


def summary(new: Document, replacement: Replacement) -> list[str]:
    """Return what the replacement changes, and all that an analyst must look at, in order."""
    before, moved = replacement.before, replacement.moved
    newest = replacement.newest
    counts = Counter(newest["change"])
    changes = ", ".join(f"{counts[change]} {change}" for change in CHANGES[:-1])
    lines = [
        f"takes the place of {before.doc_id} ({before.status}, sha256 {before.sha256[:16]}…); now it is {new.status}",
        f"measures and rows of the roadmap: {changes}",
        "moved along: "
        + (", ".join(f"{count} {kind}s" for kind, count in sorted(moved.counts.items()) if count) or "–"),
    ]
    lines += ["", *_listed("reworded, their codings moved along (look at them again)", _reworded(newest))]
    lines += ["", *_listed("added, coded by nobody", _named(newest, "added", "measure_id"))]
    lines += ["", *_listed("dropped", _named(newest, "dropped", "old_id"))]
    near = [f"{old} and {now} ({likeness:.0%} alike)" for old, now, likeness in replacement.near]
    lines += ["", *_listed("dropped and added ones that may be the same (decide in notebooks/review.ipynb)", near)]
    aside = Counter((s.file, s.why, s.what_to_do) for s in moved.set_aside)
    first = {(s.file, s.why, s.what_to_do): s.row for s in reversed(moved.set_aside)}
    shown = [
        f"{file}: {first[file, why, what]}{f' and {count - 1} more' if count > 1 else ''}\n    {why}: {what}"
        for (file, why, what), count in aside.items()
    ]
    lines += ["", *_listed(f"fits nothing any more (kept in data/curated/{move_judgements.SET_ASIDE})", shown)]
    silent = "indicators that no figure of the document fits any more (data/curated/indicators.toml)"
    lines += ["", *_listed(silent, replacement.silent)]
    return [line for text in lines for line in text.split("\n")]


def _reworded(rows: pl.DataFrame) -> list[str]:
    changed = rows.filter(pl.col("change").is_in(["reworded", "reattributed"]))
    return [
        f"{row['measure_id']} (was {row['old_id']}, {row['likeness']:.0%} alike)  {row['codings']} codings  "
        + "; ".join(row["attribution"] + row["words"])
        for row in changed.sort("likeness", "number").iter_rows(named=True)
    ]


def _named(rows: pl.DataFrame, change: str, column: str) -> list[str]:
    own = rows.filter(pl.col("change") == change)
    return [f"{row[column]}  {row['section']} {shorten(row['section_title'])}" for row in own.iter_rows(named=True)]


def _listed(what: str, rows: list[str]) -> list[str]:
    return [f"{what}: {len(rows) or 'none'}", *(f"  {row}" for row in rows)]
