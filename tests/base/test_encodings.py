"""Bytes that are no UTF-8 text: the line where that shows, and the encoding that they are likely in."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.base.encodings import NotUtf8, decoded, detected

TEXT = "1. Lamps\n\n・ 灯台を直す。\r\n・ 港を掘る。\n"


@pytest.mark.parametrize(
    ("content", "line", "looks"),
    [
        (TEXT.encode("cp932"), 3, "Shift_JIS (cp932)"),
        (TEXT.encode("euc_jp"), 3, "EUC-JP"),
        (TEXT.encode("iso2022_jp"), 3, "ISO-2022-JP"),
        (TEXT.encode("utf-16"), 1, "UTF-16"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), 1, "UTF-16"),
        (TEXT.encode("utf-16-le"), 1, "UTF-16 without a byte order mark"),
        (TEXT.encode("utf-16-be"), 1, "UTF-16 without a byte order mark"),
        (TEXT.encode("utf-32"), 1, "UTF-32"),
        ("name,who\n灯台,田中\n".encode("cp932"), 2, "Shift_JIS (cp932)"),  # no kana tell it
        ("name,who\n灯台,田中\n".encode("euc_jp"), 2, "EUC-JP"),
        ("ﾀﾞﾑの灯台\n".encode("cp932"), 1, "Shift_JIS (cp932)"),
        (TEXT.encode() + "・ 灯台を守る。\n".encode("cp932"), 5, "Shift_JIS (cp932)"),  # a file in two encodings
        (TEXT.encode()[:-3], 4, "UTF-8 that was damaged or cut off"),
        (b"Lamps\rLamps\rna\xefve\r", 3, "nothing that is known"),
        (b"\xff" * 9, 1, "nothing that is known"),
    ],
)
def test_the_line_and_the_likely_encoding_are_named(content, line, looks):
    with pytest.raises(NotUtf8) as caught:
        decoded(content)
    assert (caught.value.line, str(caught.value)) == (line, f"not UTF-8, it looks like {looks}")


@pytest.mark.parametrize("text", ["", "\ufeff灯台\n", TEXT, "\x00灯台", "\x1b[2J灯台", "costs $B 5", "\U0001f526"])
def test_what_is_utf_8_is_read(text):
    assert decoded(text.encode()) == text


@given(st.binary(max_size=60))
def test_any_bytes_are_text_or_a_fault_with_a_line(content):
    try:
        text, line = decoded(content), 1
    except NotUtf8 as fault:
        text, line = None, fault.line
    assert text is None or text.encode() == content
    assert 1 <= line <= content.count(b"\n") + content.count(b"\r") + 1


@pytest.mark.parametrize("codec", ["cp932", "euc_jp"])
@given(
    words=st.text(
        "灯台港海光船東西南北山川田中人日本大国会あいうえおかきくけこさしすせそたちつてとなにのはひまをん。、・",
        min_size=8,
    )
)
def test_japanese_is_told_from_its_bytes(codec, words):
    with pytest.raises(NotUtf8) as caught:
        decoded(words.encode(codec))
    assert caught.value.likely is not None


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "cp932", "euc_jp", "utf-16", "utf-32"])
def test_encodings_that_show_are_decoded(codec):
    assert detected(TEXT.encode(codec)) == TEXT


@pytest.mark.parametrize(
    ("content", "line"),
    [(TEXT.encode("utf-16-le"), 1), (TEXT.encode()[:-3], 4), (b"\xff" * 9, 1), (TEXT.encode("iso2022_jp"), 3),
     ((TEXT * 9000).encode("cp932") + b"\x81\n", 36001), (TEXT.encode() + "・ 灯台を守る。\n".encode("cp932"), 3)],
)  # fmt: skip
def test_other_bytes_are_a_fault_with_a_line(content, line):
    with pytest.raises(NotUtf8) as caught:
        detected(content)
    assert caught.value.line == line


@given(st.binary(max_size=60))
def test_any_bytes_are_detected_or_a_fault(content):
    with suppress(NotUtf8):
        assert isinstance(detected(content), str)
