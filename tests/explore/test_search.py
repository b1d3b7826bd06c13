"""A search finds what is there, under whatever name, in an order that can be explained, and shows nothing unescaped."""

import math
import re
from html import unescape

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analysis.base.errors import UsageFault
from analysis.explore import queries, search
from analysis.extraction import text_features

HOSTILE = "<script>alert('灯台')</script><img src=x onerror=\"alert(1)\">&amp;</mark>"
TEXTS = {  # edition, text, section title, ministries, horizon, topic
    "2030-0001": ("2030", "灯台の光源を新しくし、灯台守の教育を進める。", "航路", ["経済産業省"], ["短期"], "light"),
    "2030-0002": ("2030", "ベンチャー企業による港の漫画を支援する。", "港", ["特許庁"], ["短期", "中期"], "port"),
    "2030-0003": ("2030", "AIによる霧笛を実証する。", "航路", ["内閣府(知財)"], ["中期"], "light"),
    "2030-0004": ("2030", "Open Innovation の港を整える。", "港", [], [], "port"),
    "2031-0001": ("2031", "スタートアップと灯台の光源の引越を助ける。", "航路", ["経済産業省"], ["長期"], "light"),
    "2031-0002": ("2031", "MAIDという港の制度を整える。", "港", ["特許庁", "デジタル庁"], ["短期"], "port"),
    "2031-0003": ("2031", "霧笛の音色を遠くまで届くように整える。", "灯台の周り", ["文化庁"], ["短期"], "light"),
}  # fmt: skip
STATUSES = [("2030-0001", "2031", "continued"), ("2030-0002", "2031", "evolved"), ("2030-0003", "2031", "ended"),
         ("2030-0004", "2031", "ended"), ("2031-0001", "2030", "continuing"), ("2031-0002", "2030", "evolved"),
         ("2031-0003", "2030", "new")]  # fmt: skip
BETWEEN = ("2030", "2031")
QUERIES = st.sampled_from(["", "港", "灯台 OR 霧笛", "スタートアップ", "patent", "-漫画"]) | st.text(
    alphabet='灯台守光源港霧笛 AIaiＡ　整教育"「」|OR新*.(<&', max_size=12
)


def tables(texts: bool = True, **other: str) -> dict[str, pl.DataFrame]:
    """Seven fictitious measures of two plans; `other` replaces texts by the measure's last four digits and the year."""
    rows = {key: (row[0], other.get(f"m{key[:4]}_{key[5:]}", row[1]), *row[2:]) for key, row in TEXTS.items()}
    ids = list(rows)
    column = [[row[n] for row in rows.values()] for n in range(6)]
    measures = {
        "measure_id": ids, "doc_id": ["d"] * len(ids), "edition": [int(year) for year in column[0]],
        "part": ["body"] * len(ids), "section": ["I"] * len(ids), "section_title": column[2],
        "subhead": [None] * len(ids), "first_line": [1] * len(ids), "last_line": [2] * len(ids),
        "characters": [len(text) for text in column[1]], "ministries": column[3], "horizon": column[4],
        "repeats": [None] * len(ids),
    }  # fmt: skip
    overrides = {"subhead": pl.String, "repeats": pl.String}
    made = {
        "measures": pl.DataFrame(measures, schema_overrides=overrides),
        "features": text_features.table([(key, row[1], row[2]) for key, row in rows.items()]),
        "assignments": pl.DataFrame({"measure_id": ids, "topic_id": column[5]}),
        "topics": pl.DataFrame(
            {"topic_id": ["light", "port"], "name_en": ["Light-houses", "Ports"], "name_ja": ["灯", "港"]}
        ),
        "statuses": pl.DataFrame(STATUSES, schema=["measure_id", "other_edition", "status"], orient="row").with_columns(
            doubtful=False, change=pl.lit(None, dtype=pl.String), changed=pl.lit([], dtype=pl.List(pl.String))
        ),
    }
    whole = {"measure_id": ids, "text": column[1], "repaired": [None] * len(ids), "section_title": column[2],
             "subhead": [None] * len(ids)}  # fmt: skip
    made["initiative_members"] = pl.DataFrame(
        {"initiative_id": ["I0007"] * 2, "measure_id": ["2030-0001", "2031-0001"]}
    )
    stated = [("2031-0002b", "2031-0002"), ("2031-0099a", None)]
    made["figures"] = pl.DataFrame(stated, schema=["figure_id", "measure_id"], orient="row")
    return made | ({"texts": pl.DataFrame(whole, schema_overrides={"repaired": pl.String})} if texts else {})


def found(query: str, texts: bool = True, **chosen: object) -> list[str]:
    return search.find(tables(texts), query, **chosen)["measure_id"].to_list()


# --- what a query means


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("灯台 教育", {"2030-0001"}),  # all words
        ("灯台　光源", {"2030-0001", "2031-0001"}),  # a wide space parts words
        ('"光源を新しく"', {"2030-0001"}),
        ("「光源を新しく」", {"2030-0001"}),
        ("漫画 OR 霧笛", {"2030-0002", "2030-0003", "2031-0003"}),
        ("港 漫画 OR Innovation", {"2030-0002", "2030-0004"}),  # OR binds its two neighbours
        ("港 -漫画", {"2030-0004", "2031-0002"}),
        ("港 -「漫画を支援」", {"2030-0004", "2031-0002"}),
        ("-港", {"2030-0001", "2030-0003", "2031-0001", "2031-0003"}),
        ("-スタートアップ", set(TEXTS) - {"2031-0001"}),  # as written, under no other name
        ("ａｉ", {"2030-0003"}),  # width and case; no part of another Latin word (MAID)
        ("aid", set()),
        ("mai", set()),
        ('"open  innovation"', {"2030-0004"}),
        ("open innovation", {"2030-0004"}),
        ("引っ越し", {"2031-0001"}),  # by its dictionary form
        ('"引っ越し"', set()),
        ("灯.台", set()),  # no pattern
        ('"灯台*"', set()),
        (".", set(TEXTS)),
        ('"', set(TEXTS)),  # nothing asked for
        ('"灯台 教育', {"2030-0001"}),  # a quotation mark without its other half is left out
        ('灯台" 教育', {"2030-0001"}),
        ('"光源を新しく" "教育', {"2030-0001"}),
        ("2030-0003", {"2030-0003"}),  # identifiers: of a measure, whatever its width,
        ("２０３０－０００３", {"2030-0003"}),
        ('灯台 -"2030-0001"', {"2031-0001", "2031-0003"}),
        ("I0007", {"2030-0001", "2031-0001"}),  # of an initiative,
        ("i0007 OR 2030-0003", {"2030-0001", "2030-0003", "2031-0001"}),
        ("2031-0002b", {"2031-0002"}),  # of a figure that a measure states
        ("I000", set()),
        ("2030-00", set()),
        ("- OR |", set(TEXTS)),
        ("", set(TEXTS)),
    ],
)
def test_a_query_says_what_it_means(query, keys):
    assert set(found(query)) == keys


def test_an_identifier_is_told_from_words():
    index = search.index(tables())
    assert [search.is_identifier(index, query) for query in ("2030-0003", "I0007 OR 2031-0002b")] == [True, True]
    assert [search.is_identifier(index, query) for query in ("", "灯台", "2030-0003 灯台", "I9999")] == [False] * 4
    hits = search.among(index, "2030-0003", {})
    assert hits["matched_in"].to_list() == [["identifier"]]
    assert [row["figure_id"] for row in search.figures(index, "2031-0099A 港")] == ["2031-0099a"]
    assert search.figures(index, "港") == []


@pytest.mark.parametrize("written", ["生成 AI", "生成　ＡＩ", "生 成AI", "生成\nAI"])
@pytest.mark.parametrize("texts", [True, False])
def test_spaces_within_words_hide_no_measure(written, texts):
    own = tables(texts, m2030_0003=f"{written}による霧笛を実証する。")
    if not texts:  # terms are what the tokenizer makes of them
        own["features"] = own["features"].with_columns(
            names=pl.when(pl.col("measure_id") == "2030-0003").then(pl.lit([written])).otherwise("names")
        )
    for query in ("生成AI", '"生成AI"', "生成ai"):
        assert search.find(own, query)["measure_id"].to_list() == ["2030-0003"]


def test_what_finds_nothing_has_near_words_that_do():
    index = search.index(tables())
    assert search.near(index, "スタートアプ")["スタートアプ"][0] == "スタートアップ"
    assert search.near(index, "pattent ofice") == {"pattent": ["Patent"], "ofice": ["Office"]}
    assert search.near(index, "灯台 光原") == {"光原": []}  # a word of two signs is near none
    assert search.near(index, "灯台") == search.near(index, "ない語 OR 灯台") == search.near(index, "") == {}
    many = {word: (word, 1) for word in ("港湾整備", "港湾整備費", "港湾整備法", "港湾整備部", "港湾整備局")}
    many |= {"港湾整地": ("港湾整地", 9)}
    index.__dict__["words"] = many
    assert search.near(index, "港湾整備課") == {"港湾整備課": ["港湾整備", "港湾整備局", "港湾整備法", "港湾整備費"]}


def test_terms_are_searched_where_no_text_is_at_hand():
    assert found("灯台 教育", texts=False) == ["2030-0001"]
    assert found('"光源"', texts=False) == ["2031-0001", "2030-0001"]  # in short texts a word weighs more
    assert found('"光源を新しく"', texts=False) == []
    assert found("光源の教育", texts=False) == ["2030-0001"]  # its content words
    snippet = search.find(tables(texts=False), "教育")["snippet"][0]
    assert "<mark>教育</mark>" in snippet


@given(QUERIES)
@settings(deadline=None, max_examples=60)
def test_documents_add_to_what_is_found_and_take_nothing_away(query):
    asked = re.sub('["「」-]', "", query)  # what is left out, or to be found as written, they may take away
    assert set(found(asked, texts=False)) <= set(found(asked))


def test_labels_are_found_in_english_from_the_start_of_a_word():
    assert set(found("patent office")) == {"2030-0002", "2031-0002"}
    assert set(found("lighthouse")) == {"2030-0001", "2030-0003", "2031-0001", "2031-0003"}
    assert found("ouse") == []
    assert found('"patent"') == []  # quoted: as it is written in the measure
    hits = search.find(tables(), "patent")
    assert hits["matched_in"].to_list() == [["label"]] * 2


def test_what_was_renamed_is_found_and_said_and_comes_later():
    hits = search.find(tables(), "スタートアップ")
    assert hits["measure_id"].to_list() == ["2031-0001", "2030-0002"]
    assert hits["renamed"].to_list() == [[], ["ベンチャー企業"]]
    assert "<mark>ベンチャー企業</mark>" in hits["snippet"][1]
    assert search.find(tables(), "ベンチャー")["renamed"].to_list() == [[], ["スタートアップ"]]
    assert found('"スタートアップ"') == ["2031-0001"]
    assert "ベンチャー支援" in queries._other_names("スタートアップ支援")
    assert queries._other_names("jaist") == ()  # AI was 人工知能, JAIST was not
    assert queries.homonyms("クールジャパン戦略の改定") == [("クールジャパン戦略", 2024)]


def test_a_query_too_long_is_refused_and_nothing_else_is():
    with pytest.raises(UsageFault, match="at most 300"):
        queries.parsed("灯" * 301)
    for strange in ("\ud800灯台", "\x00", '"' * 300, "-" * 300, "(" * 300, "|OR" * 100):
        search.find(tables(), strange)


# --- the order


def test_relevance_is_what_the_module_says():
    hits = search.find(tables(), "霧笛")
    lengths = {key: len(row[1]) for key, row in TEXTS.items()}
    mean = sum(lengths.values()) / 7
    rarity = math.log(1 + (7 - 2 + 0.5) / (2 + 0.5))  # two of seven measures
    for key, score in hits.select("measure_id", "relevance").iter_rows():
        long = 0.25 + 0.75 * lengths[key] / mean
        assert score == pytest.approx(rarity * 1 * 2.2 / (1 + 1.2 * long), abs=1e-6)
    assert hits["measure_id"].to_list() == ["2030-0003", "2031-0003"]  # the shorter one first


def test_more_often_counts_more_and_headings_less():
    assert found("灯台") == ["2030-0001", "2031-0001", "2031-0003"]  # twice, once, in the heading above
    assert search.find(tables(), "灯台")["matched_in"].to_list() == [["text"], ["text"], ["heading"]]


def test_equals_stand_in_the_order_of_their_keys():
    same = {f"m{key[:4]}_{key[5:]}": "帆を張る。" for key in TEXTS}
    hits = search.find(tables(**same), "帆")
    assert hits["measure_id"].to_list() == sorted(TEXTS)
    assert hits["relevance"].n_unique() == 1
    assert search.find(tables(), "")["relevance"].null_count() == len(TEXTS)


@given(QUERIES, st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=25)
def test_the_order_of_rows_says_nothing(query, drawn):
    def shuffled(frame: pl.DataFrame) -> pl.DataFrame:
        return frame[drawn.sample(range(len(frame)), len(frame))]

    straight = search.find(tables(), query, between=BETWEEN)
    mixed = search.find({name: shuffled(frame) for name, frame in tables().items()}, query, between=BETWEEN)
    assert straight.equals(mixed)
    assert straight.schema == search.COLUMNS


# --- filters


@pytest.mark.parametrize(
    ("chosen", "keys"),
    [
        ({"editions": [2030]}, {"2030-0001", "2030-0002", "2030-0003", "2030-0004"}),
        ({"editions": "2031", "topics": "light"}, {"2031-0001", "2031-0003"}),
        ({"topics": ["ports"]}, {"2030-0002", "2030-0004", "2031-0002"}),
        ({"topics": ["港"]}, {"2030-0002", "2030-0004", "2031-0002"}),
        ({"ministries": ["経済産業省"]}, {"2030-0001", "2030-0002", "2031-0001", "2031-0002"}),  # with its agency
        ({"ministries": ["Economy, Trade and Industry"]}, {"2030-0001", "2030-0002", "2031-0001", "2031-0002"}),
        ({"ministries": ["通商産業省"], "topics": "port"}, {"2030-0002", "2031-0002"}),  # what took over
        ({"ministries": "japan patent office"}, {"2030-0002", "2031-0002"}),
        ({"ministries": "内閣官房情報通信技術総合戦略室"}, {"2031-0002"}),
        ({"ministries": ["内閣府"]}, {"2030-0003"}),  # an office of it
        ({"ministries": ["特許庁", "文化庁"]}, {"2030-0002", "2031-0002", "2031-0003"}),
        ({"horizons": ["中期", "長期"]}, {"2030-0002", "2030-0003", "2031-0001"}),
        ({"statuses": ["ended", "new"], "between": BETWEEN}, {"2030-0003", "2030-0004", "2031-0003"}),
        ({"statuses": "evolved", "between": BETWEEN, "editions": 2031}, {"2031-0002"}),
    ],
)
def test_filters_let_through_what_they_say(chosen, keys):
    assert set(found("", **chosen)) == keys


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ({"editions": [1999]}, "edition '1999' does not exist: choose one of 2030, 2031"),
        ({"topics": ["sea"]}, "topic 'sea' does not exist"),
        ({"ministries": ["海の省"]}, "ministry '海の省' does not exist"),
        ({"horizons": ["soon"]}, "horizon 'soon' does not exist"),
        ({"statuses": ["lost"], "between": BETWEEN}, "status 'lost' does not exist"),
        ({"statuses": ["ended"]}, "a status is seen between two editions"),
        ({"between": ("2030", "2099")}, "edition '2099' does not exist"),
    ],
)
def test_what_does_not_exist_is_said(chosen, said):
    with pytest.raises(UsageFault, match=re.escape(said)):
        found("", **chosen)


CHOICES = st.fixed_dictionaries(
    {},
    optional={
        "editions": st.just(["2031"]),
        "topics": st.sampled_from([["light"], ["port"], ["light", "port"]]),
        "ministries": st.sampled_from([["経済産業省"], ["特許庁"], ["内閣府"]]),
        "horizons": st.just(["短期"]),
        "statuses": st.sampled_from([["ended"], ["evolved", "new"]]),
    },
)


@given(QUERIES, CHOICES)
@settings(deadline=None, max_examples=40)
def test_filters_only_take_away(query, chosen):
    index = search.index(tables(), BETWEEN)
    whole, part = search.among(index, query, {}), search.among(index, query, chosen)
    kept = whole.filter(pl.col("measure_id").is_in(part["measure_id"].implode()))
    assert kept.equals(part)


@given(QUERIES, CHOICES, st.sampled_from([BETWEEN, ("2030", "2030")]))
@example("", {}, ("2030", "2030"))  # 2030 has no status seen from itself
@settings(deadline=None, max_examples=25)
def test_a_value_is_said_to_give_what_it_gives(query, chosen, drawn):
    index = search.index(tables(), BETWEEN if chosen.get("statuses") else drawn)
    for name, counts in search.facets(index, query, chosen).items():
        for value, count in counts.items():
            assert len(search.among(index, query, chosen | {name: [value]})) == count


# --- what is shown


@given(st.text(alphabet="灯台<>&\"' /a1\nﬁ㍿ ", max_size=80), QUERIES)
@settings(deadline=None, max_examples=80)
def test_what_is_marked_is_the_text_and_nothing_else(text, query):
    html = queries.highlighted(text, query)
    assert set(re.findall(r"<[^>]*>", html)) <= {"<mark>", "</mark>"}
    assert unescape(re.sub(r"</?mark>", "", html)) == text


@pytest.mark.parametrize("texts", [True, False])
@pytest.mark.parametrize("query", ["灯台", "script", '"<script>"', "alert", "&amp;", ""])
def test_snippets_are_harmless(texts, query):
    hostile = tables(texts, m2030_0001=HOSTILE)
    hostile["features"] = hostile["features"].with_columns(names=pl.lit([HOSTILE]))
    for snippet in search.find(hostile, query)["snippet"]:
        assert set(re.findall(r"<[^>]*>", snippet)) <= {"<mark>", "</mark>"}


def test_a_snippet_stands_around_what_was_found():
    long = "港" * 50 + "灯台" + "岬" * 50
    (snippet,) = search.find(tables(m2030_0003=long), "灯台 岬")["snippet"]
    assert snippet.startswith("…港")
    assert snippet.endswith("…")
    assert "<mark>灯台</mark>" in snippet
    assert len(re.sub(r"</?mark>", "", snippet)) == 2 * search.AROUND + 2 + 2
    (wide,) = search.find(tables(m2030_0003="ＡＩ の霧"), '"ai"')["snippet"]
    assert wide == "<mark>AI</mark> の霧"
