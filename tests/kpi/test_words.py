"""What the words of a plan say of its values: kept targets, spans, level values, stated changes; and what states and
directions rest on. The arithmetic stands beside each case."""

import polars as pl
import pytest
from registers import register_file  # noqa: F401
from test_kpi import REGISTER, figures, judged, points  # noqa: F401

from analysis import kpi
from analysis.kpi import amounts, direction, reasons, register
from analysis.kpi import caveats as caveat_words
from analysis.tables import store
from analysis.tables.categories import CAVEATS

TWO = [("observation", 2020, 1.0), ("observation", 2022, 1.21)]


def series(*rows: dict[str, object]) -> pl.DataFrame:
    return store.check("series", kpi.series(figures(*rows)))


def caveats(indicator: str, *rows: tuple[str, float | None, float], **columns: list[object]) -> list[str]:
    told = judged(indicator, *rows, **columns)["caveats"]
    assert isinstance(told, list)
    return told


# ------------------------------------------------------------------------------------------------- derived values

THEFT = {"indicator": "茶の盗難件数", "unit": "件"}


def derived(*rows: dict[str, object]) -> list[tuple[object, ...]]:
    return series(*rows).filter(basis="derived").select("year", "value", "step", "comparator").rows()


def test_a_rate_gives_the_value_before() -> None:
    seen = {**THEFT, "value": 74.0, "period": "2029"}
    fell = {**THEFT, "nature": "rate", "unit": "%", "value": -6.0, "period": "2029", "against": "2028"}
    # 74/(1 - 0.065) = 79.14, 74/(1 - 0.055) = 78.31: only 79 is a whole number between, and 74/79 - 1 = -6.3 %
    assert derived(seen, fell) == [(2028.0, 79.0, 0.0, None)]
    made = series(seen, fell).filter(basis="derived")
    assert made.select("value_id", "figure_id", "first_line").rows() == [("2030-0002a-before", "2030-0002a", 2)]


def test_a_multiple_gives_the_value_before() -> None:
    seen = {**THEFT, "value": 20.0, "period": "2029"}
    grew = {**THEFT, "nature": "rate", "unit": "倍", "value": 5.0, "period": "2029", "against": "2025"}
    # from 20/5.5 = 3.6 to 20/4.5 = 4.4: only 4
    assert derived(seen, grew) == [(2025.0, 4.0, 0.0, None)]
    assert derived(seen, grew | {"value": 0.4}) == [
        (2025.0, pytest.approx(50.0, abs=8), pytest.approx(12.7, abs=0.1), "約")
    ]


def test_of_a_rounded_value_the_one_before_is_as_rounded() -> None:
    seen = {"value": 1.7, "period": "2029"}
    grew = {"nature": "rate", "unit": "%", "value": 12.8, "period": "2029", "against": "2028"}
    # from 1.65/1.1285 = 1.4621 to 1.75/1.1275 = 1.5521
    ((year, value, step, comparator),) = derived(seen, grew)
    assert (year, value, step) == (2028.0, pytest.approx(1.5071, abs=1e-4), pytest.approx(0.0900, abs=1e-4))
    assert comparator == "約"


def test_a_difference_gives_the_value_before() -> None:
    seen = {**THEFT, "value": 2766.0, "period": "2029-06"}
    rose = {**THEFT, "nature": "change", "value": 290.0, "period": "2029-06", "against": "2028-06"}
    assert derived(seen, rose) == [(pytest.approx(2028 + 5 / 12), 2476.0, 0.0, None)]
    share = {"indicator": "茶を飲む人の割合", "unit": "%", "value": 52.0, "period": "2029"}
    points_up = {
        **share,
        "nature": "change",
        "unit": "ポイント",
        "value": 20.0,
        "period": "2025-2029",
        "against": "2025",
    }
    assert derived(share, points_up) == [
        (2025.0, pytest.approx(32.0), pytest.approx(2.0), "約")
    ]  # 51.5-20.5 … 52.5-19.5


@pytest.mark.parametrize(
    "change",
    [
        {"against": None},  # nobody says since when
        {"place": "table"},  # a table gives both years
        {"period": "2028", "against": "2027"},  # of a year whose value is not there
        {"against": "2027"},  # the value before is stated
        {"indicator": "茶の予測"},
        {"unit": "人"},  # a difference of something else
        {"kind": "target"},
    ],
)
def test_what_gives_no_value_before(change: dict[str, object]) -> None:
    seen = ({**THEFT, "value": 74.0, "period": "2029"}, {**THEFT, "value": 60.0, "period": "2027"})
    fell = {**THEFT, "nature": "change", "value": -6.0, "period": "2029", "against": "2028"}
    assert derived(*seen, fell) == [(2028.0, 80.0, 0.0, None)]
    assert derived(*seen, fell | change) == []


def test_another_document_s_value_is_no_base() -> None:
    seen = {**THEFT, "value": 74.0, "period": "2029", "edition": 2028}
    assert derived(seen, {**THEFT, "nature": "change", "value": -6.0, "period": "2029", "against": "2028"}) == []


def test_a_stated_value_counts_before_a_derived_one() -> None:
    rows = [("observation", 2020, 1.0), ("observation", 2020, 2.0), ("observation", 2021, 3.0), ("target", 2022, 9.0)]
    row = judged("tea", *rows, basis=["derived", "stated", "stated", "stated"])
    assert row["first_value"] == 2.0
    assert "derived" not in row["caveats"]
    alone = judged("tea", *rows[:1], *rows[2:], basis=["derived", "stated", "stated"])
    assert (alone["first_value"], "derived" in alone["caveats"]) == (1.0, True)


# ---------------------------------------------------------------------------------------- spans and years to come


def test_an_average_of_several_years_counts_for_their_middle() -> None:
    # 2014–2019 is 2016.5, 2020–2023 is 2021.5: 20 points in 5 years = 4 a year; required 68 in 13.5 years to 2030
    rows = [("observation", 2019, 22.0), ("observation", 2023, 42.0), ("target", 2030, 90.0)]
    row = judged("share", *rows, span_start=[2014.0, 2020.0, None])
    assert (row["observed"], row["ratio"]) == (pytest.approx(4.0), pytest.approx(4 / (68 / 13.5)))
    assert "span" in row["caveats"]


def test_years_to_come_count_from_the_edition_that_set_them() -> None:
    aim = {"kind": "target", "value": 180.0, "period": "今後5年間"}
    assert series(aim | {"set_in": "2026"}).select("span_start", "year").rows() == [(2026.0, 2030.0)]
    assert series(aim).select("span_start", "year").rows() == [(2030.0, 2034.0)]


def test_parts_of_different_years_are_said(register_file) -> None:  # noqa: F811
    text = register_file.read_text(encoding="utf-8").replace(
        'id = "total"\n', 'id = "total"\nparts = ["tea", "shops"]\n'
    )
    register_file.write_text(text, encoding="utf-8")
    register._read.cache_clear()
    total = points("total", ("observation", 2020, 30.0))
    for shops, expected in ((2019, ["parts"]), (2020, [])):
        parts = [points("tea", ("observation", 2020, 10.0)), points("shops", ("observation", shops, 20.0))]
        row = kpi.progress(pl.concat([total, *parts])).filter(indicator_id="total")
        assert row["caveats"].to_list() == [expected]


# ---------------------------------------------------------------------------------------------------- directions

# growth a year, as wished: 1.5 % and more, 0.5 % and more, 0 and more, less
BY_HAND = [
    ("tea", (2020, 100.0), (2021, 101.5), "improving"),  # 1.5 %
    ("tea", (2020, 100.0), (2021, 101.49), "moderate"),
    ("tea", (2020, 100.0), (2021, 100.5), "moderate"),  # 0.5 %
    ("tea", (2020, 100.0), (2021, 100.49), "stagnant"),
    ("tea", (2020, 100.0), (2021, 100.0), "stagnant"),  # 0 %
    ("tea", (2020, 100.0), (2021, 99.99), "deteriorating"),
    ("tea", (2020, 100.0), (2030, 116.06), "improving"),  # 1.015^10 = 1.16054
    ("tea", (2020, 100.0), (2030, 116.05), "moderate"),
    ("rank", (2020, 13.0), (2023, 12.0), "improving"),  # (12/13)^(1/3) - 1 = -2.6 % of a rank, where less is wished
    ("rank", (2020, 12.0), (2023, 13.0), "deteriorating"),
    ("rank", (2020, 100.0), (2021, 98.6), "moderate"),  # 1.4 %, where less is wished
    ("tea", (2020, 0.0), (2021, 1.0), "improving"),  # from 0.001
    ("rank", (2020, 2.0), (2021, 0.0), "improving"),  # -100 %
    # a share near 100 %: C = 1 - 0.95^4.44 = 0.2037, so that 0.306 % a year is improving and 0.102 % moderate
    ("share", (2020, 95.0), (2021, 95.30), "improving"),  # 0.316 %
    ("share", (2020, 95.0), (2021, 95.28), "moderate"),  # 0.295 %
    ("share", (2020, 95.0), (2021, 95.10), "moderate"),  # 0.105 %
    ("share", (2020, 95.0), (2021, 95.09), "stagnant"),  # 0.095 %
    ("share", (2020, 100.0), (2021, 100.0), "improving"),  # it stays at the limit
    ("share", (2020, 100.0), (2021, 99.9), "deteriorating"),
    # a rank near 1: 2nd is twice the limit, and far enough
    ("rank", (2020, 1.0), (2021, 1.0), "improving"),
    # nothing is wished, or nothing has a growth rate
    ("theft", (2020, 9.0), (2021, 8.0), None),
    ("tea", (2020, -1.0), (2021, 1.0), None),
]  # fmt: skip


@pytest.mark.parametrize(("indicator", "first", "last", "expected"), BY_HAND)
def test_directions_by_hand(
    indicator: str, first: tuple[int, float], last: tuple[int, float], expected: str | None
) -> None:
    assert judged(indicator, ("observation", *first), ("observation", *last))["direction"] == expected


def test_one_dated_value_has_no_direction() -> None:
    assert judged("tea", ("observation", 2020, 1.0), ("target", 2030, 5.0))["direction"] is None
    assert judged("tea", ("observation", None, 1.0), ("observation", 2021, 2.0))["direction"] is None


def test_a_direction_is_the_same_with_and_without_a_target() -> None:
    aimed = judged("tea", *TWO, ("target", 2030, 9.0))
    assert (aimed["state"], aimed["direction"]) == ("limited", judged("tea", *TWO)["direction"])


def test_how_the_bounds_shrink_near_a_limit() -> None:
    # 1 - 0.9^4.44 = 0.3736; as far above a lowest limit as below a highest one; far away nothing shrinks
    assert direction.near_limit(90.0, 100.0) == pytest.approx(0.3736, abs=1e-4)
    assert direction.near_limit(110.0, 100.0) == pytest.approx(direction.near_limit(90.0, 100.0))
    assert direction.near_limit(50.0, 100.0) == pytest.approx(0.9539, abs=1e-4)
    assert [direction.near_limit(value, 100.0) for value in (100.0, 200.0, 300.0)] == [0.0, 1.0, 1.0]


def test_rounding_can_leave_a_direction_open() -> None:
    # 0.6 to 0.5 in tenths: from 0.65 to 0.45 it fell, from 0.55 to 0.55 it stayed
    row = judged("tea", ("observation", 2020, 0.6), ("observation", 2021, 0.5), step=[0.1, 0.1])
    assert (row["direction"], row["direction_sure"]) == ("deteriorating", False)
    assert "rounding" in row["caveats"]
    row = judged("tea", ("observation", 2020, 0.6), ("observation", 2021, 0.9), step=[0.1, 0.1])
    assert (row["direction"], row["direction_sure"]) == ("improving", True)


def test_a_bound_on_the_wished_side_leaves_no_doubt() -> None:
    rows = [("observation", 2020, 6.0), ("observation", 2021, 1.0)]
    assert judged("rank", *rows, comparator=[None, "未満"])["direction_sure"] is True  # less than 1 is better still
    assert judged("rank", *rows, comparator=[None, "超"])["direction_sure"] is False
    assert "bound" in caveats("rank", *rows, comparator=[None, "未満"])


def test_what_the_text_calls_level_did_not_fall() -> None:
    rows = [("observation", 2021, 124.0), ("observation", 2022, 123.0)]
    fell, level = judged("tea", *rows), judged("tea", *rows, steady=[False, True])
    assert (fell["direction"], fell["trend"]) == ("deteriorating", "down")
    assert (level["direction"], level["trend"]) == ("stagnant", "flat")


def test_a_quotient_is_rounded() -> None:
    step = series({**THEFT, "indicator": "人口あたりの茶の盗難件数", "value": 124.0, "period": "2029"})[
        "step"
    ].to_list()
    assert step == [1.0]
    assert series({**THEFT, "value": 124.0, "period": "2029"})["step"].to_list() == [0.0]


# ------------------------------------------------------------------------------------------- what states rest on


def test_a_state_that_one_more_observation_would_change_is_fragile() -> None:
    # 13, 13, 12 in 2022, 2024, 2025; 4 in 2035 needs 9/13 a year. It may stand still (1/4 a year: 0.36, limited) or
    # fall by one more (2/4: 0.72, must accelerate)
    rows = [("observation", 2022, 13), ("observation", 2024, 13), ("observation", 2025, 12), ("target", 2035, 4)]
    row = judged("rank", *rows)
    assert (row["state"], row["fragile"]) == ("limited", True)
    # 5.8, 6.1: standing still leaves 2.6 % a year of 13.2 %, going on 5.2 %: limited, whatever comes
    rows = [("observation", 2023, 5.8), ("observation", 2024, 6.1), ("target", 2033, 20.0)]
    row = judged("tea", *rows)
    assert (row["state"], row["fragile"], row["observations"]) == ("limited", False, 2)


def test_reaching_the_target_in_time_is_no_change_of_a_state_that_is_on_track() -> None:
    rows = [("observation", 2020, 1.0), ("observation", 2021, 3.9), ("target", 2022, 4.0)]
    row = judged("tea", *rows)  # 290 % a year of 100 %; the next value is 3.9 (97 % of 4) or 15.2
    assert (row["state"], row["fragile"]) == ("on_track", True)  # standing still would miss it
    rows = [("observation", 2020, 1.0), ("observation", 2021, 3.9), ("target", 2024, 4.0)]
    row = judged("tea", *rows)  # standing still: 97.5 % a year of 41.4 %
    assert (row["state"], row["fragile"]) == ("on_track", False)


def test_another_base_year_can_give_another_state() -> None:
    # from 2022 1 in 3 years of 9/13 a year: 0.48; from 2024 1 a year of 9/11: on track
    rows = [("observation", 2022, 13), ("observation", 2024, 13), ("observation", 2025, 12), ("target", 2035, 4)]
    assert "base_year" in caveats("rank", *rows)
    even = [("observation", 2020, 10), ("observation", 2021, 20), ("observation", 2022, 30), ("target", 2028, 90)]
    assert "base_year" not in caveats("share", *even)  # 10 points a year from any of them


def test_two_values_a_year_apart_are_a_step() -> None:
    assert "adjacent" in caveats("tea", ("observation", 2020, 1.0), ("observation", 2021, 2.0))
    assert "adjacent" not in caveats("tea", *TWO)
    three = [("observation", 2020, 1.0), ("observation", 2021, 2.0), ("observation", 2022, 3.0)]
    assert "adjacent" not in caveats("tea", *three)


def test_ranks_and_currencies_are_said_where_they_move() -> None:
    assert caveats("rank", ("observation", 2020, 9.0)) == []
    assert "rank" in caveats("rank", ("observation", 2020, 9.0), ("observation", 2022, 8.0))
    assert "currency" in caveats("tea", *TWO)
    assert caveats("theft", ("observation", 2020, 9.0), ("observation", 2022, 8.0)) == []


def test_a_target_of_about_so_much_is_met_a_little_below_it() -> None:
    for value, expected in ((96.0, ("reached", False)), (94.0, ("one_observation", True)), (101.0, ("reached", True))):
        row = judged("share", ("observation", 2025, value), ("target", 2030, 100.0), comparator=[None, "概ね"])
        assert (row["state"], row["sure"]) == expected
        assert ("about" in row["caveats"]) == (value == 96.0)
    assert judged("share", ("observation", 2025, 96.0), ("target", 2030, 100.0))["state"] == "one_observation"


def test_a_kept_target_that_is_missed_within_rounding_is_not_sure() -> None:
    aim = ("target", 2030, 5.0)
    for value, sure in ((5.4, False), (5.6, True)):  # 5.4 in whole numbers can be 4.9
        row = judged("rank", ("observation", 2025, value), aim, keeps=[False, True], step=[1.0, 0.0])
        assert (row["state"], row["sure"]) == ("not_kept", sure)


def test_a_difference_can_be_in_another_multiple() -> None:
    seen = {"value": 1.7, "period": "2029"}
    rose = {"nature": "change", "value": 2000.0, "unit": "億円", "period": "2029", "against": "2028"}
    # 1.65 - 0.25 to 1.75 - 0.15: 2,000 億円 is rounded to thousands
    assert derived(seen, rose) == [(2028.0, pytest.approx(1.5), pytest.approx(0.2), "約")]


def test_sentences_say_what_is_known() -> None:
    def said(indicator: str, language: str, *rows: tuple[str, float | None, float], **columns: list[object]) -> str:
        made = points(indicator, *rows, **columns)
        register_entry = next(entry for entry in kpi.indicators() if entry.indicator_id == indicator)
        (row,) = kpi.progress(made).iter_rows(named=True)
        return reasons.reason(register_entry, row, made, {indicator: made}, language)

    one, two = ("observation", 2020, 9.0), ("observation", 2022, 8.0)
    late = said("rank", "en", one, two, ("target", 2021, 4.0), edition=[2026, 2019, 2026])
    assert late.startswith("8th in 2022; 4th was to be reached by 2021.")
    none = said("rank", "en", ("target", 2030, 4.0), comparator=["以内"])
    assert none == "The target is 4th or better by 2030; no dated value is given."
    dateless = said("rank", "en", ("baseline", None, 9.0), ("target", 2030, 4.0))
    assert dateless == "The target is 4th by 2030; 9th is given without a date."
    summed = said("shops", "en", ("target", 2030, 180.0), span_start=[2026.0])
    assert summed == "The target is 180 店 in total over 2026–2030; no dated value is given."
    grown = said(
        "tea", "en", ("observation", 2021, 1.0), ("observation", 2022, 1.0), growth=[None, 4.67], step=[0.1, 0.1]
    )
    assert grown.startswith(
        "A KPI that names no number: from 1.0 trillion yen (2021) to 1.0 trillion yen (2022), +4.7%"
    )
    past = said("tea", "en", one, ("target", 2021, 10.0), edition=[2026, 2026])
    assert (
        past == "The target of 10 trillion yen was for 2021, which is past; the latest value is 9 trillion yen in 2020."
    )
    spans = said("share", "en", one, two, span_start=[2016.0, 2021.0])
    assert "from 9% (2016–2020) to 8% (2021–2022)" in spans
    assert "A value over several years counts for their middle." in spans
    level = said("theft", "ja", one, two, steady=[False, True])
    assert level == "値の把握のみを行うKPI。9件（2020年）と8件（2022年）で、計画は横ばいとしている。"
    stated = said("theft", "en", two, growth=[-6.0])
    assert stated == "A KPI that only follows the value: 8 cases (2022), −6.0% on the year before, as the plan says."


def test_growth_that_the_text_states_tells_where_a_rounded_value_goes() -> None:
    rows = [("observation", 2021, 1.0), ("observation", 2022, 1.0)]
    row = judged("tea", *rows, growth=[None, 4.67], step=[0.1, 0.1])
    assert (row["direction"], row["direction_sure"], row["trend"]) == ("improving", True, "up")
    # growth that the two values do not allow, or of more than a year, says nothing
    assert judged("tea", *rows, growth=[None, 30.0], step=[0.1, 0.1])["direction"] == "stagnant"


def test_a_table_s_growth_is_that_of_the_values_in_front_of_it() -> None:
    row = {"place": "table", "first_line": 7}
    rate = {**row, "nature": "rate", "unit": "%", "period": "2029"}
    made = series(
        {**row, "value": 1.7, "period": "2029"},
        {**row, "value": 1.5, "period": "2028"},
        {**rate, "value": 12.8},
        {**row, "value": 1.1, "unit": "百億米ドル", "period": "2029"},
        {**rate, "value": 14.1},
    )
    assert made.select("year", "growth").rows() == [(2029.0, 12.8), (2028.0, None)]
    dollars = series({**row, "value": 1.1, "unit": "百億米ドル", "period": "2029"}, {**rate, "value": 14.1},
                     {"value": 1.7, "period": "2029"})  # fmt: skip
    assert dollars["growth"].to_list() == [None]


def test_years_to_come_are_those_of_the_edition_that_first_set_the_target() -> None:
    aim = {"kind": "target", "value": 180.0, "period": "今後5年間"}
    made = series({**aim, "edition": 2026}, {**aim, "edition": 2027}, {**aim, "edition": 2027, "value": 200.0})
    assert made.select("edition", "value", "year").rows() == [
        (2026, 180.0, 2030.0), (2027, 180.0, 2030.0), (2027, 200.0, 2031.0)
    ]  # fmt: skip


def test_values_of_months_have_until_the_last_month_of_a_target_s_year() -> None:
    # from March 2026 to December 2030 are 57 months
    row = judged("tea", ("observation", 2026 + 2 / 12, 1.0), ("target", 2030, 2.0))
    assert row["needed"] == pytest.approx(2 ** (12 / 57) - 1)
    assert judged("tea", ("observation", 2026, 1.0), ("target", 2030, 2.0))["needed"] == pytest.approx(2 ** (1 / 4) - 1)


def test_a_second_step_as_stated_is_no_tipping_value() -> None:
    # 12.8 % a year twice over is 13.1 % from the rounded 1.5 on: 0.588, still limited; 13.3 % would be 0.600
    rows = [("observation", 2024, 1.5), ("observation", 2025, 1.7), ("target", 2030, 5.0)]
    assert judged("tea", *rows, growth=[None, 12.8, None], step=[0.1, 0.1, 0.1])["fragile"] is False
    assert judged("tea", *rows)["fragile"] is True


def test_what_neither_a_plan_set_nor_anybody_wishes_is_context(register_file) -> None:  # noqa: F811
    text = register_file.read_text(encoding="utf-8")
    own = text[text.index('id = "theft"') :]
    own = own[: own.index("[[")]
    register_file.write_text(
        text.replace(own, "\n".join(x for x in own.split("\n") if "set_by" not in x)), encoding="utf-8"
    )
    register._read.cache_clear()
    assert judged("theft", ("observation", 2020, 9.0))["state"] == "no_target"


def test_a_derived_value_is_shown_as_exact_as_it_is() -> None:
    assert amounts.number(33014.6, 34.3) == "33,010"
    assert amounts.number(4.5252, 0.078) == "4.53"
    assert amounts.number(3200.0, 100.0) == "3,200"
    assert amounts.number(32.0, 21.0) == "32"  # 30 would be none of the stated numbers' results


def test_a_month_of_the_target_s_year_is_still_in_time() -> None:
    # March 2030 is before the end of 2030: it needs 2 from 1.8 in nine months
    rows = [("observation", 2029 + 2 / 12, 1.0), ("observation", 2030 + 2 / 12, 1.8), ("target", 2030, 2.0)]
    row = judged("tea", *rows)
    assert (row["state"], row["needed"]) == ("on_track", pytest.approx((2 / 1.8) ** (12 / 9) - 1))
    december = [("observation", 2029 + 2 / 12, 1.0), ("observation", 2030 + 11 / 12, 1.8), ("target", 2030, 2.0)]
    assert judged("tea", *december)["state"] == "missed"


def test_a_year_s_value_does_not_miss_a_sum_of_years() -> None:
    aim = ("target", 2030, 180.0)
    assert judged("shops", ("observation", 2030, 40.0), aim, span_start=[None, 2026.0])["state"] == "no_path"
    assert judged("shops", ("observation", 2030, 170.0), aim, span_start=[2026.0, 2026.0])["state"] == "missed"
    assert judged("shops", ("observation", 2030, 185.0), aim, span_start=[2026.0, 2026.0])["state"] == "reached"


def test_every_caveat_of_the_table_has_its_sentence() -> None:
    assert list(caveat_words.SAID) == CAVEATS
