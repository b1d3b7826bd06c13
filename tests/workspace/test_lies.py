"""Nothing leaves the workspace, and nothing that comes from elsewhere is believed, run, or shown as more than text."""

import functools
import gzip
import json
import os
import shutil
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import pytest
import requests
from conftest import REPO, entry
from test_fetch import remains
from test_manifest import rewrite
from test_report import HOSTILE, build, undrawn  # noqa: F401
from test_run import WRITES

from analysis import __main__ as cli
from analysis.base.errors import DocumentFaulty, DocumentMissing, TableFaulty, UsageFault, WorkspaceError
from analysis.documents import manifest
from analysis.extraction import extract, load_document
from analysis.tables import store
from analysis.workspace import add_edition, fetch, run, source_files
from analysis.workspace.add_edition import Wanted

MINI = REPO / "tests/mini"


# --- a server that lies -----------------------------------------------------------------------------------------

PLAN = (MINI / "markdown_plan.txt").read_bytes()
OK = b"HTTP/1.1 200 OK\r\n"
Answer = Callable[[socket.socket], None]


def said(*pieces: bytes, pause: float = 0.0) -> Answer:
    def answer(client: socket.socket) -> None:
        for piece in pieces:
            client.sendall(piece)
            time.sleep(pause)

    return answer


def headed(content: bytes, length: object = None, head: bytes = OK, more: bytes = b"") -> Answer:
    size = b"%d" % len(content) if length is None else str(length).encode()
    return said(head + b"Content-Length: " + size + b"\r\n" + more + b"\r\n" + content)


def endless(client: socket.socket) -> None:
    client.sendall(OK + b"\r\n")
    while True:
        client.sendall(b"x" * 65536)


def endless_head(client: socket.socket) -> None:
    client.sendall(OK)
    while True:
        client.sendall(b"X-More: more\r\n")


def sent_on(place: bytes) -> Answer:
    return said(b"HTTP/1.1 302 Found\r\nLocation: " + place + b"\r\nContent-Length: 0\r\n\r\n")


BOMB = gzip.compress(bytes(30_000_000))
LIES: dict[str, tuple[Answer, str]] = {
    "longer than it says": (headed(PLAN, len(PLAN) + 9), "IncompleteRead|ChunkedEncodingError|ConnectionError"),
    "no length": (headed(PLAN, "many"), "serves many bytes|InvalidHeader"),
    "negative length": (headed(PLAN, -5), "serves -5 bytes|InvalidHeader"),
    "length of thousands of digits": (headed(PLAN, "9" * 5000), "bytes|InvalidHeader|ValueError"),
    "too long": (headed(PLAN, 10**12), "are taken at most"),
    "body without end": (endless, "serves more than the"),
    "head without end": (endless_head, "does not answer|longer than"),
    "chunk that is none": (said(OK + b"Transfer-Encoding: chunked\r\n\r\nzzz\r\n"), "ChunkedEncodingError"),
    "chunk without end": (said(OK + b"Transfer-Encoding: chunked\r\n\r\nfffffffff\r\nx"), "ChunkedEncodingError"),
    "gzip bomb": (headed(BOMB, more=b"Content-Encoding: gzip\r\n"), "serves more than the"),
    "gzip that is none": (headed(PLAN, more=b"Content-Encoding: gzip\r\n"), "ContentDecodingError"),
    "slow bytes": (said(OK + b"\r\n", *[b"x"] * 90, pause=0.1), "took longer than"),
    "slow head": (said(*[OK[n : n + 1] for n in range(len(OK))], pause=0.2), "took longer than"),
    "silence": (lambda client: time.sleep(4), "took longer than|does not answer"),
    "nothing": (lambda client: None, "does not answer"),
    "no HTTP": (said(b"\x00\xff" * 99), "does not answer"),
    "redirect to a file": (sent_on(b"file:///etc/passwd"), "which is not https"),
    "redirect to http": (sent_on(b"http://lies.example/plan"), "which is not https"),
    "redirect to itself": (sent_on(b"https://lies.example/plan"), "more than 5 redirects"),
    "redirect to no address": (sent_on(b"https://[:::"), "ValueError|which is not https|InvalidURL"),
    "redirect to control signs": (sent_on(b"https://lies.example/\x1b[2J\x00"), "redirects|Invalid"),
    "redirect to nowhere": (said(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n"), "answers 302"),
    "error": (headed(b"<html>gone</html>", head=b"HTTP/1.1 404 Not Found\r\n"), "answers 404"),
    "part": (headed(PLAN[:99], head=b"HTTP/1.1 206 Partial Content\r\n"), "answers 206"),
}


class Server:
    """A local server that gives one answer to whatever it is asked; `get` asks it in place of every host."""

    def __init__(self, answer: Answer) -> None:
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.answer, self.asked = answer, 0
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self) -> None:
        while True:
            try:
                client, _ = self.listening.accept()
            except OSError:
                return
            self.asked += 1
            threading.Thread(target=self.one, args=(client,), daemon=True).start()

    def one(self, client: socket.socket) -> None:
        try:
            client.recv(65536)
            self.answer(client)
        except OSError:
            pass  # the other side has heard enough
        finally:
            client.close()

    def get(self, url: str, **options: object) -> requests.Response:
        assert url.startswith("https://")
        port = self.listening.getsockname()[1]
        return requests.get(url.replace("https://lies.example", f"http://127.0.0.1:{port}"), **options)


@pytest.fixture
def server() -> Iterator[Callable[[Answer], Server]]:
    servers: list[Server] = []

    def start(answer: Answer) -> Server:
        servers.append(Server(answer))
        return servers[-1]

    yield start
    for one in servers:
        one.listening.close()


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "ADDRESS_SECONDS", 1.5)
    monkeypatch.setattr(fetch, "MOST_BYTES", 1_000_000)


@pytest.mark.parametrize("name", LIES)
@pytest.mark.usefixtures("hasty")
def test_a_server_that_lies_is_one_error_in_time(workspace, server, name):
    answer, says = LIES[name]
    begun = time.monotonic()
    with (
        pytest.raises(DocumentMissing, match=says) as caught,
        source_files.at_hand("https://lies.example/plan", server(answer).get),
    ):
        pass
    assert "\n" not in str(caught.value)
    assert time.monotonic() - begun < 10


@pytest.mark.usefixtures("hasty")
def test_a_server_that_lies_about_a_document_of_the_manifest_changes_nothing(workspace, server):
    rewrite(workspace, entry("ip2019", PLAN, address="https://lies.example/plan"))
    workspace.raw("ip2019").unlink()
    shorter = headed(PLAN, len(PLAN) - 9)  # what is behind the length is no part of it
    for answer in (*(answer for name, (answer, _) in LIES.items() if not name.startswith("s")), shorter):
        assert [document.doc_id for document in fetch.fetch(get=server(answer).get)] == ["ip2019"]
        assert remains(workspace) == ["ip2026.txt", "manifest.toml"]
    assert fetch.fetch(get=server(headed(PLAN)).get) == []
    assert workspace.raw("ip2019").read_bytes() == PLAN


def test_a_server_is_asked_no_more_than_six_times(workspace, server):
    liar = server(LIES["redirect to itself"][0])
    with pytest.raises(DocumentMissing), source_files.at_hand("https://lies.example/plan", liar.get):
        pass
    assert liar.asked == 6


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"<!DOCTYPE html>\n<html><title>Not found</title></html>", "web page"),
        (b"\xef\xbb\xbf \n<HTML lang=ja>", "web page"),
        (
            b"PK\x03\x04\x14\x00\x00\x00",
            "https://lies.example/plan.pdf is an archive that is cut off or damaged: fetch",
        ),
        (gzip.compress(PLAN), "an archive: unpack it"),
        (b"", "empty"),
    ],
)
def test_what_a_server_gives_in_place_of_a_document_is_none(workspace, server, content, says):
    """With success, and as whatever it says that it is; archives are not unpacked."""
    liar = server(headed(content, more=b"Content-Type: application/pdf\r\n"))
    with (
        pytest.raises(DocumentFaulty, match=says),
        source_files.at_hand("https://lies.example/plan.pdf", liar.get) as file,
    ):
        load_document.read(file)


# --- paths ------------------------------------------------------------------------------------------------------

OUTSIDE = [
    "../x",
    "/etc/passwd",
    "a/b",
    "a\\b",
    "C:x",
    "\\\\host\\x",
    "x\0",
    "x\n",
    "..",
    ".",
    "",
    "ｉｐ",
    "a" * 65,
    "~root",
    "$HOME",
]


@pytest.mark.parametrize("doc_id", OUTSIDE)
def test_an_identifier_is_no_path(workspace, doc_id):
    rewrite(workspace, entry("ip2026", b"x").replace('"ip2026"', json.dumps(doc_id), 1))
    with pytest.raises(TableFaulty, match=r"manifest\.toml"):
        manifest.documents()
    if doc_id:
        with pytest.raises(UsageFault, match="doc-id"):
            add_edition.read(MINI / "markdown_plan.txt", Wanted(2031, doc_id=doc_id))


@pytest.mark.parametrize("layout", ["os", "analysis.base.errors", "../x", "__import__('os')", ""])
def test_a_layout_names_a_reader_and_no_module(workspace, layout):
    rewrite(workspace, entry("ip2026", workspace.texts["ip2026"], layout=layout))
    (document,) = manifest.documents()
    with pytest.raises(TableFaulty, match="does not exist"):
        extract.rows_of(document, manifest.lines(document))
    with pytest.raises(UsageFault, match="layout"):
        add_edition.read(MINI / "markdown_plan.txt", Wanted(2031, layout=layout))


@pytest.mark.parametrize("edition", ["../2026", "2026/../../x", "2026\0", "９", "1e3", "99999999999999999999"])
def test_an_edition_is_a_year(workspace, edition, monkeypatch, capsys):
    before = workspace.state()
    for command in (["report", "--edition", edition], ["add", str(MINI / "roadmap.txt"), "--edition", edition]):
        monkeypatch.setattr(sys, "argv", ["analysis", *command])
        assert cli.main() == UsageFault.exit_code
        told = capsys.readouterr()
        assert (told.out, told.err.count("\n")) == ("", 1)
    rewrite(workspace, entry("ip2026", b"x", edition=edition))
    with pytest.raises(TableFaulty, match="edition must be a whole number"):
        manifest.documents()
    rewrite(workspace, (before[str(workspace.root / "data/raw/manifest.toml")]).decode())
    assert workspace.state() == before


def test_a_document_takes_the_place_of_a_link_and_not_of_what_it_leads_to(workspace, tmp_path):
    other = tmp_path / "other"
    other.write_bytes(b"not ours")
    workspace.raw("ip2019").unlink()
    workspace.raw("ip2019").symlink_to(other)
    with pytest.raises(DocumentFaulty):
        fetch.fetch(network=False)
    other.unlink()  # a link to nothing
    folder = tmp_path / "plans"
    folder.mkdir()
    (folder / "x").write_bytes(workspace.texts["ip2019"])
    assert fetch.fetch(folder, network=False) == []
    assert not other.exists()
    assert not workspace.raw("ip2019").is_symlink()


@pytest.mark.parametrize("name", ["fifo", "folder", "loop", "/dev/zero", "a\0b", "nowhere", "x" * 300])
def test_what_is_no_file_is_not_read(workspace, tmp_path, name):
    place = tmp_path / name if "\0" not in name else name
    if name == "fifo":
        os.mkfifo(place)
    elif name == "folder":
        Path(place).mkdir()
    elif name == "loop":
        Path(place).symlink_to(place)
    what = {"fifo": "it is a pipe or a device", "folder": "it is a folder", "/dev/zero": "it is a pipe or a device"}
    with (
        pytest.raises(WorkspaceError, match=rf"is not a file \({what.get(name, '.+')}\): give a PDF"),
        source_files.at_hand(str(place)),
    ):
        pass


@pytest.mark.parametrize("name", ["", "  ", "\n"])
def test_no_name_is_said_to_be_none(name):
    with pytest.raises(UsageFault, match="no file is named: give a PDF"), source_files.at_hand(name):
        pass


def test_a_fault_of_what_an_address_gave_names_the_address(workspace, server):
    liar = server(headed(b"\x7fELF" + bytes(99)))
    with (
        pytest.raises(DocumentFaulty, match=r"^https://lies.example/plan is a program: give"),
        source_files.at_hand("https://lies.example/plan", liar.get) as file,
    ):
        load_document.read(file)


def test_what_a_folder_of_documents_holds_besides_is_passed_over(workspace, tmp_path):
    workspace.raw("ip2019").unlink()
    folder = tmp_path / "plans"
    folder.mkdir()
    os.mkfifo(folder / "a")
    (folder / "b").symlink_to(folder / "b")
    (folder / "c").symlink_to("/dev/zero")
    (folder / "z").write_bytes(workspace.texts["ip2019"])
    assert fetch.fetch(folder, network=False) == []


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org/x",
        "file:///etc/passwd",
        "https:/x",
        "https://",
        "HTTPS//x",
        "javascript:alert(1)",
        "//x",
        "https://[",
    ],
)
def test_an_address_is_https(workspace, address):
    rewrite(workspace, entry("ip2026", b"x", address=address))
    with pytest.raises(TableFaulty, match="https"):
        manifest.documents()


# --- what documents and parameters hold is text -----------------------------------------------------------------

NASTY = "\"'\\\n'''\"\"\" + __import__('os')._exit(3) #{{ x }}%}$x`x`\u2028\U0001f600<script>"


def test_a_parameter_is_a_value_and_no_code(workspace, monkeypatch):
    monkeypatch.setattr(run, "NOTEBOOKS", ["01_clean"])
    workspace.notebook("01_clean", WRITES, "(report / 'report.html').write_text(name)", parameters="name = 'x'")
    report = run.run(2026, 2019, parameters={"name": NASTY}) / "report.html"
    assert report.read_text(encoding="utf-8") == NASTY


def test_a_hostile_title_goes_through_all_as_text(workspace, undrawn, tmp_path):  # noqa: F811
    for folder in ("data/curated", "data/processed"):
        shutil.copytree(
            REPO / folder, workspace.root / folder, ignore=shutil.ignore_patterns("texts.jsonl"), dirs_exist_ok=True
        )
    text = (MINI / "markdown_plan.txt").read_text(encoding="utf-8").replace("灯台", HOSTILE)
    file = tmp_path / "plan.md"
    file.write_text(text, encoding="utf-8")
    found = add_edition.read(file, Wanted(2031, title=HOSTILE, publisher=HOSTILE, licence='"""\\ = [x]'))
    add_edition.record(found, forced=True)
    (*_, added) = manifest.documents()
    assert (added.title, added.publisher, added.licence) == (HOSTILE, HOSTILE, '"""\\ = [x]')
    assert HOSTILE in "\n".join(add_edition.summary(found))
    documents = store.read("documents").with_columns(title=pl.lit(found.rows["documents"]["title"][0]))
    store.write("documents", documents)
    page = build(tmp_path)
    assert HOSTILE in page.text
    assert not any(tag == "img" or "onerror" in attributes for tag, attributes in page.tags)
    assert len(page.scripts) == 1  # the page's own


def test_a_title_that_is_code_stays_a_string_of_the_manifest(workspace):
    for title in ('"]\n[[document]]', "\\u0000", "\x7f", "= 1 #", "'''", "\\", "${HOME}"):
        document = manifest.documents()[0]
        text = manifest.as_toml(functools.partial(type(document), **{**vars(document), "title": title})())
        rewrite(workspace, text)
        assert [found.title for found in manifest.documents()] == [title]
    assert json.loads(json.dumps(vars(manifest.documents()[0])))["title"] == "${HOME}"
