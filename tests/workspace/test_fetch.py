"""Fetching documents: nothing half-written or unverified is put in place, whatever folders and addresses hold."""

import os
import threading
from pathlib import Path

import pytest
import requests
from conftest import Workspace

from analysis.base.errors import CannotWrite, UsageFault
from analysis.workspace import fetch as fetching
from analysis.workspace.fetch import fetch


class Response:
    """What requests.get would return."""

    def __init__(self, url: str, content: bytes = b"", status: int = 200, **headers: str) -> None:
        self.url, self.content, self.status_code = url, content, status
        self.headers = requests.structures.CaseInsensitiveDict(headers)
        self.is_redirect = "location" in self.headers

    def __enter__(self) -> "Response":
        return self

    def __exit__(self, *_: object) -> None: ...

    def close(self) -> None: ...

    def iter_content(self, size: int):
        for start in range(0, len(self.content), 4):
            yield self.content[start : start + 4]


def remains(workspace: Workspace) -> list[str]:
    return sorted(os.listdir(workspace.root / "data/raw"))


@pytest.mark.parametrize("place", ["named", "neighbouring"])
def test_fetch_finds_a_document_by_its_checksum_whatever_its_name(workspace, tmp_path, place):
    workspace.raw("ip2019").unlink()
    folder = tmp_path / ("shared/plans" if place == "neighbouring" else "downloads")
    folder.mkdir(parents=True)
    (folder / "a.txt").write_bytes("計画 2019\nline tow\n".encode())  # the right size
    (folder / "b").mkdir()
    (folder / "ｚ 計画.PDF.txt").write_bytes(workspace.texts["ip2019"])
    assert fetch(folder if place == "named" else None, network=False) == []
    assert workspace.raw("ip2019").read_bytes() == workspace.texts["ip2019"]
    assert remains(workspace) == ["ip2019.txt", "ip2026.txt", "manifest.toml"]


def test_fetch_leaves_out_what_no_folder_holds_whole(workspace, tmp_path):
    workspace.raw("ip2019").unlink()
    (tmp_path / "ip2019.txt").write_bytes(workspace.texts["ip2019"][:-1])
    assert [document.doc_id for document in fetch(tmp_path, network=False)] == ["ip2019"]
    assert remains(workspace) == ["ip2026.txt", "manifest.toml"]


def test_fetch_wants_a_folder_that_exists(workspace, tmp_path):
    with pytest.raises(UsageFault, match="not a folder"):
        fetch(tmp_path / "none")


def test_fetch_follows_redirects_to_https(workspace):
    workspace.raw("ip2019").unlink()
    text = workspace.texts["ip2019"]
    asked = []

    def get(url: str, **options: object) -> Response:
        asked.append(url)
        assert options["allow_redirects"] is False
        assert options["timeout"] == (10, 10)
        return Response(url, status=302, location="/there") if len(asked) == 1 else Response(url, text)

    assert fetch(get=get) == []
    assert asked == ["https://example.org/ip2019", "https://example.org/there"]
    assert workspace.raw("ip2019").read_bytes() == text


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (lambda url: Response(url, b"x", **{"content-length": "1"}), "serves 1 bytes"),
        (lambda url: Response(url, b"x" * 1000), "serves more than"),
        (lambda url: Response(url, b"x"), "is truncated"),
        (lambda url: Response(url, "計画 2019\nline tow\n".encode()), "is altered"),
        (lambda url: Response(url, status=404), "answers 404"),
        (lambda url: Response(url, status=302, location="http://example.org/x"), "not https"),
        (lambda url: Response(url, status=302, location="https://example.org/x"), "more than 5 redirects"),
        (lambda url: (_ for _ in ()).throw(requests.ConnectTimeout()), "does not answer"),
        (lambda url: (_ for _ in ()).throw(requests.exceptions.SSLError()), "does not answer"),
        (lambda url: (_ for _ in ()).throw(requests.exceptions.ChunkedEncodingError()), "ChunkedEncodingError"),
    ],
)
def test_what_an_address_wrongly_serves_is_never_kept(workspace, answer, says):
    workspace.raw("ip2019").unlink()
    told: list[str] = []
    absent = fetch(get=lambda url, **options: answer(url), notify=told.append)
    assert [document.doc_id for document in absent] == ["ip2019"]
    assert says in told[0]
    assert remains(workspace) == ["ip2026.txt", "manifest.toml"]


def test_a_document_without_an_address_is_asked_of_nobody(workspace):
    workspace.raw("ip2019").unlink()
    manifest = workspace.root / "data/raw/manifest.toml"
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text(text.replace('address = "https://example.org/ip2019"\n', ""), encoding="utf-8")
    asked: list[str] = []
    told: list[str] = []
    absent = fetch(get=lambda url, **options: asked.append(url), notify=told.append)
    assert [document.doc_id for document in absent] == ["ip2019"]
    assert "no address is known" in told[0]
    assert asked == []


def test_no_more_than_five_redirects_are_followed(workspace):
    workspace.raw("ip2019").unlink()
    asked = []

    def get(url: str, **options: object) -> Response:
        asked.append(url)
        return Response(url, status=302, location=f"/{len(asked)}")

    fetch(get=get)
    assert len(asked) == 6


def test_a_slow_address_is_given_up(workspace, monkeypatch):
    workspace.raw("ip2019").unlink()
    monkeypatch.setattr(fetching, "ADDRESS_SECONDS", 0.2)
    released = threading.Event()

    class Slow(Response):
        def iter_content(self, size: int):
            yield b"x"
            released.wait()

    told: list[str] = []
    assert fetch(get=lambda url, **options: Slow(url), notify=told.append)
    released.set()
    assert "longer than 0.2 s" in told[0]


def test_a_host_that_does_not_answer_is_asked_once(workspace):
    for doc_id in workspace.texts:
        workspace.raw(doc_id).unlink()
    asked = []

    def get(url: str, **options: object) -> Response:
        asked.append(url)
        raise requests.ConnectionError

    assert len(fetch(get=get)) == 2
    assert len(asked) == 1


def test_ctrl_c_leaves_nothing_behind(workspace):
    workspace.raw("ip2019").unlink()

    class Interrupted(Response):
        def iter_content(self, size: int):
            yield b"x"
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch(get=lambda url, **options: Interrupted(url))
    assert remains(workspace) == ["ip2026.txt", "manifest.toml"]


def test_a_full_disk_is_named(workspace, tmp_path, monkeypatch):
    workspace.raw("ip2019").unlink()
    (tmp_path / "x").write_bytes(workspace.texts["ip2019"])

    def full(source: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("analysis.base.files.os.replace", full)
    with pytest.raises(CannotWrite, match="No space left"):
        fetch(tmp_path, network=False)
    assert remains(workspace) == ["ip2026.txt", "manifest.toml"]
