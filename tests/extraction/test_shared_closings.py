"""Bodies and times that stand once for several measures, and what belongs to a measure below what closes it: small
plans made by hand, with the measures that a person reads in them."""

import pytest

from analysis.documents import document, paragraphs
from analysis.extraction.parsers import any_plan, infer
from analysis.extraction.parsers.parse_result import ParseResult

MLIT, METI, MIC = "国土交通省", "経済産業省", "総務省"
# Measures of the usual kind, so that the plan's form can be told.
USUAL = [
    "第1章 波止場", "○ 波止場を直す。（国土交通省）", "○ 浮標を置く。（総務省）", "○ 汽笛を鳴らす。（国土交通省）",
    "○ 海図を改める。（総務省）", "○ 水路を測る。（国土交通省）",
]  # fmt: skip


def parsed(*lines: str) -> ParseResult:
    loaded = document.of_text([*USUAL, "第2章 灯り", *lines])
    profile = infer.profile(loaded)
    assert profile is not None
    return any_plan.read(paragraphs.runs(loaded, paragraphs.AS_THEY_ARE), profile)


def read(*lines: str) -> list[tuple[str, tuple[str, ...]]]:
    """The measures of the second chapter: text and bodies."""
    measures = [(measure.text, measure.ministries) for measure in parsed(*lines).measures]
    assert [text for text, _ in measures[:5]] == [
        "波止場を直す。", "浮標を置く。", "汽笛を鳴らす。", "海図を改める。", "水路を測る。",
    ]  # fmt: skip
    return measures[5:]


BOTH = (METI, MIC)


def test_short_names_are_given_in_full():
    lines = ["○ 灯台を建てる。《経産・総務》", "○ 灯りを替える。《総務》", "○ 港を掘る。〔総〕", "総＝総務省"]
    assert read(*lines) == [("灯台を建てる。", BOTH), ("灯りを替える。", (MIC,)), ("港を掘る。", (MIC,))]


@pytest.mark.parametrize("line", ["【経済産業省、総務省】", "＜担当：経済産業省、総務省＞", "担当：経済産業省、総務省"])
def test_bodies_above_a_list_are_of_all_its_items(line):
    lines = ["1 灯台", line, "○ 灯台を建てる。", "○ 灯りを替える。", "2 港", "○ 港を掘る。（国土交通省）"]
    assert read(*lines) == [("灯台を建てる。", BOTH), ("灯りを替える。", BOTH), ("港を掘る。", (MLIT,))]


@pytest.mark.parametrize(
    ("sentence", "count"),
    [("灯台は古くなっている。", 2), ("灯台の台帳を作る。", 0)],  # its own bodies stand below a task
)
def test_what_is_may_be_said_above_the_bodies(sentence, count):
    lines = ["1 灯台", sentence, "【経済産業省】", "○ 灯台を建てる。", "○ 灯りを替える。"]
    assert sum(bodies == (METI,) for _, bodies in read(*lines)) == count


def test_each_list_has_the_bodies_above_it_and_items_their_times():
    lines = [
        "1 約束",
        "【経済産業省】",
        "○ 灯台を建てる。（令和9年度）",
        "○ 灯りを替える。",
        "【総務省】",
        "○ 港を掘る。",
    ]
    measures = parsed(*lines).measures[5:]
    assert [measure.ministries for measure in measures] == [(METI,), (METI,), (MIC,)]
    assert [measure.deadline for measure in measures] == ["令和9年度", None, None]
    assert measures[0].text == "灯台を建てる。"


def test_the_line_that_says_bodies_once_keeps_a_role():
    roles = {p.lines[0][1]: p.role for p in parsed("1 灯台", "【経済産業省】", "○ 灯台を建てる。").paragraphs}
    assert roles["【経済産業省】"] == "attribution"


@pytest.mark.parametrize(
    "lines",
    [
        ["1 灯台", "○ 灯台を建てる。", "【経済産業省】", "○ 灯りを替える。", "【総務省】"],  # each behind its measure
        [
            "○ 灯台を建てる",
            "【経済産業省】",
            "○ 灯りを替える。",
            "【総務省】",
        ],  # a short line is no head of the same kind
        ["○ 灯台を建てる。", "【経済産業省】", "○ 灯りを替える。", "【総務省】", "2 港", "港は古い。"],
        ["1 灯台", "○ 灯台を", "建てる。", "【経済産業省】", "○ 灯りを替える。（総務省）"],
        ["○ 灯台を建てる。", "【経済産業省】", "○ 灯りを替える。", "【総務省】", "2 港"],
    ],
)
def test_bodies_behind_each_measure_stay_its_own(lines):
    measures = [(text.rstrip("。"), bodies) for text, bodies in read(*lines)]
    assert measures == [("灯台を建てる", (METI,)), ("灯りを替える", (MIC,))]


@pytest.mark.parametrize(
    "lines",
    [
        ["○ 灯台の建設", "【経済産業省】", "○ 灯りを替える。", "2 港"],  # a measure's name is no head of its like
        ["○ 次の灯台を、早く直す。", "北の灯台", "【経済産業省】", "○ 灯りを替える。", "2 港"],  # nor is what is listed
        ["○ 灯台を、早く直す。", "・ 北の灯台", "・ 南の灯台", "【経済産業省】", "○ 灯りを替える。", "2 港"],
    ],
)
def test_bodies_below_a_measure_are_not_those_of_the_next(lines):
    bodies = dict(read(*lines))
    assert (METI,) in bodies.values()
    assert bodies.get("灯りを替える。", ()) == ()


def test_bodies_above_a_list_are_not_added_to_those_that_an_item_names():
    lines = ["1 灯台", "【経済産業省】", "○ 灯台を建てる。（総務省）", "○ 灯りを替える。（総務省）"]
    assert read(*lines) == [("灯台を建てる。", (MIC,)), ("灯りを替える。", (MIC,))]


def test_bodies_below_the_last_item_are_its_own():
    lines = ["ア 灯台の建設", "【経済産業省】", "○ 灯りを替える。", "【総務省】", "2 港", "港は古い。"]
    assert ("灯りを替える。", (MIC,)) in read(*lines)


def test_a_list_that_a_measure_announces_is_no_head_of_shared_bodies():
    lines = [
        "○ 次の灯台を直す。",
        "・ 北の灯台",
        "・ 南の灯台",
        "【経済産業省】",
        "○ 灯りを替える。",
        "【総務省】",
        "KPI 灯台",
    ]
    assert [bodies for _, bodies in read(*lines)] == [(METI,), (MIC,)]


def test_a_numbered_action_is_a_measure_and_what_is_below_its_bodies_says_more_of_it():
    parts = [
        (f"施策{number}　{name}", "【経済産業省】", f"・ {name}を直す。")
        for number, name in enumerate(["灯台", "港", "船"], 1)
    ]
    texts = [text for text, _ in read(*(line for part in parts for line in part))]
    assert [text.split()[0] for text in texts] == ["灯台", "港", "船"]


def test_a_heading_numbered_as_an_action_is_the_measure_s_title():
    names = ["灯台の建設", "灯りの交換", "港の浚渫"]
    lines = [
        line for at, name in enumerate(names, 1) for line in (f"## 施策{at}　{name}", "石を運ぶ。", "【経済産業省】")
    ]
    assert read(*lines) == [(f"{name} 石を運ぶ。", (METI,)) for name in names]


def test_an_item_that_names_its_bodies_keeps_them():
    lines = [
        "1 灯台",
        "① 灯台を建てる。（国土交通省）",
        "② 灯りを替える。",
        "【①、②：経済産業省】",
        "③ 港を掘る。（総務省）",
    ]
    assert [bodies for _, bodies in read(*lines)] == [(MLIT,), (METI,), (MIC,)]


def test_a_first_sentence_that_names_bodies_is_of_sentences_that_state_tasks():
    lines = ["1 灯台", "この節の取組は、経済産業省が担当する。", "○ 灯台を建てる。", "○ 灯りの交換が求められる。"]
    assert [text for text, _ in read(*lines)] == ["灯台を建てる。"]


@pytest.mark.parametrize("these", ["以上①から③まで", "以上、①～③まで", "上記①から③までは"])
def test_bodies_below_several_measures_are_of_those_they_name(these):
    lines = [
        "1 灯台",
        "① 灯台を建てる。",
        "② 灯りを替える。",
        "③ 塔を塗る。",
        f"〔{these.replace('、', '')}　経済産業省〕",
    ]
    usual = ["2 港", "① 港を掘る。", "〔総務省〕", "② 船を造る。", "〔総務省〕", "③ 網を編む。", "〔総務省〕"]
    assert [bodies for _, bodies in read(*lines, *usual)] == [(METI,)] * 3 + [(MIC,)] * 3


@pytest.mark.parametrize(
    "line", ["【①、②：経済産業省】", "【①及び②　経済産業省】", "（以上、①から②まで（アを除く。）：経済産業省）"]
)
def test_bodies_in_a_bracket_are_of_the_items_that_it_names(line):
    lines = [
        "1 灯台",
        "① 灯台を建てる。",
        "② 灯りを替える。",
        "ア 塔を塗る。（担当：国土交通省）",
        line,
        "③ 港を掘る。（総務省）",
    ]
    usual = [f"{number} 船を造る。（総務省）" for number in "④⑤⑥"]
    assert [bodies for _, bodies in read(*lines, *usual)][:3] == [(METI,), (METI,), (MIC,)]


@pytest.mark.parametrize("line", ["【⑧、⑨：経済産業省】", "（①の灯台：経済産業省）"])
def test_a_bracket_that_names_no_item_above_is_of_none(line):
    lines = ["1 灯台", "① 灯台を建てる。（総務省）", "② 灯りを替える。（総務省）", line]
    assert [bodies for _, bodies in read(*lines)][:2] == [(MIC,), (MIC,)]


def test_a_bracket_one_of_whose_items_is_not_there_is_of_none():
    lines = [
        "1 灯台",
        "① 灯台を建てる。",
        "【①、⑨：経済産業省】",
        "② 灯りを替える。（総務省）",
        "③ 塔を塗る。（総務省）",
    ]
    assert (METI,) not in [bodies for text, bodies in read(*lines) if text == "灯台を建てる。"]


def test_the_first_sentence_of_a_part_may_name_the_bodies():
    lines = ["1 灯台", "この節の取組は、経済産業省と総務省が共同で担当する。", "○ 灯台を建てる。", "○ 灯りを替える。"]
    assert read(*lines) == [("灯台を建てる。", BOTH), ("灯りを替える。", BOTH)]


def test_what_stands_below_a_closed_measure_in_a_list_says_more_of_it():
    lines = [
        "○ 灯台を建てる。（経済産業省）",
        "・ 高さは十間以上とする。",
        "・ 図面を公開する。",
        "○ 港を掘る。（総務省）",
    ]
    assert read(*lines) == [("灯台を建てる。高さは十間以上とする。図面を公開する。", (METI,)), ("港を掘る。", (MIC,))]


@pytest.mark.parametrize(
    "below",
    [
        ["・ 船の数が減っている。"],  # what is, not what will be done
        ["・ 北の灯台"],  # no sentence
        ["・ 灯りについて、次のことを行う。"],  # announces what follows
    ],
)
def test_other_lists_below_a_closed_measure_are_none_of_it(below):
    measures = read("○ 灯台を建てる。（経済産業省）", *below, "○ 港を掘る。（総務省）")
    assert ("灯台を建てる。", (METI,)) in measures


def test_a_list_that_is_closed_once_at_its_end_is_of_the_sentence_above_it():
    lines = ["① 灯台を建てる。", "（ア） 高さは十間とすること。", "（イ） 図面を公開すること。", "〔経済産業省〕"]
    others = [
        "② 灯りを替える。",
        "〔総務省〕",
        "③ 港を掘る。",
        "〔総務省〕",
        "④ 船の建造",
        "（ア） 船を造る。",
        "〔総務省〕",
    ]
    measures = read(*lines, *others, "（イ） 網を編む。", "〔総務省〕")
    assert measures[0] == ("灯台を建てる。高さは十間とすること。図面を公開すること。", (METI,))
    assert [text for text, _ in measures[1:]] == ["灯りを替える。", "港を掘る。", "船を造る。", "網を編む。"]


def test_a_list_whose_items_are_closed_each_is_one_of_measures():
    lines = [
        "○ 灯台を建てる。",
        "・ 灯りを替える。",
        "【経済産業省】",
        "・ 塔を塗る。",
        "【総務省】",
        "・ 港を掘る。（総務省）",
    ]
    assert read(*lines)[-3:] == [("灯りを替える。", (METI,)), ("塔を塗る。", (MIC,)), ("港を掘る。", (MIC,))]


PAIR = "灯台を建てる（経済産業省）。また、灯りを替える（総務省）。"


@pytest.mark.parametrize("text", [PAIR, "灯台を建てる。（経済産業省）また、灯りを替える。（総務省）"])
def test_two_measures_in_a_paragraph_are_two(text):
    assert read(f"○ {text}") == [("灯台を建てる。", (METI,)), ("また、灯りを替える。", (MIC,))]


def test_two_brackets_behind_a_sentence_are_both_its_own():
    text = "灯台を建てる。（経済産業省）（総務省）灯りを替える。（国土交通省）"
    assert read(f"○ {text}") == [("灯台を建てる。", BOTH), ("灯りを替える。", (MLIT,))]


def test_each_measure_of_a_paragraph_has_the_lines_that_it_stands_in():
    lines = [
        "○ 岬の上の古い灯台を、地震にも波にも強い石で、早",
        "く建てる（経済産業省）。また、港の入口にある灯りを",
        "替える（総務省）。",
    ]
    first = len(USUAL) + 2
    measures = parsed(*lines).measures[5:]
    assert [(one.first_line - first, one.last_line - first) for one in measures] == [(0, 1), (1, 2)]


@pytest.mark.parametrize(
    ("text", "bodies"),
    [
        ("灯台（経済産業省）を建て、灯りを替える。（総務省）", (MIC,)),  # amid a sentence
        ("灯台を建てる。（経済産業省）（総務省）", BOTH),
        ("灯台を建てる（経済産業省）。灯りは古い（総務省）。", (MIC,)),  # what is, at the end
        ("灯台を建てる。（経済産業省）（令和9年度）", (METI,)),
        ("灯台が古い（経済産業省）。灯りを替える（総務省）。", (MIC,)),  # what is
        ("灯台を建てる（経済産業省）。なお、高さは十間とする。", ()),
    ],
)
def test_a_bracket_amid_a_paragraph_ends_no_measure_by_itself(text, bodies):
    measures = read(f"○ {text}")
    assert len(measures) <= 1
    assert [named for _, named in measures] in ([], [bodies])


def test_kana_far_from_each_other_count_nothing():
    between = [f"○ 港を掘る。（国土交通省）{at}" for at in range(15)]
    lines = ["ア灯台を建てる。（総務省）", *between, "イ灯りを替える。（総務省）"]
    assert not {"灯台を建てる。", "灯りを替える。"} & {text for text, _ in read(*lines)}


@pytest.mark.parametrize(
    ("lines", "labels"),
    [
        (["ア灯台を建てる。（総務省）", "イ港を掘る。（総務省）", "ウ船を造る。（総務省）"],
         ["灯台を建てる。", "港を掘る。", "船を造る。"]),
        (["アメリカの船を入れる。（総務省）", "イ港を掘る。（総務省）"], ["アメリカの船を入れる。", "イ港を掘る。"]),
    ],
)  # fmt: skip
def test_kana_count_measures_without_a_space_where_they_count_on(lines, labels):
    assert [text for text, _ in read(*lines)] == labels


def titled(number: int, name: str) -> list[str]:
    who_and_when = "関係機関｜経済産業省　総務省　　実施時期｜中期"
    return [f"【1-{number}-a】{name}", who_and_when, f"{name}を、早く行う計画を立てる。", "1) 図面を公開する。"]


def test_lines_that_point_elsewhere_are_none_of_a_measure():
    lines = [*titled(1, "灯台の建設"), "☞ 関連：1-2-b", *titled(2, "灯りの交換"), *titled(3, "港の浚渫")]
    loaded = document.of_text(["第1章 灯り", *lines])
    profile = infer.profile(loaded)
    assert profile is not None
    result = any_plan.read(paragraphs.runs(loaded, paragraphs.AS_THEY_ARE), profile)
    assert result.measures[0].text.endswith("図面を公開する。")
    assert [p.role for p in result.paragraphs if "関連" in p.lines[0][1]] == ["cross_reference"]


def test_bodies_between_a_title_and_its_text_are_of_both():
    names = ["灯台の建設", "灯りの交換", "港の浚渫", "船の建造"]
    lines = [line for number, name in enumerate(names, 1) for line in titled(number, name)]
    loaded = document.of_text(["第1章 灯り", *lines, "おわりに　推進体制", "本部を置き、毎年点検する。"])
    profile = infer.profile(loaded)
    assert profile is not None
    measures = any_plan.read(paragraphs.runs(loaded, paragraphs.AS_THEY_ARE), profile).measures
    assert measures[0].text == "灯台の建設 灯台の建設を、早く行う計画を立てる。図面を公開する。"
    assert measures[-1].text.endswith("図面を公開する。")
    assert [(measure.ministries, measure.horizon) for measure in measures] == [(BOTH, ("中期",))] * 4


NAMED = [
    "国土交通省は、灯台を建てる。", "総務省及び国土交通省は、灯りを替える計画を立てる。",
    "こども家庭庁は、港を案内する。", "また、船の建造を支援する。", "船は古くなっている。",
]  # fmt: skip


def test_sentences_below_a_head_that_comes_again_may_name_who_acts():
    titles = ["一 灯台", "二 港"]
    parts = [[title, "（現状）", "環境省は、灯りを調べた。", "（施策の方向）"] for title in titles]
    loaded = document.of_text(["第1章 灯り", *parts[0], *NAMED[:2], *parts[1], *NAMED[2:]])
    profile = infer.profile(loaded)
    assert profile is not None
    assert (profile.closing, profile.measures, profile.background) == ("named", ("施策の方向",), ("現状",))
    measures = any_plan.read(paragraphs.runs(loaded, paragraphs.AS_THEY_ARE), profile).measures
    assert [measure.text for measure in measures] == NAMED[:4]
    assert [measure.ministries for measure in measures] == [(MLIT,), (MIC, MLIT), ("こども家庭庁",), ()]
    assert measures[3].doubts == (any_plan.NO_CLOSING,)


def test_what_is_below_a_head_of_measures_makes_no_plan():
    texts = ["国土交通省は、灯台を建てている。", "総務省は、灯りを替えた。", "環境省は、港を調べる。", "海は広い。"]
    lines = [line for number in "一二" for line in (f"{number} 灯り", "（施策の方向）", *texts)]
    assert infer.profile(document.of_text(["第1章 灯り", *lines])) is None


@pytest.mark.parametrize("head", ["（現状）", "（施策の方向）"])
def test_sentences_that_name_nobody_or_stand_below_other_heads_make_no_plan(head):
    texts = ["灯台を建てる。", "灯りを替える計画を立てる。"] if "施策" in head else NAMED[:3]
    lines = [line for number in "一二" for line in (f"{number} 灯り", head, *texts)]
    assert infer.profile(document.of_text(["第1章 灯り", *lines])) is None
