"""Figures from invented sentences in the documents' style: each rule with a case that it decides."""

import pytest

from analysis.figures import Figure, read
from analysis.readers.reading import Paragraph

EDITION = 2031


def found(text: str, role: str = "kpi", section: str = "III-1-(1)", measure: int | None = None) -> list[Figure]:
    lines = tuple(enumerate(text.split("\n"), 10))
    return read([Paragraph(lines, role, section, measure)], EDITION)


def facts(text: str, role: str = "kpi") -> list[tuple[str, float | None, str | None, str | None]]:
    """(kind, value, unit, period) of each figure."""
    return [(f.kind, f.value, f.unit, f.period) for f in found(text, role)]


# ------------------------------------------------------------------------------------------------- amounts


@pytest.mark.parametrize(
    ("written", "value", "unit"),
    [
        ("約1兆5千億円", 1.5, "兆円"),
        ("２,７３４億円", 2734, "億円"),
        ("9兆4,549億円", 9.4549, "兆円"),
        ("4千万人", 4000, "万人"),
        ("13万人", 13, "万人"),
        ("3万8千件", 3.8, "万件"),
        ("7千社", 7000, "社"),
        ("3割", 30, "%"),
        ("12.5ポイント", 12.5, "ポイント"),
        ("6 億アクセス", 6, "億アクセス"),
        ("8か国", 8, "か国"),
    ],
)
def test_an_amount_in_its_largest_multiplier(written: str, value: float, unit: str) -> None:
    (figure,) = found(f"茶の販売実績は{written}であった。")
    assert (figure.value, figure.unit) == (value, unit)


def test_money_without_its_unit() -> None:
    assert facts("旅館の宿泊総額は約927億、客室は広い。") == [("observation", 927, "億円", None)]
    assert facts("登録された者の総計は約927億、客室は広い。") == []


@pytest.mark.parametrize(
    "text",
    [
        "第3回の会合で報告した。",
        "人口100万人当たりの図書館は少ない。",
        "上位10%に入る論文が減っている。",
        "「茶の輸出1万者支援プログラム」の下で進める。",
        "企業100者、大学20者を対象としたアンケートを行った。",
        "1ドル=140.5円(2029年)、151.2円(2030年)で計算した。",
        "17の分野と3本の柱からなる。",
        "G7とISO9001と5Gに取り組む。",
        "図表5及び平成26年法律第30号による。",
        "市場は2034年に50億円に拡大すると予測されている。",
        "参加者は¹²人々である。",
        "①件数は少ない。",
    ],
)
def test_numbers_that_measure_nothing(text: str) -> None:
    assert facts(text, "background") == []


def test_a_value_of_a_past_year_beside_a_forecast_stays() -> None:
    text = "市場は2030年に20億円、2034年には50億円に拡大すると予測されている。"
    assert facts(text, "background") == [("observation", 20, "億円", "2030")]


def test_a_threshold_in_the_name_is_no_figure_but_one_in_a_statement_is() -> None:
    assert facts("賠償額が3億円以上となる判決の割合は25%であった。") == [("observation", 25, "%", None)]
    assert facts("賠償額が3億円を超える判決が出た。")[0][1:3] == (3, "億円")


def test_the_whole_of_a_part_lends_its_period() -> None:
    text = "特に、8兆円(2029年)のうち、茶が2兆円を占める。"
    assert facts(text) == [("observation", 2, "兆円", "2029")]


def test_a_footnote_mark_is_no_digit_of_the_number_before() -> None:
    assert [f.value for f in found("茶畑は30か所¹²に達した。")] == [30]


# ------------------------------------------------------------------------------------------------- periods


@pytest.mark.parametrize(
    ("text", "periods"),
    [
        ("出願は2028年度は12件、2029年度は15件であった。", ["2028年度", "2029年度"]),
        ("令和6年度の実績として、利用率は19.2%である。", ["2024年度"]),
        ("割合は22%(2014-2019年)から42%(2020～2023年)に増加した。", ["2014-2019", "2020-2023"]),
        ("登録は2030年3月26日現在で310件となっている。", ["2030-03-26"]),
        ("2030年には12位と、前年の13位と比べ1つ順位が上昇した。", ["2030", "2029", "2029-2030"]),
        ("2030年において52%に達し、2025年と比べて約20ポイント上昇した。", ["2030", "2025-2030"]),
        ("2030年の輸出は8億円となり、2029年と比べ、12.8%の増加となった。", ["2030", "2030"]),
        ("2030年の摘発は74件で、3年連続で70件を超えた。", ["2030", "2028-2030"]),
        ("2029年12月以降、2030年3月現在に至るまで、9件を下回る。", ["2029-12/2030-03"]),
        ("2018年度に開始した事業で、累計655社の応募があった(2030年3月現在)。", ["2030-03"]),
        ("甲の人数は27人、乙の人数は22人(2030年6月末時点)である。", ["2030-06", "2030-06"]),
        ("「世界茶指数 2029」において、我が国は12位であった。", ["2029"]),
        ("「茶業推進計画 2029」において、茶店は12店とされた。", [None]),
        ("2019年以降の改革により、茶店は12店となった。", [None]),
        ("前の文は2029年の話である。茶店は12店であった。", [None]),
        ("利用者は2030年度までの累計で30人となった。", ["2030年度"]),
        ("昨年の来訪者は5人であった。", ["2030"]),
        ("茶店を50店に、2035年までに増やす。", ["2035"]),
    ],
)
def test_the_period_that_governs_a_figure(text: str, periods: list[str | None]) -> None:
    assert [figure.period for figure in found(text)] == periods


# ---------------------------------------------------------------------------------------------------- kinds


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("茶の輸出を2035年までに5億円とする政府目標を掲げる。", ["target"]),
        ("茶の輸出は5億円となった。", ["observation"]),
        ("利用者を3倍に引き上げる。", ["target"]),
        ("利用者を3倍に引き上げた。", ["observation"]),
        ("審査を2033年度も「平均14か月以内」に維持するよう努める。", ["target"]),
        ("農協をはじめとする地域の38者に支援を行った。", ["observation"]),
        ("蔵書が3,200万件であるところ、2035年までに5,000万件に増やす。", ["baseline", "target"]),
        ("連携先を67機関から2035年までに80機関に増やすことを目指す。", ["baseline", "target"]),
        ("割合は22%から42%に増加した。", ["observation", "observation"]),
        ("蔵書を2035年までに50万件(2030年3月現在で32万件)とする。", ["target", "baseline"]),
        ("「茶店を減らす(直近5年間で最も少なかったのは約9店)」とのKPIを設定した。", ["baseline"]),
        ("「輸出を5億円、店を30店とする」、「客を9%増やす」とのKPIがある。", ["target", "target", "target"]),
    ],
)
def test_what_follows_a_figure_tells_its_kind(text: str, kinds: list[str]) -> None:
    assert [figure.kind for figure in found(text)] == kinds


def test_the_quoted_target_keeps_its_year_from_the_observation_behind_it() -> None:
    aim = "「茶業推進計画2030」において「茶の輸出を2035年までに5億円とする」とのKPIが設定されていたところ、"
    target, observed = found(aim + "茶の輸出は3億円となった。")
    assert (target.kind, target.period, target.set_in) == ("target", "2035", "2030")
    assert (observed.kind, observed.period, observed.set_in) == ("observation", None, None)


def test_the_edition_that_sets_a_target() -> None:
    new = found("今後、「茶店数(上位5位以内を維持(2034年度))」「②茶畑の面積を把握した数」を主要KPIとして設定する。")
    assert [(f.value, f.period, f.set_in, f.comparator) for f in new] == [
        (5, "2034年度", "2031", "以内"),
        (None, None, "2031", None),
    ]
    named = Paragraph(((1, "「茶業推進計画2030」において「茶畑を20か所とする」とのKPIがある。"),), "kpi")
    other = "「茶の大戦略」(令和10年決定)において、「茶店を30店とする」とのKPIが設定されている。"
    assert [f.set_in for f in read([named, Paragraph(((2, other),), "kpi")], EDITION)] == ["2030", None]
    again = read(
        [
            Paragraph(((1, "「茶業推進計画2030」において「茶店を30店とする」とのKPIがある。"),), "kpi"),
            Paragraph(((2, "同計画において「茶畑を40か所とする」とのKPIがある。"),), "kpi"),
        ],
        EDITION,
    )
    assert [f.set_in for f in again] == ["2030", "2030"]


def test_a_kpi_without_a_number_is_kept_as_such() -> None:
    (figure,) = found("「2040年における茶店の売上を世界一に引き上げる」とのKPIが設定されていた。")
    assert (figure.kind, figure.value, figure.unit, figure.period) == ("target", None, None, "2040")
    assert figure.indicator == "茶店の売上"
    assert found("「2040年における茶店の売上を世界一に引き上げる」とのKPIが設定されていた。", "background") == []


# ----------------------------------------------------------------------- natures, comparators, indicators


@pytest.mark.parametrize(
    ("text", "natures"),
    [
        ("来客は74人(前年比6%減)となった。", [("level", 74), ("rate", -6)]),
        ("来客は前年から3.8%減少した。", [("rate", -3.8)]),
        ("来客は前年同月比でそれぞれ290人、303人の増加となった。", [("change", 290), ("change", 303)]),
        ("輸出は30億円、前回値から3億円、13%の増加となった。", [("level", 30), ("change", 3), ("rate", 13)]),
        ("割合は22%から42%に増加した。", [("level", 22), ("level", 42)]),
        ("支持を10ポイント上昇させる。", [("change", 10)]),
        ("支持は10ポイント低下した。", [("change", -10)]),
        ("売上の伸びは、2020年から2024年までに12.7%にとどまっている。", [("rate", 12.7)]),
    ],
)
def test_levels_changes_and_rates_with_their_signs(text: str, natures: list[tuple[str, float]]) -> None:
    assert [(figure.nature, figure.value) for figure in found(text)] == natures


@pytest.mark.parametrize(
    ("text", "comparators"),
    [
        ("茶店は約30店である。", ["約"]),
        ("茶店を概ね30店とする。", ["概ね"]),
        ("茶店を30店以上とする。", ["以上"]),
        ("茶店は30店を超え、喜ばれた。", ["超"]),
        ("茶店は30店の大台を下回った。", ["未満"]),
        ("茶店は30店に迫る。", ["約"]),
        ("審査を平均7から9か月とする。", ["範囲下限", "範囲上限"]),
        ("2030年の茶店は40店と、前年の30店を上回っている。", [None, None]),
    ],
)
def test_comparators(text: str, comparators: list[str | None]) -> None:
    assert [figure.comparator for figure in found(text)] == comparators


@pytest.mark.parametrize(
    ("text", "indicators"),
    [
        ("茶の輸出額は、2028年度は3億円、2029年度は4億円であった。", ["茶の輸出額", "茶の輸出額"]),
        ("「受付」と「発送」を、それぞれ、平均7から9か月、平均5か月とする。", ["受付", "受付", "発送"]),
        ("茶の世界指数を重んじる。同指数は、2030年には12位であり、豪国(4位)に劣る。", ["世界指数", "世界指数(豪国)"]),
        ("2030年度は18社の出店を支えた。", ["出店"]),
        ("利用率は、大企業が50%、農家が20%であった。", ["利用率(大企業)", "利用率(農家)"]),
        ("農家は登録数を2035年までに50件に引き上げる。", ["登録数"]),
    ],
)
def test_what_is_measured(text: str, indicators: list[str]) -> None:
    assert [figure.indicator for figure in found(text)] == indicators


def test_an_indicator_is_short() -> None:
    long = "とても長い説明を伴う" * 6 + "茶の輸出額"
    (figure,) = found(f"{long}は5億円であった。")
    assert figure.indicator is not None
    assert len(figure.indicator) <= 32
    assert figure.indicator.endswith("茶の輸出額")


# --------------------------------------------------------------------------------------------- lines, places


def test_a_figure_has_the_line_it_stands_on_and_a_wrap_does_not_cut_it() -> None:
    figures = found("茶の輸出を2035年までに5\n億円とする目標を掲げ、\n茶店は30店となった。")
    assert [(f.first_line, f.value, f.period) for f in figures] == [(10, 5, "2035"), (12, 30, None)]


def test_places() -> None:
    text = "茶店は30店である。"
    assert found(text, "background", "II-1")[0].place == "outlook"
    assert found(text, "background", "III-1-(1)")[0].place == "background"
    assert found(text, "footnote", "II-1")[0].place == "footnote"
    assert (found(text, "measure", measure=3)[0].place, found(text, "measure", measure=3)[0].measure) == ("measure", 3)
    assert found(text, "annex", "annex") == found(text, "heading") == []


def test_the_parts_of_a_measure_are_one_text() -> None:
    parts = [
        Paragraph(((1, "茶店を2035年までに"),), "measure", "s", 0),
        Paragraph(((3, "注"),), "footnote", "s"),
        Paragraph(((5, "30店とする。"),), "measure", "s", 0),
    ]
    assert [(f.first_line, f.kind, f.period) for f in read(parts, EDITION)] == [(5, "target", "2035")]


def test_a_lost_closing_bracket_does_not_swallow_the_rest() -> None:
    text = "「茶客を増やす(客数(甲)、(乙)」とのKPIが設定されていたところ、2030年の茶客は30人である。"
    assert [(f.kind, f.value) for f in found(text)] == [("target", None), ("observation", 30)]


# ---------------------------------------------------------------------------------------------------- tables


def table(text: str, section: str = "s", after: str = "") -> list[Figure]:
    """Each row a paragraph of its own, as the readers give them."""
    rows = [Paragraph(((n, row),), "table", section) for n, row in enumerate(text.split("\n"), 1)]
    caption = [Paragraph(((len(rows) + 2, after),), "figure", section)] if after else []
    return read([*rows, *caption], EDITION)


def test_a_table_with_years_above_and_units_in_its_cells() -> None:
    figures = table("茶の損害額\t2028年\t2029年\n緑茶\t0.9億円\t2.3億円\n紅茶\t(調査なし)\t4.7億円\n合計\t-\t7億円")
    assert [(f.indicator, f.value, f.unit, f.period) for f in figures] == [
        ("茶の損害額(緑茶)", 0.9, "億円", "2028"),
        ("茶の損害額(緑茶)", 2.3, "億円", "2029"),
        ("茶の損害額(紅茶)", 4.7, "億円", "2029"),
        ("茶の損害額(合計)", 7, "億円", "2029"),
    ]


def test_a_table_with_units_above_and_years_in_its_cells() -> None:
    rows = [
        "\t\t円ベース（単位：億円）\t\t\t米ドルベース（単位：万米ドル）",
        "\t\t茶計画 2031\t茶計画 2030\t増減率 (%)\t茶計画 2031",
        "茶\t緑茶\t6.1 (2030年)\t5.8 (2029年)\t-5.17\t4.0 (2030年)",
        "\t紅茶\t2 (2029年)\t1 (2028年)\t100\t1",
    ]
    figures = table("\n".join(rows))
    assert [(f.indicator, f.value, f.unit, f.period, f.nature, f.set_in) for f in figures[:4]] == [
        ("緑茶", 6.1, "億円", "2030", "level", "2031"),
        ("緑茶", 5.8, "億円", "2029", "level", "2030"),
        ("緑茶", -5.17, "%", "2030", "rate", None),
        ("緑茶", 4.0, "万米ドル", "2030", "level", "2031"),
    ]
    assert [f.indicator for f in figures[4:]] == ["紅茶"] * 4


def test_ratings_are_counted_without_their_sums() -> None:
    text = "分類\t施策\t件数\t評価\t\n\t\t\t◎\t○\nA\t①茶を植える。\t8件\t1件\t7件\n\t②茶を売る。\t2件\t—\t2件"
    figures = table(text, "annex", "別紙図表1：令和12年度の進捗")
    assert [(f.indicator, f.value, f.unit, f.period, f.place) for f in figures] == [
        ("茶を植える ◎", 1, "件", "2030年度", "annex"),
        ("茶を植える ○", 7, "件", "2030年度", "annex"),
        ("茶を売る ○", 2, "件", "2030年度", "annex"),
    ]


def test_cells_without_any_unit_are_left_out() -> None:
    assert table("名\t数\n緑茶\t12") == []


# --------------------------------------------------------------------------------------- what must not matter

SAMPLE = (
    "「茶業推進計画2030」において「茶の輸出は2029年において約1兆5千億円のところ、2035年までに5兆円とする」とのKPIが設定されていたところ、"
    "2030年の茶の輸出は約1兆7千億円となり、2029年と比べ、13.3%の増加となった。茶店は22,923店(2030年6月末時点)である。"
)


@pytest.mark.parametrize("width", [1, 2, 3, 5, 7, 11, 40])
def test_where_lines_are_wrapped_does_not_matter(width: int) -> None:
    lines = tuple((10, SAMPLE[i : i + width]) for i in range(0, len(SAMPLE), width))
    assert read([Paragraph(lines, "kpi", "III-1-(1)")], EDITION) == found(SAMPLE)
    assert len(found(SAMPLE)) == 5


def test_the_width_of_characters_does_not_matter() -> None:
    wide = {ord(one): ord(one) + 0xFEE0 for one in "0123456789()%,."}
    assert found(SAMPLE.translate(wide)) == found(SAMPLE)
    assert found(SAMPLE.replace("2030", " 2030 ")) == found(SAMPLE)
