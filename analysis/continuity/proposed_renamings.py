"""Renamed bodies and programmes of a new edition, proposed from measures that are otherwise the same.

A new name is put back to the old one in the new measure's text; if this gives the earlier measure's wording again, the
measures are otherwise alike. So the committed features of the earlier edition are enough, its texts are not needed.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce

import numpy as np
import polars as pl
from scipy.sparse import csr_matrix
from sklearn.preprocessing import normalize
from sudachipy import SplitMode

from analysis.base.japanese import squeeze
from analysis.continuity import blocking, similarity, vocabulary
from analysis.extraction import text_features
from analysis.extraction.morphemes import tokenizer
from analysis.tables import ministries

# Dice's coefficient of two texts' n-grams: at most one in ten differs, as where a date or a word is edited.
ALIKE = 0.9
# Pairs that show the same change. In the editions at hand and in two invented ones fewer than one in a hundred alike
# pairs swaps a body or a name by chance, and never two in the same way: three would be one case in a million. For
# bodies the number is more than a handful, since a few rows are as quickly read as a proposal.
BODY_PAIRS, PROGRAMME_PAIRS = 6, 3
LEFT_OVER = 0.05  # share of the measures with either body that may still name the old one: oversights of an editor
PARTNERS = 3  # of a measure among which its pair is looked for: twins may take each other's
CONTEXT = 2  # characters at either side of a name: n-grams reach no further


@dataclass(frozen=True)
class Proposal:
    """A name that a new edition writes where the earlier plan wrote another, with what speaks for it."""

    old: str
    new: str
    pairs: list[tuple[str, str]]  # earlier and new measure: otherwise alike, with the new name for the old one
    alike: int  # measures that are otherwise alike and named the old one
    still: int  # measures of the new edition of which the old one is still in charge


@dataclass(frozen=True)
class _Pair:
    row: int  # of the earlier measure
    earlier_id: str
    new_id: str
    text: str  # of the new measure
    bodies: tuple[frozenset[str], frozenset[str]]  # earlier, new
    names: tuple[frozenset[str], frozenset[str]]

    def swap_bodies(self, old: str, new: str) -> bool:
        """Return whether one body takes the other's place, and the rest are equal."""
        earlier, later = self.bodies
        return earlier - later == {old} and later - earlier == {new}


def proposed(plan: pl.DataFrame, edition: pl.DataFrame, before: pl.DataFrame) -> tuple[list[Proposal], list[Proposal]]:
    """Return the renamed bodies and the renamed programmes of a new edition.

    `plan` is the nearest earlier plan, `edition` the new one, `before` all earlier editions: measures joined with their
    features (edition, measure_id, ministries, repeated, names, terms, grams, gram_counts), the new ones with `text`.
    Repetitions prove nothing of their own and are left out of the pairs. Raises TableFaulty (curated files).
    """
    plan, originals = (frame.filter(~pl.col("repeated")) for frame in (plan, edition))
    if plan.is_empty() or originals.is_empty():
        return [], []
    grams, pairs = similarity.hashed(plan), _pairs(plan, originals)
    bodies = _bodies(grams, pairs, edition, before)
    return bodies, _programmes(grams, pairs, edition, before, bodies)


def put_back(text: str, proposals: Iterable[Proposal]) -> str:
    """Return the text with the old names in the places of the new ones."""
    return reduce(lambda written, change: written.replace(change.new, change.old), proposals, text)


def _pairs(plan: pl.DataFrame, edition: pl.DataFrame) -> list[_Pair]:
    """The closest measures by their wording, each in one pair at most, the closest first."""
    one, other = (csr_matrix(normalize(similarity.hashed(frame))) for frame in (plan, edition))
    rows, columns, cosines = blocking.best(one, other, PARTNERS)
    earlier, new = (list(zip(frame["measure_id"], _body_sets(frame), map(frozenset, frame["names"]), strict=True))
                    for frame in (plan, edition))  # fmt: skip
    texts = edition["text"].to_list()
    taken: tuple[set[int], set[int]] = set(), set()
    pairs = []
    for index in np.lexsort((columns, rows, -cosines)):
        i, j = int(rows[index]), int(columns[index])
        if i in taken[0] or j in taken[1]:
            continue
        taken[0].add(i)
        taken[1].add(j)
        (earlier_id, *of_earlier), (new_id, *of_new) = earlier[i], new[j]
        bodies, names = zip(of_earlier, of_new, strict=True)
        pairs.append(_Pair(i, earlier_id, new_id, texts[j], bodies, names))
    return pairs


def _body_sets(measures: pl.DataFrame) -> list[frozenset[str]]:
    return [frozenset(map(ministries.body_of, names)) for names in measures["ministries"].to_list()]


def _alike(grams: csr_matrix, pairs: list[_Pair], texts: list[str]) -> list[_Pair]:
    """The pairs whose earlier measure is worded like the text, by Dice's coefficient of their n-grams."""
    if not pairs:
        return []
    one, other = grams[[pair.row for pair in pairs]], text_features.grams(texts)
    dice = 2 * one.minimum(other).sum(axis=1) / np.maximum(one.sum(axis=1) + other.sum(axis=1), 1)
    return [pair for pair, alike in zip(pairs, np.asarray(dice).ravel() >= ALIKE, strict=True) if alike]


def _bodies(grams: csr_matrix, pairs: list[_Pair], edition: pl.DataFrame, before: pl.DataFrame) -> list[Proposal]:
    """Bodies of the register that vanished, and bodies that neither it nor an earlier edition knows in their places."""
    swaps = Counter(
        (*pair.bodies[0] - pair.bodies[1], *pair.bodies[1] - pair.bodies[0])
        for pair in pairs
        if len(pair.bodies[0] - pair.bodies[1]) == 1 == len(pair.bodies[1] - pair.bodies[0])
    )
    named_now = Counter(body for names in _body_sets(edition) for body in names)
    named_before = {body for names in _body_sets(before) for body in names}
    proposals = []
    for (old, new), count in sorted(swaps.items()):
        if count < BODY_PAIRS or not ministries.known(old) or ministries.known(new) or new in named_before:
            continue
        if named_now[old] > LEFT_OVER * (named_now[old] + named_now[new]):
            continue
        named = [pair for pair in pairs if old in pair.bodies[0]]
        alike = _alike(grams, named, [squeeze(pair.text).replace(new, old) for pair in named])
        swapped = [(pair.earlier_id, pair.new_id) for pair in alike if pair.swap_bodies(old, new)]
        if len(swapped) >= BODY_PAIRS:
            proposals.append(Proposal(old, new, sorted(swapped), len(alike), named_now[old]))
    return proposals


def _programmes(
    grams: csr_matrix, pairs: list[_Pair], edition: pl.DataFrame, before: pl.DataFrame, bodies: list[Proposal]
) -> list[Proposal]:
    """Compound names of earlier editions only, and names of the new edition only that stand in their places.

    A general word is none: it goes on in other measures, or earlier editions have it, or both are two words in use.
    """
    texts = {key: put_back(squeeze(text), bodies) for key, text in edition.select("measure_id", "text").iter_rows()}
    swaps: defaultdict[tuple[str, str], list[_Pair]] = defaultdict(list)
    for pair in pairs:
        names, now = pair.names
        if any(body.new in pair.text for body in bodies):
            now = frozenset(text_features.names(put_back(pair.text, bodies)))
        for swap in _swaps(names - now, now - names):
            swaps[swap].append(pair)
    names_before, words_before = (set(before[column].explode()) for column in ("names", "terms"))
    words_now = set(edition["terms"].explode())
    years = max(before["edition"].to_list()), max(edition["edition"].to_list())
    meant, known = vocabulary.meanings(), set(vocabulary.renamings()["old"])
    proposals: dict[str, Proposal] = {}
    for (old, new), swapping in sorted(swaps.items(), key=lambda item: (len(item[0][0]), -len(item[1]), item[0])):
        if len(swapping) < PROGRAMME_PAIRS or old in known or old in proposals:
            continue
        if meant(old, years[0]) == meant(new, years[1]) or put_back(new, proposals.values()) == old:
            continue
        if _in_use(old, words_now) and _in_use(new, words_before):
            continue
        if any(old in text.replace(new, "") for text in texts.values()):
            continue
        if any(new in name.replace(old, "") for name in names_before):
            continue
        named = [pair for pair in pairs if any(old in name for name in pair.names[0])]
        alike = _alike(grams, named, [texts[pair.new_id].replace(new, old) for pair in named])
        pairs_of_both = [
            (pair.earlier_id, pair.new_id) for pair in alike if _in_place(grams[pair.row], texts[pair.new_id], old, new)
        ]
        if len(pairs_of_both) >= PROGRAMME_PAIRS:
            proposals[old] = Proposal(old, new, sorted(pairs_of_both), len(alike), 0)
    return list(proposals.values())


def _swaps(gone: frozenset[str], come: frozenset[str]) -> list[tuple[str, str]]:
    """The single changes of a name that make the names that came of those that went."""
    if not 0 < len(gone) <= 4 or len(gone) != len(come):
        return []
    return [(old, new) for old in gone for new in come if {name.replace(old, new) for name in gone} == come]


def _in_use(name: str, words: set[str | None]) -> bool:
    """Whether a name is of two words that are in use by themselves, as 連携強化; a programme has more or rarer ones."""
    parts = [part.normalized_form() for part in tokenizer().tokenize(name, SplitMode.A)]
    return len(parts) <= 2 and words.issuperset(parts)


def _in_place(earlier: csr_matrix, text: str, old: str, new: str) -> bool:
    """Whether the earlier text had the old name between the characters between which the new one stands."""
    start = text.find(new)
    if start < 0:
        return False
    end = start + len(new)
    around = text[max(start - CONTEXT, 0) : start] + old + text[end : end + CONTEXT]
    return set(text_features.grams([around]).indices) <= set(earlier.indices)
