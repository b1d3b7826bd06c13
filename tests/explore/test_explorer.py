"""The panel shows what is asked for; a measure's page and the linked charts are whole, harmless, and in words."""

import json
import re
import shutil
from html import unescape

import polars as pl
import pytest
import vl_convert
from test_search import BETWEEN, HOSTILE, TEXTS
from test_search import tables as searched

from analysis.base.errors import UsageFault
from analysis.base.i18n import LANGUAGES, gettext
from analysis.coding import delivery
from analysis.continuity import link_model, model_parameters, similarity, vocabulary
from analysis.explore import explorer, linked_charts, measure_page, search
from analysis.report.charts import base as charts
from analysis.tables import store
from analysis.tables.labels import label

BROWSER = shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chromium-browser")
LINKS = [("2030-0001", "2031-0001", "same", 0.9), ("2030-0002", "2031-0002", "successor", 0.4)]
FIGURE = {
    "figure_id": "2030-0001a", "doc_id": "d", "edition": 2030, "section": "I", "first_line": 1, "place": "measure",
    "measure_id": "2030-0001", "indicator": "灯台の数", "kind": "target", "nature": "level", "value": 1200.0,
    "unit": "か所", "period": "2035", "set_in": None, "comparator": "以上", "why": [], "doubts": [],
}  # fmt: skip
CHECKABLE = {
    "measure_id": "2030-0001", "act": "do", "output": True, "date": True, "quantity": False, "act_words": ["建てる"],
    "output_words": ["灯台"], "date_words": ["2035年までに"], "quantity_words": [], "basis": "agreed",
}  # fmt: skip
NOT_CHECKABLE = {
    "measure_id": "2030-0002", "act": "study", "output": False, "date": False, "quantity": False, "act_words": [],
    "output_words": [], "date_words": [], "quantity_words": [], "basis": "rules",
}  # fmt: skip


INITIATIVE = {
    "initiative_id": "I0007", "name_ja": "灯台の光源", "name_en": "Lamps of lighthouses", "state": "living",
    "born": "2030", "last_seen": "2031", "editions": ["2030", "2031"], "members": ["2030-0001", "2031-0001"],
    "ministries": [],
}  # fmt: skip


def made(texts: bool = True, **other: str) -> dict[str, pl.DataFrame]:
    """The tables of `test_search` with what a measure's page needs beside."""
    own = searched(texts, **other)
    own["measures"] = own["measures"].with_columns(
        repeated=pl.lit(False),
        text_hash=pl.lit("0" * 16),
        doubts=pl.lit([], dtype=pl.List(pl.String)),
        confidence=pl.lit(1.0),
    )
    own["assignments"] = own["assignments"].with_columns(
        probability=pl.lit(0.9), second_topic=pl.lit(None, dtype=pl.String), sub_topic=pl.lit(None, dtype=pl.String),
        basis=pl.lit("agreed"), unclear=pl.lit(False),
        x=pl.int_range(pl.len()) / 10, y=pl.int_range(pl.len()) % 3,
    )  # fmt: skip
    sub_topic = {"sub_topic": ["light-old"], "name_en": ["Old lights"], "name_ja": ["古灯"]}
    own["sub_topics"] = pl.DataFrame(sub_topic)
    own["topics"] = own["topics"].with_columns(place=pl.int_range(pl.len()))
    own["statuses"] = own["statuses"].with_columns(
        edition_id=pl.col("measure_id").str.head(4), best_score=pl.lit(0.5), links=pl.lit(1)
    )
    rows = [(one, two, one[:4], two[:4], kind, score, score, "likeness", ["光源"], [], [], [], [], [])
            for one, two, kind, score in LINKS]  # fmt: skip
    own["links"] = pl.DataFrame(rows, schema=store.empty("links").schema, orient="row")
    own["figures"] = pl.DataFrame([FIGURE], schema=store.empty("figures").schema)
    own |= {name: store.empty(name) for name in ("roadmap", "candidates", "turnover", "mentions")}
    own["initiatives"] = pl.DataFrame([INITIATIVE], schema=store.empty("initiatives").schema)
    member = {"initiative_id": "I0007", "edition_id": "2030", "relation": "first", "changed": [], "text_hash": "0" * 16}
    members = [member | {"measure_id": key} for key in INITIATIVE["members"]]
    own["initiative_members"] = pl.DataFrame(members, schema=store.empty("initiative_members").schema)
    own["checkability"] = pl.DataFrame([CHECKABLE, NOT_CHECKABLE], schema=store.empty("checkability").schema)
    return own


def panel(texts: bool = True, language: str = "en", **other: str) -> explorer.Explorer:
    return explorer.Explorer(made(texts, **other), BETWEEN, language)


def listed(at: explorer.Explorer) -> list[str]:
    rows = zip(at.results.lines, at.results.rows, strict=True)
    return [button.description for line, (button, _) in rows if line.layout.display != "none"]


def offered(at: explorer.Explorer, name: str) -> list[str]:
    return [tick.description for tick in at.filters[name].ticks.values() if tick.layout.display != "none"]


def shown(at: explorer.Explorer) -> str:
    """All HTML that the panel shows."""
    rows = [html.value for part in (at.results, at.linked, at.nearest) for _, html in part.rows]
    return " ".join([at.message.value, at.place.value, at.page.value, *rows])


# --- the panel


def test_at_first_the_panel_shows_the_measures_of_both_plans():
    at = panel()
    assert listed(at) == sorted(TEXTS)
    assert at.filters["editions"].chosen == [*BETWEEN]
    assert "7 of 7 measures" in at.message.value
    assert at.place.value == "1–7 of 7"
    assert "Choose a measure" in at.page.value
    assert at.tree.outputs == ()


def test_a_search_and_filters_narrow_the_list_and_the_counts():
    at = panel()
    at.query.value = "スタートアップ"
    assert listed(at) == ["2031-0001", "2030-0002"]
    assert "also searched under other names: スタートアップ企業; ベンチャー企業; ベンチャー" in at.message.value
    assert "as ベンチャー企業" in at.results.rows[1][1].value
    assert offered(at, "topics") == ["1 · Light-houses", "1 · Ports"]
    at.filters["topics"].ticks["port"].value = True
    assert listed(at) == ["2030-0002"]
    assert offered(at, "editions") == ["1 · 2030", "0 · 2031"]  # what is chosen stays to be taken back
    assert offered(at, "topics") == ["1 · Light-houses", "1 · Ports"]  # what one more tick would give
    assert offered(at, "ministries") == ["1 · Economy, Trade and Industry", "1 · Japan Patent Office"]
    at.filters["statuses"].ticks["ended"].value = True
    assert listed(at) == []
    assert "No measure passes" in at.message.value
    at.buttons["reset"].click()
    assert listed(at) == sorted(TEXTS)
    assert at.query.value == ""


def test_an_identifier_is_found_whatever_is_ticked_and_opened():
    at = panel()
    at.filters["topics"].ticks["port"].value = True
    at.query.value = "2030-0003"
    assert listed(at) == ["2030-0003"]
    assert "by its identifier" in at.results.rows[0][1].value
    assert "2030 · 2030-0003" in at.page.value
    at.query.value = "I0007"
    assert listed(at) == ["2030-0001", "2031-0001"]
    assert "2030 · 2030-0003" in at.page.value  # of several none is opened
    at.query.value = "2030-0001a"
    assert "figure 2030-0001a: target · 灯台の数 · 1,200 locations 以上 · 2035 (2030, line 1 of d)" in at.message.value
    assert "2030 · 2030-0001" in at.page.value
    at.query.value = "港"
    assert sorted(listed(at)) == ["2030-0002", "2030-0004", "2031-0002"]  # the ticks hold again


def test_a_figure_of_no_measure_is_told():
    own = made()
    own["figures"] = own["figures"].with_columns(measure_id=pl.lit(None, pl.String), indicator=pl.lit("<b>灯台</b>"))
    at = explorer.Explorer(own, BETWEEN, "en")
    at.query.value = "2030-0001A"
    assert listed(at) == []
    assert "figure 2030-0001a: target · &lt;b&gt;灯台&lt;/b&gt;" in at.message.value
    assert "No measure passes" not in at.message.value


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_finds_nothing_is_told_with_near_words_and_a_lone_quotation_mark_is_forgiven(language):
    at = panel(language=language)
    at.query.value = "スタートアプ"
    assert "スタートアップ" in at.message.value
    assert (
        gettext("No measure passes. Take back a filter, or search for fewer words.", language) not in at.message.value
    )
    at.query.value = "<b>無し"
    assert "&lt;b&gt;無し" in at.message.value
    note = gettext("a quotation mark without its other half is left out", language)
    assert note not in at.message.value
    at.query.value = '"灯台 教育'
    assert listed(at) == ["2030-0001"]
    assert note in at.message.value


def test_many_measures_come_page_by_page(monkeypatch):
    monkeypatch.setattr(explorer, "PAGE", 3)
    at = panel()
    assert (listed(at), at.buttons["previous"].disabled) == (sorted(TEXTS)[:3], True)
    at.buttons["next"].click()
    at.buttons["next"].click()
    assert (listed(at), at.place.value, at.buttons["next"].disabled) == (sorted(TEXTS)[6:], "7–7 of 7", True)
    at.buttons["previous"].click()
    assert listed(at) == sorted(TEXTS)[3:6]
    at.query.value = "港"  # a new search starts at its first page
    assert at.place.value.startswith("1–3")


def test_a_measure_is_opened_and_leads_on_to_others_and_back():
    at = panel()
    at.query.value = "灯台 教育"
    at.results.rows[0][0].click()
    assert "2030 · 2030-0001" in at.page.value
    assert "<mark>灯台</mark>" in at.page.value
    (bundle,) = at.tree.outputs
    assert "2030-0001" in json.dumps(bundle["data"][charts.JUPYTERLAB_TYPE]["title"])
    assert at.buttons["back"].layout.display == "none"
    assert at.linked.rows[0][0].description == "2031-0001"
    assert at.linked.rows[0][1].value.startswith("2031 · same 0.90")
    at.linked.rows[0][0].click()
    assert "2031 · 2031-0001" in at.page.value
    assert at.buttons["back"].description == "Back to 2030-0001"
    at.buttons["back"].click()
    assert "2030 · 2030-0001" in at.page.value


def test_a_query_that_cannot_be_asked_is_said_and_the_list_stays():
    at = panel()
    at.query.value = "霧笛"
    before = listed(at)
    at.query.value = "灯" * 301
    assert 'role="alert"' in at.message.value
    assert "at most 300" in at.message.value
    assert listed(at) == before


def test_texts_can_be_left_out_and_need_not_be_there():
    at = panel()
    at.query.value = '"光源を新しく"'
    assert listed(at) == ["2030-0001"]
    at.texts.value = False
    assert listed(at) == []
    assert "documents are not at hand, or left out" in at.message.value
    without = panel(texts=False)
    assert (without.texts.disabled, without.texts.value) == (True, False)
    without.query.value = "灯台 教育"
    assert listed(without) == ["2030-0001"]
    without.results.rows[0][0].click()
    assert "stand for its text" in without.page.value


def test_charts_of_what_is_found_are_drawn_where_asked_for():
    at = panel()
    assert at.pictures.outputs == ()
    at.query.value = "霧笛"
    at.drawn.value = True
    (bundle,) = at.pictures.outputs
    (rows,) = bundle["data"][charts.JUPYTERLAB_TYPE]["datasets"].values()
    assert {row["measure_id"] for row in rows} == {"2030-0003", "2031-0003"}
    at.query.value = "ない語"
    assert at.pictures.outputs == ()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("texts", [True, False])
def test_nothing_of_a_document_is_shown_unescaped(language, texts):
    found = made(texts, m2030_0001=HOSTILE)
    hostile = pl.lit(HOSTILE)
    found["measures"] = found["measures"].with_columns(
        section_title=hostile, subhead=hostile, section=hostile, doubts=pl.concat_list(hostile)
    )
    found["features"] = found["features"].with_columns(names=pl.concat_list(hostile))
    found["figures"] = found["figures"].with_columns(indicator=hostile, unit=hostile, period=hostile)
    at = explorer.Explorer(found, BETWEEN, language)
    at.query.value = '"script" OR 灯台'
    at.open("2030-0001")
    html = shown(at)
    assert "script" in html
    assert re.findall(r"<script|<img|onerror=\"|&amp;</mark>|alert\('", html) == []
    at.query.value = HOSTILE
    assert "<script" not in shown(at)


def test_a_notebook_saves_no_text():
    at = panel()
    at.open("2030-0001")
    saved = at._repr_mimebundle_()
    assert saved["text/plain"] == gettext("The panel for exploring: run this cell in JupyterLab to see it.", "en")
    assert "application/vnd.jupyter.widget-view+json" in saved
    assert "灯台" not in json.dumps(saved, ensure_ascii=False)
    assert "texts" not in explorer.load()


def test_every_field_and_button_has_words():
    for language in LANGUAGES:
        at = panel(language=language)
        ticks = [tick for choices in at.filters.values() for tick in choices.ticks.values()]
        fields = [at.query, at.texts, at.drawn, *ticks, *at.buttons.values()]
        back = at.buttons["back"]
        assert [field for field in fields if not field.description and field is not back] == []
        assert len(set(at.filters["statuses"].labels.values())) == 5
        assert all(re.match(r"\d+ · \S", tick.description) for tick in ticks)


# --- in words, and as a table


@pytest.mark.parametrize("language", LANGUAGES)
def test_hits_are_listed_and_told(language):
    found = made(texts=False)
    hits = search.find(found, "スタートアップ", between=BETWEEN)
    rows = explorer.table(hits, found, language)
    assert rows[:, 0].to_list() == ["2031-0001", "2030-0002"]
    assert rows[gettext("matched name", language)].to_list() == ["", "ベンチャー企業"]
    assert gettext("continuing", language) in rows.row(0)
    plain = explorer.table(search.find(found, topics="port"), found, language)
    assert gettext("relevance", language) not in plain.columns
    said = explorer.summary(hits, "スタートアップ", found, language)
    assert "ベンチャー企業" in said[1]
    assert all(number in said[0] + said[1] for number in ("7", "2", "1"))
    assert len(explorer.summary(search.find(found, "ない語"), "ない語", found, language)) == 1
    assert explorer.table(search.find(found, "ない語"), found, language).is_empty()


# --- one measure's page


def page(measure_id: str, language: str = "en", **tables_: pl.DataFrame) -> str:
    return measure_page.html(measure_id, made() | tables_, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_says_what_people_found_out_about_delivery(language):
    head = gettext("What people found out about its delivery", language)
    row = ("2031-0001", "2031-0001", "in_progress", "2031-02-03", "gazette, p. 12", "<b>M</b>", "=1+1", True, True)
    rows = pl.DataFrame([row], schema=delivery.BY_MEASURE, orient="row")
    assert head not in page("2031-0001", language)  # nobody wrote
    assert head not in page("2031-0001", language, delivery=rows.clear())
    assert head not in page("2030-0002", language, delivery=rows)
    html = page("2031-0001", language, delivery=rows)
    said = html[html.index(head) : html.index("</ul>")]
    for part in ("2031-02-03", "gazette, p. 12", "&lt;b&gt;M&lt;/b&gt;", "=1+1", label("delivery", row[2], language)):
        assert part in said
    assert gettext("the measure's text has changed since", language) in html.replace("&#39;", "'")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_says_what_the_model_says_of_each_link(language):
    own = made()
    link = own["links"].row(0, named=True)
    features = dict.fromkeys(model_parameters.SIMILARITY_FEATURES, 0.6)
    pair = pl.DataFrame([{"from_id": link["from_id"], "to_id": link["to_id"], "rest": 1.0, "vector": None} | features])
    candidates = link_model.score(pair, model_parameters.link_model()).select(store.empty("candidates").columns)
    html = page(link["from_id"], language, candidates=candidates)
    assert html.count('class="waterfall"') == 1
    assert f"<summary>{link['from_id']} → {link['to_id']} · " in html
    assert page(link["to_id"], language, candidates=candidates).count('class="waterfall"') == 1
    assert 'class="waterfall"' not in page(link["from_id"], language)


def test_the_page_says_what_is_known():
    html = page("2030-0001")
    for said in ("灯台の光源を新しくし", "Economy, Trade and Industry", "short (短期)",
                 "Light-houses; coders who agree; by its words alone 0.90",
                 "lines 1–2 of d", "continued", "2031-0001 (same 0.90)",
                 "target · 灯台の数 · 1,200 locations 以上 · 2035"):  # fmt: skip
        assert said in html
    assert "Figures that it states" not in page("2030-0003")


def test_the_page_names_doubts_repetitions_and_a_second_topic():
    own = made()
    key = pl.col("measure_id") == "2030-0001"
    measures = own["measures"].with_columns(
        doubts=pl.when(key).then(pl.concat_list(pl.lit("no ministries"))).otherwise("doubts"),
        repeats=pl.when(key).then(pl.lit("2030-0003")).otherwise("repeats"),
    )
    assigned = own["assignments"].with_columns(second_topic=pl.lit("port"), sub_topic=pl.lit("light-old"))
    statuses = own["statuses"].with_columns(doubtful=pl.lit(True))
    html = page("2030-0001", measures=measures, assignments=assigned, statuses=statuses)
    for said in (
        "no ministries",
        "2030-0003",
        "Light-houses; Old lights; Ports; coders who agree; by its words alone 0.90",
        "continued (doubtful)",
    ):
        assert said in html


def test_the_page_says_what_could_be_checked_and_why():
    assert "do (建てる) · a thing (灯台) · a date (2035年までに) · coders who agree" in page("2030-0001")
    assert "study · none of the three · rules of grammar" in page("2030-0002")


def test_an_unclear_topic_is_called_so_and_can_be_asked_for():
    own = made()
    own["assignments"] = own["assignments"].with_columns(
        topic_id=pl.when(pl.col("measure_id") != "2030-0001").then("topic_id"), basis=pl.lit("model"),
        unclear=pl.col("measure_id") == "2030-0001",
    )  # fmt: skip
    assert "unclear; the topic model; by its words alone 0.90" in page("2030-0001", assignments=own["assignments"])
    assert search.find(own, topics="unclear")["measure_id"].to_list() == ["2030-0001"]
    assert search.find(own, "unclear").is_empty()  # it is no word of the measure


def test_the_page_names_the_specific_subjects_most_named_first():
    own = made()
    key = pl.col("measure_id") == "2030-0001"
    names = pl.when(key).then(pl.lit(["植物新品種", "植物品種", "酒蔵"])).otherwise("names")
    html = page("2030-0001", features=own["features"].with_columns(names=names))
    given = vocabulary.subjects_of(["植物新品種", "植物品種", "酒蔵"], [])
    labels = [vocabulary.subject_label(subject, "en") for subject in sorted(given, key=lambda one: (-given[one], one))]
    assert len(labels) > 1
    assert "; ".join(labels) in unescape(html)


def test_an_unknown_measure_has_no_page():
    with pytest.raises(UsageFault, match="measure '2030-9999' does not exist"):
        page("2030-9999")


def test_links_go_both_ways_and_the_nearest_are_no_links():
    own = made()
    assert measure_page.links("2030-0001", own).select("measure_id", "edition_id").rows() == [("2031-0001", "2031")]
    assert measure_page.links("2031-0001", own).select("measure_id", "edition_id").rows() == [("2030-0001", "2030")]
    space = similarity.space(own["measures"], own["features"], own["assignments"])
    near = measure_page.nearest("2030-0003", space, own)
    assert near["measure_id"][0] == "2031-0003"  # 霧笛
    assert near["similarity"].is_between(0, 1).all()
    assert "2031-0001" not in measure_page.nearest("2030-0001", space, own)["measure_id"]
    repeats = pl.when(pl.col("measure_id") == "2031-0003").then(pl.lit("2031-0001")).alias("repeats")
    own["measures"] = own["measures"].with_columns(repeats)
    assert "2031-0003" not in measure_page.nearest("2030-0003", space, own)["measure_id"]


# --- the linked charts


def linked(language: str = "en", **chosen: object) -> dict:
    index = search.index(made(), BETWEEN)
    hits = search.among(index, "", chosen) if chosen else None
    return linked_charts.linked(index, language, hits).to_dict()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_charts_show_every_measure_in_both_languages(language):
    spec = linked(language)
    (rows,) = spec["datasets"].values()
    assert sorted(row["measure_id"] for row in rows) == sorted(TEXTS)
    assert [row["ministries"] for row in rows if not TEXTS[row["measure_id"]][3]] == [[gettext("not named", language)]]
    assert "7" in spec["title"]["text"]
    assert spec["description"]
    assert linked_charts.linked(search.index(made(), BETWEEN), language, pl.DataFrame({"measure_id": [""]})) is None
    (some,) = linked(language, topics=["port"])["datasets"].values()
    assert len(some) == 3


def test_the_same_tables_give_the_same_charts_whatever_their_order():
    own = made()
    mixed = {name: frame.reverse() for name, frame in own.items()}
    one, other = (linked_charts.linked(search.index(each, BETWEEN), "en").to_json() for each in (own, mixed))
    assert one == other


@pytest.mark.parametrize("language", LANGUAGES)
def test_charts_fit_a_window_of_1400(language):
    """JupyterLab leaves 960 pixels beside its list of files, however long the names are."""
    own = made()
    long = pl.lit("a name of a topic that is longer than all topics of the plans are")
    own["topics"] = own["topics"].with_columns(name_en=long, name_ja=pl.lit("長" * 40))
    spec = linked_charts.linked(search.index(own, BETWEEN), language).to_json()
    svg = vl_convert.vegalite_to_svg(spec, vl_version="5.21")
    assert float(re.search(r'<svg[^>]* width="([\d.]+)"', svg)[1]) <= 960


@pytest.mark.skipif(BROWSER is None, reason="no Chromium on this machine")
def test_a_click_in_one_chart_filters_the_others(tmp_path):
    sync_api = pytest.importorskip("playwright.sync_api")
    html = vl_convert.vegalite_to_html(json.dumps(linked()), vl_version="5.21", bundle=True, renderer="svg")
    (tmp_path / "charts.html").write_text(html, encoding="utf-8")
    with sync_api.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        tab = browser.new_page(viewport={"width": 1400, "height": 900})
        heard: list[str] = []
        tab.on("pageerror", lambda error: heard.append(str(error)))
        tab.on("request", lambda asked: heard.append(asked.url) if asked.url.startswith("http") else None)
        tab.goto((tmp_path / "charts.html").as_uri())

        def choose(name: str, **how: object) -> None:
            """Click a row of a chart, by what Vega tells those who cannot see it."""
            tab.locator(f'svg path[aria-label*=": {name}"][aria-roledescription="rect mark"]').last.click(**how)

        def seen(text: str) -> None:
            tab.get_by_text(text, exact=True).wait_for(timeout=20_000)

        seen("7 chosen")
        choose("Ports")
        seen("3 chosen")
        choose("2031")
        seen("1 chosen")
        assert tab.get_by_text(re.compile("^2031-0002")).count() == 1
        assert tab.get_by_text(re.compile("^2031-0001")).count() == 0
        choose("Light-houses", modifiers=["Shift"])
        seen("3 chosen")
        assert heard == []
        browser.close()
