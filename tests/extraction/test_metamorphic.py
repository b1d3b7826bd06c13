"""How a plan is set must not matter: re-wrapped, paginated, annotated and respelled plans read as they did.

The transformations work on tokens: a line with the role that the reader gives it, which
tests/extraction/test_plan_parsers.py checks on the fictitious plans. What a person could not tell either is left out,
with the reason beside it.
"""

import re
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import NamedTuple
from unicodedata import east_asian_width

import effort
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from layouts import LAYOUTS, parse

from analysis.base.japanese import join_lines, repaired, squeeze
from analysis.documents.document import of_text
from analysis.extraction.parsers import attribution
from analysis.extraction.parsers.parse_result import ParseResult

ROOT = Path(__file__).resolve().parents[2]
MINI = ROOT / "tests" / "mini"
RAW = ROOT / "data" / "raw"
MARKDOWN, PDF = "markdown_plan", "pdf_text_plan"
REAL = {MARKDOWN: "ip2026", PDF: "ip2019"}

FEW = settings(max_examples=25, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
SEEDS = st.integers(0, 2**32)


class Token(NamedTuple):
    """A line and its role; "blank" for blank lines. Where a role runs on, `item` is the same."""

    text: str
    role: str
    item: int = -1


Tokens = list[Token]
Change = Callable[[Tokens, Random], Tokens]
BLANK = Token("", "blank")
RUNNING = ("measure", "attribution", "background", "kpi")

# Japanese typesetting never begins a line with these (kinsoku), and never ends one with an opening bracket.
NOT_FIRST = "、。，．,.・･：:；;？！?!）)」』】〕〉》＞>ーぁぃぅぇぉっゃゅょァィゥェォッャュョ々～%％"
NOT_LAST = "（(「『【〔〈《＜<"
LIST_MARKS = "・･•●○◦▪■◆-*+–—－"
# A number by itself at a line's start is that of a heading, a note or a list item.
HEAD_NUMBER = re.compile(r"[0-9０-９]+[\s.．)）]|[⁰¹²³⁴⁵⁶⁷⁸⁹①-⑳]")
NUMBERS = "0123456789０１２３４５６７８９⁰¹²³⁴⁵⁶⁷⁸⁹"
COUNTED = "つかカヵヶ年月日回件人社割名箇個本種点度号章条項億万千百兆円倍時分週歳校巻版次位台期段"
ANNOTATED = re.compile(r"[ぁ-んァ-ヶ一-龠々ー」』）)]")
MARK = re.compile(r"\ue000([^\ue001]*)\ue001")
NOTE_TEXTS = [
    "灯りの数は、港ごとの届けを合計したもの。",
    "https://www.example.jp/main_content/000987.pdf",
    "詳しくは https://www.example.jp/akari/2030/ を参照。",
    "ここでいう港には、漁港（第一種）を含まない。",
]


# --- documents as tokens


def lines_of(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").removesuffix("\n").split("\n")


def read(layout: str, lines: list[str]) -> ParseResult:
    return parse(layout, of_text(lines))


def tokens_of(layout: str, lines: list[str]) -> Tokens:
    """The lines with their roles; the roadmap, which has tests of its own, is left out."""
    found: dict[int, tuple[str, int]] = {}
    for item, paragraph in enumerate(read(layout, lines).paragraphs):
        if paragraph.section != "roadmap":
            found |= {number: (paragraph.role, item) for number, _ in paragraph.lines}
    last = max(found)
    made = [Token(text, *found.get(number, ("blank", -1))) for number, text in enumerate(lines[:last], 1)]
    return with_open_marks(layout, made)


@cache
def mini(layout: str) -> tuple[Token, ...]:
    return tuple(tokens_of(layout, lines_of(MINI / f"{layout}.txt")))


@cache
def real(layout: str) -> tuple[Token, ...]:
    path = RAW / f"{REAL[layout]}.txt"
    if not path.exists():
        pytest.skip(f"{path.name} is not at hand")
    return tuple(tokens_of(layout, lines_of(path)))


SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"


def with_open_marks(layout: str, tokens: Tokens) -> Tokens:
    """Footnotes' numbers as names (\\ue000name\\ue001), so that `with_numbers` can count them anew."""
    made: Tokens = []
    count = 0
    seen: set[int] = set()
    for token in tokens:
        text = token.text
        if layout == MARKDOWN and token.role != "table":
            text = re.sub(f"[{SUPERSCRIPTS}]+", lambda m: f"\ue000{plain_number(m[0])}\ue001", text)
        elif layout == PDF and token.role == "footnote" and token.item not in seen:
            seen.add(token.item)
            count += 1
            text = text.replace(str(count), f"\ue000{count}\ue001", 1)
        made.append(token._replace(text=text))
    return made if layout == MARKDOWN else with_marks_of_pdf(made, count)


def with_marks_of_pdf(tokens: Tokens, count: int) -> Tokens:
    """A mark of the text layer is the note's number after a space, on the page at whose foot the note stands."""
    made = list(tokens)
    at = {match[1]: i for i, token in enumerate(tokens) if (match := MARK.match(token.text))}
    for number in range(1, count + 1):
        foot = at[str(number)]
        while any(other.role == "footnote" for other in made[:foot]) and notes_only(made, foot):
            foot -= 1
        page = max((i for i in range(foot) if made[i].role == "footnote"), default=-1)
        for i in range(page + 1, foot):
            mark = rf"(?<=[^\x00-\x7f]) {number}(?=[、。（）ぁ-ん]|\s*$)"
            text, found = re.subn(mark, f"\ue000{number}\ue001", made[i].text, count=1)
            if found and made[i].role in RUNNING:
                made[i] = made[i]._replace(text=text)
                break
    return made


def notes_only(tokens: Tokens, at: int) -> bool:
    """Whether what stands right before is another note of the same page."""
    return next((token.role for token in reversed(tokens[:at]) if token.role != "blank"), "") == "footnote"


def plain_number(superscript: str) -> str:
    return "".join(str(SUPERSCRIPTS.index(digit)) for digit in superscript)


def with_numbers(layout: str, tokens: Tokens) -> list[str]:
    """The lines, with the notes counted in the order in which they stand."""
    numbers: dict[str, int] = {}
    for token in tokens:
        if token.role == "footnote" and (match := MARK.match(token.text.lstrip("\ufeff 　"))):
            numbers[match[1]] = len(numbers) + 1

    def number(match: re.Match[str], token: Token) -> str:
        found = str(numbers.get(match[1], match[1]))
        if layout == MARKDOWN:
            return "".join(SUPERSCRIPTS[int(digit)] for digit in found)
        return found if token.role == "footnote" else f" {found}"

    return [MARK.sub(lambda match, token=token: number(match, token), token.text) for token in tokens]


# --- what must not change


def extraction(reading: ParseResult) -> list[tuple]:
    return [
        (squeeze(m.clean or m.text), m.section, [squeeze(head) for head in m.subheads], m.horizon,
         [squeeze(name) for name in m.ministries], m.repeated)
        for m in reading.measures if m.part == "body"
    ]  # fmt: skip


def accounts_for_every_line(lines: list[str], reading: ParseResult) -> None:
    held = sorted(number for paragraph in reading.paragraphs for number, _ in paragraph.lines)
    assert held == [number for number, line in enumerate(lines, 1) if repaired(line).strip()]


@cache
def untouched(layout: str, source: Callable[[str], tuple[Token, ...]]) -> list[tuple]:
    return extraction(read(layout, with_numbers(layout, list(source(layout)))))


def check(layout: str, source: Callable[[str], tuple[Token, ...]], changes: list[Change], seed: int) -> None:
    random = Random(seed)
    tokens = list(source(layout))
    for change in changes:
        tokens = change(tokens, random)
    lines = with_numbers(layout, tokens)
    reading = read(layout, lines)
    accounts_for_every_line(lines, reading)
    for found, before in zip(extraction(reading), untouched(layout, source), strict=False):
        assert found == before
    assert len(extraction(reading)) == len(untouched(layout, source))


# --- places


def may_break(text: str, at: int) -> bool:
    """Whether a typesetter would break a line here and a person could tell that it goes on."""
    before, after = text[at - 1], text[at]
    if after in NOT_FIRST or before in NOT_LAST or after.isspace() or before.isspace():
        return False
    if after in LIST_MARKS + "\ue000" or HEAD_NUMBER.match(text, at):
        return False  # such a line would begin a list item, a heading or a note
    if text.rfind("\ue000", 0, at) > text.rfind("\ue001", 0, at):
        return False  # within a mark
    # Latin words and numbers are not cut
    return not (before.isascii() and before.isalnum() and after.isascii() and after.isalnum())


def inner(text: str) -> list[int]:
    """The places where a line may be broken, away from its ends."""
    return [at for at in range(4, len(text) - 1) if may_break(text, at)]


def places_between(tokens: Tokens, roles: tuple[str, ...]) -> list[int]:
    """The places right behind lines of these roles."""
    return [at for at, token in enumerate(tokens, 1) if token.role in roles]


def chosen(random: Random, places: list[int], most: int) -> set[int]:
    return set(random.sample(places, min(len(places), random.randint(1, most))))


def amount(tokens: Tokens) -> int:
    """How many places to touch: a longer document gets more."""
    return 3 + len(tokens) // 20


# --- Markdown: page breaks, notes, page numbers


def page_break(random: Random) -> Tokens:
    return random.choice([[BLANK, Token(" ", "blank"), BLANK], [BLANK], [BLANK, BLANK, Token("　", "blank"), BLANK]])


def page_number(random: Random) -> Tokens:
    number = random.randint(1, 140)
    written = random.choice([f"{number}", f"- {number} -", f"－{number}－", f"— {number} —"])
    return [BLANK, Token(written, "furniture"), *page_break(random)]


def note(random: Random, name: str) -> Tokens:
    """A note, sometimes with its address on a line of its own."""
    text = random.choice(NOTE_TEXTS)
    made = [BLANK, Token(f"\ue000{name}\ue001 {text}", "footnote")]
    if text.startswith("http") or random.random() < 0.5:
        return [*made, BLANK]
    address = Token("https://www.example.jp/toudai/chousa_2029.html", "footnote")
    return [*made, *([BLANK] if random.random() < 0.5 else []), address, BLANK]


def broken(fill: Callable[[Random], Tokens], marked: bool = False) -> Change:
    """Long lines broken in the middle, with something between the halves: a page break and what stands there."""

    def change(tokens: Tokens, random: Random) -> Tokens:
        at = [i for i, token in enumerate(tokens) if token.role in RUNNING and inner(token.text)]
        picked, made = chosen(random, at, amount(tokens)), []
        for i, token in enumerate(tokens):
            if i not in picked:
                made.append(token)
                continue
            place = random.choice(inner(token.text))
            first, second = token.text[:place], token.text[place:]
            name = f"{i}.{random.random()}"
            if marked:
                first = with_mark(first, name, random)
                made += [token._replace(text=first), *note(random, name), *fill(random), token._replace(text=second)]
            else:
                made += [token._replace(text=first), *fill(random), token._replace(text=second)]
        return made

    return change


def with_mark(text: str, name: str, random: Random) -> str:
    """The text with a footnote's mark somewhere behind its words: not in the attribution, not beside a number.

    Nor before what is counted: in a text layer, where a mark is a plain number, 受取所 3か所 is three places.
    """
    match = re.search(r"[(（][短中長]", text)
    places = []
    for at in range(4, match.start() if match else len(text)):
        before, after = text[at - 1], text[at]
        in_mark = text.rfind("\ue000", 0, at) > text.rfind("\ue001", 0, at)
        if ANNOTATED.match(before) and not in_mark and after not in NUMBERS + COUNTED + "\ue000 　":
            places.append(at)
    if not places:
        return text
    at = random.choice(places)
    return f"{text[:at]}\ue000{name}\ue001{text[at:]}"


def between(fill: Callable[[Random], Tokens]) -> Change:
    """Something between whole lines: behind running text and its attributions, headings and notes."""

    def change(tokens: Tokens, random: Random) -> Tokens:
        picked = chosen(random, places_between(tokens, (*RUNNING, "heading", "footnote")), amount(tokens))
        made: Tokens = []
        for at, token in enumerate(tokens, 1):
            made.append(token)
            if at in picked:
                made += fill(random)
        return made

    return change


def nothing(random: Random) -> Tokens:
    return []


def some_note(random: Random) -> Tokens:
    return [*note(random, str(random.random())), *page_break(random)]


# --- PDF: lines, pages, notes, page numbers


def rewrapped(tokens: Tokens, random: Random) -> Tokens:
    """Each paragraph wrapped at another width. Captions and page numbers stay: they are set by themselves.

    What stands before a page's notes is wrapped apart from what follows on the next page.
    """
    width = random.choice([18, 24, 33, 41, 52, 76])
    made: Tokens = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token.role not in (*RUNNING, "heading", "footnote"):
            made.append(token)
            at += 1
            continue
        end = at + 1  # behind the last line of the paragraph on this page
        while (following := next_line(tokens, end)) < len(tokens) and tokens[following].item == token.item:
            end = following + 1
        text = join_lines([other.text for other in tokens[at:end]])
        indent = token.text[: len(token.text) - len(token.text.lstrip())]
        for piece in wrap(indent + text, width):
            made += [token._replace(text=piece), BLANK]
        made.pop()
        at = end
    return made


def wrap(text: str, width: int) -> list[str]:
    """Lines as wide as `width` characters of full width, broken where a typesetter may."""
    lines, line, filled, good = [], "", 0.0, 0
    for at, character in enumerate(text):
        filled += wide(character)
        if line and filled > width and good:
            lines.append(line[:good])
            line, good = line[good:], 0
            filled = sum(map(wide, line)) + wide(character)
        line += character
        if at + 1 < len(text) and len(line) > 3 and may_wrap(text, at + 1):
            good = len(line)
    return [*lines, line]


def wide(character: str) -> float:
    return 1.0 if east_asian_width(character) in "FWA" else 0.5


def may_wrap(text: str, at: int) -> bool:
    """A text layer's lines are as the typesetter broke them: numbers and circled numbers may begin one.

    A note's number keeps to the word it belongs to.
    """
    before, after = text[at - 1], text[at]
    if after in NOT_FIRST + "\ue000 　" or before in NOT_LAST or after in LIST_MARKS:
        return False
    if text.rfind("\ue000", 0, at) > text.rfind("\ue001", 0, at):
        return False
    return not (before.isascii() and not before.isspace() and after.isascii()) and text[at - 2] != "\ue001"


def next_line(tokens: Tokens, at: int) -> int:
    """The place of the next line that is not blank."""
    return next((i for i in range(at, len(tokens)) if tokens[i].role != "blank"), len(tokens))


def page_turns(tokens: Tokens, random: Random) -> Tokens:
    """Pages that end elsewhere: a page's first line follows the last one's without a blank line."""
    return turned(tokens, random, lambda at: [])


def turned(tokens: Tokens, random: Random, foot: Callable[[int], Tokens]) -> Tokens:
    """The document with pages that end behind some lines of running text, each with its foot before the next page.

    No page ends between a note's mark and the note: that they stand on one page is what tells a mark from a number.
    """
    notes = {match[1]: at for at, token in enumerate(tokens) if (match := MARK.match(token.text))}
    places, until = [], 0
    for at, token in enumerate(tokens):
        after = next_line(tokens, at + 1)
        if token.role in RUNNING and after < len(tokens) and tokens[after].role in (*RUNNING, "heading"):
            until = max([until, *(notes.get(name, 0) for name in MARK.findall(token.text))])
            places += [at] if at >= until else []
    picked = chosen(random, places, amount(tokens))
    made: Tokens = []
    turning = False
    for at, token in enumerate(tokens):
        if turning and token.role == "blank":
            continue
        indent = random.choice(["", " "]) if turning else ""
        made.append(token._replace(text=indent + token.text))
        turning = at in picked
        made += foot(len(made) - 1) if turning else []
    return made


def pdf_page_numbers(tokens: Tokens, random: Random) -> Tokens:
    """A page's number at its foot or at the head of the next one."""

    def foot(at: int) -> Tokens:
        number = random.randint(1, 140)
        written = Token(random.choice([f"{number} ", f" {number}", f"- {number} -", f"－ {number} －"]), "furniture")
        return random.choice([[*[BLANK] * random.randint(1, 4), written], [written, BLANK]])

    return turned(tokens, random, foot)


def pdf_notes(tokens: Tokens, random: Random) -> Tokens:
    """Notes at the foot of pages, most with their marks in the page's last line."""
    marked: dict[int, str] = {}  # by line: the note

    def foot(at: int) -> Tokens:
        marked[at] = f"n{len(marked)}"
        made = [BLANK, Token(" " * 40, "blank"), BLANK]
        for line in wrap(f"\ue000{marked[at]}\ue001 {random.choice(NOTE_TEXTS)}", random.choice([24, 60])):
            made += [Token(line, "footnote"), BLANK]
        return made[:-1]

    made = turned(tokens, random, foot)
    for at, name in marked.items():
        begun = "".join(other.text for other in made[:at] if other.item == made[at].item)
        if random.random() < 0.8 and "\ue000" not in made[at].text and not re.search(r"[(（][短中長]", begun):
            made[at] = made[at]._replace(text=with_mark(made[at].text, name, random))
    return made


def gaps(tokens: Tokens, random: Random) -> Tokens:
    """Other numbers of blank lines: a gap (two or more) stays one, a single blank line parts lines of a paragraph."""
    made: Tokens = []
    for at, token in enumerate(tokens):
        made.append(token)
        if token.role == "blank" and at and tokens[at - 1].role == "blank" and random.random() < 0.3:
            made += [BLANK] * random.randint(1, 3)
    return made


# --- how it is written


WIDE = {
    "brackets": str.maketrans("()<>", "（）＜＞"),
    "digits": str.maketrans("0123456789", "０１２３４５６７８９"),
    "letters": {ord(c): ord(c) + 0xFEE0 for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"},
    "points": str.maketrans(".:%", "．：％"),
    "separators": str.maketrans("､･", "、・"),
    "quotes": str.maketrans("｢｣｡", "「」。"),
}
NARROW = {name: {value: key for key, value in table.items()} for name, table in WIDE.items()}


def widths(tokens: Tokens, random: Random) -> Tokens:
    """Full- and half-width forms; addresses keep theirs, in which the forms differ, and so do list marks."""

    def respelled(token: Token) -> Token:
        if "http" in token.text:
            return token
        head = len(token.text) - len(token.text.lstrip(LIST_MARKS + " 　"))
        text = token.text[head:]
        pieces = MARK.split(text)  # every second piece is the name of a mark
        for table in random.sample([*WIDE.values(), *NARROW.values()], random.randint(0, 5)):
            pieces = [piece if odd % 2 else piece.translate(table) for odd, piece in enumerate(pieces)]
        text = "".join(f"\ue000{piece}\ue001" if odd % 2 else piece for odd, piece in enumerate(pieces))
        return token._replace(text=token.text[:head] + text)

    return [respelled(token) for token in tokens]


HORIZON = re.compile(r"(短期|中期)(\s?)[、・，,･､](\s?)(?=中期|長期)")
SIGNS_OF_LISTS = "、・，,･､"


def separators(tokens: Tokens, random: Random) -> Tokens:
    """Horizons and ministries parted by the other signs that both plans use.

    Within a group's brackets no middle dot is put or taken away: names of offices hold such dots themselves.
    """
    made: Tokens = []
    depth: int | None = None  # open brackets of a list of ministries, which may run over several lines
    for token in tokens:
        if token.role not in ("measure", "attribution"):
            depth = None if token.role == "heading" else depth
            made.append(token)
            continue
        sign = random.choice(SIGNS_OF_LISTS)
        text = HORIZON.sub(rf"\g<1>\g<2>{sign}\g<3>", token.text)
        ends = [match.end() for match in re.finditer(r"[短中長]期\s?[)）]", text)]
        depth = 0 if ends else depth
        start = ends[-1] if ends else 0
        tail = ""
        for character in text[start:]:
            if depth is not None:
                depth += (character in "(（「") - (character in ")）」")
                if character == "。" or (depth == 0 and character in ")）"):
                    depth = None
            if depth == 1 and character in SIGNS_OF_LISTS:
                character = random.choice(SIGNS_OF_LISTS)
            elif depth == 2 and character in "、，,､":
                character = random.choice("、，,､")
            tail += character
        made.append(token._replace(text=text[:start] + tail))
    return made


SIGNS = ["・ ", "• ", "● ", "○ ", "◦ ", "- ", "* ", "･ ", "- ・ ", "・", "●", "・　"]
BULLET = re.compile(r"^\s*(?:[-*+–—] ?[・･•●○◦▪■] ?|[・･•●○◦▪■] ?|[-*+–—] )")


def bullets(tokens: Tokens, random: Random) -> Tokens:
    """Other signs of list items. Signs that differ go on to differ, since their rank tells lists in lists."""
    matches = [BULLET.match(token.text) for token in tokens if token.role in ("measure", "background")]
    present = sorted({match[0].strip() for match in matches if match})
    signs: list[str] = []
    for sign in random.sample(SIGNS, len(SIGNS)):
        if sign.strip() not in {other.strip() for other in signs}:
            signs.append(sign)
    other = dict(zip(present, signs, strict=False))

    def changed(at: int, token: Token) -> Token:
        match = BULLET.match(token.text) if token.role in ("measure", "background") else None
        return token._replace(text=other[match[0].strip()] + token.text[match.end() :]) if match else token

    return [changed(at, token) for at, token in enumerate(tokens)]


def one_sign(tokens: Tokens, random: Random) -> Tokens:
    """All list items with one sign: a list in an item is told by the item's announcing it."""
    sign = random.choice(SIGNS)
    roles = ("measure", "background")
    return [t._replace(text=BULLET.sub(sign, t.text, count=1)) if t.role in roles else t for t in tokens]


def more_blanks(tokens: Tokens, random: Random) -> Tokens:
    made: Tokens = []
    for token in tokens:
        made.append(token)
        if token.role == "blank" and random.random() < 0.3:
            made += random.choices([BLANK, Token(" ", "blank"), Token("　", "blank")], k=random.randint(1, 4))
    return made


def fewer_blanks(tokens: Tokens, random: Random) -> Tokens:
    """Runs of blank lines cut to one; none is taken away, since in Markdown a blank line is what ends a paragraph."""
    return [t for before, t in pairwise([Token("x", "x"), *tokens]) if not (t.role == before.role == "blank")]


def trailing_spaces(tokens: Tokens, random: Random) -> Tokens:
    """No tabs: in Markdown made from tables a tab at a line's end parts off an empty cell."""
    return [token._replace(text=token.text + random.choice(["", " ", "  ", "　", "\u00a0"])) for token in tokens]


def carriage_returns(tokens: Tokens, random: Random) -> Tokens:
    return [token._replace(text=token.text + "\r") for token in tokens]


def byte_order_mark(tokens: Tokens, random: Random) -> Tokens:
    return [tokens[0]._replace(text="\ufeff" + tokens[0].text), *tokens[1:]]


WRITTEN: dict[str, Change] = {
    "widths": widths, "separators": separators, "bullets": bullets, "trailing spaces": trailing_spaces,
    "carriage returns": carriage_returns, "byte order mark": byte_order_mark,
}  # fmt: skip
SET: dict[str, dict[str, Change]] = {
    MARKDOWN: {
        "lines broken": broken(nothing),
        "lines broken by pages": broken(page_break),
        "lines broken by page numbers": broken(page_number),
        "lines broken by notes": broken(nothing, marked=True),
        "lines broken by notes and pages": broken(page_break, marked=True),
        "lines broken by notes and page numbers": broken(page_number, marked=True),
        "page breaks between lines": between(page_break),
        "page numbers between lines": between(page_number),
        "notes between lines": between(some_note),
        "more blank lines": more_blanks,
        "fewer blank lines": fewer_blanks,
    },
    PDF: {
        "other widths": rewrapped,
        "other pages": page_turns,
        "page numbers": pdf_page_numbers,
        "notes": pdf_notes,
        "other gaps": gaps,
    },
}
CASES = [(layout, name) for layout in SET for name in [*SET[layout], *WRITTEN]]


def change_of(layout: str, name: str) -> Change:
    return (SET[layout] | WRITTEN)[name]


@pytest.mark.parametrize("layout", list(SET))
def test_plans_come_through_as_they_are(layout):
    """With nothing changed, tokens give the plan's own lines again."""
    assert with_numbers(layout, list(mini(layout))) == lines_of(MINI / f"{layout}.txt")[: len(mini(layout))]


@pytest.mark.parametrize(("layout", "name"), CASES)
def test_changes_change_something(layout, name):
    lines = with_numbers(layout, list(mini(layout)))
    assert any(with_numbers(layout, change_of(layout, name)(list(mini(layout)), Random(n))) != lines for n in range(5))


@pytest.mark.parametrize(("layout", "name"), CASES)
@FEW
@given(seed=SEEDS)
def test_setting_changes_nothing(layout, name, seed):
    check(layout, mini, [change_of(layout, name)], seed)


@FEW
@given(seed=SEEDS)
def test_lists_in_items_need_no_sign_of_their_own(seed):
    check(MARKDOWN, mini, [one_sign], seed)


@pytest.mark.parametrize("layout", list(SET))
@FEW
@given(seed=SEEDS, how=st.randoms(use_true_random=False))
def test_settings_together_change_nothing(layout, seed, how):
    """Several at once, what is set first and how it is written after."""
    names = [*how.sample(list(SET[layout]), 2), *how.sample(list(WRITTEN), 3)]
    check(layout, mini, [change_of(layout, name) for name in names], seed)


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(("layout", "name"), CASES)
def test_setting_changes_nothing_in_the_documents(layout, name, seed):
    check(layout, real, [change_of(layout, name)], seed)


# --- anything at all

PIECES = [
    "目次", "はじめに\t1", "1.\t灯り\t2", "I. はじめに", "II. 灯り", "１．はじめに", "（１）祭り", "(1) 祭り",
    "① 霧笛", "②-1 灯器", "(現状と課題)", "（施策の方向性）", "<KPIについて>", "＜灯台守＞", "(別紙)", "５．工程表",
    "（１）「推進計画２０２４」重点事項", "項目\n番号", "施策内容", "担当府省", "２０３１年度", "左記の取組を継続",
    "工程表３に記載", "工程表１～９に記載", "再掲", "12", "- 3 -", "- ・ 灯台を直す。", "・ 灯台を直す", "● 港を",
    "○", "◆ 灯台 ・・・ 3億円", "→ 検討する。", "# 1. 灯台", "## 現状", "今後は、灯台を直す。",
    "(短期・中期) (内閣府 (知財)、総務省)", "（短期、中期）（文部", "科学省）【再掲】", "【再掲】", "(短期", "内閣府",
    "総務省", "関係府省", "¹ 注", "² https://www.example.jp/", "https://www.example.jp/", "1 注", "2 注。",
    "図１ 灯り", "図表 3：灯り", "(出典) 灯台", "※ 灯台", "(前述Ⅲ. 1. (1) のとおり)", "次の取組を行う。",
    "灯りを守ることが必要である。", "あ\tい\tう", "【課題】", "☑ 灯り", " ", "　", "\ufeff", "\r", "\x0c", "\u2028",
    "\x85", "\x1c", "\x00", "⁰", "㈱", "١٢", "(((", "）））", "・・・・", "短期・短期",
]  # fmt: skip
LINES = st.lists(st.one_of(st.sampled_from(PIECES), st.just(""), st.text(max_size=30)), max_size=40)


def as_lines(pieces: list[str], joints: list[str]) -> list[str]:
    """Pieces set one a line or behind one another."""
    text = "".join(piece + joint for piece, joint in zip(pieces, joints, strict=False))
    return text.split("\n")


@pytest.mark.parametrize("layout", list(LAYOUTS))
@settings(FEW, max_examples=100)
@given(
    pieces=LINES, joints=st.lists(st.sampled_from(["\n", "\n", "\n\n", "\n\n\n\n", "", " "]), min_size=40, max_size=40)
)
def test_a_reader_takes_any_text(layout, pieces, joints):
    lines = as_lines(pieces, joints)
    accounts_for_every_line(lines, read(layout, lines))


GROWTH = 5.0  # of the calls for four times the text: in proportion it is 4, squared 16
HEADS = {
    MARKDOWN: ["III. 灯り", "", "(施策の方向性)", ""],
    PDF: ["１．灯り", "", "", "（施策の方向性）", ""],
}
HOSTILE = [
    ("- ・ ", "("), ("・ ", "（短期・"), ("・ 次の", "短期・"), ("", "<"), ("・ ", "・"), ("・ ", "次の"),
    ("・ (短期)(", "内閣府("), ("・ ", "(a)"), ("・ ((a)", "(a)"), ("", "¹"), ("", "1"), ("", "\t1"), ("・ ", " 1"),
    ("・ ", "【再掲】"), ("・ ", "(短期)"), ("・ (", "参照)"), ("", "- "),
]  # fmt: skip


@pytest.mark.parametrize("layout", list(HEADS))
@pytest.mark.parametrize(("start", "repeated"), HOSTILE)
def test_a_long_line_costs_no_more_than_its_length(layout, start, repeated):
    """One line that repeats what rules look for; tests/base/test_patterns.py proves that no pattern backtracks."""

    def reading(characters: int) -> None:
        read(layout, [*HEADS[layout], start + repeated * (characters // len(repeated))])

    assert effort.growth(reading, 2_000) < GROWTH


@pytest.mark.parametrize("layout", list(HEADS))
@pytest.mark.parametrize("pair", [("・ あ", "(短期)("), ("- 次の", "- あ"), ("あ", "図表1"), ("・ あ", "（短期・")])
def test_a_measure_that_never_ends_costs_no_more_than_its_lines(layout, pair):
    def reading(pairs: int) -> None:
        read(layout, [*HEADS[layout], *(line for _ in range(pairs) for line in (pair[0], "", pair[1], ""))])

    assert effort.growth(reading, 250) < GROWTH


ENDINGS = [
    "灯台を直す。",
    "(短期",
    "・中期)",
    "(短期・中期)",
    "（長期）",
    "(内閣府 (知財",
    "、科技)、",
    "総務省)",
    "（文部科学省）",
    "(",
    ")",
    "【再掲】",
    "の灯り",
]


@settings(FEW, max_examples=300)
@given(st.lists(st.sampled_from(ENDINGS), max_size=9))
def test_an_ending_is_complete_when_the_whole_text_is(pieces):
    ending = attribution.Ending()
    for piece in pieces:
        ending.add(piece)
    assert ending.complete == attribution.read(join_lines(pieces)).complete
