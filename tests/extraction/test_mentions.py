"""Names in measures: what grammar takes for a name and what not, what the register adds, and where a name stands."""

import polars as pl
import pytest

from analysis.extraction import mentions
from analysis.tables import name_register
from analysis.tables.name_register import Content, Entry, Head

HEADS = (
    Head(kind="law", parts=1, nouns=("法", "法律")),
    Head(kind="plan", parts=3, nouns=("戦略",)),
    Head(kind="guideline", parts=2, nouns=("ガイドライン", "手引き")),
    Head(kind="council", parts=2, nouns=("検討会", "審議会")),
    Head(kind="programme", parts=3, nouns=("事業",)),
    Head(kind="event", parts=2, nouns=("博覧会", "フェスタ")),
)
WORDS = {"general": ("国際", "関係"), "pointing": ("同", "改正"), "bodies": ("法人",), "generic": ("窯業評価法",)}
GRAMMAR = name_register.of(Content(head=HEADS, **WORDS))
ENTRIES = (
    Entry(name="陶器表示法", kind="law", name_en="Pottery Labelling Act", variants=("陶器の表示に関する法律",)),
    Entry(name="うつわサーチ", kind="system", name_en="Utsuwa Search", variants=("UWS",)),
    Entry(name="陶器表示法施行記念展", kind="event", name_en="Show"),
)
REGISTER = name_register.of(Content(head=HEADS, name=ENTRIES, **WORDS))


def names(text, register=GRAMMAR):
    return [(m.name, m.kind) for m in mentions.mentions(text, register)]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        # compounds with something of their own before the head noun
        ("陶器産業振興戦略に基づき窯を直す。", [("陶器産業振興戦略", "plan")]),
        ("窯元の実態は陶器産業審議会で議論する。", [("陶器産業審議会", "council")]),
        ("窯業法の改正案を出す。", [("窯業法", "law")]),
        ("窯業法改正案の周知を行う。", [("窯業法", "law")]),
        ("改正窯業法を周知する。", [("窯業法", "law")]),
        ("同戦略と関係戦略、国際検討会は一般の語である。", []),
        ("輸出戦略を立て、新たな事業を行う。", []),
        ("ドイツ戦略を立てる。", [("ドイツ戦略", "plan")]),  # a proper noun makes up for few words
        ("輸出戦略2031を立てる。", [("輸出戦略2031", "plan")]),  # so does a number
        ("2031年度陶器産業振興戦略を進める。", [("陶器産業振興戦略", "plan")]),
        ("窯業技術支援法人の陶器産業振興事業を助ける。", [("陶器産業振興事業", "programme")]),
        ("地方窯業技術支援法人陶器振興事業を助ける。", []),  # of an organisation
        ("窯業法・陶器法・磁器法を見直す。", [("窯業法", "law"), ("陶器法", "law"), ("磁器法", "law")]),
        ("窯業評価法を開発する。", []),  # a method
        ("窯業者とも国際検討会を開く。", []),  # a word that adds, and no part of a name
        # quotations
        ("「窯業評価法」を踏まえる。", []),
        ("「うつわの手引き」を配る。", [("うつわの手引き", "guideline")]),
        ("「うつわの手引き(仮称)」を配る。", [("うつわの手引き", "guideline")]),
        ("「土と火」事業を続ける。", [("土と火", "programme")]),
        ("「土と火」を味わう。", []),
        ("「窯を開き、皿を売る事業」を続ける。", []),  # a clause
        # titles that go over particles, short forms, spaces beside Latin letters
        ("陶器の表示の適正化に関する法律を見直す。", [("陶器の表示の適正化に関する法律", "law")]),
        ("陶器産業振興戦略(以下「TSS」という。)を進める。", [("陶器産業振興戦略", "plan"), ("TSS", "plan")]),
        ("陶器産業振興戦略(令和3年5月)を進める。", [("陶器産業振興戦略", "plan")]),
        ("K Pot(陶器産業振興事業)を続ける。", [("K Pot", "programme"), ("陶器産業振興事業", "programme")]),
        ("日本 POT 博覧会を開く。", [("日本 POT 博覧会", "event")]),
    ],
)
def test_grammar_tells_names_from_general_words(text, named):
    assert names(text) == named


def test_the_register_adds_names_that_grammar_does_not_see():
    assert names("うつわサーチを公開する。") == []
    (mention,) = mentions.mentions("うつわ サーチを公開する。", REGISTER)
    assert (mention.name, mention.kind, mention.canonical) == ("うつわ サーチ", "system", "うつわサーチ")
    assert (mention.basis, mention.by_grammar) == ("register", False)


def test_another_spelling_leads_to_the_same_thing():
    by_name = mentions.mentions("陶器表示法を守る。", REGISTER)[0]
    by_title = mentions.mentions("陶器の表示に関する法律を守る。", REGISTER)[0]
    assert by_name.canonical == by_title.canonical == "陶器表示法"
    assert by_name.by_grammar


def test_of_names_within_names_only_the_longest_counts():
    assert names("陶器表示法施行記念展を開く。", REGISTER) == [("陶器表示法施行記念展", "event")]


def test_a_name_of_the_register_does_not_stand_within_a_word():
    assert names("UWSEを使う。", REGISTER) == []
    assert names("UWSを使う。", REGISTER) == [("UWS", "system")]
    assert names("うつわサーチャーを雇う。", REGISTER) == []


@pytest.mark.parametrize(
    "text", ["ｋＰｏｔと「うつわの手引き」", "㌔と「うつわの手引き」と陶器産業審議会", "İとうつわサーチ"]
)
def test_a_name_stands_where_its_place_says(text):
    found = mentions.mentions(text, REGISTER)
    assert found
    assert [text[m.start : m.end] for m in found] == [m.name for m in found]


def test_a_measure_has_each_name_once_and_long_ones_are_cut(curated):
    text = "陶器産業審議会と陶器産業審議会は、「" + "あ" * 50 + "の手引き」を配る。"
    (curated / "mentions.toml").write_text(
        '[[head]]\nkind = "council"\nparts = 2\nnouns = ["審議会"]\n\n'
        '[[head]]\nkind = "guideline"\nparts = 2\nnouns = ["手引き"]\n'
    )
    table = mentions.table([("2031-0001", text)])
    assert table["name"].to_list() == ["陶器産業審議会", "あ" * 35 + "…"]
    assert table["start"].to_list() == [0, 18]
    assert table["characters"].to_list() == [7, 54]


def test_without_a_register_nothing_is_named(curated):
    (curated / "mentions.toml").unlink(missing_ok=True)
    assert mentions.table([("2031-0001", "陶器産業審議会で議論する。")]).is_empty()


def test_the_committed_mentions_are_those_of_the_committed_register():
    from analysis.tables import store

    table = store.read("mentions")
    register = name_register.register()
    known = {entry.name: entry.kind for entry in register.content.name}
    of_register = table.filter(basis="register")
    assert len(of_register) > 200
    assert [known[name] for name in of_register["canonical"]] == of_register["kind"].to_list()
    assert table.group_by("measure_id", "name").len()["len"].max() == 1
    assert table.select(pl.col("name").str.len_chars().max()).item() <= 36
