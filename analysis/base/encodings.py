"""Bytes → text: UTF-8, or a fault that names the line where it ends and the encoding that the bytes are likely in."""

import codecs

JAPANESE = {"euc_jp": "EUC-JP", "cp932": "Shift_JIS (cp932)"}  # Python's name, and what people call it
WIDE = {  # the longer marks first, since the shorter ones begin them
    codecs.BOM_UTF32_LE: "UTF-32", codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16", codecs.BOM_UTF16_BE: "UTF-16",
}  # fmt: skip
UNMARKED = {"utf_16_le": "UTF-16", "utf_16_be": "UTF-16", "utf_32_le": "UTF-32", "utf_32_be": "UTF-32"}
DAMAGED = "UTF-8 that was damaged or cut off"
ESCAPES = (b"\x1b$B", b"\x1b$@", b"\x1b$(D", b"\x1b$(Q")  # of ISO-2022-JP, before kanji
SAMPLE = 200_000  # bytes that are looked at to tell an encoding
PLAUSIBLE = 0.75  # the share of characters beyond ASCII that Japanese is written in, half-width ones counted half
ASCII = range(0x80)
CONTROLS = "".join(map(chr, [*range(9), *range(14, 27), *range(28, 32), 127]))  # that no text holds
WRITTEN = (range(0x3000, 0x3100), range(0x4E00, 0xA000), range(0xFF01, 0xFF5F))  # kana, kanji, stops, wide letters
HALF_WIDTH = range(0xFF61, 0xFFA0)


class NotUtf8(ValueError):
    """Bytes that are no UTF-8 text: `line` where that shows, and `likely`, what they are as it seems, or None."""

    def __init__(self, line: int, likely: str | None) -> None:
        self.line, self.likely = line, likely
        super().__init__(f"not UTF-8, it looks like {likely or 'nothing that is known'}")


def decoded(content: bytes) -> str:
    """Return the text that the bytes are in UTF-8, a byte order mark included. Raises NotUtf8."""
    for mark, name in WIDE.items():
        if content.startswith(mark):
            raise NotUtf8(1, name)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line, near = _line(content, error.start), _around(content, error.start)
        if likely := _wide(content):
            raise NotUtf8(1, likely) from error
        damaged = _mostly_sound(near) or _halves(near)
        text_at_all = b"\x00" not in content[:SAMPLE]
        raise NotUtf8(
            line, DAMAGED if damaged else _japanese(content) or (text_at_all and _japanese(near)) or None
        ) from error
    if any(escape in content for escape in ESCAPES):
        raise NotUtf8(_line(content, content.index(b"\x1b$")), "ISO-2022-JP")
    if "\x00" in text and (likely := _wide(content)):
        raise NotUtf8(1, likely)
    return text


def detected(content: bytes) -> str:
    """Return the text that the bytes are in UTF-8, UTF-16 or UTF-32 with a byte order mark, Shift_JIS or EUC-JP, as it
    seems; without the mark. Raises NotUtf8 where they are neither."""
    try:
        text = decoded(content)
    except NotUtf8 as fault:
        codecs = {name: codec for codec, name in JAPANESE.items()} | {"UTF-16": "utf-16", "UTF-32": "utf-32"}
        if fault.likely not in codecs:
            raise
        try:
            text = content.decode(codecs[fault.likely])
        except UnicodeDecodeError as error:  # behind the sample
            raise NotUtf8(_line(content, error.start), None) from error
    return text.removeprefix("\ufeff")


def _line(content: bytes, at: int) -> int:
    """Return the number of the line that a byte stands in."""
    before = content[:at].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return before.count(b"\n") + 1


def _around(content: bytes, at: int) -> bytes:
    """Return the line that a byte stands in: of a file in two encodings it is in one."""
    start = max(content.rfind(end, 0, at) for end in (b"\n", b"\r")) + 1
    return content[start : at + SAMPLE].splitlines()[0]


def _wide(content: bytes) -> str | None:
    """Return which encoding of two or four bytes a character it is, without a mark that says so; None for none."""
    sample = content[: SAMPLE - SAMPLE % 4]
    if b"\x00" not in sample:
        return None
    for codec, name in UNMARKED.items():
        if _written(sample, codec) >= PLAUSIBLE:
            return f"{name} without a byte order mark"
    return None


def _japanese(content: bytes) -> str | None:
    """Return which of Japan's encodings the bytes are likely in; None for none."""
    shares = {codec: _written(content[:SAMPLE], codec) for codec in JAPANESE}
    best = max(shares, key=lambda codec: shares[codec])
    return JAPANESE[best] if shares[best] >= PLAUSIBLE else None


def _written(content: bytes, codec: str) -> float:
    """Return the share of characters beyond ASCII that Japanese is written in, 0–1, if the bytes are in this encoding;
    0 where they cannot be."""
    try:
        text = codecs.getincrementaldecoder(codec)().decode(content)  # the sample may end within a character
    except UnicodeDecodeError:
        return 0.0
    codes = [ord(character) for character in text if ord(character) not in ASCII or character in CONTROLS]
    if not text:
        return 0.0
    shares = (1.0 if any(code in block for block in WRITTEN) else 0.5 * (code in HALF_WIDTH) for code in codes)
    return sum(shares) / len(codes) if codes else 1.0


def _halves(content: bytes) -> bool:
    """Whether it is UTF-8 but for halves of characters (surrogates), which some databases write."""
    try:
        content.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return False
    return True


def _mostly_sound(content: bytes) -> bool:
    """Whether most characters beyond ASCII are UTF-8, which those of another encoding hardly ever are."""
    text = content.decode("utf-8", errors="replace")
    faults = text.count("\ufffd")
    return len(text) - faults - sum(character.isascii() for character in text) > faults
