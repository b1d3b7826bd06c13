"""How a document speaks, which tells plans and their summaries from documents of other kinds.

A plan says what the government will do; it has no speakers, asks nothing, addresses no reader and has no wish. Minutes,
letters, notices, a party's programme, public comments, reports of what was done and laws do, each in its own way and
throughout, whatever they are about. Every plan has some such sentences (what was done so far, what would be good): only
what exceeds that counts.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile
from math import prod

from analysis.base.japanese import normal
from analysis.documents import marks
from analysis.documents.document import Document
from analysis.tables import ministries

ASIDE = re.compile(r"\([^()。]*\)|[【〔\[][^【】〔〕\[\]。]*[】〕\]]|[\s「」『』]")
END = re.compile(r"[。?!]")
LEAST = 0.05  # what is left of any document, so that the layout that comes closest is named all the same
FEWEST = 12  # sentences that a document is taken to have at least: a few say little of it

PERSON = r"委員|座長|議長|会長|委員長|部会長|事務局|参考人|説明者|オブザーバー|司会|大臣|知事|市長|教授|先生|さん|氏"
# A turn of a talk: its speaker, in brackets or with a space behind; or a question or its answer.
TURN = re.compile(
    rf"[^\w(\[【<〈]?\s?(?:[(\[【<〈][^。、()\[\]【】<>〈〉]{{0,12}}(?:{PERSON})[^。、()\[\]【】<>〈〉]{{0,6}}[)\]】>〉]"
    rf"|[^\s。、()\[\]【】<>〈〉]{{0,12}}(?:{PERSON})(?:\([^()]{{1,30}}\))?(?:[\s:]|$)(?=.{{8}})"
    r"|(?:問|答|Q|A|質問|回答)\s?\d{0,3}[\s.:])"
)
SPEAKER = re.compile(
    r"(?:思い|考えており|存じ|ござい|申し上げ|いただき|頂き|伺い|お願いし|お願いいたし|お待ちし)(?:ます|ました|ません|たい)"
    r"|(?:です|ます)[ねよ]|でしょう"
    r"|(?<!公)(?:私|わたし)(?:は|が|も|の|たち|ども)|われわれ|当社|弊社"
)
# Who acts where it is no government: whom a contract, a guideline or a manual binds.
OTHERS_ACT = re.compile(r"\W?\s?(?:\(?\d{1,3}\)?\W?\s?)?[^、。\s]{0,15}(?:者|社員|職員|会員|会社|社|人)は")
PARTY = re.compile(r"政権|公約|約束し|当選|投票|党(?:は|が|の|と)")
ADDRESSED = re.compile(r"(?:くださ|下さ)|ましょう[。!]?$|お問い?合わ?せ|お申し?込み")
ASKED = re.compile(r"か[。?]$|\?$")
WISH = re.compile(
    r"(?:ほしい|欲しい|されたい|願いたい|願います|(?:求め|要望す)る|(?:求め|要望し)ます|べき|べきだ|べきである|べきです)。$"
)
PAST = re.compile(r"(?:た|だった|でした)。$")
DUTY = re.compile(r"(?:なければならない|てはならない|ことができる)。$")
ARTICLE = re.compile(r"第[0-9一二三四五六七八九十百]{1,5}条(?:の[0-9一二三四五六七八九十]{1,3})?[\s(]")

# How a plan calls itself, how else its title may call it, and what stands behind that in a summary's title.
PLAN = r"計画|戦略|プログラム|大綱|方針|ビジョン|構想|プラン|パッケージ|工程表|ロードマップ|アジェンダ|グランドデザイン"
TITLE = re.compile(
    rf"(?:{PLAN}|対策|指針|要綱|イニシアティ[ブヴ])(?:\W|\d|年度?|月|日|版|案|素案|骨子|本文|令和|平成|期|の|が|について"
    r"|概要|要旨|要約|あらまし|ポイント|全体像|ご?紹介|パンフレット|リーフレット|閣議|決定|策定)*$"
)
OWN = re.compile(
    rf"(?:本|この|同|新たな)(?:{PLAN})|(?:{PLAN})[^。、]{{0,12}}(?:決定|策定|改[訂定]|取りまとめ|とりまとめ)"
)
# A government, or what else acts for the public: 国の, but not 外国の.
PUBLIC = re.compile(
    r"政府|府省|省庁|閣議|内閣|都道府県|市町村|自治体|(?<![一-龥])国(?:が|は|の|と|において)|[都道府県市区町村](?:が|は|の)"
)
TITLE_LINES = 12
SHORTEST_NAME = 3  # characters of a body's name


@dataclass(frozen=True)
class Share:
    """The share of a document's sentences of a kind: as many as plans have, and so many that it is no plan."""

    value: float
    usual: float
    foreign: float

    @property
    def left(self) -> float:
        """How far the document may still be a plan, 0–1."""
        return max(0.0, min(1.0, (self.foreign - self.value) / (self.foreign - self.usual)))


def as_plan(document: Document) -> float:
    """Return how far a document speaks as plans do, 0–1."""
    return max(LEAST, prod(share.left for share in _shares(document)))


def names_plan(lines: Sequence[str]) -> bool:
    """Whether a document calls itself a plan or a plan's summary: above its first chapter, or in its text."""
    titles = takewhile(lambda line: marks.number(line) is None, lines[:TITLE_LINES])
    return any(map(TITLE.search, titles)) or any(map(OWN.search, lines))


def names_public(lines: Iterable[str]) -> bool:
    """Whether a document speaks of those who govern at all."""
    bodies = [name for name in ministries.register() if len(name) >= SHORTEST_NAME]
    return any(PUBLIC.search(line) is not None or any(name in line for name in bodies) for line in lines)


def _shares(document: Document) -> list[Share]:
    lines = [text for line in document.lines if (text := normal(line).strip())]
    sentences = _sentences(ASIDE.sub("", "".join(lines)))
    number = max(len(sentences), FEWEST)
    turns = sum(TURN.match(line) is not None for line in lines)
    articles = sum(ARTICLE.match(line) is not None for line in lines)
    talk = turns + _count(sentences, SPEAKER, PARTY, ADDRESSED, ASKED)
    return [
        Share(talk / number, 0.1, 0.3),
        Share(_count(sentences, WISH) / number, 0.1, 0.3),
        Share(_count(sentences, PAST) / number, 0.3, 0.5),
        Share((articles + _count(sentences, DUTY)) / number, 0.1, 0.3),
    ]


def _sentences(text: str) -> list[str]:
    """Return the sentences of a text that end as such; what only a line's end parts goes with the one behind it."""
    ends = [match.end() for match in END.finditer(text)]
    return [text[start:end] for start, end in pairwise([0, *ends])]


def _count(sentences: list[str], *patterns: re.Pattern[str]) -> int:
    """Return how many sentences hold what one of the patterns tells."""
    return sum(any(pattern.search(sentence) for pattern in patterns) for sentence in sentences)
