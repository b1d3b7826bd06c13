"""What closes a measure, in forms that plans have: each line with what a person reads in it."""

import pytest

from analysis.extraction.parsers import closing, family_labels
from analysis.extraction.parsers.bodies_and_times import USUAL

WORDS = "灯台の灯りを調べ、古いものから直す。"
MLIT, METI, MAFF = "国土交通省", "経済産業省", "農林水産省"

# What stands behind the words: bodies, horizon, deadline as written, years.
Read = tuple[list[str], list[str], str | None, list[int]]
CLOSED: dict[str, Read] = {
    # brackets of any kind, horizon and bodies in either order
    "（短期）（国土交通省）": ([MLIT], ["短期"], None, []),
    "(短期・中期)(国土交通省、経済産業省)": ([MLIT, METI], ["短期", "中期"], None, []),
    "（国土交通省）（中期）": ([MLIT], ["中期"], None, []),
    "（短期）（中期）（国土交通省）": ([MLIT], ["短期", "中期"], None, []),
    "［国土交通省］": ([MLIT], [], None, []),
    "【国土交通省】": ([MLIT], [], None, []),
    "〔国土交通省・経済産業省〕": ([MLIT, METI], [], None, []),
    "〈国土交通省〉": ([MLIT], [], None, []),
    "《国土交通省》": ([MLIT], [], None, []),
    "「国土交通省」": ([MLIT], [], None, []),
    "『国土交通省』": ([MLIT], [], None, []),
    "〖国土交通省〗": ([MLIT], [], None, []),
    "｛国土交通省｝": ([MLIT], [], None, []),
    "<国土交通省>": ([MLIT], [], None, []),
    "＜国土交通省＞": ([MLIT], [], None, []),
    "[国土交通省]": ([MLIT], [], None, []),
    "【国土交通省】【2028年度まで】": ([MLIT], [], "2028年度まで", [2028]),
    "〔令和９年度末〕〔国土交通省〕": ([MLIT], [], "令和９年度末", [2027]),
    "[R8][国土交通省]": ([MLIT], [], "R8", [2026]),
    "（国土交通省、令和9年度まで）": ([MLIT], [], "令和9年度まで", [2027]),
    "（令和9年度まで、国土交通省）": ([MLIT], [], "令和9年度まで", [2027]),
    "（短期、国土交通省）": ([MLIT], ["短期"], None, []),
    "（国土交通省：短期）": ([MLIT], ["短期"], None, []),
    # labels
    "［担当：国土交通省／期限：令和9年度末］": ([MLIT], [], "令和9年度末", [2027]),
    "【担当】国土交通省【期限】2027年夏": ([MLIT], [], "2027年夏", [2027]),
    "（担当：国土交通省）（実施時期：2029年度まで）": ([MLIT], [], "2029年度まで", [2029]),
    "（担当府省：国土交通省、経済産業省）": ([MLIT, METI], [], None, []),
    "（所管：国土交通省）": ([MLIT], [], None, []),
    "（主担当：国土交通省　関係：経済産業省）": ([MLIT, METI], [], None, []),
    "〔実施主体：国土交通省；目途：令和10年度〕": ([MLIT], [], "令和10年度", [2028]),
    "（達成時期：継続、関係省庁：国土交通省）": ([MLIT], [], "継続", []),
    "\n担当：国土交通省\n時期：令和8年度": ([MLIT], [], "令和8年度", [2026]),
    "\n時期：令和8年度\n担当：国土交通省": ([MLIT], [], "令和8年度", [2026]),
    "\n担当府省：国土交通省、経済産業省": ([MLIT, METI], [], None, []),
    "\n担当　国土交通省　　期限　2030年まで": ([MLIT], [], "2030年まで", [2030]),
    "\n所管：灯台局　期限：令和9年度": (["灯台局"], [], "令和9年度", [2027]),
    "［担当：灯りの会］": (["灯りの会"], [], None, []),  # a label says that it is a body, whatever its name
    "［担当：国土交通省／達成時期：―］": ([MLIT], [], None, []),
    # arrows, wide spaces, slashes
    "→国土交通省": ([MLIT], [], None, []),
    "→ 国土交通省、経済産業省（令和9年度末）": ([MLIT, METI], [], "令和9年度末", [2027]),
    "→国土交通省　R8～R10": ([MLIT], [], "R8～R10", [2026, 2027, 2028]),
    "⇒国土交通省／短期": ([MLIT], ["短期"], None, []),
    "\n→国土交通省": ([MLIT], [], None, []),
    "　国土交通省": ([MLIT], [], None, []),
    "　国土交通省　令和10年度": ([MLIT], [], "令和10年度", [2028]),
    "\n国土交通省／令和10年度": ([MLIT], [], "令和10年度", [2028]),
    "（国土交通省／中期）": ([MLIT], ["中期"], None, []),
    "（国土交通省，経済産業省）": ([MLIT, METI], [], None, []),
    "（国土交通省 経済産業省）": ([MLIT, METI], [], None, []),
    "（国土交通省及び経済産業省）": ([MLIT, METI], [], None, []),
    "（国土交通省，経済産業省／令和9年度）": ([MLIT, METI], [], "令和9年度", [2027]),
    # deadlines in either calendar, and spans
    "（国土交通省）（2028年度まで）": ([MLIT], [], "2028年度まで", [2028]),
    "（国土交通省）（令和10年度を目途）": ([MLIT], [], "令和10年度を目途", [2028]),
    "（国土交通省）（令和8～10年度）": ([MLIT], [], "令和8～10年度", [2026, 2027, 2028]),
    "（国土交通省）（2026～2028年度）": ([MLIT], [], "2026～2028年度", [2026, 2027, 2028]),
    "（国土交通省）（令和8年度から令和10年度まで）": ([MLIT], [], "令和8年度から令和10年度まで", [2026, 2027, 2028]),
    "（国土交通省）（R8-R10）": ([MLIT], [], "R8-R10", [2026, 2027, 2028]),
    "（国土交通省）（令和9年（2027年）3月末）": ([MLIT], [], "令和9年（2027年）3月末", [2027]),
    "（国土交通省）（令和9年度（2027年度））": ([MLIT], [], "令和9年度（2027年度）", [2027]),
    "（国土交通省）（2027年夏）": ([MLIT], [], "2027年夏", [2027]),
    "（国土交通省）（令和元年度）": ([MLIT], [], "令和元年度", [2019]),
    "（国土交通省）（令和九年度末）": ([MLIT], [], "令和九年度末", [2027]),
    "（国土交通省）（令和8年度、令和10年度）": ([MLIT], [], "令和8年度、令和10年度", [2026, 2028]),
    "（国土交通省）（継続）": ([MLIT], [], "継続", []),
    "（国土交通省）（毎年度）": ([MLIT], [], "毎年度", []),
    "（国土交通省）（速やかに）": ([MLIT], [], "速やかに", []),
    "（国土交通省）（短期：令和8年度）": ([MLIT], ["短期"], "令和8年度", [2026]),
    "（国土交通省）（中期（2028年度まで））": ([MLIT], ["中期"], "2028年度まで", [2028]),
    # offices and groups, bodies of no register
    "（短期）（内閣府（知財））": (["内閣府(知財)"], ["短期"], None, []),
    "（短期）（内閣府（知財、科技）、総務省）": (["内閣府(知財)", "内閣府(科技)", "総務省"], ["短期"], None, []),
    "［国土交通省（観光庁）］": (["国土交通省(観光庁)"], [], None, []),
    "（国土交通省、灯台推進室）": ([MLIT, "灯台推進室"], [], None, []),
    "（灯台県、国土交通省）": (["灯台県", MLIT], [], None, []),
    "（短期）（独立行政法人灯台機構）": (["独立行政法人灯台機構"], ["短期"], None, []),
    "《農水・国交》〈2028年度末〉": (["農水", "国交"], [], "2028年度末", [2028]),  # short names
    "（観光・農水）": (["観光", "農水"], [], None, []),
    "\n担当｜国土交通省　　時期｜中期": ([MLIT], ["中期"], None, []),
    "（関係府省）（短期）": (["関係府省"], ["短期"], None, []),
    "（短期）（関係府省庁）": (["関係府省庁"], ["短期"], None, []),
    "【関係府省】国土交通省": ([MLIT], [], None, []),  # here it is a label
    "【関係府省】（国土交通省）": ([MLIT], [], None, []),
    "（国土交通省等）": ([MLIT], [], None, []),
}  # fmt: skip


def said(read: closing.Closing) -> Read:
    return list(read.ministries), list(read.horizon), read.deadline, list(read.years)


@pytest.mark.parametrize("written", CLOSED)
def test_what_closes_a_measure(written):
    text = WORDS + written
    read = closing.read(text)
    assert said(read) == CLOSED[written]
    assert text[: read.start].rstrip() == WORDS
    assert not read.repeated


@pytest.mark.parametrize("written", CLOSED)
def test_on_a_line_of_its_own_it_is_nothing_else(written):
    assert closing.whole(written.strip())
    assert said(closing.read(written.strip())) == CLOSED[written]
    assert not closing.whole(WORDS + written)


@pytest.mark.parametrize("written", [form for form in CLOSED if form[0] not in "→⇒\n　"])
def test_the_sentence_s_full_stop_may_stand_behind_it(written):
    text = WORDS.removesuffix("。") + written + "。"
    read = closing.read(text)
    assert said(read) == CLOSED[written]
    assert text[: read.start] == WORDS.removesuffix("。")


@pytest.mark.parametrize(
    "written",
    [
        "（短期）（国土交通省）【再掲】",
        "【再掲】（短期）（国土交通省）",
        "（再掲）（短期）（国土交通省）",
        "（短期）（国土交通省）（再掲）",
        "（短期）（国土交通省）\n［再掲］",
        "（短期）【国土交通省】（一部再掲）",
    ],
)
def test_what_stands_elsewhere_too_is_said_so(written):
    read = closing.read(WORDS + written)
    assert said(read) == ([MLIT], ["短期"], None, [])
    assert read.repeated
    assert read.start == len(WORDS)


def test_again_by_itself_names_nobody():
    read = closing.read(WORDS + "（再掲）")
    assert (said(read), read.repeated, read.start) == (([], [], None, []), True, len(WORDS))


@pytest.mark.parametrize("flag", ["新規", "拡充", "重点", "一部新規"])
def test_a_flag_is_none_of_the_words(flag):
    text = f"{WORDS}（{flag}）（国土交通省）"
    assert text[: closing.read(text).start] == WORDS
    assert said(closing.read(text)) == ([MLIT], [], None, [])


@pytest.mark.parametrize(
    "text",
    [
        WORDS,
        "",
        "。",
        "（）",
        "灯台は全国に3,000基ある（出典：国土交通省）。",
        "灯台は全国に3,000基ある（資料：国土交通省調べ）。",
        "灯台は全国に3,000基ある（国土交通省の調査による）。",
        "岬の灯台を直す（灯台市）。",
        "岬の灯台を直す（北の港）。",
        "灯台の日を祝う（いわゆる灯台祭）。",
        "詳しくは別紙のとおり（別紙1）。",
        "灯台を直す（第3章を参照）。",
        "灯台を直す（写真）",
        "灯台を直す（LED）。",
        "灯台を直す（約3割）。",
        "灯台を直す（図1）",
        "灯台を国土交通省が直す。",
        "灯台を直すのは国土交通省",
        "令和9年度に灯台を直す。",
        "灯台を令和9年度までに直す。",
        "これまで灯台を直してきた。\n次に港を直す。",
        "「灯台の手引き」",
        "担当者が集まり、灯台を直す。",
        "期限を定めて灯台を直す。",
        "担当：灯りを守る者が決める。そのほかは追って定める。",
    ],
)
def test_what_closes_no_measure(text):
    read = closing.read(text)
    assert said(read) == ([], [], None, [])
    assert read.start == len(text)
    assert not closing.whole(text)


def test_a_year_in_a_bracket_behind_a_sentence_s_last_word_closes_no_measure():
    text = "灯台法ができた（2024年）。"  # it may be a deadline, too: it names no one, so nothing is closed
    assert not closing.read(text).strong


@pytest.mark.parametrize(
    ("text", "words", "bodies"),
    [
        ("灯台（国土交通省が持つもの）を直す。（国土交通省）", "灯台（国土交通省が持つもの）を直す。", [MLIT]),
        ("灯台の指針（令和5年度）を改める（国土交通省）", "灯台の指針（令和5年度）を改める", [MLIT]),
        ("灯台の指針（経済産業省告示）を改める（短期）（国土交通省）", "灯台の指針（経済産業省告示）を改める", [MLIT]),
        (
            "灯台の灯り（文化庁（令和8年度））の調べを続ける（国土交通省）",
            "灯台の灯り（文化庁（令和8年度））の調べを続ける",
            [MLIT],
        ),
        ("港の灯り（灯台、灯標）を直す。［農林水産省］", "港の灯り（灯台、灯標）を直す。", [MAFF]),
    ],
)
def test_brackets_in_the_sentence_are_its_own(text, words, bodies):
    read = closing.read(text)
    assert (text[: read.start], list(read.ministries)) == (words, bodies)


@pytest.mark.parametrize(
    ("text", "words", "read"),
    [
        ("〔令和8年度まで〕灯台を直す。", "灯台を直す。", ([], [], "令和8年度まで", [2026])),
        ("【国土交通省】灯台を直す。", "灯台を直す。", ([MLIT], [], None, [])),
        ("（短期）灯台を直す。", "灯台を直す。", ([], ["短期"], None, [])),
        ("［国土交通省／R8］灯台を直す。", "灯台を直す。", ([MLIT], [], "R8", [2026])),
        ("（仮称）灯台館を建てる。", "（仮称）灯台館を建てる。", ([], [], None, [])),
        ("「灯台の日」を祝う。", "「灯台の日」を祝う。", ([], [], None, [])),
        ("（国土交通省）", "（国土交通省）", ([], [], None, [])),  # nothing follows
    ],
)
def test_what_stands_before_the_words(text, words, read):
    start, begins = closing.leading(text)
    assert (said(start), text[begins:]) == (read, words)


def test_what_several_lines_say_together():
    lines = ["（国土交通省）（中期）", "（経済産業省、国土交通省）（短期）", "期限：令和10年度", "期限：令和8年度"]
    together = closing.joined(map(closing.read, lines))
    assert said(together) == ([MLIT, METI], ["短期", "中期"], "令和10年度、令和8年度", [2026, 2028])
    assert not together.repeated
    assert closing.joined([]) == closing.NOTHING
    assert closing.joined([closing.read("（再掲）"), together]).repeated


def test_words_that_may_be_a_label_are_none_where_nothing_follows():
    assert said(closing.read(WORDS + "（関係省庁）")) == (["関係省庁"], [], None, [])
    assert not closing.whole("【関係省庁】")  # the label of the next line


@pytest.mark.parametrize("line", ["所　管：国土交通省", "所 管：国土交通省", "担当＝国土交通省", "≪国土交通省≫"])
def test_labels_with_spaces_inside_or_an_equals_sign_and_brackets_of_mathematics(line):
    assert said(closing.read(f"{WORDS}\n{line}")) == ([MLIT], [], None, [])


def test_a_time_may_stand_behind_labelled_bodies():
    read = closing.read(WORDS + "〔担当：国土交通省／令和9年度末まで〕")
    assert said(read) == ([MLIT], [], "令和9年度末まで", [2027])


@pytest.mark.parametrize("text", ["灯台を直す（観光）。", "灯台を直す（文化・観光）。", "灯台を直す（環境）。"])
def test_a_short_name_that_is_a_word_too_closes_nothing_amid_a_sentence(text):
    assert closing.read(text).ministries == ()


def test_a_family_has_short_names_of_its_own_in_its_key():
    lines = [
        "略称は次のとおり。",
        "環＝環境省、灯：総務省、海=海上保安庁",
        "国土交通省（以下「国」という。）",
        "港＝波止場",
    ]
    labels = family_labels.of(lines)
    assert labels.short == ("環=環境省", "海=海上保安庁", "国=国土交通省")
    assert closing.read("灯台を直す。〔海・環〕", labels).ministries == ("海", "環")
    assert [labels.in_full(name) for name in ("海", "環", "農水", "灯")] == ["海上保安庁", "環境省", "農林水産省", "灯"]
    assert [labels.in_full(name) for name in ("デジ庁", "デジ省", "国交省")] == ["デジタル庁", "デジ省", "国交省"]
    assert closing.read("灯台を直す。〔海・環〕").ministries == ()


def test_a_family_has_labels_of_its_own():
    names = ["国土交通省", "経済産業省", "国土交通省"]
    lines = [
        line for name in names for line in (f"旗振り役：{name}", "到達時点：令和8年度", "用途：灯台", "短期：文化庁")
    ]
    labels = family_labels.of(lines)
    assert (labels.bodies, labels.times) == (("旗振り役",), ("到達時点",))
    assert closing.whole("旗振り役：国土交通省", labels)
    assert not closing.whole("旗振り役：国土交通省")
    assert family_labels.of(lines[:8]) == USUAL  # twice is not often
    seldom = ["備考：灯台を直す", "備考：港を掘る", "備考：国土交通省", "備考：令和8年度"]
    assert family_labels.of(seldom) == USUAL
    assert family_labels.of(f"【旗振り役】{name}" for name in names).bodies == ("旗振り役",)


def test_what_an_unknown_label_begins_is_no_name_with_a_bracket():
    read = closing.read(WORDS + "〔世話役：文化庁／協力：国土交通省／令和９年度末まで〕")
    assert not any("〕" in name for name in read.ministries)


def test_a_sentence_between_brackets_is_no_name_of_a_body():
    text = "灯台を直す。→文化庁（令和8年度）橋を架ける。→国土交通省（2030年まで）"
    assert text[: closing.read(text).start] == "灯台を直す。→文化庁（令和8年度）橋を架ける。"


def test_a_long_text_is_read_from_its_end():
    text = "灯" * 50_000 + "。（短期）（国土交通省）"
    assert said(closing.read(text)) == ([MLIT], ["短期"], None, [])
    assert closing.read("（" * 20_000).start == 20_000
    assert closing.read("（）" * 20_000).start == 40_000
