"""Search measures: by words, and by edition, topic, ministry, horizon and status.

`queries` says what a query can be. Words are looked for in terms, names and headings, and, where the documents are at
hand, in the measures' texts. Unless quoted, a word also matches by its dictionary form, under the other names of
`renamings`, and as a label: a ministry in charge, or the English name of the topic. The identifier of a measure, of its
initiative or of a figure that it states finds the measure.

Relevance is BM25: the rarer a word among all measures and the more often it occurs in a short one, the more it counts.
A word counts half in the headings above a measure, which it shares with others, as a label, where only its dictionary
form matches, and where only another name does. Filters leave relevance as it is.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import cached_property
from typing import Any

import polars as pl

from analysis.base.errors import UsageFault
from analysis.base.i18n import LANGUAGES
from analysis.base.japanese import normal
from analysis.explore.queries import LATIN, Item, any_of, folded, marked, parsed, pattern_of
from analysis.report.charts import genealogy
from analysis.tables import editions as time_points
from analysis.tables import ministries, store
from analysis.tables.categories import HORIZONS, STATUSES, UNCLEAR
from analysis.tables.labels import topic_names

Tables = Mapping[str, pl.DataFrame]
COLUMNS: dict[str, Any] = {
    "measure_id": pl.String, "edition_id": pl.String, "section": pl.String, "heading": pl.String, "topic_id": pl.String,
    "ministries": pl.List(pl.String), "horizon": pl.List(pl.String), "status": pl.String, "change": pl.String,
    "changed": pl.List(pl.String), "seen_from": pl.String, "doubtful": pl.Boolean, "relevance": pl.Float64,
    "matched_in": pl.List(pl.String), "renamed": pl.List(pl.String), "snippet": pl.String,
}  # fmt: skip
MATCHED = ("measure_id", "relevance", "matched_in", "renamed", "snippet")  # columns that hang on the query
PLACES = ("identifier", "text", "heading", "term", "label")  # where a word matches
FILTERS = {  # what a value is called, and the column of an index's rows that holds it
    "editions": ("edition", "edition_id"),
    "topics": ("topic", "topic_id"),
    "ministries": ("ministry", "bodies"),
    "horizons": ("horizon", "horizon"),
    "statuses": ("status", "status"),
}
SATURATION, LENGTH = 1.2, 0.75  # k1 and b of BM25
HALF = 0.5  # see above
AROUND = 28  # characters of a text on either side of the first match
TERMS = 6  # names that stand for a text
NEAR, ALIKE = 4, 0.6  # words that are suggested, and how near they must be (0–1)
DIGITS = 6  # of the relevance, on which sums of floats agree everywhere


@dataclass(frozen=True)
class Entry:
    """One measure as it is searched; terms and label are folded, text and heading in normal form."""

    measure_id: str
    text: str | None  # None: not at hand
    heading: str
    terms: dict[str, int]  # how often each occurs; a name counts once
    label: str  # ministries in both languages, topic in English, hyphens left out
    length: int  # [characters]
    identifiers: frozenset[str]  # its own, of its initiative, of its figures, folded


@dataclass(frozen=True)
class Match:
    """An item in a measure: how often, weighted; where; under which name; what to mark."""

    weight: float
    place: str
    form: str
    marks: tuple[str, ...]


@dataclass(frozen=True)
class Index:
    """The measures ready to be searched.

    rows: COLUMNS but for MATCHED, and bodies (what the ministries are asked for by), sorted by measure_id. names: the
    rarest names of each measure, or words.
    """

    tables: Tables
    entries: list[Entry]
    rows: pl.DataFrame
    names: dict[str, list[str]]

    @cached_property
    def mean_length(self) -> float:
        return sum(entry.length for entry in self.entries) / max(len(self.entries), 1)

    @cached_property
    def identifiers(self) -> frozenset[str]:
        return frozenset().union(*(entry.identifiers for entry in self.entries))

    @cached_property
    def words(self) -> dict[str, tuple[str, int]]:
        """What a query can find, folded: names and terms of the measures and words of labels, as written, how often."""
        features = self.tables["features"]
        counts = Counter(name for column in ("names", "terms") for name in features[column].explode().drop_nulls())
        bodies = {ministries.label(name, language) for name in self.rows["bodies"].explode().drop_nulls().unique()
                  for language in LANGUAGES}  # fmt: skip
        topics = topic_names(self.tables["topics"], "en").values()
        labels = {word for name in (*bodies, *topics) for word in re.findall(r"[^\s,()/]+", name)}
        words = [(word, 1) for word in sorted(labels)] + sorted(counts.items())
        return {folded(word): (word, count) for word, count in words}

    @cached_property
    def known(self) -> dict[str, dict[str, set[str]]]:
        """For each filter what can be asked for, and which values of its column are meant."""
        topics = self.tables["topics"].select("topic_id", "name_en", "name_ja").rows()
        bodies: dict[str, set[str]] = {}
        for name in self.rows["bodies"].explode().drop_nulls().unique():
            body = ministries.register().get(name)
            for other in (name, *((body.name_en, *body.variants, *body.predecessors) if body else ())):
                bodies.setdefault(folded(other), set()).add(name)
        return {
            "editions": {key: {key} for key in self.rows["edition_id"].unique()},
            "topics": {folded(name): {row[0]} for row in topics for name in row} | {UNCLEAR: {UNCLEAR}},
            "ministries": bodies,
            "horizons": {key: {key} for key in HORIZONS},
            "statuses": {key: {key} for key in STATUSES},
        }


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
    """Return the measures that match a query and pass every filter (one value or several; none lets all through).

    tables: measures, features, assignments, topics and statuses; texts where the documents are at hand (without them,
    or with an empty table, terms alone are searched); initiative_members and figures for their identifiers. editions:
    as 2026 or R2017 for a roadmap's items. topics: identifiers or names, or unclear. ministries: names in Japanese or
    English; a ministry brings its agencies and offices, a predecessor the body that took over. horizons: 短期, 中期,
    長期. statuses: see below.

    COLUMNS, the most relevant first, then by key: `heading` is the section's title and what stands below; `status` is
    what became of the measure by the later edition of `between`, or for one of that edition where it comes from, seen
    from the earlier one (null without `between`), with `change` and `changed` as in table statuses; `relevance` [BM25]
    is null without words in the query; `matched_in` holds some of PLACES; `renamed` the other names under which words
    matched; `snippet` is safe HTML: the text around the first match, in <mark>, or names and terms where no text is at
    hand.

    Raises UsageFault for values that do not exist, statuses without `between`, and a query that is too long.
    """
    values = (editions, topics, ministries, horizons, statuses)
    chosen = {
        name: [value] if isinstance(value, str | int) else list(value)
        for name, value in zip(FILTERS, values, strict=True)
    }
    return among(index(tables, between), query, chosen)


def among(index: Index, query: str, chosen: Mapping[str, list[Any]]) -> pl.DataFrame:
    """Return what `find` does from an index that is kept; `chosen` has values for some of FILTERS."""
    rows = index.rows.filter(_passes(index, chosen)).join(_matched(index, query), on="measure_id")
    order = {"relevance": True, "measure_id": False}
    return rows.select(*COLUMNS).sort(list(order), descending=list(order.values()), nulls_last=True)


def facets(index: Index, query: str, chosen: Mapping[str, list[Any]]) -> dict[str, dict[str, int]]:
    """Return for each filter how many measures every value would give, the query and the other filters as they are.

    Ministries are counted with their agencies and offices, so that a measure may count for several.
    """
    matches = index.rows.join(_matched(index, query), on="measure_id", how="semi")
    result = {}
    for name, (_, column) in FILTERS.items():
        others = {key: values for key, values in chosen.items() if key != name}
        values = matches.filter(_passes(index, others)).get_column(column)
        counts = (values.explode() if values.dtype == pl.List else values).drop_nulls().value_counts()
        result[name] = dict(sorted(counts.iter_rows()))
    return result


# --- what a query leads to


def is_identifier(index: Index, query: str) -> bool:
    """Return whether all that a query asks for are identifiers that lead to measures."""
    items = parsed(query).items
    return bool(items) and all(item.form in index.identifiers for item in items)


def near(index: Index, query: str) -> dict[str, list[str]]:
    """Return for each word of a query that finds nothing, as do those beside it with OR, the nearest words that do:
    NEAR at most, the nearest and then the most frequent first."""
    lost = [group for group in parsed(query).wanted if not any(_matches(item, index) for item in group)]
    return {item.form: _nearest(index, item.form) for group in lost for item in group}


def _nearest(index: Index, form: str) -> list[str]:
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(form)
    ranked = []
    for word, (written, count) in index.words.items():
        matcher.set_seq1(word)
        if matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE:
            ranked.append((-matcher.ratio(), -count, written))
    return [written for _, _, written in sorted(ranked)[:NEAR]]


def figures(index: Index, query: str) -> list[dict[str, Any]]:
    """Return the figures that a query names by their identifiers, in its order."""
    by_id = {folded(row["figure_id"]): row for row in _table(index.tables, "figures").iter_rows(named=True)}
    return [by_id[item.form] for item in parsed(query).items if item.form in by_id]


# --- the measures


def index(tables: Tables, between: tuple[str, str] | None = None) -> Index:
    """Return the measures ready to be searched; `find` says which tables. Raises UsageFault for unknown editions."""
    rows = _rows(tables, between)
    topics = topic_names(tables["topics"], "en") | {UNCLEAR: ""}
    texts = {row["measure_id"]: row for row in tables["texts"].iter_rows(named=True)} if "texts" in tables else {}
    features = {row["measure_id"]: row for row in tables["features"].iter_rows(named=True)}
    lengths = dict(tables["measures"].select("measure_id", "characters").iter_rows())
    bodies = {name: _bodies(name) for name in rows["ministries"].explode().drop_nulls().unique()}
    rows = rows.with_columns(
        bodies=pl.Series(
            [sorted({body for name in names for body in bodies[name]}) for names in rows["ministries"]],
            dtype=pl.List(pl.String),
        )
    )
    labels = {name: " / ".join(_labels(names)) for name, names in bodies.items()}
    identifiers: dict[str, set[str]] = {key: {folded(key)} for key in lengths}
    for name, column in (("initiative_members", "initiative_id"), ("figures", "figure_id")):
        for key, identifier in _table(tables, name).select("measure_id", column).drop_nulls().iter_rows():
            identifiers.setdefault(key, set()).add(folded(identifier))
    entries = []
    for row in rows.iter_rows(named=True):
        key, text = row["measure_id"], texts.get(row["measure_id"])
        heading = _heading(text) if text else row["heading"]
        label = " / ".join([*(labels[name] for name in row["ministries"]), topics[row["topic_id"]]])
        entries.append(
            Entry(
                key, normal(text["repaired"] or text["text"]) if text else None, normal(heading), _terms(features[key]),
                folded(label).replace("-", ""), lengths[key], frozenset(identifiers[key]),
            )
        )  # fmt: skip
    return Index(tables, entries, rows, genealogy.rarest(tables["features"], list(features), TERMS))


def _table(tables: Tables, name: str) -> pl.DataFrame:
    return tables[name] if name in tables else store.empty(name)


def _bodies(ministry: str) -> set[str]:
    """Return what a ministry that a measure names is asked for by: itself, an office's body, an agency's parent."""
    return {ministry, ministries.body_of(ministry), ministries.family(ministry)}


def _terms(row: Mapping[str, Any]) -> dict[str, int]:
    counted = zip(row["terms"], row["term_counts"], strict=True)
    return {folded(name): 1 for name in row["names"]} | {folded(term): count for term, count in counted}


def _heading(row: Mapping[str, Any]) -> str:
    return " / ".join(filter(None, (row["section_title"], row["subhead"])))


def _labels(bodies: set[str]) -> list[str]:
    """Return the bodies in both languages, their offices left out."""
    return sorted({ministries.label(name, language) for name in bodies for language in LANGUAGES})


def _rows(tables: Tables, between: tuple[str, str] | None) -> pl.DataFrame:
    """Return what is known of every measure: COLUMNS but for MATCHED, sorted by measure_id."""
    measures = tables["measures"].with_columns(
        time_points.column(), heading=pl.concat_str("section_title", "subhead", separator=" / ", ignore_nulls=True)
    )
    time_points.check(between or (), measures)
    measures = measures.join(tables["assignments"].select("measure_id", "topic_id"), on="measure_id", how="left")
    measures = measures.with_columns(pl.col("topic_id").fill_null(UNCLEAR))
    seen_from = pl.lit(None, dtype=pl.String)
    if between:
        earlier, later = between
        seen_from = pl.when(pl.col("edition_id") == later).then(pl.lit(earlier)).otherwise(pl.lit(later))
    statuses = tables["statuses"].select(
        "measure_id", "status", "change", "changed", "doubtful", seen_from="other_edition"
    )
    rows = measures.with_columns(seen_from=seen_from).join(statuses, on=["measure_id", "seen_from"], how="left")
    return rows.select(name for name in COLUMNS if name not in MATCHED or name == "measure_id").sort("measure_id")


# --- matches


def _matched(index: Index, query: str) -> pl.DataFrame:
    """Return the measures that match a query: MATCHED, as `find` describes them."""
    asked = parsed(query)
    items = list(dict.fromkeys(asked.items))
    by_item = {item: _matches(item, index) for item in items}
    unwanted = {key for item in asked.unwanted for key in _matches(item, index)}
    rarity = {item: _rarity(len(by_item[item]), len(index.entries)) for item in items}
    rows = []
    for entry in index.entries:
        key = entry.measure_id
        matches = {item: by_item[item][key] for item in items if key in by_item[item]}
        if key in unwanted or not all(any(item in matches for item in group) for group in asked.wanted):
            continue
        marks = [mark for match in matches.values() for mark in match.marks]
        renamed = [match.form for item, match in matches.items() if match.form in item.others]
        places = sorted({match.place for match in matches.values()}, key=PLACES.index)
        score = sum(rarity[item] * _saturated(m, entry, index.mean_length) for item, m in matches.items())
        rows.append((key, round(score, DIGITS) if items else None, places, renamed, _snippet(index, entry, marks)))
    return pl.DataFrame(rows, schema={name: COLUMNS[name] for name in MATCHED}, orient="row")


def _matches(item: Item, index: Index) -> dict[str, Match]:
    """Return the matches of an item, by measure: its own form before other names."""
    forms = [(form, pattern_of(form), HALF if form != item.form else 1.0) for form in (item.form, *item.others)]
    result = {}
    for entry in index.entries:
        for form, pattern, weight in forms:
            match = _match(item, form, pattern, entry)
            if match is not None:
                result[entry.measure_id] = replace(match, weight=weight * match.weight)
                break
    return result


def _match(item: Item, form: str, pattern: re.Pattern[str], entry: Entry) -> Match | None:
    """Match an identifier, or a form as it is written: in the text (in terms where none is at hand) or the heading;
    unless the item is quoted, then in a term, by all its words in dictionary form, or as a label."""
    if form in entry.identifiers:
        return Match(1.0, "identifier", form, ())
    heading = HALF * len(pattern.findall(entry.heading))
    if count := _among_terms(form, pattern, entry) if entry.text is None else len(pattern.findall(entry.text)):
        return Match(count + heading, "term" if entry.text is None else "text", form, (form,))
    if heading or item.quoted:
        return Match(heading, "heading", form, (form,)) if heading else None
    if entry.text is not None and (count := _among_terms(form, pattern, entry)):
        return Match(HALF * count, "term", form, (form,))
    if form == item.form and item.words and all(word in entry.terms for word in item.words):
        return Match(HALF * min(entry.terms[word] for word in item.words), "term", form, tuple(item.words))
    # from the start of a word, so that startup matches Start-ups
    word = ("(?<![a-z0-9])" if LATIN.match(form) else "") + re.escape(form.replace("-", ""))
    return Match(HALF, "label", form, ()) if re.search(word, entry.label) else None


def _among_terms(form: str, pattern: re.Pattern[str], entry: Entry) -> int:
    """Return how often a term occurs, or how many terms and names hold the form."""
    return entry.terms.get(form) or sum(1 for term in entry.terms if pattern.search(term))


def _rarity(measures: int, of: int) -> float:
    return math.log(1 + (of - measures + 0.5) / (measures + 0.5))


def _saturated(match: Match, entry: Entry, mean_length: float) -> float:
    if match.place == "identifier":
        return SATURATION + 1  # the most there is, however long the text
    relative = 1 - LENGTH + LENGTH * entry.length / max(mean_length, 1)
    return match.weight * (SATURATION + 1) / (match.weight + SATURATION * relative)


# --- snippets


def _snippet(index: Index, entry: Entry, forms: list[str]) -> str:
    """Return the text around the first match, or names and terms, as safe HTML with the matches in <mark>."""
    first = any_of(forms).search(entry.text) if entry.text is not None and forms else None
    if entry.text is not None and first:
        start, end = max(first.start() - AROUND, 0), min(first.end() + AROUND, len(entry.text))
        within = marked(entry.text[start:end], forms)
        return ("…" if start else "") + within + ("…" if end < len(entry.text) else "")
    matching = [term for term in entry.terms if forms and any_of(forms).search(term)]
    shown = [*sorted(matching, key=lambda term: (len(term), term)), *index.names[entry.measure_id]]
    return " · ".join(marked(name, forms) for name in list(dict.fromkeys(shown))[:TERMS])


# --- filters


def _passes(index: Index, chosen: Mapping[str, list[Any]]) -> pl.Expr:
    """Return whether a row passes every filter. Raises UsageFault for values that do not exist."""
    tests = [pl.lit(True)]
    for name, (kind, column) in FILTERS.items():
        values = _values(kind, [str(value) for value in chosen.get(name, [])], index.known[name])
        if values and name == "statuses" and index.rows["seen_from"].null_count() == len(index.rows):
            raise UsageFault('a status is seen between two editions: say between=("2019", "2026")')
        if values and index.rows[column].dtype == pl.List:
            tests.append(pl.col(column).list.set_intersection(values).list.len() > 0)
        elif values:
            tests.append(pl.col(column).is_in(values))
    return pl.all_horizontal(tests)


def _values(kind: str, asked: list[str], known: Mapping[str, set[str]]) -> list[str]:
    """Return what the values asked for stand for. Raises UsageFault for one that does not exist."""
    result: set[str] = set()
    for value in asked:
        meant = known.get(value) or known.get(folded(value))
        if meant is None:
            raise UsageFault(f"{kind} {value!r} does not exist: choose one of {', '.join(sorted(known))}")
        result |= meant
    return sorted(result)
