"""Countable features of a text: its content words and its hashed character n-grams.

They are facts about a text, enough to group and link measures, too little to read them: they are committed,
so that topics and links come out the same in a clone without the documents.
"""

import re
from collections import Counter
from collections.abc import Iterator

import polars as pl
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import HashingVectorizer
from sudachipy import Morpheme, SplitMode

from analysis.base.japanese import normal, squeeze
from analysis.extraction.morphemes import tokenizer
from analysis.tables.schemas import TABLES

BUCKETS = 2**16
CONTENT = {"名詞", "形状詞"}
HIRAGANA = re.compile(r"[ぁ-ゖー]+$")
JOINING = {"接尾辞", "接頭辞"}
NAME_LENGTH = range(4, 25)
MOST_SIGNS = 12_000  # that the tokenizer takes at once: it refuses more than 49,149 bytes
# Numerals, pronouns and words that cannot stand alone say nothing about a subject.
NO_CONTENT = {"数詞", "代名詞", "非自立可能", "助動詞語幹", "助数詞可能"}


def _morphemes(text: str, mode: SplitMode) -> Iterator[Morpheme]:
    plain = normal(text)
    for start in range(0, len(plain), MOST_SIGNS):
        yield from tokenizer().tokenize(plain[start : start + MOST_SIGNS], mode)


def words(text: str) -> Counter[str]:
    """Content words in normalised form; long compounds count as themselves and as their parts."""
    counts: Counter[str] = Counter()
    for morpheme in _morphemes(text, SplitMode.C):
        if not _is_content(morpheme):
            continue
        counts[morpheme.normalized_form()] += 1
        parts = morpheme.split(SplitMode.A)
        if len(parts) > 1:
            counts.update(part.normalized_form() for part in parts if _is_content(part))
    return Counter({word: count for word, count in counts.items() if _is_word(word)})


def names(text: str) -> list[str]:
    """Compound names: runs of two or more nouns with nothing between, such as 営業秘密管理指針."""
    compounds: set[str] = set()
    run: list[Morpheme] = []
    for morpheme in [*_morphemes(text, SplitMode.A), None]:
        if morpheme is not None and (_is_content(morpheme) or morpheme.part_of_speech()[0] in JOINING):
            run.append(morpheme)
            continue
        name = "".join(part.surface() for part in run).removesuffix("等")
        if len(run) > 1 and len(name) in NAME_LENGTH:
            compounds.add(name)
        run = []
    return sorted(compounds)


def _is_content(morpheme: Morpheme) -> bool:
    kind = morpheme.part_of_speech()
    # What is written in hiragana alone (こと, ため, もの) is grammar more often than substance.
    return kind[0] in CONTENT and not NO_CONTENT & set(kind[1:3]) and not HIRAGANA.match(morpheme.surface())


def _is_word(word: str) -> bool:
    """Single kana and signs are scraps; a single kanji can be a word (種, 酒)."""
    return len(word) > 1 or "一" <= word <= "鿿"


def grams(texts: list[str]) -> csr_matrix:
    """Hashed counts of character 2- and 3-grams, shape (texts, BUCKETS)."""
    vectorizer = HashingVectorizer(
        analyzer="char", ngram_range=(2, 3), n_features=BUCKETS, alternate_sign=False, norm=None, lowercase=True
    )
    return csr_matrix(vectorizer.transform([squeeze(text) for text in texts]))


def table(measures: list[tuple[str, str, str]]) -> pl.DataFrame:
    """Rows of schema Features from (measure_id, text, headings)."""
    if not measures:
        return TABLES["features"].create_empty()
    counts = grams([text for _, text, _ in measures])
    rows = []
    for index, (measure_id, text, headings) in enumerate(measures):
        counted = sorted(words(text).items())
        row = counts.getrow(index)
        pairs = sorted(zip(row.indices.tolist(), row.data.astype(int).tolist(), strict=True))
        rows.append(
            {
                "measure_id": measure_id,
                "terms": [word for word, _ in counted],
                "term_counts": [count for _, count in counted],
                "names": names(text),
                "heading_terms": sorted(words(headings)),
                "grams": [bucket for bucket, _ in pairs],
                "gram_counts": [count for _, count in pairs],
            }
        )
    return pl.DataFrame(rows)
