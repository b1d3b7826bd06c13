"""What rules of grammar see of a measure, on invented sentences of a plan for pottery."""

import pytest

from analysis.extraction import commitments
from analysis.extraction.act_words import ACT_OF_NOUN, ACT_OF_VERB, KIND_OF_THING, SETS, act_of, ending, kind_of
from analysis.extraction.acts import acts
from analysis.extraction.phrases import phrases_of

YEAR = 2031


def row(text):
    return commitments.table([("x", text, YEAR)]).row(0, named=True)


def said(text):
    return [(act.verb, act.noun, act.thing, act.role) for act in acts(text)]


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("窯の許可に関する法律を改正する。", "reform"),
        ("陶器の表示に関する指針を改訂する。", "reform"),
        ("窯元の登録制度の見直しを行う。", "reform"),
        ("窯元の一覧を見直す。", "do"),  # no rule is changed
        ("窯元の一覧の見直しを行う。", "do"),
        ("陶工の名簿を作成する。", "do"),
        ("陶器の即売会を開く。", "do"),
        ("若い陶工による窯の購入費用を補助する。", "support"),
        ("窯元の海外出店を支援する。", "support"),
        ("陶器の魅力を広く周知する。", "inform"),
        ("各国に対し、陶器の関税を下げるよう働きかける。", "inform"),
        ("釉薬の効果を検証する。", "study"),
        ("土の産地の実態を把握する。", "study"),
        ("陶器づくりの振興を図る。", "promote"),
        ("窯元との連携を強化する。", "promote"),
    ],
)
def test_the_verb_says_the_act(text, act):
    assert row(text)["act"] == act


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("陶器市の開催を検討する。", "study"),  # what is only considered
        ("陶器市の開催に向けた検討を行う。", "study"),
        ("陶工の名簿の作成を促進する。", "promote"),  # what is only pushed on
        ("陶工の名簿の作成を支援する。", "support"),  # what others do
        ("窯元の名簿を作るよう窯元に促す。", "inform"),
        ("陶器の普及啓発を行う。", "inform"),  # a verb that says nothing of its own
        ("釉薬の調査を進める。", "study"),
        ("窯元への支援の充実を図る。", "support"),  # a noun that says how
        ("窯元支援を強化する。", "support"),
        ("環境を整備する。", "promote"),  # nothing in particular
    ],
)
def test_what_governs_an_act_says_more_than_the_act(text, act):
    assert row(text)["act"] == act


@pytest.mark.parametrize(
    ("text", "verbs"),
    [
        ("名簿を作り、窯元に配る。", ["作る", "配る"]),
        ("名簿を作るとともに、窯元に配る。", ["作る", "配る"]),
        ("名簿を作成した上で、窯元に配る。", ["作成する", "配る"]),
        ("名簿を作成・公表する。", ["作成する", "公表する"]),
        ("名簿を作成", ["作成する"]),  # する is left out
    ],
)
def test_each_act_of_a_sentence_counts(text, verbs):
    assert [(verb, role) for verb, _, _, role in said(text)] == [(verb, "act") for verb in verbs]


@pytest.mark.parametrize(
    "text",
    [
        "窯を守るため、土を調べる。",
        "窯を守れるよう、土を調べる。",
        "窯を守るべく、土を調べる。",
        "昨年は名簿を作ったが、土を調べる。",
        "名簿を作成しており、土を調べる。",
        "名簿が作成されたことから、土を調べる。",
        "名簿を作成する窯元の土を調べる。",
        "名簿の作成に関する土を調べる。",
        "名簿を作らず、土を調べる。",
        "加えて、土を調べる。",
        "土を(名簿を作成し、)調べる。",
    ],
)
def test_background_aims_and_descriptions_are_no_acts(text):
    assert [verb for verb, *_ in said(text)] == ["調べる"]


def test_means_are_acts_of_less_weight():
    assert said("講習会の開催を通じて、陶工の育成を図る。") == [
        ("", "開催", "講習会", "means"), ("図る", "育成", "陶工", "act"),
    ]  # fmt: skip
    assert said("名簿を公表することにより、連携を強める。")[0] == ("公表する", "", "名簿", "means")
    assert row("土の保存を通じて、釉薬を調べる。")["act"] == "study"
    assert row("講習会の開催を通じて、窯元を支援する。")["act"] == "do"  # a thing comes about
    assert said("条例の改正により導入された制度を周知する。") == [("周知する", "", "制度", "act")]


def test_lists_are_taken_apart_and_closed_by_what_follows():
    assert said("資料の収集や名簿の作成を行う。") == [
        ("行う", "収集", "資料", "act"), ("行う", "作成", "名簿", "act"),
    ]  # fmt: skip
    assert said("茶碗や皿の展示を行う。") == [("行う", "展示", "茶碗", "act"), ("行う", "展示", "皿", "act")]
    assert [noun for _, noun, *_ in said("茶碗の展示や皿の販売等の支援を行う。")] == ["支援"]
    assert [noun for _, noun, *_ in said("茶碗の展示や皿の販売に向けた支援を行う。")] == ["支援"]


def test_efforts_stand_for_what_describes_them():
    assert [noun for _, noun, *_ in said("茶碗の展示、皿の販売等の取組を進める。")] == ["展示", "販売等"]
    assert said("茶碗を配る取組を進める。")[0] == ("配る", "", "茶碗", "means")
    assert "配る" not in [verb for verb, *_ in said("窯元が茶碗を配る取組を進める。")]  # it is the potters'
    assert "配る" not in [verb for verb, *_ in said("茶碗を配る取組を検討する。")]


def test_names_in_brackets_and_with_dots_are_one_word():
    assert said("「茶碗を作る会」を開催する。") == [("開催する", "", "「茶碗を作る会」", "act")]
    assert said("クラフト・フェアを開催する。") == [("開催する", "", "クラフト・フェア", "act")]
    assert [noun for _, noun, *_ in said("茶碗の収集・保存を行う。")] == ["収集", "保存"]


def test_what_the_sentence_is_about_is_its_object():
    assert said("名簿については、年度ごとに更新を行う。") == [("行う", "更新", "名簿", "act")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("陶工の名簿を作成する。", ["名簿"]),
        ("陶器の指針を策定する。", ["指針"]),
        ("窯元の講習会を実施する。", ["講習会"]),
        ("優れた陶工を表彰する。", ["陶工"]),
        ("窯の相談窓口の運用を通じて、窯元を守る。", ["相談窓口"]),
        ("茶会などの発表機会の提供を行う。", []),
        ("陶器の展覧会などの機会の提供を行う。", []),
        ("陶器の上映会などの機会の提供を行う。", ["上映会"]),
        ("名簿の作成を検討する。", []),  # only considered
        ("名簿の作成を窯元に促す。", []),  # of others
        ("窯元による名簿の作成を支援する。", []),
        ("名簿を周知する。", []),  # it exists
        ("陶工の育成環境を整備する。", []),
        ("窯元との連携を進める。", []),
    ],
)
def test_a_thing_is_named_where_it_comes_about_by_the_act(text, words):
    found = row(text)
    assert found["output_words"] == words
    assert found["output"] == bool(words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2033年度末までに名簿を作る。", ["2033年度末までに"]),
        ("令和13年度中に名簿を作る。", ["令和13年度中に"]),
        ("2031年度から名簿を作る。", ["2031年度"]),
        ("今後5年間で名簿を作る。", ["今後5年間"]),
        ("次期通常国会に法案を出す。", ["次期通常国会"]),
        ("毎年度、名簿を改める。", ["毎年度"]),
        ("陶器博覧会までに名簿を作る。", ["陶器博覧会までに"]),
        ("2029年度の調査を踏まえ、名簿を作る。", []),  # past
        ("2031年に公表された名簿を配る。", []),
        ("2031年施行の条例が改正された。名簿を配る。", []),
        ("報告書(2031年3月)を踏まえ、名簿を作る。", []),
        ("2033年度から学ぶ者が増えることから、名簿を作る。", []),  # a reason
        ("現在までに作った名簿を配る。", []),
        ("早期に名簿を作る。", []),
    ],
)
def test_times_are_those_by_which_something_is_due(text, words):
    found = row(text)
    assert found["due_words"] == words
    assert found["due"] == bool(words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2035年までに陶器の輸出を30億円とする。", ["30億円"]),
        ("陶器の輸出は2029年に20億円であった。窯元を支援する。", []),
        ("陶器の輸出を促進する。", []),
    ],
)
def test_numbers_are_those_to_be_reached(text, words):
    assert row(text)["quantity_words"] == words


def test_a_measure_of_which_nothing_is_seen_only_promotes():
    found = row("窯。")
    assert (found["act"], found["act_words"], found["output"], found["due"]) == ("promote", [], False, False)


def test_words_say_what_is_done():
    assert row("名簿を作成し、毎年公表する。")["act_words"] == ["作成する", "公表する"]
    assert row("釉薬の調査を行う。")["act_words"] == ["調査"]
    assert row("陶器のセミナーを行う。")["act_words"] == ["セミナーを行う"]


def test_words_are_short_and_few():
    long = row(
        "、".join(f"{name}会議の開催" for name in "東西南北中上下") + "を行い、「" + "陶" * 40 + "の指針」を策定する。"
    )
    assert len(long["output_words"]) <= 6
    assert all(len(word) <= 20 for word in [*long["output_words"], *long["act_words"]])


def test_words_are_looked_for_at_the_end_the_longest_first():
    assert act_of("相互接続検証") == "study"
    assert act_of("普及啓発活動等") == "inform"
    assert act_of("「陶器検討」") is None  # a name
    assert kind_of("登り窯相談窓口") == "body"
    assert kind_of("陶器") == ""
    assert ending("補助事業", KIND_OF_THING) == "補助事業"


def test_no_word_is_in_two_lists_of_which_one_is_never_reached():
    assert not set(ACT_OF_VERB) & set(ACT_OF_NOUN)
    assert all(SETS.values())


def test_hostile_texts_end():
    for text in ("", "、" * 3000, "(" * 3000 + ")" * 3000, "「" * 5000, "を行い、" * 2500, "の" * 9000, "窯を" * 4000):
        commitments.table([("x", text, YEAR)])
    assert phrases_of("") == []
