"""Export the tables for use elsewhere: one file each, JSON Lines, CSV or Parquet, or all in one workbook.

Beside CSV files stands datapackage.json, which says what is in them.
"""

import io
from collections.abc import Callable, Mapping
from pathlib import Path

import polars as pl

from analysis import kpi
from analysis.base import files
from analysis.base.errors import UsageFault
from analysis.base.japanese import normal, unspaced
from analysis.coding import delivery, published
from analysis.export import datapackage, sanitise, xlsx
from analysis.export.citation import Citation
from analysis.tables import editions, ministries, name_register, store
from analysis.tables.export_schemas import EXPORTED, Indicators, Ministries
from analysis.topics import crosswalk

FORMATS = ["jsonl", "csv", "parquet", "xlsx"]
ALL = "all"  # of these
# Valid in JSON, but line ends to many programs that read JSON Lines (Python's splitlines among them).
LINE_ENDS = {"\u2028": "\\u2028", "\u2029": "\\u2029", "\x85": "\\u0085"}

STANDING = ("direction", "state")  # columns of progress that KPIs have

Tell = Callable[[str], None]
Read = Callable[[str], pl.DataFrame | None]  # a table by name, None where there is none


def export(
    out: Path,
    *formats: str,
    about: Citation | None = None,
    tell: Tell = lambda message: None,
    tables: Mapping[str, pl.DataFrame] | None = None,
) -> list[Path]:
    """Write every table that exists into the folder `out`, as JSON Lines where no format is named; the files written.

    `tables` are the tables to write by name, those of the workspace where none are given.

    Each file is replaced in one step, when all are made; one of an earlier export that would now be empty of meaning
    (no table, no rows) is removed. `about` is what the workbook and datapackage.json say of themselves; `tell` hears
    what is left out. Raises UsageFault, CannotWrite and TableFaulty.
    """
    for format in formats:
        if format not in (*FORMATS, ALL):
            raise UsageFault(f"format {format!r} does not exist: choose one of {', '.join((*FORMATS, ALL))}")
    wanted = FORMATS if ALL in formats else formats or FORMATS[:1]
    exported = _frames(tell, _stored if tables is None else tables.get)
    frames = {name: _sorted(name, frame) for name, frame in exported.items() if frame is not None}
    contents: dict[str, bytes | None] = {}
    for format in wanted:
        contents |= dict.fromkeys(f"{name}.{format}" for name in exported if name not in frames)
        contents |= _contents(frames, format, about or Citation(), tell) if frames else {}
    return _put(out, contents)


def _sorted(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    return frame.sort(EXPORTED[name].primary_key())


def _contents(frames: dict[str, pl.DataFrame], format: str, about: Citation, tell: Tell) -> dict[str, bytes]:
    """The files of a format by name."""
    if format == "xlsx":
        content, notes = xlsx.make(frames, about)
        for sentence in notes:
            tell(sentence)
        return {f"{about.name}.xlsx": content}
    made = {name: _bytes(frame, format) for name, frame in frames.items()}
    contents = {f"{name}.{format}": content for name, content in made.items()}
    if format == "csv":
        contents[datapackage.FILE] = datapackage.make(frames, made, about)
    return contents


def _put(out: Path, contents: dict[str, bytes | None]) -> list[Path]:
    """Put the files into the folder, and take away those without content; the files written."""
    for name, content in contents.items():
        if content is None:
            with files.naming_faults(out / name):
                (out / name).unlink(missing_ok=True)
        else:
            files.write(out / name, content)
    return [out / name for name, content in contents.items() if content is not None]


def _frames(tell: Tell, read: Read) -> dict[str, pl.DataFrame | None]:
    """What each file holds; None where there is nothing to write."""

    def table(name: str) -> pl.DataFrame | None:
        frame = read(name)
        if frame is None:
            tell(f"there is no table {name}: left out")
        return frame

    measures = _measures(table("measures"), read("texts"), read("features"), tell)
    made: dict[str, Callable[[], pl.DataFrame | None]] = {
        "measures": lambda: measures,
        "roadmap": lambda: None if measures is None else _roadmap(measures, table("roadmap")),
        "kpis": lambda: _kpis(table("figures"), read("progress")),
        "topics": lambda: _crossed(table("assignments"), "cap_code"),
        "topic_names": lambda: _crossed(table("topics"), "cap_code", "cap_name"),
        "indicators": lambda: _indicators(read),
        "ministries": lambda: None if measures is None else _ministries(),
        "mentions": lambda: _mentions(table("mentions"), measures),
        "codings": lambda: _judged(published.every_value, read),
        "benchmark": lambda: _judged(published.benchmark, read),
        "delivery": lambda: None if measures is None else delivery.table(measures),
    }
    return {name: made[name]() if name in made else table(name) for name in EXPORTED}


def _kpis(figures: pl.DataFrame | None, progress: pl.DataFrame | None) -> pl.DataFrame | None:
    """Of all figures those that are KPIs, with how their indicators stand; the table figures has the others, too."""
    if figures is None:
        return None
    stand = (store.empty("progress") if progress is None else progress).select("indicator_id", *STANDING)
    return kpi.core(figures).join(stand, on="indicator_id", how="left", maintain_order="left")


def _crossed(topics: pl.DataFrame | None, *columns: str) -> pl.DataFrame | None:
    """Rows with a topic_id, with its code of the Comparative Agendas Project."""
    if topics is None:
        return None
    codes = crosswalk.crosswalk().select("topic_id", *columns)
    return topics.join(codes, on="topic_id", how="left", maintain_order="left")


def _indicators(read: Read) -> pl.DataFrame | None:
    """The register, which the series and their progress name; None where there are neither."""
    if read("series") is None and read("progress") is None:
        return None
    columns = Indicators.column_names()
    rows = [{column: getattr(indicator, column) for column in columns} for indicator in kpi.indicators()]
    return pl.DataFrame(rows, schema=Indicators.create_empty().schema)


def _ministries() -> pl.DataFrame:
    """The register of bodies, which the measures name."""
    columns, bodies = Ministries.column_names(), dict.fromkeys(ministries.register().values())
    rows = [{column: getattr(body, column) for column in columns} for body in bodies]
    return pl.DataFrame(rows, schema=Ministries.create_empty().schema)


def _judged(table: Callable[[pl.DataFrame], pl.DataFrame], read: Read) -> pl.DataFrame | None:
    """What was coded of the measures; None where there is nothing."""
    measures = read("measures")
    rows = None if measures is None else table(measures)
    return None if rows is None or rows.is_empty() else rows


def _stored(name: str) -> pl.DataFrame | None:
    return store.read(name) if store.exists(name) else None


def _measures(
    measures: pl.DataFrame | None, texts: pl.DataFrame | None, features: pl.DataFrame | None, tell: Tell
) -> pl.DataFrame | None:
    """The measures, with their texts and whole headings where the documents are at hand, and what to search them by."""
    if measures is None:
        return None
    if texts is None:
        tell("there is no table texts (it needs the documents): measures without their texts, headings shortened")
        return _searchable(measures.with_columns(text=pl.lit(None, pl.String)), features)
    whole = texts.rename({"section_title": "whole_title", "subhead": "whole_subhead"})
    joined = measures.join(whole, on="measure_id", how="left", maintain_order="left")
    whole_headings = joined.with_columns(
        section_title=pl.coalesce("whole_title", "section_title"), subhead=pl.coalesce("whole_subhead", "subhead")
    )
    return _searchable(whole_headings.drop("whole_title", "whole_subhead"), features)


def _searchable(measures: pl.DataFrame, features: pl.DataFrame | None) -> pl.DataFrame:
    """The measures with headings and texts (names and terms without them) in the form that a filter finds."""
    texts = [name for name in ("repaired", "text") if name in measures.columns]
    words = (store.empty("features") if features is None else features).select(
        "measure_id",
        words=pl.concat_list("names", "terms")
        .list.eval(_as_filtered(pl.element()))
        .list.unique(maintain_order=True)
        .list.join(sanitise.JOINT),
    )
    columns = [*map(_as_filtered, (pl.col("section_title"), pl.col("subhead"), pl.coalesce(*texts)))]
    parts = pl.concat_str(*columns[:-1], pl.coalesce(columns[-1], "words"), separator=" / ", ignore_nulls=True)
    joined = measures.join(words, on="measure_id", how="left", maintain_order="left")
    return joined.with_columns(search_text=parts).drop("words")


def _as_filtered(column: pl.Expr) -> pl.Expr:
    """Texts in the usual width, without spaces but between Latin words."""
    return column.map_elements(lambda text: unspaced(normal(text)), return_dtype=pl.String)


def _roadmap(measures: pl.DataFrame, rows: pl.DataFrame | None) -> pl.DataFrame | None:
    """The roadmap's rows with their numbers and texts; None where there are none."""
    if rows is None or rows.is_empty():
        return None
    # a row's title is its heading, which is whole where the texts are at hand
    joined = rows.drop("part", "title").join(measures, on="measure_id", maintain_order="left")
    return joined.rename({"subhead": "title"})


def _mentions(mentions: pl.DataFrame | None, measures: pl.DataFrame | None) -> pl.DataFrame | None:
    """The names with their editions, whole where the texts are at hand, and in English where the register has them."""
    if mentions is None or measures is None:
        return None
    text = pl.coalesce("repaired", "text") if "repaired" in measures.columns else pl.col("text")
    of_measure = measures.select("measure_id", text.alias("text"), edition_id=editions.column())
    whole = pl.col("text").str.slice(pl.col("start"), pl.col("characters"))
    rows = mentions.join(of_measure, on="measure_id", maintain_order="left").with_columns(
        name=pl.coalesce(whole, "name"),
        canonical_en=pl.col("canonical").map_elements(name_register.english, return_dtype=pl.String),
    )
    return rows.select(EXPORTED["mentions"].column_names())


def _bytes(frame: pl.DataFrame, format: str) -> bytes:
    buffer = io.BytesIO()
    if format == "parquet":
        frame.write_parquet(buffer)
    elif format == "csv":
        # quoted, so that a semicolon parts no cells where spreadsheets take it for the delimiter
        sanitise.disarmed(sanitise.flat(frame)).write_csv(buffer, include_bom=True, quote_style="non_numeric")
    else:
        text = frame.write_ndjson()
        for end, escape in LINE_ENDS.items():
            text = text.replace(end, escape)
        buffer.write(text.encode())
    return buffer.getvalue()
