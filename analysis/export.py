"""The tables in the form others read: one file each, JSON Lines, CSV or Parquet, keys and columns named plainly."""

import io
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import polars as pl

from analysis import kpi, tables
from analysis.errors import CannotWrite, UsageFault

FORMATS = ["jsonl", "csv", "parquet"]
# A spreadsheet takes a cell that begins so for a formula; Japanese ones take the full-width signs too.
FORMULA = r"^[=+\-@＝＋－＠\t\r\n]"
CONTROL = r"[\x00-\x08\x0B\x0C\x0E-\x1F\x7F]"  # what no spreadsheet can hold
# Valid in JSON, but line ends to many readers of JSON Lines (Python's splitlines among them).
LINE_ENDS = {"\u2028": "\\u2028", "\u2029": "\\u2029", "\x85": "\\u0085"}

Tell = Callable[[str], None]


def export(out: Path, format: str = "jsonl", tell: Tell = lambda message: None) -> list[Path]:
    """Write every table that exists into the folder `out`; the files written.

    Each file is replaced in one step; one of an earlier export that would now be empty of meaning (no table, no
    rows) is removed. `tell` hears what is left out. Raises UsageFault, CannotWrite and TableFaulty.
    """
    if format not in FORMATS:
        raise UsageFault(f"format {format!r} does not exist: choose one of {', '.join(FORMATS)}")
    frames = _frames(tell)  # all are read before anything is written
    written = []
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, frame in frames.items():
            file = out / f"{name}.{format}"
            if frame is None:
                file.unlink(missing_ok=True)
                continue
            _replace(file, _bytes(frame, format))
            written.append(file)
    except OSError as error:
        raise CannotWrite(
            f"cannot write {error.filename or out} ({error.strerror}): choose a folder that can be written"
        ) from error
    return written


def _frames(tell: Tell) -> dict[str, pl.DataFrame | None]:
    """What each file holds; None where there is nothing to write."""
    measures = _measures(tell)
    return {
        "measures": measures,
        "roadmap": None if measures is None else _roadmap(measures, tell),
        "kpis": _kpis(tell),
        "links": _table("links", tell),
        "topics": _table("assignments", tell),
        **{
            name: _table(name, tell)
            for name in (
                "candidates", "documents", "fates", "figures", "ledger", "novelty", "progress", "resonance", "series",
                "survival", "turnover",
            )
        },
    }  # fmt: skip


def _kpis(tell: Tell) -> pl.DataFrame | None:
    """Of all figures those that are KPIs; the table figures has the others, too."""
    figures = _table("figures", tell)
    return None if figures is None else kpi.core(figures)


def _table(name: str, tell: Tell) -> pl.DataFrame | None:
    if not tables.exists(name):
        tell(f"there is no table {name}: left out")
        return None
    return tables.read(name)


def _measures(tell: Tell) -> pl.DataFrame | None:
    """The measures, with their texts and whole headings where the documents are at hand."""
    measures = _table("measures", tell)
    if measures is None:
        return None
    if not tables.exists("texts"):
        tell("there is no table texts (it needs the documents): measures without their texts, headings shortened")
        return measures.with_columns(text=pl.lit(None, pl.String))
    whole = tables.read("texts").rename({"section_title": "whole_title", "subhead": "whole_subhead"})
    joined = measures.join(whole, on="measure_id", how="left", maintain_order="left")
    return joined.with_columns(
        section_title=pl.coalesce("whole_title", "section_title"),
        subhead=pl.coalesce("whole_subhead", "subhead"),
    ).drop("whole_title", "whole_subhead")


def _roadmap(measures: pl.DataFrame, tell: Tell) -> pl.DataFrame | None:
    """The roadmap's rows with their numbers and texts; None where there are none."""
    rows = _table("roadmap", tell)
    if rows is None or rows.is_empty():
        return None
    # a row's title is its heading, which is whole where the texts are at hand
    joined = rows.drop("part", "title").join(measures, on="measure_id", maintain_order="left")
    return joined.rename({"subhead": "title"})


def _bytes(frame: pl.DataFrame, format: str) -> bytes:
    buffer = io.BytesIO()
    if format == "parquet":
        frame.write_parquet(buffer)
    elif format == "csv":
        _spreadsheet(frame).write_csv(buffer, include_bom=True)
    else:
        text = frame.write_ndjson()
        for end, escape in LINE_ENDS.items():
            text = text.replace(end, escape)
        buffer.write(text.encode())
    return buffer.getvalue()


def _spreadsheet(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with lists as text, no control characters, and no text that a spreadsheet takes for a formula."""
    lists = [name for name, kind in frame.schema.items() if isinstance(kind, pl.List)]
    frame = frame.with_columns(pl.col(name).cast(pl.List(pl.String)).list.join("; ") for name in lists)
    cells = pl.col(pl.String).str.replace_all(CONTROL, "").str.replace(FORMULA, "'${0}")
    return frame.with_columns(cells)


def _replace(file: Path, content: bytes) -> None:
    """Put the content in the file's place in one step."""
    handle, name = tempfile.mkstemp(prefix=f".{file.name}-", dir=file.parent)
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        part.chmod(0o644)  # mkstemp's files are for their owner alone
        os.replace(part, file)
    finally:
        part.unlink(missing_ok=True)
