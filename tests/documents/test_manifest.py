"""The manifest and the documents: nothing faulty is read."""

import dataclasses
import tomllib

import pytest
from conftest import Workspace, entry

from analysis.base.errors import DocumentFaulty, DocumentMissing, TableFaulty
from analysis.documents import manifest
from analysis.workspace.fetch import fetch


def rewrite(workspace: Workspace, text: str) -> None:
    (workspace.root / "data/raw/manifest.toml").write_text(text, encoding="utf-8")


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
        (entry("ip2019", b"x", edition=20190), "edition 20190 is no year between 1800 and 2200"),
        (entry("ip2019", b"x", sha256="abc"), "sha256"),
        (entry("ip2019", b"x", kind="fool"), "'ip2019': kind must be one of full, summary"),
        (entry("ip2019", b"x", status="maybe"), "'ip2019': status must be one of decided, draft"),
        (entry("ip2019", b"x", title=" "), "'ip2019': title is empty"),
        (entry("ip2019", b"x") + entry("ip2019_again", b"y"), "has two full plans of 2019; say of one"),
        (entry("ip2019", b"x", bytes=2**70), "'ip2019': bytes is too large a number"),
    ],
)
def test_a_faulty_manifest_is_named_in_one_line(workspace, text, says):
    rewrite(workspace, text)
    with pytest.raises(TableFaulty, match=r"manifest\.toml") as caught:
        manifest.documents()
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_document_may_have_no_address_and_keeps_none(workspace):
    without = entry("ip2019", b"x").replace('address = "https://example.org/ip2019"\n', "")
    rewrite(workspace, without + entry("ip2026", b"y"))
    first, second = manifest.documents()
    assert (first.address, second.address) == (None, "https://example.org/ip2026")
    assert manifest.as_toml(first) == without
    assert list(tomllib.loads(manifest.as_toml(second))["document"][0])[5:8] == ["publisher", "address", "licence"]
    rewrite(workspace, manifest.with_entry(dataclasses.replace(first, title="another")))
    assert [document.address for document in manifest.documents()] == [None, "https://example.org/ip2026"]


def test_lines_are_counted_by_newlines_alone(workspace):
    text = "a\x0cb\u2028c\r\nd\n".encode()
    workspace.raw("ip2019").write_bytes(text)
    rewrite(workspace, entry("ip2019", text))
    assert manifest.lines(manifest.documents()[0]) == ["a\x0cb\u2028c", "d"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        ("計画 2019\n".encode(), "is truncated"),
        ("計画 2019\nline tow\n".encode(), "is altered"),
        ("計画 2019\nline two\n".encode("cp932"), "(line 1) not UTF-8, it looks like Shift_JIS (cp932)"),
    ],
)
def test_a_faulty_document_is_never_read(workspace, content, says):
    workspace.raw("ip2019").write_bytes(content)
    for act in (lambda: manifest.lines(manifest.documents()[0]), fetch):
        with pytest.raises(DocumentFaulty, match="delete it") as caught:
            act()
        assert says in str(caught.value)
        assert str(workspace.raw("ip2019")) in str(caught.value)
    assert workspace.raw("ip2019").read_bytes() == content  # a person's file is never overwritten


def test_a_manifest_that_describes_another_encoding_is_refused_with_its_line(workspace):
    text = "ok\n灯台を直す。".encode("euc_jp")
    workspace.raw("ip2019").write_bytes(text)
    rewrite(workspace, entry("ip2019", text))
    with pytest.raises(DocumentFaulty, match=r"ip2019\.txt, line 2: not UTF-8, it looks like EUC-JP; convert it"):
        manifest.lines(manifest.documents()[0])


def test_a_missing_document_says_how_to_get_it(workspace):
    workspace.raw("ip2019").unlink()
    assert [document.doc_id for document in manifest.missing()] == ["ip2019"]
    with pytest.raises(DocumentMissing, match="fetch"):
        manifest.lines(manifest.documents()[0])
