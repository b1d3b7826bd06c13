"""What a Word file holds and nobody sees, or no reader takes, is put right before it is read.

Hidden words (ISO/IEC 29500-1, 17.3.2.41: vanish) are no part of the text; a value that is no number, as in a cell that
spans -5 columns, costs its cell nothing else.
"""

from collections.abc import Iterator
from xml.etree import ElementTree

MOST_COLUMNS = 63  # that Word's tables can have
STYLES_DEEP = 20  # styles that are based on one another
NO = ("0", "false", "off")


def take_out_hidden(document: ElementTree.Element, styles: dict[str, ElementTree.Element]) -> int:
    """Empty the runs that are hidden, by themselves or by their styles; return how many characters that were."""
    count = 0
    for paragraph in document.iterfind(".//{*}p"):
        by_style = _hides(child_value(paragraph, "pPr/{*}pStyle"), styles)
        for run in _runs(paragraph):
            own = _vanishes(run)
            by_character_style = _hides(child_value(run, "rPr/{*}rStyle"), styles)
            if own if own is not None else by_character_style or by_style:
                texts = run.findall("{*}t")
                count += sum(len((text.text or "").strip()) for text in texts)
                for text in texts:
                    run.remove(text)
    return count


def mend_values(document: ElementTree.Element) -> None:
    """Put values that no reader takes into bounds: columns that a cell spans, characters of symbol fonts."""
    for span in document.iterfind(".//{*}gridSpan"):
        for key, value in span.items():
            if key.rpartition("}")[2] == "val":
                span.set(key, str(max(1, min(whole(value) or 1, MOST_COLUMNS))))
    for run in document.iterfind(".//{*}r"):
        for symbol in run.findall("{*}sym"):
            if not _is_code(attribute(symbol, "char")):
                run.remove(symbol)


def whole(value: str) -> int | None:
    """Return the whole number that an attribute holds, a billion at most; None for none."""
    return min(int(value[:10]), 10**9) if value.isascii() and value.isdecimal() else None


def attribute(element: ElementTree.Element, name: str) -> str:
    """Return an attribute of an element, whatever namespace it stands in; "" where there is none."""
    return next((value for key, value in element.items() if key.rpartition("}")[2] == name), "")


def child_value(element: ElementTree.Element, path: str) -> str:
    """Return the value that a child of an element holds; "" where there is none."""
    child = element.find(f"{{*}}{path}")
    return "" if child is None else attribute(child, "val")


def _runs(paragraph: ElementTree.Element) -> Iterator[ElementTree.Element]:
    """Yield the runs of a paragraph, those of links and of what was changed too, but none of a text box in it."""
    for child in paragraph:
        kind = child.tag.rpartition("}")[2]
        if kind == "r":
            yield child
        elif kind in ("hyperlink", "ins", "moveTo", "smartTag", "fldSimple", "sdt", "sdtContent"):
            yield from _runs(child)


def _hides(style_id: str, styles: dict[str, ElementTree.Element]) -> bool:
    for _ in range(STYLES_DEEP):
        style = styles.get(style_id)
        if style is None:
            return False
        if (own := _vanishes(style)) is not None:
            return own
        style_id = child_value(style, "basedOn")
    return False


def _vanishes(element: ElementTree.Element) -> bool | None:
    """Whether a run or style says that it is hidden; None where it says nothing of it."""
    vanish = element.find("{*}rPr/{*}vanish")
    return None if vanish is None else attribute(vanish, "val").lower() not in NO


def _is_code(value: str) -> bool:
    try:
        return 0 < int(value, 16) < 0x110000
    except ValueError:
        return False
