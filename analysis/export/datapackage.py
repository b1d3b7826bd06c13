"""datapackage.json beside the CSV files: what each is and what each of its columns holds, for programs.

`title` and `description` are in the language of the export, `titles` and `descriptions` in all.

It follows version 2 of the Data Package standard, so that `frictionless validate datapackage.json` can tell whether the
files are whole and what the schemas say. It names no time, and the same tables give the same bytes.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import dataframely as dy
import polars as pl

from analysis import __version__
from analysis.base import files
from analysis.base.errors import TableFaulty
from analysis.base.i18n import LANGUAGES
from analysis.documents import manifest
from analysis.export import sanitise
from analysis.export.citation import Citation
from analysis.tables import codebook
from analysis.tables.categories import OneOf
from analysis.tables.export_schemas import EXPORTED
from analysis.tables.labels import label

FILE = "datapackage.json"
STANDARD = "https://datapackage.org/profiles/2.0/datapackage.json"
MIT = {"name": "MIT", "title": "MIT License", "path": "https://opensource.org/license/mit"}
TYPES: dict[type[dy.Column], str] = {
    dy.String: "string", dy.Int64: "integer", dy.Float64: "number", dy.Bool: "boolean", dy.List: "list",
}  # fmt: skip
# Columns that lead to a row of another table, wherever they stand …
LEADS_TO = {
    "doc_id": ("documents", "doc_id"),
    "measure_id": ("measures", "measure_id"),
    "from_id": ("measures", "measure_id"),
    "to_id": ("measures", "measure_id"),
    "unit_id": ("measures", "measure_id"),
    "repeats": ("measures", "measure_id"),
    "item": ("measures", "measure_id"),
    "topic_id": ("topic_names", "topic_id"),
    "second_topic": ("topic_names", "topic_id"),
    "figure_id": ("figures", "figure_id"),
    "indicator_id": ("indicators", "indicator_id"),
}
# … but for those that hold other things, too (all), or what is there no more
NOWHERE = {("resonance", "topic_id"), ("revisions", "measure_id"), ("codings", "to_id"), ("benchmark", "to_id"),
           ("delivery", "unit_id")}  # fmt: skip


@dataclass(frozen=True)
class ExportedTable:
    """A table of an export: name, title, number of rows, and its files by format."""

    name: str
    title: str
    rows: int
    files: dict[str, str]


def make(frames: dict[str, pl.DataFrame], contents: dict[str, bytes], about: Citation) -> bytes:
    """Return datapackage.json for the CSV files of tables: `frames` and `contents` (their bytes) by table."""
    described = {
        "$schema": STANDARD,
        "name": about.name,
        "title": about.title,
        "description": f"{about.description} {about.text}",
        "version": __version__,
        "licenses": [MIT],
        "sources": [_source(document) for document in manifest.documents()],
        "resources": [_resource(name, frames, contents[name], about) for name in frames],
    }
    return (json.dumps(described, ensure_ascii=False, indent=1) + "\n").encode()


def listed(folder: Path) -> tuple[list[ExportedTable], str | None]:
    """Return the tables of a folder that an export wrote CSV into, and the name of its workbook, where it has one.

    Raises TableFaulty where the folder has no datapackage.json.
    """
    try:
        described = json.loads((folder / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise TableFaulty(f"{folder / FILE} cannot be read ({error}): export the tables again") from error
    tables = []
    for resource in described["resources"]:
        names = {format: f"{resource['name']}.{format}" for format in ("csv", "parquet")}
        existing = {format: name for format, name in names.items() if (folder / name).exists()}
        tables.append(ExportedTable(resource["name"], resource["title"], resource["rows"], existing))
    workbook = f"{described['name']}.xlsx"
    return tables, workbook if (folder / workbook).exists() else None


def _source(document: manifest.Document) -> dict[str, str]:
    path = {"path": document.address} if document.address else {}
    return {"title": document.title, **path, "publisher": document.publisher, "licence": document.licence}


def _resource(name: str, frames: dict[str, pl.DataFrame], content: bytes, about: Citation) -> dict[str, object]:
    frame, schema = frames[name], EXPORTED[name]
    resource: dict[str, object] = {
        "name": name,
        "type": "table",
        "path": f"{name}.csv",
        **_in_words(
            about,
            {language: label("table", name, language) for language in LANGUAGES},
            {language: codebook.about_table(schema, language) for language in LANGUAGES},
        ),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{files.checksum(content)}",
        "rows": frame.height,
        "dialect": {"delimiter": ",", "lineTerminator": "\n", "quoteChar": '"', "doubleQuote": True, "header": True},
        "schema": _schema(name, frames, about),
    }
    if "text" in frame.columns and frame["text"].null_count() < frame.height:
        closed = {"name": "other-closed", "title": about.texts(True)}
        resource["licenses"] = [MIT, closed]
    return resource


def _in_words(about: Citation, titles: dict[str, str], descriptions: dict[str, str]) -> dict[str, object]:
    """Return what people read of a table or column: in the language of the export, and in each."""
    return {"title": titles[about.language], "description": descriptions[about.language], "titles": titles,
            "descriptions": descriptions}  # fmt: skip


def _schema(name: str, frames: dict[str, pl.DataFrame], about: Citation) -> dict[str, object]:
    schema, columns = EXPORTED[name], frames[name].columns
    kinds = schema.columns()
    said = {language: codebook.entries(schema, columns, language) for language in LANGUAGES}
    fields = []
    for at, entry in enumerate(said["en"]):
        titles = {language: codebook.title(entry.column, language) for language in LANGUAGES}
        descriptions = {language: entries[at].description for language, entries in said.items()}
        fields.append(_field(entry, kinds[entry.column], _in_words(about, titles, descriptions)))
    keys = [
        {"fields": [column], "reference": ({} if table == name else {"resource": table}) | {"fields": [key]}}
        for column in columns
        if (name, column) not in NOWHERE and column in LEADS_TO
        for table, key in [LEADS_TO[column]]
        if table in frames and (table, key) != (name, column)
    ]
    described: dict[str, object] = {"fields": fields, "primaryKey": schema.primary_key()}
    return described | ({"foreignKeys": keys} if keys else {})


def _field(entry: codebook.Entry, kind: dy.Column, words: dict[str, object]) -> dict[str, object]:
    field: dict[str, object] = {"name": entry.column, "type": TYPES[type(kind)], **words}
    if isinstance(kind, dy.List):
        field |= {"delimiter": sanitise.JOINT, "itemType": TYPES[type(kind.inner)]}
    constraints = _constraints(entry, kind)
    return field | ({"constraints": constraints} if constraints else {})


def _constraints(entry: codebook.Entry, kind: dy.Column) -> dict[str, object]:
    """Return what the schema demands and a CSV file can show: in one, an empty text or list looks like none."""
    constraints: dict[str, object] = {}
    if isinstance(kind, dy.String):
        constraints |= {"enum": list(kind.check.values)} if isinstance(kind.check, OneOf) else {}
        constraints |= {"pattern": kind.regex} if kind.regex else {}
    elif isinstance(kind, (dy.Int64, dy.Float64)):
        constraints |= {name: end for name, end in (("minimum", kind.min), ("maximum", kind.max)) if end is not None}
    if entry.key or (
        not entry.nullable and not isinstance(kind, dy.List) and (constraints or not isinstance(kind, dy.String))
    ):
        constraints = {"required": True} | constraints
    return constraints
