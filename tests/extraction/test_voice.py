"""How sure a layout is: documents that do not speak as plans do, or that were read in part, are refused.

All documents are fictitious and speak of lighthouses; each kind speaks its own way.
"""

import pytest

from analysis.documents.document import Document, Line, Page, of_pages, of_text
from analysis.extraction import detect_layout, recognised, voice
from analysis.extraction.detect_layout import UNSURE

TITLE = "灯台推進計画2031 概要"
TASKS = [
    "灯台の灯りを国が十年ごとに取り替える制度を創設する。",
    "島の子どもが灯台の歴史を学ぶ教材を作成し、学校に配布する。",
    "灯台の守り手を育てる講座を各地の港で開設する。",
    "港湾庁において、灯台の図面を電子化し公開する。",
    "霧の夜に鳴らす鐘の点検の基準を改める。",
    "灯台を訪れる人のための船の便を増やす。",
    "古い灯台の石垣を直す職人への補助を拡充。",
    "灯台の周りの海藻を調べ、結果を公表する。",
    "灯台を結ぶ無線の網を整備。",
    "灯台守の日記を集め、資料館で保存する。",
    "岬の道に案内板を設け、夜も歩けるようにする。",
    "灯台の電力を波の力でまかなう実験を行う。",
]
MINUTES = [
    "○港委員　灯台の灯りは毎年替えるものだと思います。",
    "○沖座長　ありがとうございます。ほかに御意見はございますか。",
    "○灘委員　島の子どもに教えるのは誰でしょうか。",
    "○事務局（岬補佐）　学校の先生にお願いしております。",
    "○港委員　承知いたしました。よろしくお願いいたします。",
    "○沖座長　それでは次の議題に移ります。",
] * 3
KINDS = {
    "minutes": MINUTES,
    "letter": [
        "灯台の見学は予約が要ります。前の日までに電話でお申し込みください。",
        "お子さんの手を離さないでください。",
        "雨の日は中を公開します。長靴でお越しください。",
        "灯りをともす時刻は季節で変わります。",
        "展望台は何人まで登れますか。",
        "一度に八人まで登れます。",
    ] * 3,
    "report": [
        "灯台の灯りを十二か所で取り替えた。",
        "守り手の講座には四十人が参加した。",
        "鐘の点検は霧のため三か所で延期となった。",
        "来年度も点検を行う。",
    ] * 5,
    "request": ["灯台の灯りを増やしてほしい。", "船の便を増やすべきである。", "港を直すよう求める。"] * 6,
    "law": [
        "第一条　この法律は、灯台の灯りを守ることを目的とする。",
        "第二条　灯台の管理者は、毎年灯りを点検しなければならない。",
        "２　港湾庁長官は、管理者に対し報告を求めることができる。",
    ]
    * 6,
    "programme": [
        "私たちは、灯台の灯りを消させません。",
        "いまの政権は、島の暮らしを見ていません。",
        "船の運賃を半分にします。",
        "灯台のある岬に学校を建てます。",
        "わが党は、約束したことを必ず守ります。",
    ]
    * 4,
}  # fmt: skip


def slides(sentences: list[str], title: str = TITLE) -> Document:
    items = [f"- {sentence}" for sentence in sentences]
    return of_text([title, "", "", "1. 灯台の守り手", "", "## 具体的施策", "", *items])


def sure(document: Document) -> float:
    return detect_layout.guesses([(name, document) for name in ("markdown_plan", "markdown_slides")])[0].sure


def test_a_plan_s_summary_speaks_as_plans_do():
    assert voice.as_plan(slides(TASKS)) == 1.0
    assert sure(slides(TASKS)) > UNSURE


def test_a_summary_in_polite_words_does_too():
    polite = [f"灯台の{what}を来年までに国が進めます。" for what in ("点検", "修理", "公開", "調査", "見回り")] * 3
    assert voice.as_plan(slides(polite)) == 1.0
    assert sure(slides(polite)) > UNSURE


@pytest.mark.parametrize("kind", KINDS)
def test_what_speaks_otherwise_is_no_plan(kind: str):
    assert voice.as_plan(slides(KINDS[kind])) < 0.5
    assert sure(slides([*TASKS, *KINDS[kind], *KINDS[kind]])) < UNSURE


def test_a_few_sentences_of_another_kind_stand_in_every_plan():
    some = ["灯台は好きですか。", *KINDS["report"][:3], KINDS["request"][0]]
    assert voice.as_plan(slides(TASKS + some)) == 1.0


def test_turns_of_a_talk_tell_minutes_without_courtesies():
    turns = [
        "（港委員）灯りは足りている。",
        "（沖座長）鐘は古い。",
        "→ 事務局　船の便は一日二便。",
        "答　島に学校はある。",
    ]
    assert voice.as_plan(slides(turns * 3)) < 0.5


def test_of_few_sentences_one_of_another_kind_says_little():
    assert voice.as_plan(slides(["灯台は好きですか。", *TASKS[:3]])) == 1.0


def test_a_chapter_s_heading_is_no_title():
    assert not voice.names_plan(["灯台のしおり", "1. 灯台の話", "灯台の計画"])


@pytest.mark.parametrize("title", ["灯台のしおり", "灯台の推進について"])
def test_a_summary_names_its_plan(title: str):
    assert sure(slides(TASKS, title)) < UNSURE
    assert sure(slides([*TASKS, "本計画の進捗を毎年点検する。"], title)) > UNSURE


@pytest.mark.parametrize(
    "title",
    ["灯台推進計画2031（案）", "灯台戦略（令和13年6月）のポイント", "灯りのアジェンダ2031",
     "第3期灯台プラン 概要版", "灯台対策要綱について"],
)  # fmt: skip
def test_titles_of_plans(title: str):
    assert voice.names_plan([title])
    assert not voice.names_plan([f"{title}の検討会 議事録"])


def test_a_summary_speaks_of_a_government():
    tasks = [task.replace("国が", "").replace("港湾庁において", "工場で") for task in TASKS]
    assert not voice.names_public([TITLE, *tasks, "外国の船"])
    assert sure(slides(tasks)) < UNSURE
    assert sure(slides([*tasks, "費用は国が負担する。"])) > UNSURE


def test_what_a_contract_or_a_guideline_binds_others_to_is_no_measure():
    others = [f"{who}は、{task}" for who, task in zip(["受注者", "（2）事業者", "職員"] * 4, TASKS, strict=True)]
    assert sure(slides(others)) < UNSURE


def test_measures_of_a_plan_are_most_of_what_it_will_do():
    closed = [f"○ {task}（国土交通省）" for task in TASKS]
    inside = of_text(["灯台推進計画", "", "第1章　灯り", "", *closed])
    outside = of_text(["灯台推進計画", "", "第1章　灯り", "", *closed, *(f"国は{task}" for task in TASKS * 3)])
    best, rest = (detect_layout.guesses([("markdown_plan", made)])[0] for made in (inside, outside))
    assert [guess.layout for guess in (best, rest)] == ["inferred"] * 2
    assert len(rest.reading.measures) == len(best.reading.measures) == len(TASKS)
    assert rest.sure < UNSURE < best.sure


def test_what_reads_a_little_comes_closer_than_a_known_layout_that_reads_nothing():
    lines = [f"○ {task}（国土交通省）" for task in TASKS] + [f"国は{task}" for task in TASKS * 30]
    best = detect_layout.guesses([("markdown_plan", of_text(["灯台推進計画", "", "第1章　灯り", "", *lines]))])[0]
    assert best.sure < detect_layout.ADVANTAGE
    assert (best.layout, len(best.reading.measures)) == ("inferred", len(TASKS))


def test_the_layout_that_comes_closest_is_named_for_what_is_no_plan():
    forms = [(name, slides(MINUTES + TASKS)) for name in ("markdown_plan", "markdown_slides")]
    best = detect_layout.guesses(forms)[0]
    assert (best.layout, best.sure < UNSURE) == ("markdown_slides", True)


def scanned(texts: list[str], by_ocr: bool = True) -> Document:
    lines = [Line(0, 200, 20.0 * at, 10, (text,), by_ocr=by_ocr) for at, text in enumerate(texts)]
    return of_pages([Page(600, 800, lines)])


def test_what_ocr_read_is_never_sure_and_less_so_where_it_read_badly():
    garbled = [task.translate(str.maketrans("灯台港島守図霧船職海波", "炉合巷鳥宇囚霜般識毎彼")) for task in TASKS]
    assert recognised.legible(scanned(TASKS, by_ocr=False)) == 1.0
    well, badly = recognised.legible(scanned(TASKS)), recognised.legible(scanned(garbled))
    assert 0.7 < well < detect_layout.SURE
    assert badly < well - 0.15
    assert recognised.legible(scanned(["灯台の灯台を灯台に"])) < detect_layout.SURE


def test_a_scanned_plan_is_less_sure_than_its_text():
    lines = ["灯台推進計画", "第1章 灯り", *(f"○ {task}（国土交通省）" for task in TASKS)]
    text, scan = (
        detect_layout.guesses([("markdown_plan", scanned(lines, by_ocr))])[0].sure for by_ocr in (False, True)
    )
    assert UNSURE < scan < detect_layout.SURE <= text


def test_of_a_document_that_ocr_read_in_part_the_rest_is_read_as_it_is():
    lines = [Line(0, 200, 20.0 * at, 10, (text,), by_ocr=at < 2) for at, text in enumerate(TASKS)]
    part, whole = recognised.legible(of_pages([Page(600, 800, lines)])), recognised.legible(scanned(TASKS))
    assert whole < part < 1.0
