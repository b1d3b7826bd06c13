"""Series and progress from hand-made tables; the arithmetic of each state stands beside it."""

from pathlib import Path

import polars as pl
import pytest
from conftest import entry
from registers import register_file  # noqa: F401

from analysis import kpi
from analysis.base.errors import TableFaulty
from analysis.kpi import added_values, amounts, pace, reasons, register, timeline
from analysis.tables import store
from analysis.tables.categories import PROGRESS

REGISTER = """
[[indicator]]
id = "tea"
name_ja = "茶の輸出額"
name_en = "Tea exports"
unit = "兆円"
direction = "up"
set_by_ja = "茶業計画"
set_by_en = "Tea plan"
measured_by_ja = "茶業局"
measured_by_en = "Tea office"
definition_ja = "輸出した額。"
definition_en = "What was exported."
patterns = ["茶の輸出額$"]

[[indicator]]
id = "rank"
name_ja = "茶の順位"
name_en = "Rank in tea"
unit = "位"
direction = "down"
set_by_ja = "茶業計画"
set_by_en = "Tea plan"
measured_by_ja = "茶業局"
measured_by_en = "Tea office"
definition_ja = "各国の中の順位。"
definition_en = "Place among countries."
local = { "茶の展望" = ["茶指数"] }

[[indicator]]
id = "total"
name_ja = "合計"
name_en = "All exports"
unit = "億円"
direction = "up"
measured_by_ja = "茶業局"
measured_by_en = "Tea office"
definition_ja = "全ての輸出。"
definition_en = "Everything exported."
patterns = ["^合計$"]
undated_lag = 2

[[indicator]]
id = "theft"
name_ja = "茶の盗難件数"
name_en = "Thefts of tea"
unit = "件"
direction = "watch"
set_by_ja = "茶業計画"
set_by_en = "Tea plan"
measured_by_ja = "警察"
measured_by_en = "Police"
definition_ja = "届出の数。"
definition_en = "Cases reported."
patterns = ["盗難件数", "茶の事例"]

[[indicator]]
id = "shops"
name_ja = "開いた茶店（累計）"
name_en = "Tea shops opened so far"
unit = "店"
direction = "up"
set_by_ja = "茶業計画"
set_by_en = "Tea plan"
measured_by_ja = "茶業局"
measured_by_en = "Tea office"
definition_ja = "開いた店の累計。"
definition_en = "Shops opened so far."
total = true
patterns = ["茶店", "茶の事例"]

[[indicator]]
id = "share"
name_ja = "茶を飲む人の割合"
name_en = "People who drink tea"
unit = "%"
direction = "up"
set_by_ja = "茶業計画"
set_by_en = "Tea plan"
measured_by_ja = "茶業局"
measured_by_en = "Tea office"
definition_ja = "調査による割合。"
definition_en = "Share found by a survey."
patterns = ["茶を飲む人の割合$"]

[[untied]]
id = "abroad"
patterns = ["豪国"]
reason_ja = "比較のため。"
reason_en = "For comparison."

[[rated]]
pattern = "茶畑"
group_ja = "畑"
group_en = "Fields"
name_ja = "茶畑を広げる"
name_en = "More tea fields"
"""


def figures(*rows: dict[str, object]) -> pl.DataFrame:
    """Figures in the order given, each a line further down, with their ties."""
    common = {
        "doc_id": "ip2030", "edition": 2030, "section": "II-1", "headings": "茶の展望 / 認識", "place": "kpi",
        "measure_id": None, "kind": "observation", "nature": "level",
        "value": 1.0, "unit": "兆円", "period": None, "set_in": None, "comparator": None,
        "against": None, "keeps": False, "steady": False, "why": [], "doubts": [],
    }  # fmt: skip
    made = []
    for line, row in enumerate(rows, 1):
        edition = row.get("edition", 2030)
        named = {"figure_id": f"{edition}-{line:04d}a", "first_line": line, "indicator": "茶の輸出額"}
        made.append({**common, **named, "doc_id": f"ip{edition}", **row})
    frame = pl.DataFrame(made, schema=store.empty("figures").schema)
    return store.check("figures", kpi.tied(frame, kpi.ties(frame)))


def points(indicator: str, *rows: tuple[str, float | None, float], **columns: list[object]) -> pl.DataFrame:
    """A series of (kind, year, value), exact unless `step` says otherwise."""
    made = [
        {
            "indicator_id": indicator, "value_id": f"f{n}", "kind": kind, "edition": 2020, "year": year,
            "fiscal": False, "value": value, "step": 0.0, "doc_id": "ip2020", "first_line": n + 1,
            "basis": "stated", "keeps": False, "steady": False,
            **{name: values[n] for name, values in columns.items()},
        }
        for n, (kind, year, value) in enumerate(rows)
    ]  # fmt: skip
    return store.check("series", pl.DataFrame(made, schema=store.empty("series").schema))


def judged(indicator: str, *rows: tuple[str, float | None, float], **columns: list[object]) -> dict[str, object]:
    (row,) = store.check("progress", kpi.progress(points(indicator, *rows, **columns))).iter_rows(named=True)
    return row


def state(indicator: str, *rows: tuple[str, float | None, float]) -> tuple[object, object]:
    row = judged(indicator, *rows)
    return row["state"], row["ratio"]


# -------------------------------------------------------------------------------------------------- register


def test_names() -> None:
    assert kpi.names("en")["tea"] == "Tea exports"
    assert kpi.names("ja")["tea"] == "茶の輸出額"
    tea = kpi.indicators()[0]
    assert (tea.text("set_by", "en"), tea.text("measured_by", "ja")) == ("Tea plan", "茶業局")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('direction = "watch"', 'direction = "sideways"'),
        ('unit = "件"\n', ""),
        ('id = "theft"', 'id = "tea"'),
        ('["盗難件数", "茶の事例"]', '["(盗難"]'),
        ('["盗難件数", "茶の事例"]', "[]"),
        ('["盗難件数", "茶の事例"]', '["盗難件数", ""]'),
        ('["盗難件数", "茶の事例"]', '"盗難件数"'),
        ('["茶指数"]', '["(茶指数"]'),
        ('["茶指数"]', '"茶指数"'),
        ('measured_by_ja = "警察"', 'measured_by_ja = "警察"\nnature = "odd"'),
        ('measured_by_ja = "警察"', 'measured_by_ja = "警察"\ncolour = "red"'),
        ('set_by_ja = "茶業計画"\n', ""),
        ('reason_ja = "比較のため。"\n', ""),
        ('pattern = "茶畑"', 'pattern = "(茶畑"'),
        ("[[indicator]]", "[[indicator"),
    ],
)
def test_a_faulty_register_is_named(register_file: Path, old: str, new: str) -> None:  # noqa: F811
    text = REGISTER.replace(old, new)
    assert text != REGISTER
    register_file.write_text(text, encoding="utf-8")
    with pytest.raises(TableFaulty, match=r"indicators\.toml"):
        kpi.indicators()


def test_the_committed_register_is_complete(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("IP_PLAN_ROOT")
    register._read.cache_clear()
    assert len(kpi.indicators()) > 40
    for indicator in kpi.indicators():
        assert all(len(pattern) <= 40 for pattern in indicator.patterns)
        for what in ("name", "measured_by", "definition"):
            assert all(indicator.text(what, language) for language in ("en", "ja")), indicator.indicator_id
        assert not indicator.text("definition", "ja").isascii()
    assert kpi.observations().columns == list(added_values.OBSERVATIONS)


def observed(register_file: Path) -> Path:  # noqa: F811
    """The file of observations, beside a manifest whose newest edition is of 2030."""
    manifest = register_file.parents[1] / "raw" / "manifest.toml"
    manifest.parent.mkdir(parents=True)
    manifest.write_text(entry("ip2030", b"x", edition=2030), encoding="utf-8")
    return register_file.parent / "observations.csv"


# ----------------------------------------------------------------------------------------------------- units


def test_units_are_converted() -> None:
    assert amounts.converted(17000, "億円", "兆円") == pytest.approx(1.7)
    assert amounts.converted(1.1, "百億米ドル", "億ドル") == pytest.approx(110)
    assert amounts.converted(4, "名", "人") == 4


@pytest.mark.parametrize(
    ("value", "unit", "comparator", "expected"),
    [
        (1.7, "兆円", None, 0.1),
        (9.4549, "兆円", None, 0.0001),
        (3200.0, "万件", None, 100.0),
        (2734.0, "億円", None, 1.0),
        (2766.0, "人", None, 0.0),
        (2700.0, "人", "約", 100.0),
        (52.0, "%", None, 1.0),
        (50.0, "%", None, 1.0),
        (40.0, "%", "程度", 10.0),
        (12.0, "位", None, 0.0),
        (0.0, "件", None, 0.0),
        (0.0, "%", None, 1.0),
    ],
)
def test_the_last_published_digit(value: float, unit: str, comparator: str | None, expected: float) -> None:
    assert amounts.step(value, unit, comparator) == pytest.approx(expected)


def test_where_a_value_can_lie() -> None:
    assert amounts.interval(1.7, 0.1, None) == pytest.approx((1.65, 1.75))
    assert amounts.interval(1.7, 0.1, "約") == pytest.approx((1.6, 1.8))
    assert amounts.overlap(amounts.interval(30000, 0, "超"), amounts.interval(31760, 0, None))
    assert not amounts.overlap(amounts.interval(30000, 0, "未満"), amounts.interval(31760, 0, None))
    assert amounts.overlap((1.65, 1.75), (1.75, 1.85))
    assert not amounts.overlap((1.65, 1.75), (1.76, 1.85))


# ---------------------------------------------------------------------------------------------------- series


@pytest.mark.parametrize(
    ("period", "start", "year", "fiscal"),
    [
        ("2025", None, 2025, False),
        ("2025年度", None, 2025, True),
        ("2025-06", None, 2025 + 5 / 12, False),
        ("2025-01-31", None, 2025, False),
        ("2014-2019", 2014, 2019, False),
        ("2014-2019年度", 2014, 2019, True),
        ("2025-12/2026-03", None, 2026 + 2 / 12, False),
        ("今後5年間", 2030, 2034, False),
        ("向こう3年間", 2030, 2032, False),
        ("近年", None, None, False),
        ("2025年度上半期", None, None, False),
        ("2030年代前半", None, None, False),
        (None, None, None, False),
    ],
)
def test_the_years_of_a_period(period: str | None, start: float | None, year: float | None, fiscal: bool) -> None:
    assert timeline.years_of(period, 2030) == (start, pytest.approx(year) if year else None, fiscal)


def test_a_series_ties_by_name_section_unit_and_nature() -> None:
    made = kpi.series(
        figures(
            {"value": 17000.0, "unit": "億円", "period": "2029"},
            {"unit": "百億米ドル", "period": "2029"},
            {"nature": "change", "period": "2029"},
            {"indicator": "茶の輸出額(豪国)", "period": "2029"},
            {"indicator": "茶指数", "unit": "位", "value": 7.0, "headings": "茶の作法"},
            {"indicator": "茶指数", "unit": "位", "value": 8.0, "period": "2028年度"},
            {"value": None, "unit": None, "kind": "target"},
            {"indicator": None},
        )
    )
    rows = made.select("indicator_id", "figure_id", "year", "fiscal", "value", "doc_id", "first_line").rows()
    assert rows == [
        ("rank", "2030-0006a", 2028.0, True, 8.0, "ip2030", 6),
        ("tea", "2030-0001a", 2029.0, False, 1.7, "ip2030", 1),
    ]
    store.check("series", made)


def test_a_target_without_a_number_belongs_to_all_that_follow_it() -> None:
    aim = {"indicator": "茶の事例", "value": None, "unit": None, "kind": "target"}
    found = kpi.ties(figures(aim, {**aim, "value": 3.0, "unit": "店"}))
    assert found.select("figure_id", "indicator_id").rows() == [
        ("2030-0001a", "theft"), ("2030-0001a", "shops"), ("2030-0002a", "shops")
    ]  # fmt: skip


def test_repetitions_are_one_row_and_the_first_line_stays() -> None:
    made = kpi.series(
        figures(
            {"value": 1.7, "period": "2029"},
            {"value": 17000.0, "unit": "億円", "period": "2029"},
            {"value": 1.7},  # an undated repetition of a dated value
            {"value": 1.9},  # an undated value of its own
            {"value": 1.7, "period": "2028"},
        )
    )
    assert made["figure_id"].to_list() == ["2030-0001a", "2030-0004a", "2030-0005a"]


def test_a_revised_value_keeps_both_with_their_editions() -> None:
    made = kpi.series(figures({"value": 1.7, "period": "2027", "edition": 2028}, {"value": 1.8, "period": "2027"}))
    assert made.select("edition", "value").rows() == [(2028, 1.7), (2030, 1.8)]


def test_a_bound_gives_way_to_a_measured_value_of_its_year() -> None:
    made = kpi.series(
        figures(
            {"value": 1.7, "period": "2029"},
            {"value": 1.5, "period": "2029", "comparator": "超"},
            {"value": 1.2, "period": "2028", "comparator": "超"},
            {"value": 5.0, "period": "2029", "comparator": "以上", "kind": "target"},
        )
    )
    assert made.select("value", "comparator").rows() == [(1.7, None), (1.2, "超"), (5.0, "以上")]


def test_undated_values_belong_to_years_before_their_edition() -> None:
    made = kpi.series(
        figures(
            {"indicator": "合計", "unit": "億円", "value": 30.0, "set_in": "2030"},
            {"indicator": "合計", "unit": "億円", "value": 27.0, "set_in": "2029"},
            {"indicator": "合計", "unit": "億円", "value": 50.0, "kind": "target"},
        )
    )
    assert made["year"].to_list() == [2028.0, 2027.0, None]


def test_a_table_gives_all_its_values_with_the_same_digits() -> None:
    made = kpi.series(
        figures(
            {"value": 1.0, "period": "2029", "place": "table"},
            {"value": 1.2, "period": "2028", "place": "table"},
            {"value": 3.0, "period": "2027", "place": "kpi"},
        )
    )
    assert made["step"].to_list() == pytest.approx([0.1, 0.1, 1.0])


def test_the_growth_that_the_text_states_stands_with_its_value() -> None:
    rate = {"nature": "rate", "unit": "%", "value": 12.8, "period": "2029"}
    made = kpi.series(
        figures(
            {"value": 1.7, "period": "2029"},
            {"value": 1.5, "period": "2028"},
            {**rate, "value": 99.0, "place": "table"},  # in yen or in dollars: a table does not say
            rate,
            {**rate, "value": 40.0, "period": "2024-2028"},  # over several years
            {"indicator": "茶を飲む人の割合", "unit": "%", "value": 9.0, "period": "2029"},
            {**rate, "indicator": "茶を飲む人の割合"},  # growth of a share means nothing
        )
    )
    assert made.select("indicator_id", "growth").rows() == [("share", None), ("tea", 12.8), ("tea", None)]


def added(*rows: dict[str, object]) -> pl.DataFrame:
    """Values that people added, of 2031 and from a yearbook unless said otherwise."""
    common = {"indicator_id": "tea", "year": 2031.0, "fiscal": False, "source": "yearbook", "who": "A"}
    made = [{**common, "retrieved_on": "2032-01-01", **row} for row in rows]
    return pl.DataFrame(made, schema=added_values.OBSERVATIONS)


def test_what_people_added_is_part_of_the_series() -> None:
    rows = added(
        {"value": 2.0, "retrieved_on": "2032-03-01", "who": "B"},
        {"value": 2.1, "published_on": "2032-02", "retrieved_on": "2032-04-01", "address": "https://example.org/tea"},
        {"value": 1.9, "retrieved_on": "2032-01-31"},
        {"value": 3.0, "indicator_id": "rank", "year": 2030.5},
    )
    made = store.check("series", kpi.series(figures({"value": 1.7, "period": "2029年度"}), rows))
    told = made.select("indicator_id", "value_id", "edition", "value", "source", "who", "fiscal").rows()
    assert told == [
        ("rank", "added-2030.5-1", None, 3.0, "yearbook", "A", False),
        ("tea", "2030-0001a", 2030, 1.7, None, None, True),
        ("tea", "added-2031-1", None, 1.9, "yearbook", "A", False),  # by the day: as published, else as retrieved
        ("tea", "added-2031-2", None, 2.1, "yearbook", "A", False),
        ("tea", "added-2031-3", None, 2.0, "yearbook", "B", False),
    ]
    assert made["figure_id"].to_list() == [None, "2030-0001a", None, None, None]
    days = ("address", "published_on", "retrieved_on")
    assert made.row(3)[-4:-1] == ("https://example.org/tea", "2032-02", "2032-04-01")
    assert made.select(days).row(1) == (None, None, None)
    again = kpi.series(figures({"value": 1.7, "period": "2029年度"}), rows.reverse())
    assert again.equals(made)
    assert kpi.as_of(made, 2029)["value_id"].to_list() == [
        "added-2030.5-1", "added-2031-1", "added-2031-2", "added-2031-3"
    ]  # fmt: skip


def test_of_what_people_added_the_latest_day_counts() -> None:
    days = [None, None, None, None, "2022-05-01", "2022-03-01"]
    rows = [("target", 2030.0, 20.0), *[("observation", 2020.0, 10.0)] * 2, ("observation", 2021.0, 10.5)]
    rows += [("observation", 2021.0, 11.5), ("observation", 2021.0, 11.0)]
    editions = [2020, 2020, 2020, 2022, None, None]
    (first, last) = pace.points(points("tea", *rows[1:], edition=editions[1:], retrieved_on=days[1:]))
    assert (first.value, last.value) == (10.0, 11.5)
    published = ["2022-01", "2022-02"]
    (_, last) = pace.points(
        points("tea", *rows[1:], edition=editions[1:], retrieved_on=days[1:], published_on=[None] * 3 + published)
    )
    assert last.value == 11.0  # published later, though retrieved earlier


def test_a_sentence_names_the_source_that_it_rests_on() -> None:
    values = [("target", 2035.0, 5.0), ("observation", 2020.0, 1.0), ("observation", 2025.0, 2.0)]
    own = points("tea", *values, edition=[2020, 2020, None], source=[None, None, "貿易年鑑"], who=[None, None, "A"],
                 retrieved_on=[None, None, "2026-02-01"])  # fmt: skip
    (row,) = kpi.progress(own).to_dicts()
    tea = kpi.indicators()[0]
    said = reasons.reason(tea, row, own, {}, "en")
    assert "a year. With 2 trillion yen for 2025 (貿易年鑑, retrieved on 2026-02-01). " in said
    assert "2025年の2兆円は、貿易年鑑（2026-02-01取得）による。" in reasons.reason(tea, row, own, {}, "ja")
    stated = own.with_columns(edition=pl.lit(2020))
    assert "With" not in reasons.reason(tea, row, stated, {}, "en")
    # the same value is first and last: one sentence; a value that the state does not rest on: none
    one = own.filter(pl.col("year") != 2020)
    assert reasons.reason(tea, kpi.progress(one).to_dicts()[0], one, {}, "en").count("With") == 1
    older = own.with_columns(edition=pl.Series([2020, None, 2020]), year=pl.Series([2035.0, 2022.0, 2025.0]))
    begun = pl.concat([older, points("tea", ("baseline", 2019.0, 1.0)).with_columns(value_id=pl.lit("b"))])
    assert "With" not in reasons.reason(tea, kpi.progress(begun).to_dicts()[0], begun, {}, "en")


def test_what_is_exported_of_the_background() -> None:
    kept = kpi.core(
        figures(
            {"place": "background", "period": "2029"},
            {"place": "background", "indicator": "会合", "unit": "回"},
            {"place": "background", "indicator": "会合", "unit": "回", "kind": "target"},
            {"place": "kpi", "indicator": "会合", "unit": "回"},
            {"place": "kpi", "value": None, "kind": "target"},
        )
    )
    assert kept["first_line"].to_list() == [1, 3, 4]


def test_context_in_the_background_is_no_kpi_till_a_kpi_part_speaks_of_it() -> None:
    context = {"place": "background", "indicator": "合計", "unit": "億円"}  # nobody set the indicator
    assert kpi.core(figures(context, {**context, "place": "table"}))["first_line"].to_list() == [2]
    assert kpi.core(figures(context, {**context, "place": "outlook"}))["first_line"].to_list() == [1, 2]


# -------------------------------------------------------------------------------------------------- progress

# Each state by hand. tea is an amount (growth rates), rank and share and shops are linear.
BY_HAND = [
    # observed 1.21/1 over 2 years = 10 % a year; required 1.1^10 over 10 years = 10 % a year; 0.10/0.10 = 1
    ("tea", [("baseline", 2020, 1.0), ("observation", 2022, 1.21), ("target", 2030, 1.1**10)], "on_track", 1.0),
    # required 4/1 over 2 years = 100 % a year in all of these; observed in one year:
    ("tea", [("observation", 2020, 1.0), ("observation", 2021, 1.96), ("target", 2022, 4.0)], "on_track", 0.96),
    ("tea", [("observation", 2020, 1.0), ("observation", 2021, 1.94), ("target", 2022, 4.0)], "accelerate", 0.94),
    ("tea", [("observation", 2020, 1.0), ("observation", 2021, 1.7), ("target", 2022, 4.0)], "accelerate", 0.7),
    ("tea", [("observation", 2020, 1.0), ("observation", 2021, 1.61), ("target", 2022, 4.0)], "accelerate", 0.61),
    ("tea", [("observation", 2020, 1.0), ("observation", 2021, 1.59), ("target", 2022, 4.0)], "limited", 0.59),
    ("tea", [("observation", 2020, 1.0), ("observation", 2021, 1.0), ("target", 2022, 4.0)], "limited", 0.0),
    ("tea", [("observation", 2020, 1.0), ("observation", 2021, 0.9), ("target", 2022, 4.0)], "deteriorating", -0.1),
    # from 13 to 12 in a year = -1; required from 13 to 4 in 11 years = -9/11 a year; -1/(-9/11) = 11/9
    ("rank", [("observation", 2024, 13), ("observation", 2025, 12), ("target", 2035, 4)], "on_track", 11 / 9),
    # from 13 to 14 = +1; +1/(-9/11) = -11/9
    ("rank", [("observation", 2024, 13), ("observation", 2025, 14), ("target", 2035, 4)], "deteriorating", -11 / 9),
    # 10 points in a year; required 40 points in 8 years = 5 a year; 10/5 = 2 (compound it would be 4.5)
    ("share", [("observation", 2020, 10), ("observation", 2021, 20), ("target", 2028, 50)], "on_track", 2.0),
    # a count of all shops so far: 30 in a year; required 200 in 4 years = 50 a year; 30/50
    ("shops", [("observation", 2020, 100), ("observation", 2021, 130), ("target", 2024, 300)], "accelerate", 0.6),
    # zero has no growth rate: 1 in a year; required 4 in 4 years = 1 a year; 1/1
    ("tea", [("observation", 2020, 0.0), ("observation", 2021, 1.0), ("target", 2024, 4.0)], "on_track", 1.0),
    # the latest value is at the target (no arithmetic), or the target's year is there and it is not: 4.5 after two
    # years is 4.5^(1/2) - 1 a year, 5 would be 5^(1/2) - 1
    ("tea", [("observation", 2020, 5.0), ("target", 2030, 5.0)], "reached", None),
    ("tea", [("observation", 2020, 6.0), ("target", None, 5.0)], "reached", None),
    ("rank", [("observation", 2025, 4), ("target", 2035, 4)], "reached", None),
    ("rank", [("observation", 2025, 9), ("target", 2030, 7), ("target", 2030, 9)], "reached", None),
    (
        "tea", [("observation", 2020, 1.0), ("observation", 2022, 4.5), ("target", 2022, 5.0)],
        "missed", (4.5**0.5 - 1) / (5**0.5 - 1),
    ),
    ("tea", [("observation", 2020, 6.0), ("observation", 2021, 4.0), ("target", 2030, 5.0)], "deteriorating", None),
    # a target that holds and is to be kept is met or not, on no path
    ("rank", [("observation", 2024, 6), ("observation", 2025, 4), ("keep", 2030, 5)], "kept", None),
    ("rank", [("observation", 2024, 4), ("observation", 2025, 6), ("keep", 2030, 5)], "not_kept", None),
    # 180 over five years together: 30 in one of them is no way to it
    ("shops", [("observation", 2024, 20), ("observation", 2025, 30), ("sum", 2030, 180)], "no_path", None),
    # nothing can be said
    ("tea", [("observation", 2020, 1.0), ("target", 2030, 5.0)], "one_observation", None),
    ("tea", [("baseline", 2020, 1.0), ("observation", 2020, 1.1), ("target", 2030, 5.0)], "one_observation", None),
    ("tea", [("baseline", 2020, 1.0), ("target", 2030, 5.0)], "no_observation", None),
    ("tea", [("observation", None, 1.0), ("target", 2030, 5.0)], "no_observation", None),
    # the edition of 2020 comes after the target's year, of which there is no observation
    ("tea", [("observation", 2017, 1.0), ("observation", 2018, 2.0), ("target", 2019, 5.0)], "no_observation", None),
    ("tea", [("observation", 2020, 1.0), ("observation", 2021, 2.0), ("target", None, 5.0)], "no_year", None),
    ("tea", [("observation", 2020, 1.0), ("observation", 2021, 2.0)], "no_number", None),
    ("theft", [("observation", 2020, 9.0), ("observation", 2021, 8.0), ("target", 2030, 5.0)], "watched", None),
    ("total", [("observation", 2020, 9.0), ("observation", 2021, 8.0)], "no_target", None),
]  # fmt: skip


@pytest.mark.parametrize(("indicator", "rows", "expected", "ratio"), BY_HAND)
def test_states_by_hand(
    indicator: str, rows: list[tuple[str, float | None, float]], expected: str, ratio: float | None
) -> None:
    kinds = [kind for kind, _, _ in rows]
    aims = [("target" if kind in ("keep", "sum") else kind, year, value) for kind, year, value in rows]
    starts = [year - 4 if kind == "sum" and year else None for kind, year, _ in rows]
    row = judged(indicator, *aims, keeps=[kind == "keep" for kind in kinds], span_start=starts)
    assert (row["state"], row["ratio"]) == (expected, None if ratio is None else pytest.approx(ratio))


def test_every_state_is_checked_by_hand() -> None:
    assert {row[2] for row in BY_HAND} == set(PROGRESS)


def test_every_state_is_of_a_group() -> None:
    groups: dict[str, set[str]] = {}
    for state in PROGRESS:
        groups.setdefault(kpi.group_of(state), set()).add(state)
    assert groups == {
        "judged": {"reached", "kept", "on_track", "accelerate", "limited", "deteriorating", "not_kept", "missed"},
        "open": {"one_observation", "no_year", "no_observation", "no_path"},
        "followed": {"no_number", "watched", "no_target"},
    }


def test_what_the_growth_was_is_and_must_be() -> None:
    row = judged("tea", ("observation", 2020, 1.0), ("observation", 2021, 1.5), ("target", 2022, 4.0))
    # observed 50 % a year; required 100 % from the first value on; from the latest on 4/1.5 - 1 = 167 % in one year
    assert (row["linear"], row["observed"], row["required"]) == (False, pytest.approx(0.5), pytest.approx(1.0))
    assert row["needed"] == pytest.approx(4 / 1.5 - 1)
    row = judged("rank", ("observation", 2024, 13), ("observation", 2025, 12), ("target", 2035, 4))
    # 8 places in 10 years
    assert (row["linear"], row["observed"], row["needed"]) == (True, pytest.approx(-1), pytest.approx(-0.8))
    assert [row[f"{end}_id"] for end in ("first", "last", "target")] == ["f0", "f1", "f2"]


def test_rounding_can_leave_the_state_open() -> None:
    aimed = [("observation", 2024, 1.5), ("observation", 2025, 1.7), ("target", 2030, 5.0)]
    row = judged("tea", *aimed, step=[0.1, 0.1, 0.1])
    # 1.7/1.5 - 1 = 13.33 %; required (5/1.5)^(1/6) - 1 = 22.22 %; 0.600028, just above the bound of 0.6
    assert (row["state"], row["ratio"]) == ("accelerate", pytest.approx(0.600028, abs=1e-6))
    # lowest 1.65/1.55 - 1 = 6.45 % of (5/1.55)^(1/6) - 1 = 21.555 %; highest 1.75/1.45 - 1 = 20.69 % of 22.914 %
    assert (row["ratio_low"], row["ratio_high"]) == (pytest.approx(0.2993, abs=1e-4), pytest.approx(0.9029, abs=1e-4))
    assert row["sure"] is False
    assert judged("tea", *aimed)["sure"] is True  # were the values exact


def test_the_growth_that_is_stated_says_more_than_rounded_values() -> None:
    aimed = [("observation", 2024, 1.5), ("observation", 2025, 1.7), ("target", 2030, 5.0)]
    row = judged("tea", *aimed, step=[0.1, 0.1, 0.1], growth=[None, 12.8, None])
    # 12.8 % of 22.22 % = 0.576; with 12.75 % of (5/1.45)^(1/6) - 1 = 22.914 %: 0.5564; 12.85 % of 21.555 %: 0.5961
    assert (row["state"], row["ratio"], row["sure"]) == ("limited", pytest.approx(0.5761, abs=1e-4), True)
    assert (row["ratio_low"], row["ratio_high"]) == (pytest.approx(0.5564, abs=1e-4), pytest.approx(0.5961, abs=1e-4))
    # growth that the values do not allow (at most 20.7 %), or that is not of one year, is not used
    for growth, first in ((40.0, 2024), (12.8, 2023)):
        other = [("observation", first, 1.5), *aimed[1:]]
        used = judged("tea", *other, step=[0.1, 0.1, 0.1], growth=[None, growth, None])
        assert used["observed"] == pytest.approx((1.7 / 1.5) ** (1 / (2025 - first)) - 1)


def test_a_target_that_is_reached_within_rounding_is_not_sure() -> None:
    assert judged("tea", ("observation", 2025, 5.0), ("target", 2030, 5.0), step=[0.1, 0.1])["sure"] is False
    assert judged("tea", ("observation", 2025, 5.1), ("target", 2030, 5.0), step=[0.1, 0.1])["sure"] is True
    above = judged("tea", ("observation", 2025, 5.0), ("target", 2030, 5.0), step=[0.1, 0.1], comparator=["超", None])
    assert above["sure"] is True
    below = judged("rank", ("observation", 2025, 4.0), ("target", 2030, 4.0), step=[1.0, 0.0])
    assert (below["state"], below["sure"]) == ("reached", False)


def test_a_bound_leaves_the_ratio_open() -> None:
    rows = [("observation", 2020, 1.0), ("observation", 2021, 1.96), ("target", 2022, 4.0)]
    assert judged("tea", *rows, comparator=[None, "超", None])["sure"] is False


@pytest.mark.parametrize(
    ("one", "other", "step", "expected"),
    [(1.0, 1.2, 0.1, "up"), (1.2, 1.0, 0.1, "down"), (1.0, 1.0, 0.1, "flat"), (1.0, 1.0, 0.0, "flat"),
     (1.0, 1.05, 0.1, "flat"), (1.0, 1.15, 0.1, "up"), (2.0, 1.0, 0.0, "down"),
     (1.0, 1.0049, 0.0, "flat"), (1.0, 1.0051, 0.0, "up"), (2.0, 0.0, 0.0, "down")],
)  # fmt: skip
def test_the_trend_is_what_the_digits_tell(one: float, other: float, step: float, expected: str) -> None:
    rows = [("observation", 2020, one), ("observation", 2021, other)]
    assert judged("tea", *rows, step=[step, step])["trend"] == expected


def test_a_value_alone_has_no_trend() -> None:
    assert judged("theft", ("observation", 2020, 74.0), growth=[-6.0])["trend"] is None


def test_the_target_that_holds() -> None:
    # of a range the end that is enough; a later edition's target replaces an earlier one's
    assert state("tea", ("observation", 2025, 2.0), ("target", 2030, 2.0), ("target", 2030, 3.0))[0] == "reached"
    rows = [("observation", 2025, 2.0), ("target", 2030, 9.0), ("target", 2028, 5.0)]
    made = points("tea", *rows, edition=[2030, 2026, 2030])
    assert kpi.progress(made)["target_value"].to_list() == [5.0]
    assert kpi.progress(kpi.as_of(made, 2026))["target_value"].to_list() == [9.0]


def test_of_several_steps_the_furthest_holds_and_a_dated_one_before_an_undated_one() -> None:
    steps = [("target", 2028, 3.0), ("target", 2035, 9.0), ("target", 2030, 5.0)]
    assert judged("tea", ("observation", 2025, 2.0), *steps)["target_year"] == 2035
    assert judged("tea", ("target", None, 4.0), *steps[:1])["target_year"] == 2028


def test_a_revised_value_replaces_the_earlier_one() -> None:
    seen = [("observation", 2020, 1.0), ("observation", 2020, 2.0), ("observation", 2021, 3.0), ("target", 2022, 9.0)]
    assert judged("tea", *seen, edition=[2021, 2020, 2020, 2020])["first_value"] == 1.0
    # of one edition the most exact one
    assert judged("tea", *seen, step=[0.1, 0.01, 0, 0])["first_value"] == 2.0


def test_added_observations_count() -> None:
    rows = [("observation", 2020, 1.0), ("target", 2022, 4.0), ("observation", 2021, 1.2), ("observation", 2021, 2.0)]
    row = judged("tea", *rows, edition=[2020, 2020, 2020, None], value_id=["a", "b", "c", "added-2021-1"])
    assert (row["state"], row["last_id"], row["ratio"]) == ("on_track", "added-2021-1", pytest.approx(1.0))


def test_the_order_of_rows_means_nothing() -> None:
    made = pl.concat([points("tea", *BY_HAND[0][1]), points("rank", *BY_HAND[8][1])])
    assert kpi.progress(made.sample(fraction=1, shuffle=True, seed=3)).equals(kpi.progress(made))


def test_nothing_comes_of_nothing() -> None:
    assert store.check("series", kpi.series(store.empty("figures"))).is_empty()
    assert store.check("progress", kpi.progress(store.empty("series"))).is_empty()
    assert store.check("contradictions", kpi.contradictions(store.empty("figures"), store.empty("series"))).is_empty()


@pytest.mark.parametrize(
    ("ratio", "expected"),
    [(0.95, "on_track"), (0.9499, "accelerate"), (0.6, "accelerate"), (0.5999, "limited"), (0.0, "limited"),
     (-1e-9, "deteriorating")],
)  # fmt: skip
def test_the_bounds_of_the_states(ratio: float, expected: str) -> None:
    assert pace.grade(ratio) == expected


# -------------------------------------------------------------------------------------------- contradictions


def found(*stated: dict[str, object], rows: pl.DataFrame | None = None) -> list[tuple[object, ...]]:
    """The contradictions of stated figures and of rows that people added."""
    table = store.check("contradictions", kpi.contradictions(figures(*stated), kpi.series(figures(*stated), rows)))
    return table.select("finding", "one_value", "other_value", "one_line", "other_line").rows()


@pytest.mark.parametrize(
    "other",
    [
        {"value": 17000.0, "unit": "億円"},  # the same
        {"value": 1.7349},  # rounded otherwise
        {"value": 1.8, "comparator": "約"},  # about
        {"value": 1.5, "comparator": "超"},  # a bound
        {"value": 2.5, "period": "2028"},  # another year
        {"value": 2.5, "period": "2029年度"},  # a fiscal year is another time
        {"value": 2.5, "period": None},  # a time that nobody tells
        {"value": 2.5, "kind": "target"},
        {"value": 2.5, "nature": "change"},
    ],
)
def test_what_agrees_is_no_contradiction(other: dict[str, object]) -> None:
    assert found({"value": 1.7, "period": "2029"}, {"period": "2029", **other}) == []


def test_contradictions_have_both_lines() -> None:
    one = {"value": 1.7, "period": "2029"}
    assert found(one, {**one, "value": 1.9}) == [("contradiction", 1.7, 1.9, 1, 2)]
    assert found(one, {**one, "value": 1.9, "kind": "baseline"}) == [("contradiction", 1.7, 1.9, 1, 2)]
    assert found(one, {**one, "value": 2.0, "comparator": "以上"}) == [("contradiction", 1.7, 2.0, 1, 2)]
    assert found(one, {**one, "value": 1.9}, {**one, "value": 1.9}) == [("contradiction", 1.7, 1.9, 1, 2)]


def test_a_later_edition_revises() -> None:
    one = {"value": 1.7, "period": "2027", "edition": 2028}
    assert found({**one, "value": 1.9, "edition": 2030}, one) == [("revision", 1.7, 1.9, 2, 1)]


def test_targets_are_compared_by_their_value_and_year() -> None:
    aim = {"value": 5.0, "kind": "target", "period": "2035"}
    assert found(aim, {**aim, "comparator": "以上"}) == []
    assert found(aim, {**aim, "value": 5.1}) == [("contradiction", 5.0, 5.1, 1, 2)]
    assert found({**aim, "comparator": "範囲下限"}, {**aim, "value": 7.0, "comparator": "範囲上限"}) == []
    assert found(aim, {**aim, "value": 6.0, "edition": 2032}) == [("revision", 5.0, 6.0, 1, 2)]
    assert found(aim, {**aim, "value": 6.0, "edition": 2032, "period": "2040"}) == [("new_target", 5.0, 6.0, 1, 2)]
    assert found(aim, {**aim, "value": 6.0, "period": "2040"}) == []  # a plan can have two steps
    undated = {**aim, "period": None}
    assert found(undated, {**undated, "value": 6.0}) == [("contradiction", 5.0, 6.0, 1, 2)]
    assert found(undated, {**undated, "value": 6.0, "edition": 2032}) == []
    assert found({"value": 1.7}, {"value": 1.9}) == []  # observations of times that nobody tells


def test_a_rank_rises_where_its_number_falls() -> None:
    assert amounts.growth(-0.8, True, "位", "en") == "up 0.8 places"
    assert amounts.growth(0.8, True, "位", "en") == "down 0.8 places"
    assert amounts.growth(-0.8, True, "位", "ja") == "0.8位の上昇"


def test_a_target_that_is_met_before_its_year_is_met_early() -> None:
    row = {"state": "reached", "ratio": None, "target_year": 2035, "last_year": 2030}
    assert "already at the level set for" in reasons.message(row, (), steady=False)
    assert "already" not in reasons.message(row | {"last_year": 2035}, (), steady=False)


def test_growth_must_follow_from_the_values() -> None:
    rate = {"nature": "rate", "unit": "%", "period": "2029"}
    values = ({"value": 1.5, "period": "2028"}, {"value": 1.7, "period": "2029"})
    assert found(*values, {**rate, "value": 12.8}) == []  # 6.5 % to 20.7 % are possible
    # the lowest growth is 1.65/1.55 - 1 = 6.452 %, the highest 1.75/1.45 - 1 = 20.690 %; 6.4 is 6.35 to 6.45
    assert [len(found(*values, {**rate, "value": value})) for value in (6.4, 6.5, 20.7, 20.8)] == [1, 0, 0, 1]
    assert found({**values[0], "value": 0.0}, values[1], {**rate, "value": 12.8}) == []  # zero has no growth rate
    (row,) = found(*values, {**rate, "value": 31.0})
    assert row == ("growth", 31.0, pytest.approx(100 * (1.7 / 1.5 - 1)), 2, 1)


def test_what_people_added_is_compared_too() -> None:
    tea = added({"value": 1.9, "year": 2029.0})
    assert found({"value": 1.7, "period": "2029"}, rows=tea) == [("added", 1.7, 1.9, 1, None)]
    assert found({"value": 1.7, "period": "2029年度"}, rows=tea) == []  # another time
    fiscal = tea.with_columns(fiscal=True)
    assert found({"value": 1.7, "period": "2029年度"}, rows=fiscal) == [("added", 1.7, 1.9, 1, None)]
    assert found({"value": 1.9, "period": "2029"}, rows=tea) == []


def test_a_later_day_revises_what_people_added() -> None:
    later = {"value": 1.8, "retrieved_on": "2032-09-01"}
    assert found(rows=added(later, {"value": 1.9})) == [("revision", 1.9, 1.8, None, None)]
    assert found(rows=added(later, {"value": 1.9, "source": "almanac"})) == [("added", 1.9, 1.8, None, None)]
    assert found(rows=added(later, {"value": 1.9, "year": 2030.0})) == []


# --------------------------------------------------------------------------------------------------- coverage


def test_every_figure_is_tied_or_has_its_reason() -> None:
    stated = figures(
        {"period": "2029"},
        {"indicator": "茶の輸出額(豪国)"},
        {"nature": "change", "unit": "%"},
        {"indicator": "会合", "unit": "回"},
        {"indicator": "会合", "unit": "回", "place": "background"},
        {"indicator": "会合", "unit": "回", "place": "background", "kind": "target"},
    )
    told = kpi.accounted(stated, kpi.ties(stated), "ja")
    reasons = told.select("figure_id", "indicator_id", "reason").rows()
    assert [row[:2] for row in reasons] == [
        ("2030-0001a", "tea"), ("2030-0002a", None), ("2030-0003a", None), ("2030-0004a", None), ("2030-0006a", None)
    ]  # fmt: skip
    assert reasons[1][2] == "比較のため。"
    assert "茶の輸出額" in reasons[2][2]
    assert [row[2] for row in reasons[3:]] == [None, None]  # an oversight shows


def test_ratings_are_read_in_the_order_of_the_annex() -> None:
    cell = {"place": "annex", "section": "annex", "unit": "件"}
    own = figures(
        {**cell, "indicator": "茶畑を広げる ○", "value": 7.0, "first_line": 9},
        {**cell, "indicator": "茶畑を広げる △", "value": 1.0, "first_line": 9},
        {**cell, "indicator": "茶摘みを学ぶ ×", "value": 2.0, "first_line": 10},
        {**cell, "indicator": "会合", "value": 5.0, "first_line": 11},
    )
    rated = kpi.ratings(own, 2030, "en").select("place", "group", "item", "grade", "measures").rows()
    assert rated == [
        (1, "Fields", "More tea fields", "○", 7),
        (1, "Fields", "More tea fields", "△", 1),
        (2, "", "茶摘みを学ぶ", "×", 2),
    ]
    assert kpi.ratings(own, 2029, "en").is_empty()
