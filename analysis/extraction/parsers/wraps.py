"""Where the end of a line parts what closes a measure: in a bracket, a label or a name, behind a label or an arrow.

Lines are wrapped wherever they are full, so that a line by itself may look as if it closed a measure (境省／財務省), or
as if it began one (20年度まで).
"""

import re

from analysis.base.japanese import join_lines
from analysis.extraction.parsers import closing
from analysis.extraction.parsers.bodies_and_times import USUAL, Labels, plain
from analysis.tables import ministries

ARROWS = tuple("→⇒⇨➡➔➜⇢")
LONGEST_TAIL = 400  # characters behind the last sentence that are looked at
YEAR_ENDS = re.compile(r"\d{1,3}[年月日~～〜–-]")
FIRST_WORD = re.compile(r"\w{1,12}")
LAST_WORD = re.compile(r"(?<!\w)\w{1,6}$")
LONGEST_LABEL = 20  # characters


def parts_closing(text: str, line: str, closes: bool, kind: str, labels: Labels = USUAL) -> bool:
    """Return whether what closes a measure begins in a text and goes on in the line below it.

    `closes` says whether the text is nothing but what closes a measure, `kind` what the line begins with
    (`marks.beginning`).
    """
    if not closes and _parts_label(text, line, labels):
        return True
    is_open = closing.is_open(text)
    amid_number = text[-1:].isdigit() and (YEAR_ENDS.match(line) or (is_open and line[:1].isdigit()))
    if kind and not amid_number:
        return False
    if is_open:
        return True
    joined = join_lines([text, line])
    if closes:
        parted = _parts_label(text, line, labels) or _parts_name(text, line)
        return parted and "。" not in line and closing.whole(joined, labels)
    begins = _begins(text, labels)
    return begins is not None and closing.read(joined, labels).start <= max(begins, 1)


def _begins(text: str, labels: Labels) -> int | None:
    """Return where what closes a measure begins behind a text's last sentence: at an arrow, or a label after a space;
    None where nothing does."""
    line = plain(text)
    sentence = max(line.rfind("。") + 1, len(line) - LONGEST_TAIL)
    for begin in [sentence, *(at + 1 for at in range(sentence, len(line)) if line[at] == ")")]:
        tail = line[begin:].lstrip()
        if tail.startswith(ARROWS):
            return begin
        if any(label.start() == 0 or tail[label.start() - 1].isspace() for label in labels.pattern.finditer(tail)):
            return begin
    return None


def labelled(text: str, line: str, labels: Labels = USUAL) -> bool:
    """Return whether a line begins with a label that does not begin on the line before."""
    label = labels.pattern.match(plain(line[:LONGEST_LABEL]))
    return label is not None and label[0].rstrip().endswith((":", "=")) and not _parts_label(text, line, labels)


def _parts_label(text: str, line: str, labels: Labels) -> bool:
    """Whether a label begins at the end of one line and ends on the next."""
    tail = LAST_WORD.search(text[-LONGEST_LABEL:])
    if tail is None or labels.pattern.match(plain(tail[0])):
        return False
    label = labels.pattern.match(plain(tail[0] + line[:LONGEST_LABEL]))
    return label is not None and label.end() > len(tail[0])


def _parts_name(text: str, line: str) -> bool:
    """Whether a body's name, or a list, begins at the end of one line and ends on the next."""
    tail, head = LAST_WORD.search(text[-LONGEST_LABEL:]), FIRST_WORD.match(line)
    name = tail and head and ministries.known(tail[0] + head[0]) and not ministries.known(tail[0])
    return bool(name) or text.endswith(("を", "の", "、", "・", "，"))
