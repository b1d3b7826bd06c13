"""Finding measures: by words, and by edition, topic, ministry, horizon and what became of them.

A query is words, all of which must occur; "a phrase" or 「語句」 is found as it is written; `one OR other` takes
either; `-word` leaves out what has it as written. Width and case of letters say nothing. Words are looked for in terms,
names and headings, and, where the documents are at hand, in the measures' texts. Unless quoted, a word is also found by
its dictionary form, under the other names of `renamings`, and as a label: a ministry in charge, or the English name of
its topic.

Relevance is BM25: the rarer a word among all measures and the more often it occurs in a short one, the more it counts.
A word counts half in the headings above a measure, which it shares with others, as a label, where only its dictionary
form is found, and where only another name is. Filters leave relevance as it is.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape
from typing import Any

import polars as pl

from analysis.base.errors import UsageFault
from analysis.base.i18n import LANGUAGES
from analysis.base.japanese import normal
from analysis.continuity import vocabulary
from analysis.extraction import text_features
from analysis.report.charts import genealogy
from analysis.tables import editions as time_points
from analysis.tables import ministries
from analysis.tables.schemas import HORIZONS, STATUSES

Tables = Mapping[str, pl.DataFrame]
COLUMNS: dict[str, Any] = {
    "measure_id": pl.String, "edition_id": pl.String, "section": pl.String, "heading": pl.String, "topic_id": pl.String,
    "ministries": pl.List(pl.String), "horizon": pl.List(pl.String), "status": pl.String, "seen_from": pl.String,
    "doubtful": pl.Boolean, "relevance": pl.Float64, "found_in": pl.List(pl.String), "renamed": pl.List(pl.String),
    "snippet": pl.String,
}  # fmt: skip
PLACES = ("text", "heading", "term", "label")  # where a word is found, in the order that they are told
FILTERS = ("editions", "topics", "ministries", "horizons", "statuses")
LONGEST = 300  # characters of a query
SATURATION, LENGTH = 1.2, 0.75  # k1 and b of BM25
HALF = 0.5  # see above
AROUND = 28  # characters of a text on either side of what was found
TERMS = 6  # names that stand for a text
DIGITS = 6  # of the relevance, that sums of floats agree on everywhere
QUOTES = str.maketrans(dict.fromkeys("“”„「」『』", '"') | {"−": "-"})
TOKEN = re.compile(r'(?P<not>-?)(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
LATIN = re.compile(r"[a-z0-9]")


@dataclass(frozen=True)
class Item:
    """A word or phrase of a query, folded; `others` are the names that it was or is known by."""

    form: str
    quoted: bool = False
    others: tuple[str, ...] = ()

    @cached_property
    def words(self) -> list[str]:
        """The content words in dictionary form; none for a phrase, which is found as it is written."""
        return [] if self.quoted else sorted(folded(word) for word in text_features.words(self.form))


@dataclass(frozen=True)
class Query:
    """All of `wanted` must be found, one item of each; none of `unwanted`."""

    wanted: tuple[tuple[Item, ...], ...] = ()
    unwanted: tuple[Item, ...] = ()


@dataclass(frozen=True)
class Entry:
    """One measure as it is searched: folded but for `whole`."""

    measure_id: str
    whole: str | None  # the text as it is shown; None: not at hand
    text: str
    heading: str
    terms: dict[str, int]  # how often each occurs; a name counts once
    label: str  # ministries in both languages, topic in English, hyphens left out
    length: int  # [characters]


@dataclass(frozen=True)
class Found:
    """An item in a measure: how often, weighted; where; under which name; what to mark."""

    weight: float
    place: str
    form: str
    marks: tuple[str, ...]


@dataclass(frozen=True)
class Index:
    """The measures ready to be searched. rows: COLUMNS up to `doubtful`, sorted by key."""

    tables: Tables
    entries: list[Entry]
    rows: pl.DataFrame
    names: dict[str, list[str]]  # rarest names of each measure, or words
    held: dict[str, set[str]]  # what each ministry that measures name is found by

    @cached_property
    def mean_length(self) -> float:
        return sum(entry.length for entry in self.entries) / max(len(self.entries), 1)


def find(
    tables: Tables,
    query: str = "",
    *,
    editions: int | str | Iterable[int | str] = (),
    topics: str | Iterable[str] = (),
    ministries: str | Iterable[str] = (),
    horizons: str | Iterable[str] = (),
    statuses: str | Iterable[str] = (),
    between: tuple[str, str] | None = None,
) -> pl.DataFrame:
    """The measures that a query finds and that each filter lets through (one value or several; none lets all through).

    tables: measures, features, assignments, topics and statuses; texts where the documents are at hand (without them,
    or with an empty table, terms alone are searched). editions: editions, as 2026 or R2017 for a roadmap's items.
    topics: identifiers or names. ministries: names in Japanese or English; a ministry brings its agencies and offices,
    a predecessor the body that took over. horizons: 短期, 中期, 長期. statuses: see below.

    COLUMNS, the most relevant first, then by key: `heading` is the section's title and what stands below; `status` is
    what became of the measure by the later edition of `between`, or for one of that edition where it comes from, seen
    from the earlier one (null without `between`); `relevance` [BM25] is null without words in the query; `found_in`
    holds some of PLACES; `renamed` the other names under which words were found; `snippet` is safe HTML: the text
    around what was found, in <mark>, or names and terms where no text is at hand.

    Raises UsageFault for values that do not exist, statuses without `between`, and a query that is too long.
    """
    given = (editions, topics, ministries, horizons, statuses)
    chosen = {
        name: [one] if isinstance(one, str | int) else list(one) for name, one in zip(FILTERS, given, strict=True)
    }
    return among(index(tables, between), query, chosen)


def among(found: Index, query: str, chosen: Mapping[str, list[Any]]) -> pl.DataFrame:
    """As `find`, in an index that is kept; `chosen` has values for some of FILTERS."""
    kept = _kept(found, chosen)
    rows = matched(found, query).join(found.rows.filter(kept), on="measure_id")
    order = {"relevance": True, "measure_id": False}
    return rows.select(*COLUMNS).sort(list(order), descending=list(order.values()), nulls_last=True)


def facets(found: Index, query: str, chosen: Mapping[str, list[Any]]) -> dict[str, dict[str, int]]:
    """For each filter how many measures every value would give, the query and the other filters as they are.

    Ministries are counted with their agencies and offices, and so may stand twice.
    """
    hits = found.rows.join(matched(found, query).select("measure_id"), on="measure_id", how="semi")
    result = {}
    for name, column in zip(FILTERS, ("edition_id", "topic_id", "ministries", "horizon", "status"), strict=True):
        others = {key: values for key, values in chosen.items() if key != name}
        values = hits.join(found.rows.filter(_kept(found, others)), on="measure_id", how="semi")[column].to_list()
        counted: Counter[str] = Counter()
        for value in values:
            listed = value if isinstance(value, list) else [value]
            counted.update({part for one in listed for part in (found.held[one] if name == "ministries" else [one])})
        result[name] = {value: counted[value] for value in sorted(value for value in counted if value)}
    return result


def _held(ministry: str) -> set[str]:
    """What a ministry that a measure names is found by: itself, the body of an office, and the parent of an agency."""
    return {ministry, ministries.body_of(ministry), ministries.family(ministry)}


# --- the query


def folded(text: str) -> str:
    """The form in which texts and words are compared: NFKC, no case, no space but between Latin words."""
    return _folded(normal(text))[0]


def _folded(text: str) -> tuple[str, list[int]]:
    """The folded form of a normal text, and from which character of the text each of its characters comes."""
    signs: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        if sign.isspace():
            before, after = signs[-1:], text[place + 1 : place + 2]
            if before and before[0].isascii() and before[0] != " " and after.isascii() and not after.isspace():
                signs.append(" ")
                places.append(place)
            continue
        for part in sign.casefold():
            signs.append(part)
            places.append(place)
    if signs[-1:] == [" "]:
        signs, places = signs[:-1], places[:-1]
    return "".join(signs), places


def parsed(query: str) -> Query:
    """What a query asks for. Raises UsageFault where it is too long; whatever else is written means something."""
    if len(query) > LONGEST:
        raise UsageFault(f"the query has {len(query)} characters: use at most {LONGEST}")
    clean = normal(query.encode("utf-8", "ignore").decode()).translate(QUOTES)
    groups: list[tuple[Item, ...]] = []
    unwanted: list[Item] = []
    either = False
    for token in TOKEN.finditer(clean):
        if token["word"] in ("OR", "|") and not token["not"]:
            either = bool(groups)
            continue
        quoted = token["phrase"] is not None
        form = folded(token["phrase"] if quoted else token["word"])
        if not any(sign.isalnum() for sign in form):
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
    return Query(tuple(dict.fromkeys(groups)), tuple(dict.fromkeys(unwanted)))


def _other_names(form: str) -> tuple[str, ...]:
    """What a word is or was called otherwise, longest first: ベンチャー支援 for スタートアップ支援."""
    names = vocabulary.renamings().filter(pl.col("kind") != "homonym").select("old", "new").rows()
    pairs = sorted(((folded(old), folded(new)) for old, new in names), key=lambda pair: (-len(pair[0]), pair))
    now = form
    for old, new in pairs:
        if not _needle(new).search(now):
            now = _needle(old).sub(lambda _, new=new: new, now)  # type: ignore[misc]
    once = {_needle(new).sub(lambda _, old=old: old, now) for old, new in pairs}  # type: ignore[misc]
    return tuple(sorted({now, *once} - {form}, key=lambda name: (-len(name), name)))


def homonyms(query: str) -> list[tuple[str, int]]:
    """Names in a query that name another thing from a year on, with that year."""
    asked = folded(query)
    rows = vocabulary.renamings().filter(pl.col("kind") == "homonym").select("old", "since").iter_rows()
    return [(old, since) for old, since in rows if folded(old) in asked]


def _needle(form: str) -> re.Pattern[str]:
    """The form as a pattern: it stands anywhere, but a Latin word or a number not within another."""
    start, end = (LATIN.match(form[at]) for at in (0, -1))
    return re.compile(("(?<![a-z0-9])" if start else "") + re.escape(form) + ("(?![a-z0-9])" if end else ""))


# --- the measures


def index(tables: Tables, between: tuple[str, str] | None = None) -> Index:
    """The measures ready to be searched; `find` says which tables. Raises UsageFault for unknown editions."""
    rows = _rows(tables, between)
    topic = dict(tables["topics"].select("topic_id", "name_en").iter_rows())
    texts = {row["measure_id"]: row for row in tables["texts"].iter_rows(named=True)} if "texts" in tables else {}
    features = {row["measure_id"]: row for row in tables["features"].iter_rows(named=True)}
    length = dict(tables["measures"].select("measure_id", "characters").iter_rows())
    held = {name: _held(name) for name in rows["ministries"].explode().drop_nulls().unique().sort()}
    labels = {name: " / ".join(_labels(bodies)) for name, bodies in held.items()}
    entries = []
    for row in rows.iter_rows(named=True):
        key, text = row["measure_id"], texts.get(row["measure_id"])
        whole = normal(text["repaired"] or text["text"]) if text else None
        label = " / ".join([*(labels[name] for name in row["ministries"]), topic.get(row["topic_id"], "")])
        entries.append(
            Entry(
                key, whole, folded(whole or ""), folded(_heading(text) if text else row["heading"]),
                _terms(features[key]), folded(label).replace("-", ""), length[key],
            )
        )  # fmt: skip
    return Index(tables, entries, rows, genealogy.rarest(tables["features"], list(features), TERMS), held)


def _terms(row: Mapping[str, Any]) -> dict[str, int]:
    counted = zip(row["terms"], row["term_counts"], strict=True)
    return {folded(name): 1 for name in row["names"]} | {folded(term): count for term, count in counted}


def _heading(row: Mapping[str, Any]) -> str:
    return " / ".join(filter(None, (row["section_title"], row["subhead"])))


def _labels(bodies: set[str]) -> list[str]:
    """The bodies in both languages, their offices left out."""
    return sorted({ministries.label(name, language) for name in bodies for language in LANGUAGES})


def _rows(tables: Tables, between: tuple[str, str] | None) -> pl.DataFrame:
    """What is known of every measure: COLUMNS up to `doubtful`, sorted by key."""
    own = tables["measures"].with_columns(
        time_points.column(), heading=pl.concat_str("section_title", "subhead", separator=" / ", ignore_nulls=True)
    )
    known = sorted(own["edition_id"].unique(), key=time_points.place)
    for edition_id in between or ():
        if edition_id not in known:
            raise UsageFault(f"edition {edition_id!r} does not exist: choose one of {', '.join(known)}")
    own = own.join(tables["assignments"].select("measure_id", "topic_id"), on="measure_id", how="left")
    from_where = pl.lit(None, dtype=pl.String)
    if between:
        earlier, later = between
        from_where = pl.when(pl.col("edition_id") == later).then(pl.lit(earlier)).otherwise(pl.lit(later))
    seen = tables["statuses"].select("measure_id", "status", "doubtful", seen_from="other_edition")
    own = own.with_columns(seen_from=from_where).join(seen, on=["measure_id", "seen_from"], how="left")
    return own.select(list(COLUMNS)[: list(COLUMNS).index("relevance")]).sort("measure_id")


# --- what the query finds


def matched(found: Index, query: str) -> pl.DataFrame:
    """The measures that a query finds, by key: measure_id, relevance, found_in, renamed, snippet (see `find`)."""
    asked = parsed(query)
    items = list(dict.fromkeys(item for group in asked.wanted for item in group))
    hits = {item: _everywhere(item, found) for item in items}
    left_out = {key for item in asked.unwanted for key in _everywhere(item, found)}
    rarity = {item: _rarity(len(hits[item]), len(found.entries)) for item in items}
    rows = []
    for entry in found.entries:
        key = entry.measure_id
        got = {item: hits[item][key] for item in items if key in hits[item]}
        if key in left_out or not all(any(item in got for item in group) for group in asked.wanted):
            continue
        marks = [mark for one in got.values() for mark in one.marks]
        renamed = [one.form for item, one in got.items() if one.form in item.others]
        places = sorted({one.place for one in got.values()}, key=PLACES.index)
        score = sum(rarity[item] * _saturated(one.weight, entry, found.mean_length) for item, one in got.items())
        rows.append((key, round(score, DIGITS) if items else None, places, renamed, _snippet(found, entry, marks)))
    names = ("measure_id", "relevance", "found_in", "renamed", "snippet")
    return pl.DataFrame(rows, schema={name: COLUMNS[name] for name in names}, orient="row")


def _everywhere(item: Item, found: Index) -> dict[str, Found]:
    """Where an item is found, by measure."""
    needles = [(form, _needle(form), HALF if form != item.form else 1.0) for form in (item.form, *item.others)]
    result = {}
    for entry in found.entries:
        for form, needle, weight in needles:
            one = _literally(form, needle, entry) or (None if item.quoted else _loosely(item, form, needle, entry))
            if one is not None:
                result[entry.measure_id] = replace(one, weight=weight * one.weight)
                break
    return result


def _literally(form: str, needle: re.Pattern[str], entry: Entry) -> Found | None:
    """A form as it is written: in the text, or in terms where no text is at hand; or in the heading."""
    head = HALF * len(needle.findall(entry.heading))
    count = _among_terms(form, needle, entry) if entry.whole is None else len(needle.findall(entry.text))
    if count:
        return Found(count + head, "term" if entry.whole is None else "text", form, (form,))
    return Found(head, "heading", form, (form,)) if head else None


def _among_terms(form: str, needle: re.Pattern[str], entry: Entry) -> int:
    """How often a term occurs, or how many terms and names hold the form."""
    return entry.terms.get(form) or sum(1 for term in entry.terms if needle.search(term))


def _loosely(item: Item, form: str, needle: re.Pattern[str], entry: Entry) -> Found | None:
    """A form in a term, by all its words in dictionary form, or as a label."""
    if count := _among_terms(form, needle, entry):
        return Found(HALF * count, "term", form, (form,))
    if form == item.form and item.words and all(word in entry.terms for word in item.words):
        count = min(entry.terms[word] for word in item.words)
        return Found(HALF * count, "term", form, tuple(item.words))
    # from the start of a word, so that startup is found in Start-ups
    word = ("(?<![a-z0-9])" if LATIN.match(form) else "") + re.escape(form.replace("-", ""))
    return Found(HALF, "label", form, ()) if re.search(word, entry.label) else None


def _rarity(measures: int, of: int) -> float:
    return math.log(1 + (of - measures + 0.5) / (measures + 0.5))


def _saturated(weight: float, entry: Entry, mean_length: float) -> float:
    long = 1 - LENGTH + LENGTH * entry.length / max(mean_length, 1)
    return weight * (SATURATION + 1) / (weight + SATURATION * long)


# --- snippets


def _snippet(found: Index, entry: Entry, marks: list[str]) -> str:
    """Safe HTML: the text around the first form found in it, or names and terms, with what was found in <mark>."""
    needles = [_needle(form) for form in marks]
    if entry.whole is not None and any(needle.search(entry.text) for needle in needles):
        return _around(entry.whole, needles)
    hit = [term for term in entry.terms if any(needle.search(term) for needle in needles)]
    shown = [*sorted(hit, key=lambda term: (len(term), term)), *found.names[entry.measure_id]]
    return " · ".join(marked(name, needles) for name in list(dict.fromkeys(shown))[:TERMS])


def _around(text: str, needles: list[re.Pattern[str]]) -> str:
    spans = _spans(text, needles)
    start, end = max(spans[0][0] - AROUND, 0), min(spans[0][1] + AROUND, len(text))
    within = marked(text[start:end], needles)
    return ("…" if start else "") + within + ("…" if end < len(text) else "")


def highlighted(text: str, query: str) -> str:
    """A normal text as safe HTML, with what the query finds in it in <mark>."""
    flat, needles = folded(text), []
    for item in (item for group in parsed(query).wanted for item in group):
        literal = [_needle(form) for form in (item.form, *item.others)]
        literal = [needle for needle in literal if needle.search(flat)]
        needles += literal or [_needle(word) for word in item.words]
    return marked(text, needles)


def marked(text: str, needles: list[re.Pattern[str]]) -> str:
    """The text as safe HTML, with what the needles find in <mark>."""
    html, done = "", 0
    for start, end in _spans(text, needles):
        if start >= done:
            html += escape(text[done:start]) + f"<mark>{escape(text[start:end])}</mark>"
            done = end
    return html + escape(text[done:])


def _spans(text: str, needles: list[re.Pattern[str]]) -> list[tuple[int, int]]:
    """Where the needles are found in the text, first and longest first."""
    flat, places = _folded(text)
    found = [hit.span() for needle in needles for hit in needle.finditer(flat)]
    return sorted(((places[start], places[end - 1] + 1) for start, end in found), key=lambda span: (span[0], -span[1]))


# --- filters


def _kept(found: Index, chosen: Mapping[str, list[Any]]) -> pl.Expr:
    """Whether a row passes every filter. Raises UsageFault for values that do not exist."""
    topics = found.tables["topics"].select("topic_id", "name_en", "name_ja").rows()
    topic = {folded(name): {row[0]} for row in topics for name in row}
    edition_id = {key: {key} for key in sorted(found.rows["edition_id"].unique(), key=time_points.place)}
    bodies = _bodies(found)
    tests = [pl.lit(True)]
    if values := _values("edition", [str(value) for value in chosen.get("editions", [])], edition_id):
        tests.append(pl.col("edition_id").is_in(values))
    if values := _values("topic", chosen.get("topics", []), topic):
        tests.append(pl.col("topic_id").is_in(values))
    if values := _values("ministry", chosen.get("ministries", []), bodies):
        tests.append(pl.col("ministries").list.eval(pl.element().is_in(values)).list.any())
    if values := _values("horizon", chosen.get("horizons", []), {key: {key} for key in HORIZONS}):
        tests.append(pl.col("horizon").list.eval(pl.element().is_in(values)).list.any())
    if values := _values("status", chosen.get("statuses", []), {key: {key} for key in STATUSES}):
        if found.rows["seen_from"].null_count() == len(found.rows):
            raise UsageFault('statuses are told between two editions: say between=("2019", "2026")')
        tests.append(pl.col("status").is_in(values))
    return pl.all_horizontal(tests)


def _values(kind: str, asked: list[str], known: Mapping[str, set[str]]) -> list[str]:
    """What the values asked for stand for. Raises UsageFault for one that does not exist."""
    result: set[str] = set()
    for value in asked:
        meant = known.get(value) or known.get(folded(value))
        if meant is None:
            raise UsageFault(f"{kind} {value!r} does not exist: choose one of {', '.join(sorted(known))}")
        result |= meant
    return sorted(result)


def _bodies(found: Index) -> dict[str, set[str]]:
    """The ministries as measures name them, by every name that a body is asked for by."""
    result: dict[str, set[str]] = {}
    for written, held in found.held.items():
        for holder in held:
            body = ministries.register().get(holder)
            names = [holder, *((body.name_en, *body.variants, *body.predecessors) if body else ())]
            for name in names:
                result.setdefault(folded(name), set()).add(written)
    return result
