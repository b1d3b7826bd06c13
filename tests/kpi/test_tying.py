"""Which figure belongs to which indicator: reworded ones that must tie, look-alikes that must not. All is invented."""

from pathlib import Path

import polars as pl
import pytest
from registers import register_file  # noqa: F401

from analysis import kpi
from analysis.base.errors import TableFaulty
from analysis.base.i18n import plain
from analysis.kpi import likeness, register, tying
from analysis.tables import store


def indicator(key: str, name: str, unit: str, definition: str, patterns: str = '["^届かない$"]', **more: str) -> str:
    fields = "".join(f"{field} = {value}\n" for field, value in more.items())
    return f"""
[[indicator]]
id = "{key}"
name_ja = "{name}"
name_en = "{key}"
unit = "{unit}"
direction = "up"
measured_by_ja = "灯台局"
measured_by_en = "Lighthouse office"
definition_ja = "{definition}"
definition_en = "{definition}"
patterns = {patterns}
{fields}"""


REGISTER = "".join(
    (
        indicator("oil", "灯油の輸出額", "億円", "輸出した灯油の額。", '["灯油の輸出額$"]'),
        indicator("market", "灯火の海外市場規模", "兆円", "海外で売れた灯火の額。", '["灯火の海外市場規模$"]'),
        indicator("claims", "灯台意匠の出願件数", "件", "灯台局への意匠の出願。", '["灯台意匠の出願件数$"]'),
        indicator("keepers", "灯台守の養成講座の修了者数", "人", "講座を終えた人。", '["灯台守の養成講座の修了者数$"]'),
        indicator("lamps_a", "灯器検定1号(イ)の合格者数", "人", "合格した人。"),
        indicator("lamps_b", "灯器検定1号(ロ)の合格者数", "人", "合格した人。"),
        indicator(
            "visits", "灯台の観光客による消費額", "億円", "観光客が使った額。", '["観光客\\\\(参観\\\\)消費額$"]'
        ),
        indicator("support", "漁港への設置数", "か所", "設置した所。", "[]", local='{ "漁港の灯り" = ["^設置$"] }'),
        indicator("fogs", "霧笛の設置数", "か所", "設置した所。", "[]", local='{ "霧の備え" = ["^設置$"] }'),
        """
[[untied]]
id = "budget"
patterns = ["補正"]
reason_ja = "予算。"
reason_en = "A budget."

[[untied]]
id = "marked"
places = ["annex"]
reason_ja = "評点。"
reason_en = "A mark."

[[untied]]
id = "chapter"
headings = ["遠い章"]
places = ["table"]
reason_ja = "別の章。"
reason_en = "Another chapter."
""",
    )
)
HEADINGS = "灯台戦略 / 灯りの章"
# What the editions before say, tied by patterns; latest values that figures are compared with.
EARLIER = (
    {"indicator": "灯油の輸出額", "value": 120.0, "unit": "億円", "period": "2029"},
    {"indicator": "灯火の海外市場規模", "value": 6.0, "unit": "兆円", "period": "2029"},
    {"indicator": "灯台意匠の出願件数", "value": 1500.0, "unit": "件", "period": "2029年度"},
    {"indicator": "灯台守の養成講座の修了者数", "value": 4321.0, "unit": "人", "period": "2029年度"},
    {"indicator": "灯台の観光客(参観)消費額", "value": 80.0, "unit": "億円", "period": "2029"},
    {"indicator": "設置", "value": 30.0, "unit": "か所", "headings": "灯台戦略 / 漁港の灯り"},
    {"indicator": "灯油の輸出額", "value": 200.0, "unit": "億円", "period": "2035", "kind": "target"},
)


def figures(*rows: dict[str, object], edition: int = 2031) -> pl.DataFrame:
    """Figures of an edition, one a line, from the hundredth line on."""
    common = {
        "doc_id": f"ip{edition}", "edition": edition, "section": "II-1", "headings": HEADINGS, "place": "kpi",
        "kind": "observation", "nature": "level", "keeps": False, "steady": False, "why": [], "doubts": [],
    }  # fmt: skip
    made = [
        {**common, "figure_id": f"{edition}-{100 + at:04d}a", "first_line": 100 + at, **row}
        for at, row in enumerate(rows)
    ]
    return pl.DataFrame(made, schema=store.empty("figures").schema)


def ties(*rows: dict[str, object]) -> pl.DataFrame:
    """The ties of these figures of 2031, beside those of the edition before."""
    everything = pl.concat([figures(*EARLIER, edition=2030), figures(*rows)])
    made = store.check("ties", kpi.ties(everything))
    return made.filter(pl.col("figure_id").str.starts_with("2031")).sort("figure_id", "number")


def tie(name: str, value: float | None, unit: str, **more: object) -> dict[str, object]:
    return ties({"indicator": name, "value": value, "unit": unit, **more}).row(0, named=True)


REWORDED = [
    ("oil", "我が国の灯油の年間輸出額", 131.0, "億円"),
    ("oil", "灯油輸出の総額", 0.0131, "兆円"),  # in another multiple of the unit
    ("market", "灯火の海外における市場規模", 6.6, "兆円"),
    ("claims", "灯台の意匠に係る出願", 1600.0, "件"),
    ("keepers", "灯台守養成講座を修了した人数", 4400.0, "人"),
    ("lamps_a", "灯器検定の1号(イ)に合格した者", 12.0, "人"),
    ("lamps_b", "灯器検定の1号(ロ)に合格した者", 12.0, "人"),
    ("visits", "灯台の参観消費額", 90.0, "億円"),  # the word in brackets
]
LOOK_ALIKES = [
    ("another country", "豪州の灯油の輸出額", 120.0, "億円"),
    ("imports", "灯油の輸入額", 120.0, "億円"),
    ("the home market", "灯火の国内市場規模", 6.0, "兆円"),
    ("neither home nor abroad", "灯火の市場規模", 6.0, "兆円"),
    ("registrations", "灯台意匠の登録件数", 1500.0, "件"),
    ("trade marks", "灯台商標の出願件数", 1500.0, "件"),
    ("a part", "中小企業の灯台意匠の出願件数", 1500.0, "件"),
    ("women", "女性の灯台守の養成講座の修了者数", 4321.0, "人"),
    ("a word that nobody knows", "灯台守の船舶養成講座の修了者数", 900.0, "人"),
    ("another letter", "灯器検定1号(ハ)の合格者数", 12.0, "人"),
    ("another number", "灯器検定2号(イ)の合格者数", 12.0, "人"),
    ("another unit", "灯油の輸出額", 120.0, "キロリットル"),
    ("something else counted", "灯台守養成講座を修了した人数", 4400.0, "校"),
    ("dollars", "灯油の輸出額", 1.0, "億ドル"),
    ("each one", "灯台の観光客1人当たりの消費額", 80.0, "億円"),
    ("another order", "灯油の輸出額全体の推移", 99000.0, "億円"),
    ("the value alone", "提灯の奉納", 4321.0, "人"),
]


@pytest.mark.parametrize(("wanted", "name", "value", "unit"), REWORDED)
def test_a_figure_in_other_words_is_tied_by_likeness(wanted: str, name: str, value: float, unit: str) -> None:
    row = tie(name, value, unit)
    assert (row["indicator_id"], row["by"], row["nearest"], row["reason"]) == (wanted, "likeness", None, None)
    assert likeness.THRESHOLD <= row["score"] <= 1


@pytest.mark.parametrize(
    ("name", "value", "unit"), [row[1:] for row in LOOK_ALIKES], ids=[row[0] for row in LOOK_ALIKES]
)
def test_a_look_alike_is_not_tied(name: str, value: float, unit: str) -> None:
    assert tie(name, value, unit)["indicator_id"] is None


def test_a_pattern_that_fits_ties_no_look_alike() -> None:
    assert tie("灯油の輸出額", 120.0, "億円")["by"] == "words"
    assert tie("豪州の灯油の輸出額", 120.0, "億円")["by"] is None  # "灯油の輸出額$" fits it, too


def test_what_is_tied_says_how() -> None:
    rows = ties(
        {"indicator": "灯油の輸出額", "value": 1.0, "unit": "億円"},
        {"indicator": "設置", "value": 31.0, "unit": "か所", "headings": "灯台戦略 / 漁港の灯り"},
        {"indicator": "設置", "value": 31.0, "unit": "か所", "headings": "灯台戦略 / 漁港の灯りの普及"},
        {"indicator": "設置", "value": 31.0, "unit": "か所", "headings": "灯台戦略 / 漁港を照らす灯り"},
        {"indicator": "設置", "value": 31.0, "unit": "か所", "headings": "灯台戦略 / 山の備え"},
    )
    assert rows.select("indicator_id", "by").rows() == [
        ("oil", "words"), ("support", "headings"), ("support", "headings"), ("support", "likeness"), (None, None)
    ]  # fmt: skip
    assert rows["score"].to_list()[:3] == [1.0, 1.0, 1.0]


def test_a_value_that_the_plan_before_gave_for_that_year_tells_what_a_strange_name_means() -> None:
    strange = {"indicator": "灯台守の船舶養成講座の修了者数", "unit": "人", "first_line": 100}
    new = {**strange, "figure_id": "2031-0100a", "value": 4400.0, "period": "2030年度"}
    repeated = {**strange, "figure_id": "2031-0100b", "value": 4321.0, "period": "2029年度"}
    assert ties(new)["indicator_id"].to_list() == [None]
    assert ties(new, repeated)["indicator_id"].to_list() == ["keepers", "keepers"]
    of_another_year = {**repeated, "period": "2028年度"}
    assert ties(new, of_another_year)["indicator_id"].to_list() == [None, None]


def test_two_values_of_a_series_in_one_line_tell_what_a_short_name_means() -> None:
    short = {"indicator": "灯油系燃料の船積み輸出", "unit": "億円", "first_line": 100}
    latest = {**short, "figure_id": "2031-0100a", "value": 120.0, "period": "2029"}
    aim = {**short, "figure_id": "2031-0100b", "value": 200.0, "period": "2035", "kind": "target"}
    assert ties(latest)["indicator_id"].to_list() == [None]
    assert ties(latest, aim)["indicator_id"].to_list() == ["oil", "oil"]
    # another year, or an observation of what was a target, repeats nothing; nor does a name that is like no indicator
    assert ties(latest, {**aim, "period": "2034"})["indicator_id"].to_list() == [None, None]
    assert ties(latest, {**aim, "kind": "observation"})["indicator_id"].to_list() == [None, None]
    unlike = [{**row, "indicator": "提灯の奉納"} for row in (latest, aim)]
    assert ties(*unlike)["indicator_id"].to_list() == [None, None]


def test_a_value_alone_says_nothing() -> None:
    row = tie("提灯の奉納", 4321.0, "人", period="2029年度")
    assert (row["indicator_id"], row["nearest"]) == (None, None)


@pytest.mark.parametrize(
    ("name", "called", "wrong"),
    [
        ("灯火の国内市場", "灯火の海外市場", True),
        ("灯火の国内及び海外市場", "灯火の海外市場", False),  # not another one for sure
        ("灯火の市場", "灯火の海外市場", False),
        ("灯火の国内市場", "灯火の市場", False),
        ("灯火の輸入", "灯火の輸出", True),
        ("令和7年度の灯火", "灯火", False),  # a year is no number that tells things apart
        ("第2期の灯火", "灯火", False),
        ("2級の灯火", "灯火", True),
        ("特許庁の商標", "商標", False),  # an office, and no patent
    ],
)
def test_a_name_contradicts_another(name: str, called: str, wrong: bool) -> None:
    assert likeness.contradicts(name, [likeness.words_of(called)]) == wrong


def test_between_two_that_are_as_near_nobody_decides() -> None:
    row = tie("灯器検定1号の合格者数", 12.0, "人")
    assert (row["indicator_id"], row["nearest"]) == (None, "lamps_a")
    assert row["score"] > likeness.LISTED


@pytest.mark.parametrize(
    ("figure", "reason", "nearest"),
    [
        ({"indicator": "灯油の輸出額", "value": 5.0, "unit": "%", "nature": "rate"}, "change", "oil"),
        ({"indicator": "灯油輸出の総額", "value": 5.0, "unit": "%", "nature": "rate"}, "change", "oil"),
        ({"indicator": "灯油輸出の総額", "value": 100.0, "unit": "億円", "nature": "change"}, "change", "oil"),
        ({"indicator": "灯油の輸出額", "value": 1.0, "unit": "億ドル"}, "currency", "oil"),
        ({"indicator": "灯油の輸出額", "value": 1.0, "unit": "キロリットル"}, None, "oil"),
        ({"indicator": "豪州の灯油の輸出額", "value": 99.0, "unit": "億円"}, "place", "oil"),
        ({"indicator": "補正の灯油の輸出額に係る額", "value": 99.0, "unit": "億円"}, "budget", "oil"),
        ({"indicator": "灯油輸出の海", "value": 9.0, "unit": "億円", "place": "annex"}, "marked", None),
        ({"indicator": "霧", "value": 9.0, "unit": "回", "place": "table", "headings": "遠い章"}, "chapter", None),
        ({"indicator": "霧", "value": 9.0, "unit": "回", "headings": "遠い章"}, None, None),
        ({"indicator": "霧", "value": 9.0, "unit": "回", "place": "table"}, None, None),
        ({"indicator": None, "value": 9.0, "unit": "回"}, None, None),
    ],
)
def test_what_is_not_tied_has_its_reason(figure: dict[str, object], reason: str | None, nearest: str | None) -> None:
    row = ties(figure).row(0, named=True)
    assert (row["indicator_id"], row["reason"], row["nearest"]) == (None, reason, nearest)
    assert (row["score"] is None) == (nearest is None)


def test_what_the_register_keeps_out_is_not_tied_by_likeness(register_file: Path) -> None:  # noqa: F811
    assert tie("灯台の意匠に係る出願", 1600.0, "件")["indicator_id"] == "claims"
    register_file.write_text(REGISTER.replace('["補正"]', '["意匠に係る"]'), encoding="utf-8")
    register._read.cache_clear()
    assert tie("灯台の意匠に係る出願", 1600.0, "件")["reason"] == "budget"


def test_a_reason_is_told_in_both_languages() -> None:
    assert kpi.reason_text("budget", None, "ja") == "予算。"
    assert kpi.reason_text("budget", None, "en") == "A budget."
    assert "灯油の輸出額" in str(kpi.reason_text("currency", "oil", "ja"))
    assert kpi.reason_text(None, "oil", "en") is None


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("旅客(船客)運賃", ["旅客(船客)運賃", "旅客運賃", "船客運賃"]),
        ("運賃(船客)", ["運賃(船客)"]),  # of which passengers, and no other word for fares
        ("1号(イ)の合格者", ["1号(イ)の合格者"]),
    ],
)
def test_a_word_in_brackets_is_another_word_for_what_stands_before(name: str, words: list[str]) -> None:
    assert tying.wordings(name) == words


@pytest.mark.parametrize(
    ("period", "start", "years"),
    [
        (None, 2031, (None, None)),
        ("2030", 2031, (2030.0, 2030.0)),
        ("2030年度", 2031, (2030.0, 2030.0)),
        ("2020-2024", 2031, (2020.0, 2024.0)),
        ("2020-2024年度", 2031, (2020.0, 2024.0)),
        ("2030-07", 2031, (2030.5, 2030.5)),
        ("2030-07-15", 2031, (2030.5, 2030.5)),
        ("2030-10/2031-01", 2031, (2030.75, 2031.0)),
        ("2029年度/2031年度", 2031, (2029.0, 2031.0)),
        ("今後5年間", 2031, (2031.0, 2035.0)),
        ("いつか", 2031, (None, None)),
    ],
)
def test_a_period_has_its_years_as_numbers(period: str, start: int, years: tuple[float | None, float | None]) -> None:
    assert tying.span(period, start) == years


def test_figures_have_the_first_tie_and_their_years() -> None:
    target = {"indicator": "灯油の輸出額", "value": 200.0, "unit": "億円", "kind": "target", "period": "今後5年間"}
    stated = figures(target, {**target, "set_in": "2029"}, {"indicator": "霧", "value": 1.0, "unit": "回"})
    made = store.check("figures", kpi.tied(stated, kpi.ties(stated)))
    assert made.select("indicator_id", "first_year", "last_year").rows() == [
        ("oil", 2031.0, 2035.0), ("oil", 2029.0, 2033.0), (None, None, None)
    ]  # fmt: skip
    again = kpi.tied(made, kpi.ties(made))
    assert again.equals(made)


def test_untied_figures_are_listed_by_edition_reason_and_nearest() -> None:
    abroad = {"indicator": "豪州の灯油の輸出額", "value": 32163179.0, "unit": "億円"}
    fog = {"indicator": "霧", "value": 1.0, "unit": "回", "place": "background"}
    stated = pl.concat([figures(*EARLIER, edition=2030), figures(abroad, {**abroad, "value": 7.0}, fog)])
    made = kpi.ties(stated)
    listed = kpi.untied(kpi.tied(stated, made), made, "en")
    assert listed.select("edition", "nearest", "figures", "kpis", "examples").rows() == [
        (2031, "oil", 2, 2, "100: 豪州の灯油の輸出額 32,163,179億円; 101: 豪州の灯油の輸出額 7億円"),
        (2031, None, 1, 0, "102: 霧 1回"),
    ]
    assert all(listed["reason"])


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('id = "marked"', 'id = "budget"', "holds the reason budget twice"),
        ('places = ["annex"]', 'places = ["attic"]', "attic"),
        ('places = ["annex"]', "", "all empty"),
        ('headings = ["遠い章"]', 'headings = ["("]', "no regular expression"),
    ],
)
def test_a_faulty_reason_is_refused(register_file: Path, old: str, new: str, fault: str) -> None:  # noqa: F811
    assert old in REGISTER
    register_file.write_text(REGISTER.replace(old, new), encoding="utf-8")
    register._read.cache_clear()
    with pytest.raises(TableFaulty, match=fault):
        register.register()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (32163179.0, "32,163,179"), (61426763.5, "61,426,764"), (9.4549, "9.4549"), (0.000012, "0.000012"), (0.0, "0"),
        (-5.0, "-5"), (100.0, "100"), (1234567.0, "1,234,567"), (0.333333333, "0.333333"),
        (1e15, "1,000,000,000,000,000"),
    ],
)  # fmt: skip
def test_a_number_is_written_without_an_exponent(value: float, text: str) -> None:
    assert plain(value) == text
