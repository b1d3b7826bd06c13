"""The manifest and the documents: nothing faulty is read, nothing half-written or unverified is put in place."""

import os
from pathlib import Path

import pytest
import requests
from conftest import Workspace, entry

from analysis.base.errors import CannotWrite, DocumentFaulty, DocumentMissing, TableFaulty, UsageFault
from analysis.documents import manifest


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


def rewrite(workspace: Workspace, text: str) -> None:
    (workspace.root / "data/raw/manifest.toml").write_text(text, encoding="utf-8")


def remains(workspace: Workspace) -> list[str]:
    return sorted(os.listdir(workspace.root / "data/raw"))


def test_the_real_manifest_is_sound(monkeypatch):
    monkeypatch.delenv("IP_PLAN_ROOT", raising=False)
    assert manifest.editions() == sorted({document.edition for document in manifest.documents()})
    assert all(manifest.path(document).parent.name == "raw" for document in manifest.documents())


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[document", "not valid TOML"),
        ("", "[[document]]"),
        ("other = 1\n" + entry("ip2019", b"x"), "nothing else"),
        ("document = [1]", "nothing else"),
        (entry("ip2019", b"x").replace("licence", "license"), "lacks licence"),
        (entry("ip2019", b"x", colour="red"), "unknown key colour"),
        (entry("ip2019", b"x") + entry("ip2019", b"x"), "twice"),
        (entry("ip2019/../../x", b"x"), "doc_id may hold only"),
        (entry("ip2019\n", b"x"), "doc_id may hold only"),
        (entry("ip2019", b"x", address="http://example.org"), "https"),
        (entry("ip2019", b"x", address="https://"), "https"),
        (entry("ip2019", b"x", edition="2019"), "edition must be a whole number"),
        (entry("ip2019", b"x", edition=True), "edition must be a whole number"),
        (entry("ip2019", b"x", sha256="abc"), "sha256"),
    ],
)
def test_a_faulty_manifest_is_named_in_one_line(workspace, text, says):
    rewrite(workspace, text)
    with pytest.raises(TableFaulty, match=r"manifest\.toml") as caught:
        manifest.documents()
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_lines_are_counted_by_newlines_alone(workspace):
    text = "a\x0cb\u2028c\r\nd\n".encode()
    workspace.raw("ip2019").write_bytes(text)
    rewrite(workspace, entry("ip2019", text))
    assert manifest.lines(manifest.documents()[0]) == ["a\x0cb\u2028c\r", "d"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        ("計画 2019\n".encode(), "is truncated"),
        ("計画 2019\nline tow\n".encode(), "is altered"),
        ("計画 2019\nline two\n".encode("cp932"), "not UTF-8 (byte 0)"),
    ],
)
def test_a_faulty_document_is_never_read(workspace, content, says):
    workspace.raw("ip2019").write_bytes(content)
    for act in (lambda: manifest.lines(manifest.documents()[0]), manifest.fetch):
        with pytest.raises(DocumentFaulty, match="delete it") as caught:
            act()
        assert says in str(caught.value)
        assert str(workspace.raw("ip2019")) in str(caught.value)
    assert workspace.raw("ip2019").read_bytes() == content  # a person's file is never overwritten


def test_a_manifest_that_describes_another_encoding_is_refused_with_its_byte(workspace):
    text = b"ok\n\x8c\x76"
    workspace.raw("ip2019").write_bytes(text)
    rewrite(workspace, entry("ip2019", text))
    with pytest.raises(DocumentFaulty, match=r"not UTF-8 \(byte 3\)"):
        manifest.lines(manifest.documents()[0])


def test_a_missing_document_says_how_to_get_it(workspace):
    workspace.raw("ip2019").unlink()
    assert [document.doc_id for document in manifest.missing()] == ["ip2019"]
    with pytest.raises(DocumentMissing, match="fetch"):
        manifest.lines(manifest.documents()[0])


@pytest.mark.parametrize("place", ["named", "neighbouring"])
def test_fetch_finds_a_document_by_its_checksum_whatever_its_name(workspace, tmp_path, place):
    workspace.raw("ip2019").unlink()
    folder = tmp_path / ("shared/plans" if place == "neighbouring" else "downloads")
    folder.mkdir(parents=True)
    (folder / "a.txt").write_bytes("計画 2019\nline tow\n".encode())  # the right size
    (folder / "b").mkdir()
    (folder / "ｚ 計画.PDF.txt").write_bytes(workspace.texts["ip2019"])
    assert manifest.fetch(folder if place == "named" else None, network=False) == []
    assert workspace.raw("ip2019").read_bytes() == workspace.texts["ip2019"]
    assert remains(workspace) == ["ip2019.txt", "ip2026.txt", "manifest.toml"]


def test_fetch_leaves_out_what_no_folder_holds_whole(workspace, tmp_path):
    workspace.raw("ip2019").unlink()
    (tmp_path / "ip2019.txt").write_bytes(workspace.texts["ip2019"][:-1])
    assert [document.doc_id for document in manifest.fetch(tmp_path, network=False)] == ["ip2019"]
    assert remains(workspace) == ["ip2026.txt", "manifest.toml"]


def test_fetch_wants_a_folder_that_exists(workspace, tmp_path):
    with pytest.raises(UsageFault, match="not a folder"):
        manifest.fetch(tmp_path / "none")


def test_fetch_follows_redirects_to_https(workspace):
    workspace.raw("ip2019").unlink()
    text = workspace.texts["ip2019"]
    asked = []

    def get(url: str, **options: object) -> Response:
        asked.append(url)
        assert options["allow_redirects"] is False
        assert options["timeout"] == (10, 10)
        return Response(url, status=302, location="/there") if len(asked) == 1 else Response(url, text)

    assert manifest.fetch(get=get) == []
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
    absent = manifest.fetch(get=lambda url, **options: answer(url), tell=told.append)
    assert [document.doc_id for document in absent] == ["ip2019"]
    assert says in told[0]
    assert remains(workspace) == ["ip2026.txt", "manifest.toml"]


def test_no_more_than_five_redirects_are_followed(workspace):
    workspace.raw("ip2019").unlink()
    asked = []

    def get(url: str, **options: object) -> Response:
        asked.append(url)
        return Response(url, status=302, location=f"/{len(asked)}")

    manifest.fetch(get=get)
    assert len(asked) == 6


def test_a_slow_address_is_given_up(workspace, monkeypatch):
    workspace.raw("ip2019").unlink()
    clock = iter(range(0, 10_000, 25))
    monkeypatch.setattr("analysis.documents.manifest.time.monotonic", lambda: next(clock))
    told: list[str] = []
    assert manifest.fetch(get=lambda url, **options: Response(url, workspace.texts["ip2019"]), tell=told.append)
    assert "longer than 60 s" in told[0]


def test_a_host_that_does_not_answer_is_asked_once(workspace):
    for doc_id in workspace.texts:
        workspace.raw(doc_id).unlink()
    asked = []

    def get(url: str, **options: object) -> Response:
        asked.append(url)
        raise requests.ConnectionError

    assert len(manifest.fetch(get=get)) == 2
    assert len(asked) == 1


def test_ctrl_c_leaves_nothing_behind(workspace):
    workspace.raw("ip2019").unlink()

    class Interrupted(Response):
        def iter_content(self, size: int):
            yield b"x"
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        manifest.fetch(get=lambda url, **options: Interrupted(url))
    assert remains(workspace) == ["ip2026.txt", "manifest.toml"]


def test_a_full_disk_is_named(workspace, tmp_path, monkeypatch):
    workspace.raw("ip2019").unlink()
    (tmp_path / "x").write_bytes(workspace.texts["ip2019"])

    def full(source: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("analysis.documents.manifest.os.replace", full)
    with pytest.raises(CannotWrite, match="No space left"):
        manifest.fetch(tmp_path, network=False)
    assert remains(workspace) == ["ip2026.txt", "manifest.toml"]
