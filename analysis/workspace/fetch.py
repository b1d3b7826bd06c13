"""Fetch documents into data/raw, download files, and add documents to the manifest.

Nothing half-written and nothing unverified is ever put into data/raw.
"""

import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any
from urllib.parse import urljoin, urlsplit

from analysis.base import files, paths
from analysis.base.errors import DocumentFaulty, DocumentMissing, UsageFault
from analysis.documents import manifest
from analysis.documents.manifest import Document, Source

SOCKET_SECONDS = 10  # to connect, and to wait for the next bytes
ADDRESS_SECONDS = 60  # for one document altogether
REDIRECTS = 5
CHUNK = 65536
MOST_BYTES = 100_000_000  # of a file that is downloaded

Get = Callable[..., Any]  # requests.get, or what a test puts in its place


class _Refused(Exception):
    """A place that does not offer the document; the message says why."""


class _NoAnswer(_Refused):
    """A host that cannot be reached."""


def fetch(
    folder: Path | None = None,
    network: bool = True,
    notify: Callable[[str], None] = lambda message: None,
    get: Get | None = None,
) -> list[Document]:
    """Put the documents of the manifest into data/raw and return those that no place holds.

    Looked for in `folder`, then beside the checkout, then at the publisher's address; `notify` gets one line a
    document. Raises DocumentFaulty where data/raw holds another file under the document's name (it may be a
    person's work and is never overwritten), CannotWrite, and UsageFault where `folder` does not exist.
    """
    documents = manifest.documents()
    if folder is not None and not folder.is_dir():
        raise UsageFault(f"{folder} is not a folder: give --from a folder that holds the documents")
    for document in documents:
        if manifest.path(document).exists():
            manifest.read(document)
    silent: set[str] = set()  # hosts that did not answer once are not waited for again
    absent = []
    for document in manifest.missing():
        host = urlsplit(document.address or "").hostname or ""
        try:
            local = _from_folders(document, [folder, paths.neighbouring_plans()])
            if local is None and not network:
                raise _Refused("no network wanted")
            if local is None and host in silent:
                raise _Refused(f"{host} does not answer")
            content, origin = local or (_from_address(document, get), f"fetched {document.address}")
            if what := manifest.difference(document, content):
                raise _Refused(f"{origin}, which {what}")
            files.write(manifest.path(document), content)
            notify(f"{document.doc_id}: {origin}")
        except (_Refused, DocumentFaulty) as error:
            silent |= {host} if isinstance(error, _NoAnswer) else set()
            notify(f"{document.doc_id}: not found ({error})")
            absent.append(document)
    return absent


def download(address: str, file: Path, get: Get | None = None) -> None:
    """Put what an address serves into a file.

    Raises UsageFault where the address is not https, DocumentMissing where it serves nothing, too much, or too slowly.
    """
    if not manifest.is_https(address):
        raise UsageFault(f"{address} is no address that is taken: give one that begins with https://, or a file")
    try:
        file.write_bytes(_download(address, None, get))
    except _Refused as error:
        raise DocumentMissing(f"{error}: download the file by other means and give its path") from error


def add(document: Document, content: bytes) -> None:
    """Put a new document into data/raw and its entry into the manifest, the manifest last and in one step.

    Raises UsageFault where the manifest has the doc_id, TableFaulty where an entry would be faulty, CannotWrite.
    """
    if document.doc_id in {known.doc_id for known in manifest.documents()}:
        raise UsageFault(
            f"the manifest has {document.doc_id}: give another --doc-id, or take its entry out of {paths.manifest()}"
        )
    text = manifest.with_entry(document)
    if what := manifest.difference(document, content):
        raise DocumentFaulty(f"the text of {document.doc_id} {what}: read its file again")
    files.write(manifest.path(document), content)
    files.write(paths.manifest(), text)


def _from_folders(document: Document, folders: list[Path | None]) -> tuple[bytes, str] | None:
    """Return the document, or its text made from its source, and where it was found; None where no folder has it."""
    if (match := _matching_file(document, folders)) is not None:
        return match[1], f"found {match[0]}"
    if document.source and (match := _matching_file(document.source, folders)) is not None:
        return _made_from_source(document, match[1]), f"made from {match[0]}"
    return None


def _matching_file(wanted: Document | Source, folders: list[Path | None]) -> tuple[Path, bytes] | None:
    """Return the first file with the size and checksum, whatever its name, and its bytes."""
    for folder in folders:
        if folder is None or not folder.is_dir():
            continue
        for file in sorted(folder.iterdir()):
            with suppress(OSError):  # what cannot be read here may stand in the next place
                if not file.is_file() or file.stat().st_size != wanted.bytes:
                    continue
                with file.open("rb") as stream:
                    content = stream.read(wanted.bytes + 1)  # no more: it may have grown since
                if files.checksum(content) == wanted.sha256:
                    return file, content
    return None


def _from_address(document: Document, get: Get | None) -> bytes:
    """Return the document as its address serves it, or made from the source that the address serves."""
    if document.address is None:
        raise _Refused("no address is known")
    if document.source is None:
        return _download(document.address, document.bytes, get)
    content = _download(document.address, document.source.bytes, get)
    if files.checksum(content) != document.source.sha256:
        raise _Refused(f"{document.address} serves another file than the manifest's source")
    return _made_from_source(document, content)


def _made_from_source(document: Document, source: bytes) -> bytes:
    """Take the document's text from its source once more."""
    from analysis.extraction import load_document  # loads the parsers of PDFs, 0.5 s: most runs need none

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "source"
        file.write_bytes(source)
        tool = document.source.tool if document.source else ""
        return load_document.text(file, document.layout, document.sha256, tool).encode()


def _download(address: str, expected: int | None, get: Get | None) -> bytes:
    """Return what an address serves (`expected` bytes, if the manifest says so). Raises _Refused.

    A thread of its own reads it: a server that dribbles would keep a read from ever coming back in time.
    """
    import requests  # 0.15 s: most runs need no network

    outcome: SimpleQueue[bytes | BaseException] = SimpleQueue()
    given_up = threading.Event()

    def work() -> None:
        try:
            outcome.put(_content(address, expected, get or requests.get, given_up))
        except BaseException as error:
            outcome.put(error)

    threading.Thread(target=work, daemon=True).start()
    try:
        result = outcome.get(timeout=ADDRESS_SECONDS)
        if isinstance(result, BaseException):
            raise result
        return result
    except Empty:
        raise _Refused(f"{address} took longer than {ADDRESS_SECONDS} s") from None
    except requests.ConnectionError as error:
        raise _NoAnswer(f"{urlsplit(address).hostname} does not answer") from error
    except (requests.RequestException, ValueError, OSError) as error:  # ValueError: a redirect to no address
        raise _Refused(f"{address}: {type(error).__name__}") from error
    finally:
        given_up.set()


def _content(address: str, expected: int | None, get: Get, given_up: threading.Event) -> bytes:
    """Return all that an address serves; stop early where that is too much, or nobody waits for it any more."""
    most = MOST_BYTES if expected is None else expected
    content = bytearray()
    with _open(address, get) as response:
        _refuse_other(response, expected)
        for piece in response.iter_content(CHUNK):
            content += piece
            if len(content) > most:
                limit = "that are taken at most" if expected is None else "of the manifest"
                raise _Refused(f"{address} serves more than the {most} bytes {limit}")
            if given_up.is_set():
                break
    return bytes(content)


def _open(address: str, get: Get) -> Any:
    """Return the response at the end of the redirects, each of which must lead to https."""
    for _ in range(REDIRECTS + 1):
        if not manifest.is_https(address):
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
