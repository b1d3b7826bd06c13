"""What measures name: laws, plans, guidelines, bodies that meet, programmes, treaties, systems, events.

A name comes from the register (data/curated/mentions.toml), or from grammar: a compound or a quotation that ends with a
head noun (…審議会, …ガイドライン) and has something of its own before it, what stands in quotation marks before such a
noun, and a short form in brackets beside a name. Of names that overlap only the longest counts.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import polars as pl
from sudachipy import Morpheme, SplitMode

from analysis.base.japanese import normal, shorten, squeeze
from analysis.extraction.morphemes import tokenizer
from analysis.extraction.text_features import MOST_SIGNS
from analysis.tables import name_register, store
from analysis.tables.mention_schemas import LONGEST_NAME
from analysis.tables.name_register import Register

NOUNS = {"名詞", "接頭辞", "接尾辞", "形状詞", "記号"}
DEPENDENT = {"助動詞語幹", "非自立可能"}  # よう, こと
ADDING = {"とも", "など", "ほか", "ごと"}  # between nouns, and no part of a name
JOINTS = set("・-/&.–~")  # within a compound
QUOTES = {"「": "」", "『": "』", "“": "”", "〈": "〉", "《": "》"}
LONGEST_QUOTED = 70  # characters
LONGEST_SHORT_FORM = 20
NO_NAME = re.compile(r"[。、!?:…]|^[はがをにで]")  # a quotation with such a character is a clause
TAIL = re.compile(  # behind a head noun, and part of the name: 2031, ver1.0, 第3版
    r"(?:仮称|案|ver\.?[\d.]{1,6}|第?[\d〇一二三四五六七八九十]{1,6}[期版次回年度]{0,2}|[-–~])$", re.I
)
TAIL_LENGTH = 12  # characters
SUBTITLE_LENGTH = 14  # of the part or version of a guideline in brackets, with these
REACH = 60  # characters behind or before a name that are looked at
LONG_TITLE = re.compile(r"[^。、「」『』()\sはを]{6,60}に関する[^。、「」『』()\sはを]{0,20}?(法律|条約|協定)")
DRAFT = ("仮称", "案")  # in brackets behind a name
BEHIND = set("等案上下内外中後前時版")  # behind a name, and no part of it
DATE = re.compile(
    r"(?:平成|令和|昭和)?(?:\d+|元)(?:年度|年\d+月(?:\d+日)?)|同年度?"
)  # in front of a name, and no part of it
CLAUSE = re.compile(r"^.*(?:[れし]た|とする|が)")  # in front of a long title
DATED = re.compile(r"\d[\s]*[年月号]|参照|以下同じ|等$")
CALLED = re.compile(r"^以下(?:、|，|単に)*|と(?:いう|する)。?$|^通称[:、]?|^略称[:、]?")
SHORT_BEFORE = re.compile(r"([A-Z][A-Za-z0-9+\- ]{1,18}[A-Za-z0-9+])\s{0,2}\(「?$")
LATIN = re.compile(r"[0-9A-Za-z]")


@dataclass(frozen=True)
class Mention:
    """A name in a text: where it begins and ends, as written, its kind, its name in the register, what it rests on, and
    whether grammar alone finds it."""

    start: int
    end: int
    name: str
    kind: str
    canonical: str
    basis: str
    by_grammar: bool


@dataclass(frozen=True)
class _Word:
    """A morpheme with its place in the text."""

    start: int
    end: int
    text: str
    speech: tuple[str, ...]


@dataclass(frozen=True)
class _Span:
    start: int
    end: int
    kind: str
    canonical: str = ""  # empty where the register does not hold it


def mentions(text: str, register: Register | None = None) -> list[Mention]:
    """Return the names in a text in its order, none within another."""
    register = register or name_register.register()
    plain, places = _usual(text)
    words = list(_words(plain))
    by_grammar = list(_patterns(plain, words, register))
    by_grammar += list(_short_forms(plain, by_grammar))
    spans = [*_registered(plain, words, register), *by_grammar]
    spans += list(_short_forms(plain, spans))
    result = []
    for span in _longest(spans):
        start, end = places[span.start], places[span.end - 1] + 1
        written = plain[span.start : span.end]
        entry = register.entries.get(name_register.key(shorten(squeeze(written), LONGEST_NAME)))
        canonical = span.canonical or (entry.name if entry else squeeze(written))
        basis = "register" if span.canonical or entry else "pattern"
        alone = any(other.start < span.end and span.start < other.end for other in by_grammar)
        result.append(Mention(start, end, text[start:end], span.kind, canonical, basis, alone))
    return result


def table(texts: Iterable[tuple[str, str]]) -> pl.DataFrame:
    """Return rows of schema Mentions from (measure_id, text): each name of a measure once, where it stands first."""
    register = name_register.register()
    rows = [
        {
            "measure_id": measure_id, "start": m.start, "characters": m.end - m.start,
            "name": shorten(m.name, LONGEST_NAME), "kind": m.kind, "canonical": shorten(m.canonical, LONGEST_NAME),
            "basis": m.basis, "by_grammar": m.by_grammar,
        }
        for measure_id, text in texts
        for m in _each_once(mentions(text, register))
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=store.empty("mentions").schema)


def _each_once(mentions: list[Mention]) -> Iterable[Mention]:
    first = {name_register.key(mention.name): mention for mention in reversed(mentions)}
    return sorted(first.values(), key=lambda mention: mention.start)


def _usual(text: str) -> tuple[str, list[int]]:
    """The text in usual width, and for each of its characters its place in the text as it was."""
    pieces = [(normal(character), place) for place, character in enumerate(text)]
    return "".join(piece for piece, _ in pieces), [place for piece, place in pieces for _ in piece]


def _words(plain: str) -> Iterator[_Word]:
    for at in range(0, len(plain), MOST_SIGNS):
        for morpheme in tokenizer().tokenize(plain[at : at + MOST_SIGNS], SplitMode.A):
            if morpheme.surface():
                yield _Word(at + morpheme.begin(), at + morpheme.end(), morpheme.surface(), _speech(morpheme))


def _speech(morpheme: Morpheme) -> tuple[str, ...]:
    return tuple(morpheme.part_of_speech()[:3])


# --- the register ---------------------------------------------------------------------------------------------------


def _registered(plain: str, words: list[_Word], register: Register) -> Iterator[_Span]:
    """The names of the register, at the borders of words, white space and widths aside."""
    kept = [place for place, character in enumerate(plain) if not character.isspace()]
    dense = "".join(plain[place] for place in kept).casefold()
    if len(dense) != len(kept):  # a letter whose small form is longer, as of Turkish
        dense = "".join(plain[place].lower()[:1] for place in kept)
    borders = {word.start for word in words} | {word.end for word in words}
    for spelling, entry in register.entries.items():
        at = dense.find(spelling)
        while at >= 0:
            start, end = kept[at], kept[at + len(spelling) - 1] + 1
            if start in borders and end in borders and not _cuts_latin(plain, start, end):
                yield _Span(start, end, entry.kind, entry.name)
            at = dense.find(spelling, at + 1)


def _cuts_latin(plain: str, start: int, end: int) -> bool:
    """Whether a span begins or ends within a Latin word or a number."""
    before, after = plain[start - 1 : start], plain[end : end + 1]
    return any(
        bool(LATIN.match(outer) and LATIN.match(inner))
        for outer, inner in ((before, plain[start]), (after, plain[end - 1]))
        if outer
    )


# --- grammar --------------------------------------------------------------------------------------------------------


def _patterns(plain: str, words: list[_Word], register: Register) -> Iterator[_Span]:
    spans = [*_quoted(plain, register), *_long_titles(plain, register)]
    spans += filter(None, (_compound(plain, compound, register) for compound in _compounds(plain, words, register)))
    generic = set(register.content.generic)
    yield from (span for span in spans if squeeze(plain[span.start : span.end]) not in generic)


def _quoted(plain: str, register: Register) -> Iterator[_Span]:
    """Quotations that end with a head noun, or stand before one."""
    for opening, closing in QUOTES.items():
        for match in re.finditer(f"{opening}([^{opening}{closing}]{{2,{LONGEST_QUOTED}}}){closing}", plain):
            start, end = match.span(1)
            inner = match[1]
            if NO_NAME.search(inner):
                continue
            bare, subtitle = _subtitle(inner)
            if subtitle in DRAFT:
                end = start + len(bare)
            head = _head(_without_tail(bare), register)
            behind = re.match(
                r"(?:\(仮称\))?([^\s、。「」()はがをにでとのへも]{2,12})", plain[match.end() : match.end() + REACH]
            )
            if head is None and behind:
                head = _first_head(behind[1], register)
            if head is not None:
                yield _Span(start, end, register.heads[head].kind)


def _long_titles(plain: str, register: Register) -> Iterator[_Span]:
    """Titles of acts and treaties that go over particles: … に関する法律."""
    for match in LONG_TITLE.finditer(plain):
        start = match.start() + len(match[0]) - len(CLAUSE.sub("", match[0]).lstrip("のや"))
        yield _Span(start, match.end(), register.heads[match[1]].kind if match[1] in register.heads else "law")


def _compounds(plain: str, words: list[_Word], register: Register) -> Iterator[list[_Word]]:
    """Runs of nouns with nothing but a joint, or a space beside Latin letters, between."""
    run: list[_Word] = []
    for word in words:
        if word.text in ADDING:
            yield from _listed(run, register)
            run = []
        elif (word.speech[0] in NOUNS and not DEPENDENT & set(word.speech)) or word.text in JOINTS:
            run.append(word)
        elif word.text.isspace() and run and _joins(plain, word):
            continue
        else:
            yield from _listed(run, register)
            run = []
    yield from _listed(run, register)


def _listed(run: list[_Word], register: Register) -> list[list[_Word]]:
    """The names that a run lists with joints, where each ends with a head noun; else the run."""
    parts: list[list[_Word]] = [[]]
    for word in run:
        if word.text == "・":
            parts.append([])
        else:
            parts[-1].append(word)
    heads = [_head("".join(word.text for word in part), register) for part in parts]
    return parts if len(parts) > 1 and None not in heads else [run]


def _joins(plain: str, space: _Word) -> bool:
    """Whether a space stands beside Latin letters or digits, where Japanese text is set with one."""
    return bool(LATIN.match(plain[space.start - 1 : space.start]) or LATIN.match(plain[space.end : space.end + 1]))


def _compound(plain: str, run: list[_Word], register: Register) -> _Span | None:
    """The name that a run of nouns is; None where it is none of one particular thing.

    What is done to the thing (…法改正案, …指針策定) is no part of its name.
    """
    while run and not _ends_with_head(run, register) and (run[-1].text in JOINTS or _is_act(run[-1])):
        run = run[:-1]
    if run and (date := DATE.match(plain[run[0].start : run[-1].end])):
        run = [word for word in run if word.start >= run[0].start + date.end()]
    while run and (run[0].text in JOINTS or run[0].text in register.content.pointing or _is_loose(run[0])):
        run = run[1:]
    if len(run) < 2 or any(word.text in register.content.bodies for word in run):
        return None
    start, end = run[0].start, run[-1].end
    body_end = start + len(_without_tail(plain[start:end]))
    head = _head(plain[start:body_end], register)
    if head is None:
        return None
    head_start = body_end - len(head)
    if not any(word.start == head_start for word in run):
        return None
    before = [word for word in run if word.end <= head_start and word.text not in JOINTS]
    return (
        _Span(start, end, register.heads[head].kind) if _is_particular(before, head, body_end < end, register) else None
    )


def _is_particular(before: list[_Word], head: str, numbered: bool, register: Register) -> bool:
    """Whether the words before a head noun make it a name of one particular thing."""
    before = [word for word in before if word.text not in register.content.general]
    if not before:
        return False
    if numbered or any(_is_proper(word) for word in before):
        return True
    return len(before) >= register.heads[head].parts


def _is_proper(word: _Word) -> bool:
    return word.speech[1] == "固有名詞"


def _subtitle(text: str) -> tuple[str, str]:
    """A title without what stands in brackets at its end, and what stands there."""
    at = text.rfind("(")
    if not text.endswith(")") or not 0 < len(text) - at <= SUBTITLE_LENGTH:
        return text, ""
    return text[:at].rstrip(), text[at + 1 : -1]


def _without_tail(text: str) -> str:
    """A name without the numbers, years and versions behind its head noun."""
    rest = text
    while tail := TAIL.search(rest.rstrip(" ()")[-TAIL_LENGTH:]):
        rest = rest.rstrip(" ()")
        rest = rest[: len(rest) - len(tail[0])]
    return rest if rest == text else rest.rstrip(" (")


def _ends_with_head(run: list[_Word], register: Register) -> bool:
    return _head(_without_tail("".join(word.text for word in run)), register) is not None


def _is_act(word: _Word) -> bool:
    """Whether a word behind a name says what is done to the thing, or when: 改正, 策定後; it is no part of the name."""
    return bool({"サ変可能", "副詞可能"} & set(word.speech)) or word.text in BEHIND


def _is_loose(word: _Word) -> bool:
    """Whether a word at a compound's front belongs to the sentence: a word of time, or the end of another word."""
    return "副詞可能" in word.speech or word.speech[0] == "接尾辞"


def _head(text: str, register: Register) -> str | None:
    """The longest head noun that a text ends with and is not itself."""
    text = text.rstrip()
    return max((noun for noun in register.heads if text.endswith(noun) and text != noun), key=len, default=None)


def _first_head(text: str, register: Register) -> str | None:
    """The longest head noun that a text begins with."""
    return max((noun for noun in register.heads if text.startswith(noun)), key=len, default=None)


def _short_forms(plain: str, spans: list[_Span]) -> Iterator[_Span]:
    """What stands in brackets behind a name, where it is a short form of it."""
    for span in _longest(spans):
        match = re.match(r"[」』]?\s{0,2}\(([^()]+)\)", plain[span.end : span.end + REACH])
        if not match:
            continue
        inner = CALLED.sub("", match[1].strip())
        inner = CALLED.sub("", inner).strip("「」『』 ")
        if not 2 <= len(inner) <= LONGEST_SHORT_FORM or DATED.search(inner) or NO_NAME.search(inner):
            continue
        if inner in DRAFT:
            continue
        at = span.end + match.start(1) + match[1].find(inner)
        yield _Span(at, at + len(inner), span.kind, span.canonical)
    for span in _longest(spans):
        if match := SHORT_BEFORE.search(plain[max(span.start - REACH, 0) : span.start]):
            at = span.start - len(match.string) + match.start(1)
            yield _Span(at, at + len(match[1]), span.kind, span.canonical)


def _longest(spans: Iterable[_Span]) -> list[_Span]:
    """The spans without those that overlap a longer one, in the text's order; of equal ones the register's."""
    kept: list[_Span] = []
    for span in sorted(spans, key=lambda span: (span.start - span.end, not span.canonical, span.start)):
        if all(span.end <= other.start or other.end <= span.start for other in kept):
            kept.append(span)
    return sorted(kept, key=lambda span: span.start)
