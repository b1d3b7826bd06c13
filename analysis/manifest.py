"""The documents of data/raw/manifest.toml: what they are, whether they are whole, and where to get them.

A document in data/raw is either exactly the one the manifest describes or a fault; nothing half-written and
nothing unverified is ever put there.
"""

import hashlib
import os
import re
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from analysis import paths
from analysis.errors import CannotWrite, DocumentFaulty, DocumentMissing, TableFaulty, UsageFault

DOC_ID = re.compile(r"[a-z0-9_-]+")
SHA256 = re.compile(r"[0-9a-f]{64}")
SOCKET_SECONDS = 10  # to connect, and to wait for the next bytes
ADDRESS_SECONDS = 60  # for one document altogether
REDIRECTS = 5
CHUNK = 65536

Tell = Callable[[str], None]
Get = Callable[..., Any]  # requests.get, or what a test puts in its place


@dataclass(frozen=True)
class Document:
    """One entry of the manifest; docs/codebook.md says what each field means."""

    doc_id: str
    edition: int
    kind: str
    status: str
    title: str
    publisher: str
    address: str
    licence: str
    layout: str
    bytes: int
    sha256: str


class _Refused(Exception):
    """An address that does not offer the document; the message says why."""


def documents() -> list[Document]:
    """The documents in the manifest's order. Raises TableFaulty where the manifest is missing or faulty."""
    try:
        manifest = tomllib.loads(paths.manifest().read_text(encoding="utf-8"))
    except OSError as error:
        raise _faulty(f"cannot be read ({error.strerror}); restore it with git") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _faulty(f"is not valid TOML ({str(error).splitlines()[0]})") from error
    entries = manifest.get("document")
    if set(manifest) != {"document"} or not isinstance(entries, list) or not entries:
        raise _faulty("must hold [[document]] entries and nothing else")
    found = [_document(number, entry) for number, entry in enumerate(entries, start=1)]
    ids = [document.doc_id for document in found]
    for doc_id in ids:
        if ids.count(doc_id) > 1:
            raise _faulty(f"has doc_id {doc_id!r} twice; give each document its own")
    return found


def editions() -> list[int]:
    """The years for which the manifest has a document, in order."""
    return sorted({document.edition for document in documents()})


def path(document: Document) -> Path:
    """Where the document stands once it is fetched."""
    return paths.raw() / f"{document.doc_id}.txt"


def missing() -> list[Document]:
    """The documents that are not in data/raw."""
    return [document for document in documents() if not path(document).exists()]


def verify(document: Document, file: Path) -> None:
    """Raise DocumentFaulty unless the file is the document, byte for byte."""
    _verified(document, file)


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
    content = _verified(document, file)
    try:
        return content.decode("utf-8").removesuffix("\n").split("\n")
    except UnicodeDecodeError as error:
        raise DocumentFaulty(
            f"{file} is not UTF-8 (byte {error.start}): convert it, and put the new size and sha256 in the manifest"
        ) from error


def fetch(
    folder: Path | None = None, network: bool = True, tell: Tell = lambda message: None, get: Get | None = None
) -> list[Document]:
    """Put the documents of the manifest into data/raw and return those that no place holds.

    Looked for in `folder`, then beside the checkout, then at the publisher's address. `tell` hears one line a
    document. Raises DocumentFaulty where data/raw holds another file under the document's name (it may be a
    person's work and is never overwritten), CannotWrite, and UsageFault where `folder` does not exist.
    """
    wanted = documents()
    if folder is not None and not folder.is_dir():
        raise UsageFault(f"{folder} is not a folder: give --from a folder that holds the documents")
    for document in wanted:
        if path(document).exists():
            verify(document, path(document))
    unreachable: set[str] = set()  # a host that did not answer once is not waited for again
    absent = []
    for document in missing():
        source = _in_folders(document, [folder, paths.neighbouring_plans()])
        if source is not None:
            _put(document, _pieces(source, document.bytes))
            tell(f"{document.doc_id}: found {source}")
            continue
        try:
            if not network:
                raise _Refused("no network wanted")
            _put(document, _download(document, get, unreachable))
            tell(f"{document.doc_id}: fetched {document.address}")
        except (_Refused, DocumentFaulty) as error:
            tell(f"{document.doc_id}: not found ({error})")
            absent.append(document)
    return absent


def _faulty(what: str) -> TableFaulty:
    return TableFaulty(f"{paths.manifest()} {what}")


def _document(number: int, entry: Any) -> Document:
    """The entry as a Document; `number` names it in the fault's message."""
    if not isinstance(entry, dict):
        raise _faulty("must hold [[document]] entries and nothing else")
    name = f"entry {number} ({entry.get('doc_id')!r})"
    known = {field.name: field.type for field in fields(Document)}
    if isinstance(entry.get("address"), list):
        # in parts, since a document that quotes the address would stand in the manifest as a run of its text
        entry = {**entry, "address": "/".join(map(str, entry["address"]))}
    for what, keys in (("lacks", known.keys() - entry.keys()), ("has the unknown key", entry.keys() - known.keys())):
        if keys:
            raise _faulty(f"{name} {what} {', '.join(sorted(keys))}")
    for key, kind in known.items():
        if type(entry[key]) is not kind:
            raise _faulty(f"{name}: {key} must be {'a whole number' if kind is int else 'text'}")
    document = Document(**entry)
    if not DOC_ID.fullmatch(document.doc_id):
        raise _faulty(f"{name}: doc_id may hold only a-z, 0-9, _ and -")
    if not SHA256.fullmatch(document.sha256) or document.bytes < 1:
        raise _faulty(f"{name}: bytes and sha256 must be those of the document (`wc -c`, `sha256sum`)")
    if not _is_https(document.address):
        raise _faulty(f"{name}: address must begin with https://")
    return document


def _is_https(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname)


def _verified(document: Document, file: Path) -> bytes:
    """The file's bytes, read once, so that what was checked is what is used."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise DocumentFaulty(f"{file} cannot be read ({error.strerror}): mend it, or delete it and fetch") from error
    if hashlib.sha256(content).hexdigest() == document.sha256:
        return content
    if not content:
        what = "is empty"
    elif len(content) < document.bytes:
        what = f"is truncated ({len(content)} of {document.bytes} bytes)"
    else:
        what = f"is altered (not the checksum of the manifest; {len(content)} bytes, expected {document.bytes})"
    raise DocumentFaulty(f"{file} {what}{_encoding_fault(content)}: delete it and run `python -m analysis fetch`")


def _encoding_fault(content: bytes) -> str:
    """What a person who saved the file in another encoding needs to read, or nothing."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        return f" and not UTF-8 (byte {error.start})"
    return ""


def _in_folders(document: Document, folders: list[Path | None]) -> Path | None:
    """The first file with the document's size and checksum, whatever its name."""
    for folder in folders:
        if folder is None or not folder.is_dir():
            continue
        for file in sorted(folder.iterdir()):
            with suppress(OSError):  # what cannot be read here may stand in the next place
                if file.is_file() and file.stat().st_size == document.bytes and _sha256(file) == document.sha256:
                    return file
    return None


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _pieces(file: Path, limit: int) -> Iterator[bytes]:
    """The file piece by piece, one byte beyond the limit at most: it may have grown since it was looked at."""
    left = limit + 1
    with file.open("rb") as stream:
        while left > 0 and (piece := stream.read(min(CHUNK, left))):
            left -= len(piece)
            yield piece


def _put(document: Document, pieces: Iterator[bytes]) -> None:
    """Write the pieces beside the document's place, verify them, and move them there in one step."""
    target = path(document)
    part = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{document.doc_id}-", dir=target.parent)
        part = Path(name)
        with os.fdopen(handle, "wb") as stream:
            for piece in pieces:
                stream.write(piece)
            stream.flush()
            os.fsync(stream.fileno())
        verify(document, part)
        part.chmod(0o644)  # mkstemp's files are for their owner alone
        os.replace(part, target)
    except OSError as error:
        raise CannotWrite(f"cannot write {target} ({error.strerror or error}): make the folder writable") from error
    finally:  # after Ctrl-C too
        if part is not None:
            part.unlink(missing_ok=True)


def _download(document: Document, get: Get | None, unreachable: set[str]) -> Iterator[bytes]:
    """The pieces the document's address serves; _Refused where it serves something else or nothing."""
    import requests  # only here: most runs need no network

    deadline = time.monotonic() + ADDRESS_SECONDS
    host = urlsplit(document.address).hostname or ""
    if host in unreachable:
        raise _Refused(f"{host} does not answer")
    try:
        with _open(document.address, get or requests.get) as response:
            _refuse_other(response, document.bytes)
            received = 0
            for piece in response.iter_content(CHUNK):
                received += len(piece)
                if received > document.bytes:
                    raise _Refused(f"{document.address} serves more than the manifest's {document.bytes} bytes")
                if time.monotonic() > deadline:
                    raise _Refused(f"{document.address} took longer than {ADDRESS_SECONDS} s")
                yield piece
    except requests.ConnectionError as error:
        unreachable.add(host)
        raise _Refused(f"{host} does not answer") from error
    except requests.RequestException as error:
        raise _Refused(f"{document.address}: {type(error).__name__}") from error


def _open(address: str, get: Get) -> Any:
    """The response at the end of the redirects, each of which must lead to https."""
    for _ in range(REDIRECTS + 1):
        if not _is_https(address):
            raise _Refused(f"redirected to {address}, which is not https")
        response = get(
            address,
            stream=True,
            allow_redirects=False,
            timeout=(SOCKET_SECONDS, SOCKET_SECONDS),
            headers={"Accept-Encoding": "identity"},  # else Content-Length is not the document's size
        )
        if not response.is_redirect:
            return response
        response.close()
        address = urljoin(address, response.headers["location"])
    raise _Refused(f"more than {REDIRECTS} redirects")


def _refuse_other(response: Any, expected: int) -> None:
    """Raise _Refused where the headers already say that this is not the document."""
    if response.status_code != 200:
        raise _Refused(f"{response.url} answers {response.status_code}")
    length = response.headers.get("content-length")
    if length is not None and length != str(expected):
        raise _Refused(f"{response.url} serves {length} bytes, the manifest expects {expected}")
