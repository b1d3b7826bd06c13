"""The documents of data/raw/manifest.toml: what they are, whether they are whole, and where to get them.

A document in data/raw is either exactly the one the manifest describes or a fault; nothing half-written and
nothing unverified is ever put there.
"""

import hashlib
import json
import os
import re
import tempfile
import threading
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, fields
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any
from urllib.parse import urljoin, urlsplit

from analysis.base import curated, paths
from analysis.base.errors import CannotWrite, DocumentFaulty, DocumentMissing, TableFaulty, UsageFault

DOC_ID = re.compile(r"[a-z0-9_-]{1,64}")
SHA256 = re.compile(r"[0-9a-f]{64}")
SOCKET_SECONDS = 10  # to connect, and to wait for the next bytes
ADDRESS_SECONDS = 60  # for one document altogether
REDIRECTS = 5
CHUNK = 65536
MOST_BYTES = 100_000_000  # of a file that is added

Tell = Callable[[str], None]
Get = Callable[..., Any]  # requests.get, or what a test puts in its place


@dataclass(frozen=True)
class Source:
    """The file that a document's text was taken from, and with what."""

    form: str  # pdf or text
    pages: int  # 0 where the form has none
    tool: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Document:
    """One entry of the manifest; docs/codebook.md says what each field means.

    `source` is set where the text is not the publisher's file itself but was taken from it (`analysis add`).
    """

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
    source: Source | None = None


class _Refused(Exception):
    """An address that does not offer the document; the message says why."""


def documents() -> list[Document]:
    """The documents in the manifest's order. Raises TableFaulty where the manifest is missing or faulty."""
    manifest = curated.toml(paths.manifest())
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
        places = [folder, paths.neighbouring_plans()]
        found = _in_folders(document, places)
        try:
            if found is not None:
                _put(document, _pieces(found, document.bytes))
                tell(f"{document.doc_id}: found {found}")
                continue
            if document.source and (found := _in_folders(document.source, places)) is not None:
                _put(document, _made_from(document, found))
                tell(f"{document.doc_id}: made from {found}")
                continue
            if not network:
                raise _Refused("no network wanted")
            _put(document, _from_address(document, get, unreachable))
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
    if isinstance(entry.get("address"), list):
        # in parts, since a document that quotes the address would stand in the manifest as a run of its text
        entry = {**entry, "address": "/".join(map(str, entry["address"]))}
    source = entry.get("source")
    entry = {key: value for key, value in entry.items() if key != "source"}
    _check_keys(name, Document, entry)
    if source is not None:
        if not isinstance(source, dict):
            raise _faulty(f"{name}: source must be a table")
        _check_keys(f"{name}, source", Source, source)
        entry["source"] = Source(**source)
    document = Document(**entry)
    if not DOC_ID.fullmatch(document.doc_id):
        raise _faulty(f"{name}: doc_id may hold only a-z, 0-9, _ and -, 64 of them at most")
    sums = [(document.sha256, document.bytes)]
    sums += [(document.source.sha256, document.source.bytes)] if document.source else []
    if not all(SHA256.fullmatch(sha256) and size > 0 for sha256, size in sums):
        raise _faulty(f"{name}: bytes and sha256 must be those of the document (`wc -c`, `sha256sum`)")
    if not _is_https(document.address):
        raise _faulty(f"{name}: address must begin with https://")
    return document


def _check_keys(name: str, kind: type, entry: dict[str, Any]) -> None:
    """Raise TableFaulty unless the entry has the fields of the dataclass, each with its type; `source` may lack."""
    known = {field.name: field.type for field in fields(kind) if field.name != "source"}
    for what, keys in (("lacks", known.keys() - entry.keys()), ("has the unknown key", entry.keys() - known.keys())):
        if keys:
            raise _faulty(f"{name} {what} {', '.join(sorted(keys))}")
    for key, wanted in known.items():
        if type(entry[key]) is not wanted:
            raise _faulty(f"{name}: {key} must be {'a whole number' if wanted is int else 'text'}")


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


def _made_from(document: Document, file: Path) -> Iterator[bytes]:
    """The document's text, taken from its source once more."""
    from analysis.extraction import load_document  # which reads PDFs: most runs need none

    yield load_document.text(file, document.layout).encode()


def _from_address(document: Document, get: Get | None, unreachable: set[str]) -> Iterator[bytes]:
    """The document as its address serves it, or made from the source that the address serves."""
    if document.source is None:
        yield from _download(document.address, document.bytes, get, unreachable)
        return
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "source"
        with file.open("wb") as stream:
            for piece in _download(document.address, document.source.bytes, get, unreachable):
                stream.write(piece)
        if _sha256(file) != document.source.sha256:
            raise _Refused(f"{document.address} serves another file than the manifest's source")
        yield from _made_from(document, file)


def download(address: str, file: Path, get: Get | None = None) -> None:
    """Put what an address serves into a file. Raises UsageFault where it is not https, DocumentMissing where it serves
    nothing, too much, or too slowly."""
    if not _is_https(address):
        raise UsageFault(f"{address} is no address that is taken: give one that begins with https://, or a file")
    try:
        with file.open("wb") as stream:
            for piece in _download(address, None, get, set()):
                stream.write(piece)
    except _Refused as error:
        raise DocumentMissing(f"{error}: download the file by other means and give its path") from error


def add(document: Document, content: bytes) -> None:
    """Put a new document into data/raw and its entry into the manifest, the manifest last and in one step.

    Raises UsageFault where the manifest has the doc_id, TableFaulty where an entry would be faulty, CannotWrite.
    """
    if document.doc_id in {known.doc_id for known in documents()}:
        raise UsageFault(
            f"the manifest has {document.doc_id}: give another --doc-id, or take its entry out of {paths.manifest()}"
        )
    file = paths.manifest()
    text = file.read_text(encoding="utf-8").rstrip("\n") + "\n\n" + _entry(document)
    _document(0, tomllib.loads(_entry(document))["document"][0])
    part = None
    try:
        _put(document, iter([content]))
        handle, name = tempfile.mkstemp(prefix=".manifest-", dir=file.parent)
        part = Path(name)
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        part.chmod(0o644)
        os.replace(part, file)
    except OSError as error:
        raise CannotWrite(f"cannot write {file} ({error.strerror or error}): make the folder writable") from error
    finally:
        if part is not None:
            part.unlink(missing_ok=True)


def _entry(document: Document) -> str:
    """The document's entry as TOML."""
    lines = ["[[document]]"]
    for field in fields(Document):
        value = getattr(document, field.name)
        if isinstance(value, Source):
            inner = ", ".join(f"{part.name} = {_toml(getattr(value, part.name))}" for part in fields(Source))
            lines.append(f"source = {{ {inner} }}")
        elif value is not None:
            lines.append(f"{field.name} = {_toml(value)}")
    return "\n".join(lines) + "\n"


def _toml(value: str | int) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _in_folders(document: Document | Source, folders: list[Path | None]) -> Path | None:
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


def _download(address: str, expected: int | None, get: Get | None, unreachable: set[str]) -> Iterator[bytes]:
    """The pieces an address serves; _Refused where it serves something else (`expected` bytes, if told) or nothing.

    A thread of its own reads them: a server that dribbles would keep a read from ever coming back in time.
    """
    import requests  # only here: most runs need no network

    host = urlsplit(address).hostname or ""
    if host in unreachable:
        raise _Refused(f"{host} does not answer")
    pieces: SimpleQueue[bytes | BaseException | None] = SimpleQueue()
    given_up = threading.Event()

    def work() -> None:
        try:
            with _open(address, get or requests.get) as response:
                _refuse_other(response, expected)
                received = 0
                for piece in response.iter_content(CHUNK):
                    received += len(piece)
                    if received > (expected or MOST_BYTES):
                        raise _Refused(f"{address} serves more than {_expected(expected)}")
                    if given_up.is_set():
                        return
                    pieces.put(piece)
            pieces.put(None)
        except BaseException as error:
            pieces.put(error)

    threading.Thread(target=work, daemon=True).start()
    deadline = time.monotonic() + ADDRESS_SECONDS
    try:
        while (piece := pieces.get(timeout=max(0.0, deadline - time.monotonic()))) is not None:
            if isinstance(piece, BaseException):
                raise piece
            if time.monotonic() > deadline:
                raise Empty
            yield piece
    except Empty:
        raise _Refused(f"{address} took longer than {ADDRESS_SECONDS} s") from None
    except requests.ConnectionError as error:
        unreachable.add(host)
        raise _Refused(f"{host} does not answer") from error
    except (requests.RequestException, ValueError, OSError) as error:  # ValueError: a redirect to no address
        raise _Refused(f"{address}: {type(error).__name__}") from error
    finally:
        given_up.set()


def _expected(size: int | None) -> str:
    return f"the {MOST_BYTES} bytes that are taken at most" if size is None else f"the manifest's {size} bytes"


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


def _refuse_other(response: Any, expected: int | None) -> None:
    """Raise _Refused where the headers already say that this is not the document."""
    if response.status_code != 200:
        raise _Refused(f"{response.url} answers {response.status_code}")
    length = response.headers.get("content-length")
    if expected is not None and length is not None and length != str(expected):
        raise _Refused(f"{response.url} serves {length} bytes, the manifest expects {expected}")
    if length is not None and (not length.isdecimal() or int(length) > MOST_BYTES):
        raise _Refused(f"{response.url} serves {length[:20]} bytes; {MOST_BYTES} are taken at most")
