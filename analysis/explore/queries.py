"""What a query of the search asks for, and marking it in a text.

A query is words, all of which must occur; "a phrase" or 「語句」 matches as it is written; `one OR other` takes
either; `-word` leaves out what has it as written; a quotation mark without its other half is left out. Width and case
of letters make no difference, nor do spaces between Japanese characters.
"""

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import polars as pl
from markupsafe import Markup

from analysis.base.errors import UsageFault
from analysis.base.japanese import normal, unspaced
from analysis.continuity import vocabulary
from analysis.extraction import text_features

LONGEST = 300  # characters of a query
QUOTES = str.maketrans(dict.fromkeys("“”„「」『』", '"') | {"−": "-"})
TOKEN = re.compile(r'(?P<not>-?)(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))')
LATIN = re.compile(r"[a-z0-9]")


@dataclass(frozen=True)
class Item:
    """A word or phrase of a query, folded; `others` are the names that it was or is known by."""

    form: str
    quoted: bool = False
    others: tuple[str, ...] = ()

    @cached_property
    def words(self) -> list[str]:
        """The content words in dictionary form; none for a phrase, which matches as it is written."""
        return [] if self.quoted else sorted(folded(word) for word in text_features.words(self.form))


@dataclass(frozen=True)
class Query:
    """Of each of `wanted` one item must match, none of `unwanted`; `unclosed` where a quotation mark was left out."""

    wanted: tuple[tuple[Item, ...], ...] = ()
    unwanted: tuple[Item, ...] = ()
    unclosed: bool = False

    @property
    def items(self) -> list[Item]:
        """All of `wanted`, in its order."""
        return [item for group in self.wanted for item in group]


def folded(text: str) -> str:
    """Return the form in which words are compared: NFKC, no case, no space but between Latin words."""
    return unspaced(normal(text).casefold())


def parsed(query: str) -> Query:
    """Parse a query. Raises UsageFault where it is too long; whatever else is written means something."""
    if len(query) > LONGEST:
        raise UsageFault(f"the query has {len(query)} characters: use at most {LONGEST}")
    clean = normal(query.encode("utf-8", "ignore").decode()).translate(QUOTES)
    groups: list[tuple[Item, ...]] = []
    unwanted: list[Item] = []
    either = False
    alone = clean.rfind('"') if clean.count('"') % 2 else -1
    if alone >= 0:
        clean = f"{clean[:alone]} {clean[alone + 1 :]}"
    for token in TOKEN.finditer(clean):
        if token["word"] in ("OR", "|") and not token["not"]:
            either = bool(groups)
            continue
        quoted = token["phrase"] is not None
        form = folded(token["phrase"] if quoted else token["word"])
        if not any(character.isalnum() for character in form):
            continue
        as_written = quoted or bool(token["not"])
        item = Item(form, as_written, () if as_written else _other_names(form))
        if token["not"]:
            unwanted.append(item)
        elif either:
            groups[-1] = (*groups[-1], item)
        else:
            groups.append((item,))
        either = False
    return Query(tuple(dict.fromkeys(groups)), tuple(dict.fromkeys(unwanted)), alone >= 0)


def _other_names(form: str) -> tuple[str, ...]:
    """Return what a word is or was called otherwise, longest first: ベンチャー支援 for スタートアップ支援."""
    names = vocabulary.renamings().filter(pl.col("kind") != "homonym").select("old", "new").rows()
    pairs = sorted(((folded(old), folded(new)) for old, new in names), key=lambda pair: (-len(pair[0]), pair))
    now = form
    for old, new in pairs:
        if not pattern_of(new).search(now):
            now = _replaced(old, new, now)
    once = {_replaced(new, old, now) for old, new in pairs}
    return tuple(sorted({now, *once} - {form}, key=lambda name: (-len(name), name)))


def _replaced(old: str, new: str, form: str) -> str:
    return pattern_of(old).sub(lambda _: new, form)


def homonyms(query: str) -> list[tuple[str, int]]:
    """Return the names in a query that name another thing from a year on, with that year."""
    asked = folded(query)
    rows = vocabulary.renamings().filter(pl.col("kind") == "homonym").select("old", "since").iter_rows()
    return [(old, since) for old, since in rows if folded(old) in asked]


def pattern_of(form: str) -> re.Pattern[str]:
    """Return what finds a folded form in a normal text: any case and spaces; no Latin word or number within another."""
    start, end = (LATIN.match(form[at]) for at in (0, -1))
    text = re.escape(form[0])
    for before, character in pairwise(form):
        text += "" if before.isascii() and character.isascii() else r"\s*"
        text += r"\s+" if character == " " else re.escape(character)
    return re.compile(("(?<![a-z0-9])" if start else "") + text + ("(?![a-z0-9])" if end else ""), re.IGNORECASE)


def highlighted(text: str, query: str) -> str:
    """Return a normal text as safe HTML, with what matches the query in <mark>."""
    forms: list[str] = []
    for item in parsed(query).items:
        literal = [form for form in (item.form, *item.others) if pattern_of(form).search(text)]
        forms += literal or item.words
    return marked(text, forms)


def marked(text: str, forms: list[str]) -> str:
    """Return a normal text as safe HTML, with the folded forms in <mark>."""
    parts = any_of(forms).split(text) if forms else [text]  # every second part is a match
    return Markup().join(Markup("<mark>{}</mark>").format(part) if n % 2 else part for n, part in enumerate(parts))


def any_of(forms: list[str]) -> re.Pattern[str]:
    """Return the pattern of several forms as one group, in which longer forms go first."""
    longest_first = sorted(set(forms), key=lambda form: (-len(form), form))
    return re.compile(f"({'|'.join(pattern_of(form).pattern for form in longest_first)})", re.IGNORECASE)
