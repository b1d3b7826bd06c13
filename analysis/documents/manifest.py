"""The documents of data/raw/manifest.toml: what they are, and whether they are whole.

A document in data/raw is either exactly the one the manifest describes or a fault. `workspace.fetch` puts it there.
"""

import json
import re
import tomllib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator

from analysis.base import curated, encodings, files, paths
from analysis.base.errors import DocumentFaulty, DocumentMissing, TableFaulty
from analysis.base.japanese import split_lines
from analysis.tables.categories import DOCUMENT_STATUSES, KINDS

DOC_ID = re.compile(r"[a-z0-9_-]{1,64}")
SHA256 = re.compile(r"[0-9a-f]{64}")


def _joined(address: object) -> object:
    """Join an address in parts: whole, it would stand in the manifest as a run of the text of plans that quote it."""
    return "/".join(map(str, address)) if isinstance(address, tuple | list) else address


def _checked(holds: Callable[[Any], object], otherwise: str) -> AfterValidator:
    """Return pydantic's check of a field's value; `otherwise` is what is said of one that does not hold."""

    def check(value: Any) -> Any:
        if not holds(value):
            raise ValueError(otherwise)
        return value

    return AfterValidator(check)


def is_https(address: str) -> bool:
    """Whether an address is of the web, encrypted, with a host."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname)


def _one_of(words: list[str]) -> AfterValidator:
    return _checked(words.__contains__, f"must be one of {', '.join(words)}")


DocId = Annotated[str, _checked(DOC_ID.fullmatch, "may hold only a-z, 0-9, _ and -, 64 of them at most")]
Address = Annotated[str, BeforeValidator(_joined), _checked(is_https, "must begin with https://")]
Words = Annotated[str, _checked(str.strip, "is empty")]
Size = Annotated[int, _checked(lambda size: size > 0, "must be that of the document (`wc -c`)")]
Sha256 = Annotated[str, _checked(SHA256.fullmatch, "must be that of the document (`sha256sum`)")]


@curated.exact
@dataclass(frozen=True)
class Source:
    """The file that a document's text was taken from, and with what."""

    form: str  # pdf or text
    pages: int  # 0 where the form has none
    tool: str
    bytes: Size
    sha256: Sha256


@dataclass(frozen=True)
class Document:
    """One entry of the manifest; docs/codebook.md says what each field means.

    `source` is set where the text is not the publisher's file itself but was taken from it (`analysis add`). No
    `address` where nobody knows where the publisher offers it.
    """

    doc_id: DocId
    edition: curated.Year
    kind: Annotated[str, _one_of(KINDS)]
    status: Annotated[str, _one_of(DOCUMENT_STATUSES)]
    title: Words
    publisher: Words
    address: Address | None = field(default=None, kw_only=True)
    licence: Words
    layout: str
    bytes: Size
    sha256: Sha256
    source: Source | None = None


def documents() -> list[Document]:
    """The documents in the manifest's order. Raises TableFaulty where the manifest is missing or faulty."""
    manifest = curated.toml(paths.manifest())
    entries = manifest.get("document")
    if set(manifest) != {"document"} or not entries or not all(isinstance(entry, dict) for entry in entries):
        raise _faulty("must hold [[document]] entries and nothing else")
    documents = curated.entries(Document, entries, paths.manifest())
    doc_id, count = Counter(document.doc_id for document in documents).most_common(1)[0]
    if count > 1:
        raise _faulty(f"has doc_id {doc_id!r} twice; give each document its own")
    plans = Counter(document.edition for document in documents if document.kind == KINDS[0])
    if several := [edition for edition, count in plans.items() if count > 1]:
        raise _faulty(f"has two full plans of {several[0]}; say of one that it is of another kind, or take it out")
    return documents


def editions() -> list[int]:
    """The years for which the manifest has a document, in order."""
    return sorted({document.edition for document in documents()})


def plan_of(edition: int) -> Document:
    """The document that an edition is called by: its full plan, else its first. Raises StopIteration without one."""
    return next(iter(sorted((d for d in documents() if d.edition == edition), key=lambda d: d.kind != "full")))


def path(document: Document) -> Path:
    """Where the document stands once it is fetched."""
    return paths.raw() / f"{document.doc_id}.txt"


def missing() -> list[Document]:
    """The documents that are not in data/raw."""
    return [document for document in documents() if not path(document).exists()]


def difference(document: Document, content: bytes) -> str | None:
    """Say what is wrong with bytes that should be the document; None where they are."""
    if files.checksum(content) == document.sha256:
        return None
    if not content:
        what = "is empty"
    elif len(content) < document.bytes:
        what = f"is truncated ({len(content)} of {document.bytes} bytes)"
    else:
        what = f"is altered (not the checksum of the manifest; {len(content)} bytes, expected {document.bytes})"
    return what + _encoding_fault(content)


def read(document: Document) -> bytes:
    """Return the document's bytes, read once, so that what was checked is what is used. Raises DocumentFaulty."""
    file = path(document)
    try:
        if not file.is_file():  # a folder, or a pipe, that one would wait for
            raise OSError(None, "no file")
        content = file.read_bytes()
    except OSError as error:
        raise DocumentFaulty(f"{file} cannot be read ({error.strerror}): mend it, or delete it and fetch") from error
    if what := difference(document, content):
        raise DocumentFaulty(f"{file} {what}: delete it and run `python -m analysis fetch`")
    return content


def lines(document: Document) -> list[str]:
    """The document's lines; line number n of the tables is position n - 1 here.

    Raises DocumentMissing where data/raw has none, DocumentFaulty where it is not the one of the manifest or
    not UTF-8.
    """
    file = path(document)
    if not file.exists():
        raise DocumentMissing(
            f"{file} is missing: run `python -m analysis fetch --from FOLDER` with a folder that holds it"
        )
    content = read(document)
    try:
        return split_lines(encodings.decoded(content))
    except encodings.NotUtf8 as error:
        raise DocumentFaulty(
            f"{file}, line {error.line}: {error}; convert it to UTF-8, and put the new size and sha256 in the manifest"
        ) from error


def as_toml(document: Document) -> str:
    """Return the document's entry of the manifest. Raises TableFaulty where the manifest could not hold it."""
    lines = ["[[document]]"]
    for entry in fields(Document):
        value = getattr(document, entry.name)
        if isinstance(value, Source):
            inner = ", ".join(f"{part.name} = {_toml(getattr(value, part.name))}" for part in fields(Source))
            lines.append(f"source = {{ {inner} }}")
        elif value is not None:
            lines.append(f"{entry.name} = {_toml(value)}")
    text = "\n".join(lines) + "\n"
    curated.entries(Document, tomllib.loads(text)["document"], paths.manifest())
    return text


def with_entry(document: Document) -> str:
    """Return the manifest's text with the document's entry in the place of that with the same doc_id, else at its end.

    All else stays as people wrote it, an address in parts too, where it is the same.
    """
    text = paths.manifest().read_text(encoding="utf-8")
    starts = [match.start() for match in re.finditer(r"^[ \t]*\[\[[ \t]*document[ \t]*\]\]", text, re.MULTILINE)]
    before = next((known for known in documents() if known.doc_id == document.doc_id), None)
    if before is None:
        return text.rstrip("\n") + "\n\n" + as_toml(document)
    place = documents().index(before)
    start, end = starts[place], [*starts, len(text)][place + 1]
    lines = text[start:end].splitlines(keepends=True)
    while not lines[-1].strip() or lines[-1].lstrip().startswith("#"):  # what stands before the next entry is its own
        end -= len(lines.pop())
    entry = as_toml(document)
    written = tomllib.loads(text[start:end])["document"][0].get("address")
    if isinstance(written, list) and before.address == document.address:
        line = f"address = {json.dumps(written, ensure_ascii=False)}"
        entry = re.sub(r"(?m)^address = .*$", lambda match: line, entry, count=1)
    result = text[:start] + entry + text[end:]
    curated.entries(Document, tomllib.loads(result)["document"], paths.manifest())
    return result


def _faulty(what: str) -> TableFaulty:
    return TableFaulty(f"{paths.manifest()} {what}")


def _encoding_fault(content: bytes) -> str:
    """What a person who saved the file in another encoding needs to read, or nothing."""
    try:
        encodings.decoded(content)
    except encodings.NotUtf8 as error:
        return f" and (line {error.line}) {error}"
    return ""


def _toml(value: str | int) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
