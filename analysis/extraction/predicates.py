"""How a measure ends: with what will be done, or with what was done, is so, or should be.

Japanese puts the predicate last. What a government will do ends in a verb's dictionary form (…を作成する, …を図ります)
or in a noun that such a verb is made of (…の整備); facts end in た, ている or an adjective, demands in べき or こと.
"""

from functools import lru_cache

from analysis.base.japanese import normal
from analysis.extraction.morphemes import tokenizer
from analysis.extraction.parsers.statements import last_statement

LONGEST = 60  # characters of a statement's end that are looked at
SILENT = ("補助記号", "空白", "記号")
STATES = ("ある", "いる", "おる", "なる", "できる", "居る", "有る", "成る", "出来る")
CAUSES = ("せる", "させる", "れる", "られる")  # 向上させる


@lru_cache(maxsize=20_000)
def says_what_will_be_done(text: str) -> bool:
    """Return whether a text ends with what somebody will do."""
    end = normal(last_statement(text))[-LONGEST:]
    words = [word for word in tokenizer().tokenize(end) if word.part_of_speech()[0] not in SILENT]
    if not words:
        return False
    last, kind = words[-1], words[-1].part_of_speech()
    if kind[0] == "助動詞":
        return str(last.surface()) == "ます" or str(last.dictionary_form()) in CAUSES
    if kind[0] == "動詞":
        return str(kind[5]).startswith(("終止形", "連体形")) and last.dictionary_form() not in STATES
    return (kind[0], kind[2]) == ("名詞", "サ変可能")
