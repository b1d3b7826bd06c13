"""Charts and lists of the indicators, from the committed tables and from made ones."""

import itertools
import json
import re

import polars as pl
import pytest

from analysis import kpi
from analysis.base import paths
from analysis.base.i18n import gettext
from analysis.kpi import pace, reasons
from analysis.report.charts import panels, render
from analysis.report.data import ReportData
from analysis.report.exhibits import industries, kpi_panels, kpi_ratio, ratings
from analysis.tables import store
from analysis.tables.categories import PROGRESS
from analysis.tables.labels import label

LANGUAGES = ("en", "ja")


def all_charts(found, edition, language):
    """The charts of the indicators by name, from tables."""
    data = ReportData(edition, edition, language, {"documents": store.empty("documents")} | found)
    made = (industries.exhibit, ratings.exhibit, kpi_ratio.exhibit)
    panelled = (kpi_panels.judged, kpi_panels.open_targets, kpi_panels.followed)
    shown = [exhibit for make in (*made, *panelled) if (exhibit := make(data)) is not None]
    return {exhibit.name: exhibit.chart for exhibit in shown}


def data_of(rows: list[dict]) -> ReportData:
    """What a report has to show where its indicators are these."""
    data = ReportData(2030, 2030, "en", {"documents": store.empty("documents")})
    data.__dict__["indicators"] = rows
    return data


def panels_of(row: dict):
    make = {"judged": kpi_panels.judged, "followed": kpi_panels.followed}[row["group"]]
    return make(data_of([row])).chart


@pytest.fixture(scope="module")
def found() -> dict[str, pl.DataFrame]:
    names = ("figures", "ties", "ledger", "measures", "series", "contradictions")
    return {name: store.read(name, paths.committed()) for name in names}


@pytest.fixture(scope="module")
def drawn(found: dict[str, pl.DataFrame]) -> dict[str, dict[str, dict]]:
    """Each chart of the 2026 plan as a dictionary, by language and name."""
    return {
        language: {name: chart.to_dict() for name, chart in all_charts(found, 2026, language).items()}
        for language in LANGUAGES
    }


# --------------------------------------------------------------------------------------------- the plan is covered


def test_each_figure_of_the_kpi_parts_and_each_target_is_told(found: dict[str, pl.DataFrame]) -> None:
    told = kpi.accounted(found["figures"], found["ties"], "en")
    wanted = found["figures"].filter(pl.col("place").is_in(["kpi", "outlook"]) | (pl.col("kind") == "target"))
    core = kpi.core(found["figures"])  # of every edition
    assert core["edition"].n_unique() > 3
    assert set(told["figure_id"]) == {*wanted["figure_id"], *core["figure_id"]}
    assert told.filter(pl.col("indicator_id").is_null() & pl.col("reason").is_null()).is_empty()


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_kpi_part_has_its_chart_or_a_sentence(
    found: dict[str, pl.DataFrame], drawn: dict[str, dict[str, dict]], language: str
) -> None:
    parts = kpi.parts(found, kpi.overview(found, 2026, language), 2026, language).to_dicts()
    # the plan has a KPI part in each of the twelve sections of its third chapter, KPIs in its outlook, and the annex
    sections = {part["section"] for part in parts}
    lines = found["ledger"].filter((pl.col("doc_id") == "ip2026") & (pl.col("role") == "kpi"))["first_line"]
    body = found["measures"].filter((pl.col("edition") == 2026) & (pl.col("part") == "body")).sort("first_line")
    spoken = {body.filter(pl.col("first_line") > line)["section"][0] for line in lines}
    assert len(spoken) == 12
    assert spoken | {"II-1", "II-2", "annex"} == sections
    for part in parts:
        assert (part["chart"] is None) == bool(part["reason"])
        assert part["reason"] != gettext("The register has no indicator for it.", language)
        if part["indicator_id"] is not None and part["chart"] is not None:
            assert part["name"] in drawn[language][part["chart"]]["description"]
    assert {part["chart"] for part in parts} - {None} == {"kpi", "kpi-open", "kpi-followed", "ratings"}


def test_a_kpi_part_without_a_figure_is_said_to_have_none(found: dict[str, pl.DataFrame]) -> None:
    emptied = {**found, "figures": found["figures"].filter(pl.col("section") != "III-3-(3)")}
    parts = kpi.parts(emptied, kpi.overview(emptied, 2026, "en"), 2026, "en").filter(section="III-3-(3)")
    assert parts.select("chart", "reason").row(0) == (None, gettext("The part states no figure.", "en"))


def test_the_overview_says_why_of_each_indicator(found: dict[str, pl.DataFrame]) -> None:
    for language in LANGUAGES:
        rows = kpi.overview(found, 2026, language)
        assert len(rows) == len({row["indicator_id"] for row in rows}) > 50
        for row in rows:
            assert row["reason"]
            assert row["definition"]
            assert not re.search(r"[{}]|None", row["reason"])
            assert bool(row["direction_word"]) == (row["direction"] is not None)
            ends = row["reason"].count("." if language == "en" else "。")
            assert ends > len(row["caveats"])  # each says a sentence, behind that which says why
    spoken = [row["indicator_id"] for row in kpi.overview(found, 2019, "en")]
    assert spoken == ["trademark_first", "trademark_exam", "patent_exam", "patent_first"]


def test_every_state_and_finding_has_its_words(found: dict[str, pl.DataFrame]) -> None:
    row = {"trend": "up", "ratio": 0.5, "needed": 1.0, "target_year": 2030.0, "first_id": "a", "last_id": "b",
           "keeps": False, "first_year": 2028.0, "last_year": 2029.0}  # fmt: skip
    told = dict.fromkeys(("first", "last", "target", "first_year", "last_year", "target_year", "observed", "required",
                          "needed", "ratio", "growth", "what", "target_span", "undated"), "x")  # fmt: skip
    changes: list[dict[str, object]] = [{}, {"ratio": None}, {"needed": None}, {"target_year": None}, {"last_id": None},
               {"trend": "down"}, {"trend": "flat"}, {"first_id": "b"}, {"first_id": "b", "trend": None},
               {"keeps": True, "last_id": None}, {"keeps": True, "last_id": None, "target_year": None}]  # fmt: skip
    for language, state, change in itertools.product(LANGUAGES, PROGRESS, changes):
        if state in ("on_track", "accelerate", "limited") and "ratio" in change:
            continue  # these follow from a ratio
        for steady, known in itertools.product((True, False), ((), ("growth",), ("target_span",), ("undated",))):
            message = reasons.message({**row, "state": state, **change}, known, steady=steady)
            assert gettext(message, language, **told)
        assert label("state", state, language)
    rows = kpi.disagreements(found["contradictions"], found["series"], "en")
    assert {row["finding"] for row in rows} == {"new target"}
    assert [(row["one"]["value"], row["other"]["value"]) for row in rows] == [
        ("within 14 months (FY2023)", "within 14 months (FY2033)"), ("8 months (FY2022)", "7 to 9 months (FY2026)"),
        ("6.5 months (FY2022)", "5.5 to 7.5 months (FY2026)"),
    ]  # fmt: skip


# ---------------------------------------------------------------------------------------------------- the charts


def texts(chart: dict) -> list[dict]:
    return next(rows for rows in chart["datasets"].values() if rows and "text" in rows[0] and "align" in rows[0])


def box(text: dict) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of a text, a little inside of its real ends."""
    wide = panels._wide(text["text"], text["size"])
    left = text["x"] - {"left": 0, "center": wide / 2, "right": wide}[text["align"]]
    return left, text["y"] - 0.7 * text["size"], left + wide, text["y"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["kpi", "kpi-open", "kpi-followed"])
def test_no_text_stands_on_another(drawn: dict[str, dict[str, dict]], language: str, name: str) -> None:
    boxes = [(box(text), text["text"]) for text in texts(drawn[language][name]) if text["text"]]
    for (one, said), (other, also) in itertools.combinations(boxes, 2):
        apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
        assert apart, (said, also)
    assert all(one[0] >= -6 and one[2] <= panels.WIDTH + 6 for one, _ in boxes)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_chart_has_title_and_description(drawn: dict[str, dict[str, dict]], language: str) -> None:
    for name, chart in drawn[language].items():
        assert chart["title"]["text"], name
        assert len(chart["description"]) > len(chart["title"]["text"]) + 20
        assert "Infinity" not in json.dumps(chart)
        if language == "ja":
            assert re.search("[ぁ-ヿ]", chart["description"])


def test_charts_are_drawn_with_their_words(found: dict[str, pl.DataFrame], tmp_path) -> None:
    render.register_font()
    chart = all_charts(found, 2026, "ja")["kpi"]
    render.draw({"kpi": chart.to_json(validate=False)}, tmp_path)
    svg = (tmp_path / "kpi.svg").read_text(encoding="utf-8")
    assert "農林水産物・食品の輸出額" in svg
    assert svg.count('aria-roledescription="point"') > 15
    assert 'text-anchor="end"' in svg  # the first value of a panel stands to the left of its point


def row(**changes: object) -> dict:
    """A row of an overview with two values and a target."""
    point = {
        "indicator_id": "lamps", "kind": "observation", "edition": 2030, "fiscal": False, "comparator": None,
        "step": 0.0, "growth": None, "doc_id": "ip2030", "source": None, "who": None, "basis": "stated",
        "span_start": None, "keeps": False, "steady": False, "published_on": None, "retrieved_on": None,
    }  # fmt: skip
    points = [
        {**point, "value_id": "a", "year": 2028.0, "value": 3.0, "first_line": 1},
        {**point, "value_id": "b", "year": 2029.0, "value": 4.0, "first_line": 2},
        {**point, "value_id": "c", "year": 2035.0, "value": 9.0, "first_line": 3, "kind": "target"},
    ]
    made = {
        "indicator_id": "lamps", "name": "Lamps", "group": "judged", "state": "on_track", "state_word": "on track",
        "sure": True, "trend": "up", "wish": "up", "reason": "", "ratio": 1.0, "needed": 0.1, "measured_in": "件",
        "unit": "cases", "target_id": "c", "points": points, "fragile": False, "direction": "improving",
        "direction_word": "improving", "direction_sure": True,
    }  # fmt: skip
    return {**made, **changes}


def marks(chart, kind: str) -> list[dict]:
    spec = chart.to_dict()
    layer = next(layer for layer in spec["layer"] if layer["mark"]["type"] == kind)
    return spec["datasets"][layer["data"]["name"]]


def test_the_way_still_required_goes_from_the_latest_value_to_the_target() -> None:
    chart = panels_of(row())
    points = [mark for mark in marks(chart, "point") if "2030: l." in mark["told"]]
    (way,) = [rule for rule in marks(chart, "rule") if rule["dash"] == [4, 3]]
    latest, target = points[1], points[2]
    assert (way["x"], way["y"], way["x2"], way["y2"]) == (latest["x"], latest["y"], target["x"], target["y"])
    assert latest["told"] == "observed, 4 cases, 2029, 2030: l. 2"
    assert target["shape"] == "diamond"
    reached = panels_of(row(needed=None))
    assert [rule for rule in marks(reached, "rule") if rule["dash"] == [4, 3]] == []


def test_the_latest_value_stands_beside_the_way_and_above_the_axis() -> None:
    made = row(measured_in="位", unit="rank", target_id="c")
    for point, value in zip(made["points"], (13.0, 12.0, 4.0), strict=True):
        point["value"] = value
    chart = panels_of(made)
    latest = next(mark for mark in marks(chart, "point") if "12th" in mark["told"])
    (label,) = [text for text in texts(chart.to_dict()) if text["text"] == "12th"]
    assert label["y"] < latest["y"]  # below it stands the axis
    amount = panels_of(row())
    latest = next(mark for mark in marks(amount, "point") if "4 cases" in mark["told"])
    (label,) = [text for text in texts(amount.to_dict()) if text["text"] == "4"]
    assert label["y"] > latest["y"]  # above it goes the way to the target


def test_a_target_that_is_past_keeps_its_year() -> None:
    made = row(state="missed", state_word="missed", needed=None)
    made["points"][2]["year"] = 2022.0
    shown = [text["text"] for text in texts(panels_of(made).to_dict())]
    assert {"2022", "2028", "2029"} <= set(shown)


def test_what_people_added_has_another_mark() -> None:
    made = row()
    made["points"][1] |= {"edition": None, "doc_id": None, "first_line": None, "who": "A", "source": "yearbook",
                          "basis": "added", "retrieved_on": "2031-01-02"}  # fmt: skip
    chart = panels_of(made)
    squares = [mark for mark in marks(chart, "point") if mark["shape"] == "square"]
    assert [mark["told"] for mark in squares] == ["observed, 4 cases, 2029, added: A (yearbook)"]
    assert any("added: A" in text["text"] for text in texts(chart.to_dict()))


def test_of_ranks_the_first_is_on_top_and_amounts_begin_at_zero() -> None:
    plot = panels.Plot(0, 100, 10, 60)
    rank = panels._down([13.0, 4.0], plot, rank=True)
    assert rank(1.0) == 10 < rank(4.0) < rank(13.0) == 60
    amount = panels._down([5.0, 4.0], plot, rank=False)
    assert (amount(0.0), amount(5.0)) == (60, 10)


def test_a_state_is_told_by_mark_and_word() -> None:
    for state in pace.JUDGED:
        assert state in panels.MARKS
        chart = panels_of(row(state=state, state_word=f"the {state}", sure=False))
        assert any(mark["shape"] == panels.MARKS[state] for mark in marks(chart, "point"))
        ratio = "1.00 · " if state in pace.PACED else ""  # a target that is met or missed is on no path
        assert any(text["text"] == f"the {state} · {ratio}near a bound" for text in texts(chart.to_dict()))
    assert any("· fragile" in text["text"] for text in texts(panels_of(row(fragile=True)).to_dict()))


def test_what_has_no_target_is_shown_by_its_direction_or_where_it_went() -> None:
    for trend, way, said in (("down", "improving", "improving"), ("up", None, "rises"), ("flat", None, "about level")):
        made = row(
            group="followed", state="no_number", trend=trend, direction=way, direction_word=way or "", ratio=None
        )
        chart = panels_of(made)
        assert any(mark["shape"] == panels.MARKS[trend] for mark in marks(chart, "point"))
        assert any(text["text"] == said for text in texts(chart.to_dict()))
    unsure = panels_of(row(group="followed", direction_sure=False, ratio=None))
    assert any(text["text"] == "improving · near a bound" for text in texts(unsure.to_dict()))


def test_derived_values_and_spans_are_drawn_as_such() -> None:
    made = row()
    made["points"][0] |= {"basis": "derived", "comparator": "約"}
    made["points"][1] |= {"span_start": 2025.0}
    chart = panels_of(made)
    first, latest = [mark for mark in marks(chart, "point") if "2030: l." in mark["told"]][:2]
    assert (first["fill"], latest["fill"] != "white") == ("white", True)
    assert "from the change that the plan states" in first["told"]
    shown = {text["text"]: text for text in texts(chart.to_dict())}
    assert {"≈3", "2025–2029"} <= set(shown)
    assert latest["x"] < first["x"]  # 2027, the middle of the span, is before 2028


def test_a_target_says_its_own_words() -> None:
    made = row()
    made["points"][2] |= {"comparator": "以内", "keeps": True}
    assert any(text["text"] == "≦9" for text in texts(panels_of(made).to_dict()))
    told = panels._values(made | {"points": made["points"][2:]}, "en")
    assert told == "keep within 9 cases until 2035"
    ends = [{**made["points"][2], "value_id": name, "comparator": end, "value": value, "keeps": False}
            for name, end, value in (("c", "範囲上限", 9.0), ("d", "範囲下限", 7.0))]  # fmt: skip
    assert panels._values(made | {"points": ends}, "en") == "7 to 9 cases by 2035"
    assert panels._values(made | {"points": ends}, "ja") == "2035年に7～9件"


def test_the_ratio_says_where_rounding_leaves_the_state_open() -> None:
    more = {"ratio_low": 0.3, "ratio_high": 0.9, "ratio": 0.6}
    chart = kpi_ratio.exhibit(data_of([row(**more), row(**more, sure=False, name="Oil")])).chart.to_dict()
    rows = next(rows for rows in chart["datasets"].values() if "label" in rows[0])
    assert [one["label"] for one in rows] == ["0.60  (on track)", "0.60  (on track, near a bound)"]
    assert "Oil: 0.60 (0.30–0.90)" in chart["description"]
    assert kpi_ratio.exhibit(data_of([row(ratio=None)])) is None


def test_names_are_broken_between_words_and_cut_at_the_end() -> None:
    assert panels._lines("Lamps along the coast", 60, 10) == ["Lamps along", "the coast"]
    assert panels._lines("海岸の灯台", 30, 10) == ["海岸の", "灯台"]
    (one,) = panels._lines("Lamps along the coast", 60, 10, most=1)
    assert one.endswith("…")
    assert panels._wide(one, 10) <= 60


def test_the_industries_add_up_to_the_total(found: dict[str, pl.DataFrame]) -> None:
    data = industries.industry_rows(found["figures"], 2026, "en")
    for unit in (industries.YEN, industries.DOLLARS):
        own = data.filter(pl.col("unit") == unit)
        assert len(own) == 9
        for column in ("before", "latest"):
            parts, total = own.filter(~pl.col("total"))[column].sum(), own.filter("total")[column][0]
            assert parts == pytest.approx(total, abs=8 * 0.05)
    assert industries.industry_rows(found["figures"], 2019, "en").is_empty()


def test_statistics_grow_by_the_rate_that_stands_beside_them() -> None:
    def cell(name: str, unit: str, value: float, nature: str = "level") -> dict:
        return {"indicator": name, "unit": unit, "value": value, "nature": nature}

    rows = [
        {"edition": 2030, "place": "table", "first_line": line, "figure_id": f"2030-{line}{letter}",
         "indicator_id": None, "set_in": None, **cell(name, unit, value, nature)}
        for line, name, rate in ((1, "茶", 4.7), (2, "塩", -3.0))
        for letter, unit, value, nature in (
            ("a", industries.YEN, 1.0, "level"), ("b", industries.YEN, 1.0, "level"), ("c", "%", rate, "rate"),
            ("d", industries.DOLLARS, 1.0, "level"), ("e", industries.DOLLARS, 1.0, "level"), ("f", "%", rate, "rate"),
        )
    ]  # fmt: skip
    tables = {"documents": store.empty("documents"), "figures": pl.DataFrame(rows)}
    said = industries.exhibit(ReportData(2030, 2030, "en", tables))
    assert said is not None
    assert said.sentences[0].endswith("in yen 1 of them grew, by the rates that the plan states.")


def test_what_a_later_plan_set_is_no_target_of_an_earlier_one(found: dict[str, pl.DataFrame]) -> None:
    (before,) = [row for row in kpi.overview(found, 2023, "en") if row["indicator_id"] == "gii_rank"]
    assert before["state"] == "no_target"
    assert before["set_by"] == ""
    assert not before["own"]
    (now,) = [row for row in kpi.overview(found, 2026, "en") if row["indicator_id"] == "gii_rank"]
    assert now["set_by"].endswith("Program 2025")


def test_all_109_ratings_are_shown(found: dict[str, pl.DataFrame], drawn: dict[str, dict[str, dict]]) -> None:
    rated = kpi.ratings(found["figures"], 2026, "ja")
    assert rated["measures"].sum() == 109
    assert rated["place"].n_unique() == 15
    assert "" not in rated["group"].to_list()
    assert dict(rated.group_by("grade").agg(pl.col("measures").sum()).iter_rows()) == {"◎": 1, "○": 87, "△": 17, "×": 4}
    assert "109" in drawn["en"]["ratings"]["title"]["subtitle"]


def test_an_edition_without_kpis_has_no_empty_chart(found: dict[str, pl.DataFrame]) -> None:
    charts = all_charts(found, 2019, "en")
    assert list(charts) == ["kpi-open"]
    assert all_charts(found, 2020, "en") == {}
    assert kpi.remarks(found, kpi.parts(found, [], 2019, "en"), 2019, "en") == []
