"""Series and progress from hand-made tables; the arithmetic of each state stands beside it."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from analysis import kpi, tables
from analysis.errors import TableFaulty

REGISTER = """
[[indicator]]
id = "tea"
name_ja = "茶の輸出額"
name_en = "Tea exports"
unit = "兆円"
direction = "up"
measured_by = "茶業局"
patterns = ["茶の輸出額$"]

[[indicator]]
id = "rank"
name_ja = "茶の順位"
name_en = "Rank in tea"
unit = "位"
direction = "down"
measured_by = "茶業局"
patterns = ["茶指数"]
sections = ["II-"]

[[indicator]]
id = "total"
name_ja = "合計"
name_en = "All exports"
unit = "億円"
direction = "up"
measured_by = "茶業局"
patterns = ["^合計$"]
undated_lag = 2

[[indicator]]
id = "theft"
name_ja = "茶の盗難件数"
name_en = "Thefts of tea"
unit = "件"
direction = "watch"
measured_by = "警察"
patterns = ["盗難件数"]
"""


@pytest.fixture(autouse=True)
def register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A register of its own, and an empty cache before and after."""
    monkeypatch.setenv("IP_PLAN_ROOT", str(tmp_path))
    file = tmp_path / "data" / "curated" / "indicators.toml"
    file.parent.mkdir(parents=True)
    file.write_text(REGISTER, encoding="utf-8")
    kpi._read.cache_clear()
    yield file
    kpi._read.cache_clear()


def figures(*rows: dict[str, object]) -> pl.DataFrame:
    """Figures in the order given, each a line further down."""
    common = {
        "doc_id": "ip2030", "edition": 2030, "section": "II-1", "place": "kpi", "measure_id": None,
        "kind": "observation", "nature": "level",
        "value": 1.0, "unit": "兆円", "period": None, "set_in": None, "comparator": None,
    }  # fmt: skip
    made = [
        {**common, "figure_id": f"2030-{line:04d}a", "first_line": line, "indicator": "茶の輸出額", **row}
        for line, row in enumerate(rows, 1)
    ]
    return tables.check("figures", pl.DataFrame(made, schema=tables.empty("figures").schema))


def points(indicator: str, *rows: tuple[str, float | None, float]) -> pl.DataFrame:
    """A series of (kind, year, value)."""
    made = [
        {
            "indicator_id": indicator, "figure_id": f"f{n}", "kind": kind, "edition": 2030, "year": year,
            "fiscal": False, "value": value,
        }
        for n, (kind, year, value) in enumerate(rows)
    ]  # fmt: skip
    return tables.check("series", pl.DataFrame(made, schema=tables.empty("series").schema))


def state(indicator: str, *rows: tuple[str, float | None, float]) -> tuple[str, float | None]:
    (row,) = tables.check("progress", kpi.progress(points(indicator, *rows))).iter_rows(named=True)
    return row["state"], row["ratio"]


# -------------------------------------------------------------------------------------------------- register


def test_names() -> None:
    assert kpi.names("en")["tea"] == "Tea exports"
    assert kpi.names("ja")["tea"] == "茶の輸出額"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('direction = "watch"', 'direction = "sideways"'),
        ('unit = "件"\n', ""),
        ('id = "theft"', 'id = "tea"'),
        ('["盗難件数"]', '["(盗難"]'),
        ('["盗難件数"]', "[]"),
        ('["盗難件数"]', '"盗難件数"'),
        ('measured_by = "警察"', 'measured_by = "警察"\nnature = "odd"'),
        ('measured_by = "警察"', 'measured_by = "警察"\ncolour = "red"'),
        ("[[indicator]]", "[[indicator"),
    ],
)
def test_a_faulty_register_is_named(register: Path, old: str, new: str) -> None:
    text = REGISTER.replace(old, new)
    assert text != REGISTER
    register.write_text(text, encoding="utf-8")
    with pytest.raises(TableFaulty, match=r"indicators\.toml"):
        kpi.indicators()


def test_the_committed_register_is_sound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("IP_PLAN_ROOT")
    kpi._read.cache_clear()
    assert len(kpi.indicators()) > 40
    assert all(len(pattern) <= 30 for indicator in kpi.indicators() for pattern in indicator.patterns)
    assert kpi.observations().columns == list(kpi.OBSERVATIONS)


def test_added_observations_are_checked(register: Path) -> None:
    file = register.parent / "observations.csv"
    assert kpi.observations().is_empty()
    file.write_text("indicator_id,year,value,source,who\ntea,2030,2.5,yearbook,A\n")
    assert kpi.observations()["value"].to_list() == [2.5]
    for row in ("coffee,2030,1,yearbook,A", "tea,2030,,yearbook,A", "tea,2030,much,yearbook,A", "tea,2030,1,,A"):
        file.write_text(f"indicator_id,year,value,source,who\n{row}\n")
        with pytest.raises(TableFaulty, match=r"observations\.csv"):
            kpi.observations()


# ---------------------------------------------------------------------------------------------------- series


@pytest.mark.parametrize(
    ("period", "year", "fiscal"),
    [
        ("2025", 2025, False),
        ("2025年度", 2025, True),
        ("2025-06", 2025 + 5 / 12, False),
        ("2025-01-31", 2025, False),
        ("2014-2019", 2019, False),
        ("2014-2019年度", 2019, True),
        ("2025-12/2026-03", 2026 + 2 / 12, False),
        ("今後5年間", 2034, False),
        ("近年", None, False),
        (None, None, False),
    ],
)
def test_the_year_of_a_period(period: str | None, year: float | None, fiscal: bool) -> None:
    assert kpi.year_of(period, 2030) == (pytest.approx(year) if year else None, fiscal)


def test_units_are_converted() -> None:
    assert kpi.converted(17000, "億円", "兆円") == pytest.approx(1.7)
    assert kpi.converted(1.1, "百億米ドル", "億ドル") == pytest.approx(110)
    assert kpi.converted(4, "名", "人") == 4


def test_a_series_ties_by_name_section_unit_and_nature() -> None:
    made = kpi.series(
        figures(
            {"value": 17000.0, "unit": "億円", "period": "2029"},
            {"unit": "百億米ドル", "period": "2029"},
            {"nature": "change", "period": "2029"},
            {"indicator": "茶の輸出額(豪国)", "period": "2029"},
            {"indicator": "茶指数", "unit": "位", "value": 7.0, "section": "III-1"},
            {"indicator": "茶指数", "unit": "位", "value": 8.0, "period": "2028年度"},
            {"value": None, "unit": None, "kind": "target"},
            {"indicator": None},
        )
    )
    rows = made.select("indicator_id", "figure_id", "year", "fiscal", "value").rows()
    assert rows == [("rank", "2030-0006a", 2028.0, True, 8.0), ("tea", "2030-0001a", 2029.0, False, 1.7)]
    tables.check("series", made)


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


def test_a_bound_gives_way_to_a_measured_value_of_its_year() -> None:
    made = kpi.series(
        figures(
            {"value": 1.7, "period": "2029"},
            {"value": 1.5, "period": "2029", "comparator": "超"},
            {"value": 1.2, "period": "2028", "comparator": "超"},
            {"value": 5.0, "period": "2029", "comparator": "以上", "kind": "target"},
        )
    )
    assert made["value"].to_list() == [1.7, 1.2, 5.0]


def test_undated_values_belong_to_years_before_their_edition() -> None:
    made = kpi.series(
        figures(
            {"indicator": "合計", "unit": "億円", "value": 30.0, "set_in": "2030"},
            {"indicator": "合計", "unit": "億円", "value": 27.0, "set_in": "2029"},
            {"indicator": "合計", "unit": "億円", "value": 50.0, "kind": "target"},
        )
    )
    assert made["year"].to_list() == [2028.0, 2027.0, None]


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


# -------------------------------------------------------------------------------------------------- progress


def test_compound_growth_on_track() -> None:
    # observed: 1.21/1 over 2 years = 10 % a year; required: 2.5937/1 over 10 years = 10 % a year; ratio 1
    result = state("tea", ("baseline", 2020, 1.0), ("observation", 2022, 1.21), ("target", 2030, 1.1**10))
    assert result == ("on_track", pytest.approx(1.0))


def test_compound_growth_to_accelerate_and_limited() -> None:
    # required: 4/1 over 2 years = 100 % a year; observed 70 % a year: 0.7; observed 30 %: 0.3
    assert state("tea", ("observation", 2020, 1.0), ("observation", 2021, 1.7), ("target", 2022, 4.0)) == (
        "accelerate",
        pytest.approx(0.7),
    )
    assert state("tea", ("observation", 2020, 1.0), ("observation", 2021, 1.3), ("target", 2022, 4.0)) == (
        "limited",
        pytest.approx(0.3),
    )


@pytest.mark.parametrize(
    ("value", "expected"), [(1.96, "on_track"), (1.94, "accelerate"), (1.61, "accelerate"), (1.59, "limited")]
)
def test_the_limits_between_the_states(value: float, expected: str) -> None:
    # required 100 % a year, so the ratio is the value less 1: 0.96, 0.94, 0.61 and 0.59
    assert state("tea", ("observation", 2020, 1.0), ("observation", 2021, value), ("target", 2022, 4.0))[0] == expected


def test_deteriorating() -> None:
    # observed: 0.9/1 in a year = -10 %; required 100 %: -0.1
    result = state("tea", ("observation", 2020, 1.0), ("observation", 2021, 0.9), ("target", 2022, 4.0))
    assert result == ("deteriorating", pytest.approx(-0.1))


def test_a_rank_is_linear_and_lower_is_better() -> None:
    # observed: 13 to 12 in a year = -1 a year; required: 13 to 4 in 11 years = -9/11 a year; ratio 11/9
    result = state("rank", ("observation", 2024, 13), ("observation", 2025, 12), ("target", 2035, 4))
    assert result == ("on_track", pytest.approx(11 / 9))
    # 13 to 14 moves away: +1 over -9/11 = -11/9
    result = state("rank", ("observation", 2024, 13), ("observation", 2025, 14), ("target", 2035, 4))
    assert result == ("deteriorating", pytest.approx(-11 / 9))
    assert state("rank", ("observation", 2025, 4), ("target", 2035, 4)) == ("reached", None)


def test_zero_has_no_growth_rate() -> None:
    # linear: observed 0 to 1 in a year = 1; required 0 to 4 in 4 years = 1; ratio 1
    result = state("tea", ("observation", 2020, 0.0), ("observation", 2021, 1.0), ("target", 2024, 4.0))
    assert result == ("on_track", pytest.approx(1.0))


def test_shares_are_linear() -> None:
    # observed 10 to 20 % in a year = 10 points; required 10 to 50 % in 8 years = 5 points; ratio 2, not compound 4.5
    assert kpi.ratio_of_growth((2020, 10), (2021, 20), (2028, 50), "%") == pytest.approx(2.0)
    assert kpi.ratio_of_growth((2020, 10), (2021, 20), (2028, 50), "兆円") == pytest.approx(1 / (5 ** (1 / 8) - 1))


@pytest.mark.parametrize(
    ("indicator", "rows", "expected"),
    [
        ("tea", [("observation", 2020, 5.0), ("target", 2030, 5.0)], "reached"),
        ("tea", [("observation", 2020, 1.0), ("target", 2030, 5.0)], "one_observation"),
        ("tea", [("baseline", 2020, 1.0), ("observation", 2020, 1.1), ("target", 2030, 5.0)], "one_observation"),
        ("tea", [("baseline", 2020, 1.0), ("target", 2030, 5.0)], "no_observation"),
        ("tea", [("observation", None, 1.0), ("target", 2030, 5.0)], "no_observation"),
        ("tea", [("observation", 2020, 1.0), ("observation", 2021, 2.0), ("target", None, 5.0)], "no_year"),
        ("tea", [("observation", 2020, 6.0), ("target", None, 5.0)], "reached"),
        ("tea", [("observation", 2020, 1.0), ("observation", 2021, 2.0), ("target", 2019, 5.0)], "no_year"),
        ("tea", [("observation", 2020, 6.0), ("observation", 2021, 4.0), ("target", 2030, 5.0)], "deteriorating"),
        ("tea", [("observation", 2020, 1.0), ("observation", 2021, 2.0)], "watched"),
        ("theft", [("observation", 2020, 9.0), ("observation", 2021, 8.0), ("target", 2030, 5.0)], "watched"),
    ],
)
def test_states_where_no_ratio_can_be_given(
    indicator: str, rows: list[tuple[str, float | None, float]], expected: str
) -> None:
    assert state(indicator, *rows) == (expected, None)


def test_the_target_that_holds() -> None:
    # of a range of ranks the upper end is enough; a later edition's target replaces an earlier one's
    assert state("rank", ("observation", 2025, 9), ("target", 2030, 7), ("target", 2030, 9))[0] == "reached"
    assert state("tea", ("observation", 2025, 2.0), ("target", 2030, 2.0), ("target", 2030, 3.0))[0] == "reached"
    made = points("tea", ("observation", 2025, 2.0), ("target", 2030, 9.0), ("target", 2028, 5.0))
    made = made.with_columns(edition=pl.Series([2030, 2026, 2030]))
    assert kpi.progress(made)["target_value"].to_list() == [5.0]


def test_a_revised_value_replaces_the_earlier_one() -> None:
    seen = [("observation", 2020, 1.0), ("observation", 2020, 2.0), ("observation", 2021, 3.0)]
    made = points("tea", *seen, ("target", 2022, 9.0))
    made = made.with_columns(edition=pl.Series([2030, 2026, 2030, 2030]))
    assert kpi.progress(made)["first_value"].to_list() == [1.0]


def test_added_observations_count() -> None:
    made = points("tea", ("observation", 2020, 1.0), ("target", 2022, 4.0))
    rows = [("tea", 2021.0, 2.0, "yearbook", "A"), ("rank", 2021.0, 1.0, "x", "A")]
    added = pl.DataFrame(rows, schema=kpi.OBSERVATIONS, orient="row")
    (row,) = kpi.progress(made, added).iter_rows(named=True)
    assert (row["state"], row["last_year"], row["ratio"]) == ("on_track", 2021.0, pytest.approx(1.0))


def test_nothing_comes_of_nothing() -> None:
    assert tables.check("series", kpi.series(tables.empty("figures"))).is_empty()
    assert tables.check("progress", kpi.progress(tables.empty("series"))).is_empty()


def test_panels_are_drawn_for_what_the_edition_dates() -> None:
    made = pl.concat(
        [
            points("tea", ("observation", 2020, 1.0), ("target", 2030, 4.0)),
            points("theft", ("observation", None, 3.0)),
        ]
    )
    against = kpi.progress(made)
    assert len(kpi.panels(made, against, 2030, "ja")) == 1
    assert kpi.panels(made, against, 2029, "en") == []
