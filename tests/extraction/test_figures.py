"""Figures from invented sentences in the documents' style: each rule with a case that it decides."""

import pytest

from analysis.extraction.parsers.parse_result import Paragraph
from analysis.extraction.values import Figure, read

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
        ("3百社", 300, "社"),
        ("3割", 30, "%"),
        ("12.5ポイント", 12.5, "ポイント"),
        ("6 億アクセス", 6, "億アクセス"),
        ("8か国", 8, "か国"),
    ],
)
def test_an_amount_in_its_largest_multiplier(written: str, value: float, unit: str) -> None:
    (figure,) = found(f"茶の販売実績は{written}であった。")
    assert (figure.value, figure.unit) == (value, unit)


@pytest.mark.parametrize(
    "unit",
    [
        *(
            "%",
            "ポイント",
            "円",
            "米ドル",
            "ドル",
            "ユーロ",
            "元",
            "ウォン",
            "人",
            "名",
            "者",
            "社",
            "件",
            "校",
            "回",
            "位",
        ),
        *(
            "倍",
            "か月",
            "ヶ月",
            "カ月",
            "箇月",
            "か所",
            "箇所",
            "カ所",
            "か国・地域",
            "か国",
            "カ国",
            "か国語",
            "機関",
            "団体",
        ),
        *(
            "拠点",
            "施設",
            "店舗",
            "店",
            "品種",
            "作品",
            "冊",
            "点",
            "本",
            "台",
            "隻",
            "戸",
            "世帯",
            "トン",
            "ヘクタール",
        ),
        *(
            "ha",
            "時間",
            "事業者",
            "企業",
            "大学",
            "自治体",
            "市町村",
            "都道府県",
            "人泊",
            "泊",
            "組",
            "言語",
            "アクセス",
        ),
        *(
            "枚",
            "席",
            "基",
            "棟",
            "頭",
            "羽",
            "便",
            "両",
            "口",
            "床",
            "園",
            "館",
            "駅",
            "航路",
            "路線",
            "講座",
            "経営体",
        ),
        *("km", "km2", "m3", "kWh", "GW", "t-CO2", "kg/人", "件/年", "円/人", "人・日", "ppm", "dB", "キロワット時"),
    ],
)
def test_every_unit(unit: str) -> None:
    assert [(f.value, f.unit) for f in found(f"茶の実績は12{unit}である。")] == [(12, unit)]


@pytest.mark.parametrize(
    "noun",
    [
        *("人材", "人間", "人工知能", "人口", "人格", "名称", "社会", "校長", "回線", "回答", "位置"),
        *(
            "倍率",
            "点検",
            "点数",
            "本部",
            "本社",
            "台湾",
            "円滑化",
            "円高",
            "組織",
            "者数",
            "分野",
            "つの柱",
            "原則",
        ),
    ],
)
def test_a_number_before_a_longer_noun_has_no_unit(noun: str) -> None:
    assert [f.unit for f in found(f"茶の実績は12{noun}である。")] == []


@pytest.mark.parametrize(
    ("written", "ends", "unit"),
    [
        ("7から9か月", (7, 9), "か月"),
        ("7か月～9か月", (7, 9), "か月"),
        ("7-9か月", (7, 9), "か月"),
        ("2割～3割", (20, 30), "%"),
        ("3ないし5億円", (3, 5), "億円"),
        ("9千万から1億円", (0.9, 1), "億円"),
    ],
)
def test_a_range_has_two_ends(written: str, ends: tuple[float, float], unit: str) -> None:
    figures = found(f"茶の期間は{written}である。")
    assert [(f.value, f.unit, f.indicator) for f in figures] == [(end, unit, "茶の期間") for end in ends]
    assert [f.comparator for f in figures] == ["範囲下限", "範囲上限"]


def test_money_without_its_unit() -> None:
    for name in ("額", "費", "収益", "売上", "売上高", "予算"):
        assert [facts(f"茶の{name}{particle}約9億、") for particle in "はがをも"] == [
            [("observation", 9, "億円", None)]
        ] * 4
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
        "㉑件数は少ない。",
        "茶店1店につき客を数える。",
        "茶会は3人から成る。",
        "4団体で構成する。",
        "9/10件",
        "トップ5%の茶店である。",
        "企業100社、大学20校を対象としたアンケートを行った。",
        "企業100社の茶に関する調査",
        "企業100社の茶に関するアンケートを行った。",
        "企業100社を対象とする調査を行った。",
        "企業100社の" + "茶" * 15 + "調査を行った。",
        "企業100社を対象とした" + "茶" * 10 + "調査を行った。",
        "茶店1店あたり客を数える。",
        "2030年代に茶を売る。",
    ],
)
def test_numbers_that_measure_nothing(text: str) -> None:
    assert facts(text, "background") == []


@pytest.mark.parametrize("words", ["の" + "茶" * 16 + "調査", "を対象とした" + "茶" * 11 + "調査"])
def test_a_survey_far_away_makes_no_sample_size(words: str) -> None:
    assert [f.value for f in found(f"企業100社{words}を行った。")] == [100]


def test_a_list_of_sample_sizes_has_short_names() -> None:
    survey = "20校を対象とした調査を行った。"
    assert facts(f"企業100社、{'茶' * 12}{survey}") == []
    assert [value for _, value, *_ in facts(f"企業100社、{'茶' * 13}{survey}")] == [100]
    assert [value for _, value, *_ in facts(f"茶店は12店となった。{survey}")] == [12]
    assert [f.value for f in found("企業100社、大学20校を対象とした調査では、茶店が9店であった。")] == [9]


@pytest.mark.parametrize("per", ["当たり", "あたり"])
def test_a_denominator_is_part_of_the_name(per: str) -> None:
    assert [f.indicator for f in found(f"1店{per}の来客は9人である。")] == [f"1店{per}の来客"]


def test_a_value_of_a_past_year_beside_a_forecast_stays() -> None:
    text = "市場は2030年に20億円、2034年には50億円に拡大すると予測されている。"
    assert facts(text, "background") == [("observation", 20, "億円", "2030")]


def test_a_threshold_in_the_name_is_no_figure_but_one_in_a_statement_is() -> None:
    assert facts("賠償額が3億円以上となる判決の割合は25%であった。") == [("observation", 25, "%", None)]
    assert facts("賠償額が3億円を超える判決が出た。")[0][1:3] == (3, "億円")


@pytest.mark.parametrize(
    "bound", ["以上となる", "以下の", "以内である", "未満の", "超の", "を超える", "を上回る", "を下回る"]
)
@pytest.mark.parametrize("name", ["割合", "比率", "件数", "者数", "社数", "人数", "シェア"])
def test_every_threshold(bound: str, name: str) -> None:
    assert facts(f"茶が3億円{bound}判決の{name}は25%であった。") == [("observation", 25, "%", None)]


def test_an_amount_alone_in_quotation_marks_is_no_part_of_a_name() -> None:
    assert [f.value for f in found("茶店は「12店」となった。")] == [12]
    assert [f.value for f in found("茶店は12店となり、「茶白書」に載った。")] == [12]
    assert [f.value for f in found("「『茶12店組合』を広める」とのKPIがある。")] == [None]
    words = (
        "以上",
        "以内",
        "以下",
        "未満",
        "超",
        "程度",
        "前後",
        "強",
        "弱",
        "台",
        "増加",
        "増",
        "減少",
        "減",
        "上昇",
        "低下",
    )
    assert [len(found(f"茶店は「12店{word}」となった。")) for word in (*words, "達成", "維持")] == [1] * 18
    assert [len(found(f"「茶12店開店{verb}」とのKPIがある。")) for verb in ("する", "した", "している")] == [1] * 3


def test_the_whole_of_a_part_lends_its_period() -> None:
    text = "特に、8兆円(2029年)のうち、茶が2兆円を占める。"
    assert facts(text) == [("observation", 2, "兆円", "2029")]
    assert facts("茶は8兆円(2029年)であり、紅茶は2兆円を占める。")[1][3] is None
    assert facts("8兆円(2029年)のうち、茶を売る。紅茶が2兆円を占める。") == [("observation", 2, "兆円", None)]


def test_a_footnote_mark_is_no_digit_of_the_number_before() -> None:
    assert [f.value for f in found("茶畑は30か所¹²に達した。")] == [30]
    assert [f.period for f in found("(茶畑は30か所¹⁾、茶店は9店(2030年6月末時点)である。)")] == ["2030-06", "2030-06"]


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
        ("茶店を50店に引き上げる年の前、2029年に開いた。", [None]),
        ("令和元年の茶店は12店であった。", ["2019"]),
        ("平成30年度の茶店は12店であった。", ["2018年度"]),
        ("昭和60年の茶店は12店であった。", ["1985"]),
        ("2028年度から2030年度の来客は12人であった。", ["2028-2030年度"]),
        ("2028年度～2030年の来客は12人であった。", ["2028-2030年度"]),
        ("今後5年間で来客を12人に増やす。", ["今後5年間"]),
        ("今後3か年で来客を12人に増やす。", ["今後3か年"]),
        ("本年の来訪者は5人であった。", ["2031"]),
        ("2030年度の茶店は12店であり、前年度の茶店は9店であった。", ["2030年度", "2029年度"]),
        ("2030年度の茶店は12店であり、前年は茶店が9店であった。", ["2030年度", "2029年度"]),
        ("2029年の茶店は12店であり、同年の来客は9人であった。", ["2029", "2029"]),
        ("2029年3月9日の茶店は12店であり、同日の来客は9人であった。", ["2029-03-09", "2029-03-09"]),
        ("2029年は多く、同年3月の茶店は12店であり、同年度の茶畑は9件であった。", ["2029-03", "2029年度"]),
        ("2030年代の茶店は12店である。", ["2030年代"]),
        ("2029年よりも茶店は多く9店である。", [None]),
        ("2029年に改革したが、茶店は9店であった。", ["2029"]),
        ("「茶白書 2029」(組合調べ)では、茶店は9店であった。", ["2029"]),
        ("2030年は9店であり、2025年と比べ多く、前年の8店を上回る。", ["2030", "2029"]),
        ("2030年には8店と、前年の5店、茶畑が9件である。", ["2030", "2029", "2030"]),
        ("2030年の来客は2025年と比べ12.8%の増加となった。", ["2025-2030"]),
        ("2030年度は2025年度と比べて多く、30店であった。", ["2030年度"]),
        ("茶店を2035年までに、2025年と比べ10ポイント高める。", ["2035"]),
        ("2025年は多く、2030年の来客は12%の増加となった。", ["2030"]),
        ("2025年は多く、来客の伸び率は12%(2030年)であった。", ["2030"]),
        ("茶店は30店となり、2029年までに閉じた。", [None]),
        ("2035年の茶会は9人である。", ["2035"]),
        ("2029年は茶店(良い店。)が9店である。", ["2029"]),
        ("2028～2030年度の来客は12人であった。", ["2028-2030年度"]),
        ("2030年の茶店は12店であり、前年度の茶店は9店であった。", ["2030", "2029年度"]),
        ("2029年12月以降、2030年3月には9件である。", ["2030-03"]),
        ("2030年度は3年連続で30店となった。", ["2028-2030年度"]),
        ("茶店は30店(開いたのは2029年)である。", [None]),
        ("茶店は30店(2029年の茶畑を含む)である。", [None]),
        ("茶店は30店以上(2029年度実績)である。", ["2029年度"]),
        ("2029年12月以降、茶の輸出は大きく伸び、2030年3月現在で9件である。", ["2030-03"]),
        ("2029年度から、2030年には9件である。", ["2030"]),
        ("2028年は茶店が9店であり、茶畑は22か所(2030年6月末時点)である。", ["2028", "2030-06"]),
        ("茶店(2030年6月末時点)を12店とする。", ["2030-06"]),
        ("茶を9件とし、茶店(2030年6月の茶店)は12店である。", [None, None]),
        ("前の文では茶店(2030年6月末時点)を見た。茶は9件である。", [None]),
        ("2029年までに30店となった。", ["2029"]),
        ("茶を2035年までに広めるため、茶店は30店となった。", [None]),
        ("2029年3月9日に売り、2030年までに広めると決め、同日の来客は9人であった。", ["2029-03-09"]),
        ("2029年は多く、同年12月の茶店は12店であった。", ["2029-12"]),
        ("今後10年間で来客を12人に増やす。", ["今後10年間"]),
        ("今後5年間は多く、前年の茶店は12店であった。", ["今後5年間"]),
        ("2030年の来客は、2029年比で12%の増加となった。", ["2030"]),
        ("「茶白書 2029」において、来客は2025年と比べて12%の増加とされた。", ["2025-2029"]),
        ("2019年に" + "茶" * 21 + "を話題にした組合の茶店は12店である。", ["2019"]),
        ("2019年に" + "茶" * 20 + "を話題にした組合の茶店は12店である。", [None]),
        ("2029年12月以降、茶店は2030年3月現在で9件である。", ["2029-12/2030-03"]),
        ("2029年12月以降、茶店では2030年3月現在で9件である。", ["2030-03"]),
    ],
)
def test_the_period_that_governs_a_figure(text: str, periods: list[str | None]) -> None:
    assert [figure.period for figure in found(text)] == periods


@pytest.mark.parametrize(
    ("text", "period"),
    [
        *(
            (f"2030年の来客は2025年{word}、12.8%の増加となった。", "2025-2030")
            for word in ("と比べ", "に比べ", "と比較し")
        ),
        *(
            (f"2030年の来客は2025年{word}、12.8%の増加となった。", "2025-2030")
            for word in ("を基準に", "の水準から", "末から")
        ),
        *(
            (f"2019年{word}の改革により、茶店は12店となった。", None)
            for word in ("以降", "以来", "より", "末以降", "頃以降")
        ),
        *((f"茶店を2035年{word}までに12店とする。", "2035") for word in ("", "末", "中", "頃")),
        *((f"2019年に{word}組合の茶店は12店である。", None) for word in ("開始した", "開始された", "話題になった")),
        *((f"{word}の茶店は12店である。", "2031年度") for word in ("本年度", "今年度")),
        *((f"{word}の茶店は12店である。", year) for word, year in (("今年", "2031"), ("昨年度", "2030年度"))),
        *(
            (f"「茶白書 2029」{word}、茶店は12店とされた。", "2029")
            for word in ("において", "では", "によると", "によれば")
        ),
        *((f"「茶業{word} 2029」において、茶店は12店とされた。", None) for word in ("計画", "戦略", "方針", "プラン")),
        *(
            (f"「茶業{word} 2029」において、茶店は12店とされた。", None)
            for word in ("ビジョン", "パッケージ", "ロードマップ")
        ),
        *(
            (f"茶店は30店{word}(2029年)である。", "2029")
            for word in ("以上", "以内", "以下", "未満", "超", "程度", "前後")
        ),
        *((f"茶店は30店(2029年{word})である。", "2029") for word in ("末", "時点", "現在", "の調査", "平均", "累計")),
    ],
)
def test_every_word_that_says_what_a_time_is_for(text: str, period: str | None) -> None:
    assert [figure.period for figure in found(text)] == [period]


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
        ("蔵書が3,200万件(2030年3月現在)であるところ、2035年までに5,000万件に増やす。", ["baseline", "target"]),
        ("茶店が9店(全国)であったところ、2035年までに50店に増やす。", ["baseline", "target"]),
        ("連携先を67機関から2035年までに80機関に増やすことを目指す。", ["baseline", "target"]),
        ("割合は22%から42%に増加した。", ["observation", "observation"]),
        ("蔵書を2035年までに50万件(2030年3月現在で32万件)とする。", ["target", "baseline"]),
        ("「茶店を減らす(直近5年間で最も少なかったのは約9店)」とのKPIを設定した。", ["baseline"]),
        ("「輸出を5億円、店を30店とする」、「客を9%増やす」とのKPIがある。", ["target", "target", "target"]),
        ("茶店を50店(客は9人となった)とする。", ["target", "observation"]),
        ("茶店が30店であるところ、喜ばれた。茶畑を9か所とする。", ["observation", "target"]),
        ("茶店を50店にする、と世に広く知らせた(2030年3月現在で30店)。", ["target", "observation"]),
        ("茶店を50店(うち紅茶が30店)とする。", ["target", "observation"]),
        ("「茶店を30店から2035年までに50店とする」とのKPIがある。", ["baseline", "target"]),
        ("「現在の茶店を50店とする」とのKPIがある。", ["target"]),
        ("茶店30店から始める。", ["observation"]),
        ("茶店は50店となった(2030年3月現在で客は9人)。", ["observation", "observation"]),
        ("2035年までの茶店、2035年までに30店。", ["target"]),
        ("2029年までに30店。", ["observation"]),
    ],
)
def test_what_follows_a_figure_tells_its_kind(text: str, kinds: list[str]) -> None:
    assert [figure.kind for figure in found(text)] == kinds


@pytest.mark.parametrize("fact", ["に達する", "である", "を下回る", "を超える", "を超す"])
@pytest.mark.parametrize("wish", ["ことを目指す", "ようになることを目指す"])
def test_a_fact_that_is_wished_is_an_aim(fact: str, wish: str) -> None:
    assert facts(f"茶店は30店{fact}{wish}。")[0][0] == "target"


@pytest.mark.parametrize("frame", ["はじめ", "対象", "中心", "前提", "基盤", "目的", "必要", "可能", "背景", "契機"])
def test_a_frame_of_a_noun_is_no_aim(frame: str) -> None:
    assert facts(f"茶店30店を{frame}とする組合が茶を売った。") == [("observation", 30, "店", None)]


@pytest.mark.parametrize(
    "verb",
    [
        "とする",
        "にする",
        "に引き上げる",
        "に引下げる",
        "に高める",
        "に増やす",
        "に減らす",
        "に至らせ、これを維持する",
        "を達成する",
        "に拡大する",
        "へ拡大",
        "を確保する",
        "に抑える",
        "への増を図る",
        "を目指す",
        "を目標に置く",
        "をKPIに置く",
        "の達成を求める",
        "の達成に向ける",
        "への拡大を求める",
    ],
)
def test_every_verb_of_an_aim(verb: str) -> None:
    assert facts(f"茶店を30店{verb}。")[0][0] == "target"


@pytest.mark.parametrize(
    "verb",
    [
        "となった",
        "となり、喜ばれた",
        "であった",
        "であり、",
        "で、",
        "に達した",
        "で推移し",
        "を開催した",
        "とされた",
        "を下回る",
        "にとどまる",
        "に留まり",
        "を超え、",
        "を超す",
        "に迫る",
        "を占め",
        "を記録し",
        "で行われ",
        "で終了し",
        "に増やした。",
        "に減らした。",
        "に維持した。",
        "に引き上げた。",
        "に引き下げられた。",
        "だった",
    ],
)
def test_every_verb_of_a_fact_comes_before_the_aim_behind_it(verb: str) -> None:
    assert facts(f"茶店は30店{verb}今後の目標に関わる。")[0][0] == "observation"


@pytest.mark.parametrize("word", ["現在", "時点", "直近", "実績", "最も多いの", "最新", "基準"])
def test_every_word_of_the_present(word: str) -> None:
    assert [kind for kind, *_ in facts(f"茶店を50店({word}は30店)とする。")] == ["target", "baseline"]


@pytest.mark.parametrize("words", ["を設定する", "を掲げることとする", "を定める", "を設ける"])
def test_every_word_for_setting_a_target_now(words: str) -> None:
    assert [
        f.set_in for f in found(f"「茶店を30店とする」、「茶を9件とする」及び「客を5人とする」とのKPI{words}。")
    ] == ["2031"] * 3


@pytest.mark.parametrize("verb", ["と予測される", "と見込まれる", "の見込みである", "という見通しである"])
def test_every_word_of_a_forecast(verb: str) -> None:
    assert facts(f"茶店は30店{verb}。") == []


@pytest.mark.parametrize(
    "words",
    [
        "とのKPI",
        "(主要KPI)",
        "といった目標",
        "とする目標",
        "との政府目標",
        "との数値目標",
        "との主要KPI",
        "との達成目標",
        "を主要なKPI",
        "を目標",
        "を目指す",
        "とする。",
        "ことを目標",
        "こととする",
    ],
)
def test_every_way_to_state_a_quoted_target(words: str) -> None:
    assert facts(f"「茶店が30店になった」{words}") == [("target", 30, "店", None)]


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
    elsewhere = found(
        "「茶業推進計画2030」を見た。別に「茶店を30店とする」との目標を本計画に「茶を9件とする」とのKPIと書く。"
    )
    assert [f.set_in for f in elsewhere] == ["2030", "2031"]
    assert [
        f.set_in
        for f in read([named, Paragraph(((2, "「茶店を30店とする」との目標がある。"),), "background")], EDITION)
    ] == [
        "2030",
        None,
    ]


def test_a_kpi_without_a_number_is_kept_as_such() -> None:
    (figure,) = found("「2040年における茶店の売上を世界一に引き上げる」とのKPIが設定されていた。")
    assert (figure.kind, figure.value, figure.unit, figure.period) == ("target", None, None, "2040")
    assert figure.indicator == "茶店の売上"
    assert found("「2040年における茶店の売上を世界一に引き上げる」とのKPIが設定されていた。", "background") == []
    (since,) = found("「2025年以降の茶店の売上を世界一に引き上げる」とのKPIが設定されていた。")
    assert (since.indicator, since.period) == ("茶店の売上", None)
    (quoted,) = found("「「茶店」の売上を世界一に引き上げる」とのKPIが設定されていた。")
    assert quoted.indicator == "茶店の売上"
    assert [f.indicator for f in found("「茶」とのKPIがある。")] == [None]
    (followed,) = found("「茶を広める(茶店の売上とその増加)」とのKPIが設定されていた。")
    assert followed.indicator == "茶店の売上と"


# ----------------------------------------------------------------------- natures, comparators, indicators


@pytest.mark.parametrize(
    ("text", "natures"),
    [
        ("来客は74人(前年比6%減)となった。", [("level", 74), ("rate", -6)]),
        ("来客は前年から3.8%減少した。", [("rate", -3.8)]),
        ("来客は9人減少した。", [("change", -9)]),
        ("来客は3人、4人の減少となった。", [("change", -3), ("change", -4)]),
        ("来客は30人、12%の増加となった。", [("level", 30), ("rate", 12)]),
        ("来客は前年比で12%、3人の増加となった。", [("rate", 12), ("change", 3)]),
        *((f"来客の{word}は、5%である。", [("rate", 5)]) for word in ("増加率", "伸び率", "減少率", "成長率", "伸び")),
        *((f"来客の成長率{particle}5%で、", [("rate", 5)]) for particle in ("は", "が", "を", "も")),
        ("茶店は3店、4店である。", [("level", 3), ("level", 4)]),
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
    ("word", "sign"),
    [(word, -1) for word in ("減少", "低下", "下落", "縮小", "後退", "悪化", "下がった", "下げた", "落ち込んだ")]
    + [(word, 1) for word in ("増加", "上昇", "拡大", "伸びた", "改善", "向上", "上がった", "上げた", "上積みした")],
)
@pytest.mark.parametrize("between", ["", "の", "程度", "以上の", "超の", "大幅に", "売上が"])
def test_every_word_of_change(word: str, sign: int, between: str) -> None:
    (figure,) = found(f"茶の来客は12%{between}{word}。")
    assert (figure.nature, figure.value) == ("rate", sign * 12)


@pytest.mark.parametrize(
    ("before", "after", "comparator"),
    [("", word, word) for word in ("以上", "以内", "以下", "未満", "程度", "前後", "超", "強", "弱", "半ば")]
    + [("約", "", "約"), ("およそ", "", "約"), ("おおよそ", "", "約"), ("ほぼ", "", "約"), ("おおむね", "", "概ね")]
    + [("最大", "", "最大"), ("最低", "", "最低"), ("約平均", "", "約"), ("", "を上回り、喜ばれるの", "超")],
)
def test_every_comparator(before: str, after: str, comparator: str) -> None:
    assert [figure.comparator for figure in found(f"茶店の数は{before}30店{after}である。")] == [comparator]


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
        ("2030年の茶店は40店であり、前年は30店を上回っていた。", [None, "超"]),
        ("茶は7件～9%である。", [None, None]),
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
        ("「世界茶指数 2029」において、茶店は12店であった。", ["茶店"]),
        ("「世界茶指数 2029」において、我が国は12位であった。", ["世界茶指数"]),
        ("茶店は30店(うち紅茶の輸出額が5億円)である。", ["茶店", "紅茶の輸出額"]),
        ("茶店は30店(5億円)である。", ["茶店", "茶店"]),
        (
            "茶の指数は、2030年には12位であり、豪国(4位、緑茶は5位)に劣る。",
            ["茶の指数", "茶の指数(豪国)", "緑茶"],
        ),
        ("茶店は9件である。紅茶店(8件)がある。", ["茶店", "紅茶店"]),
        ("茶店は9件である。緑茶は、それぞれ、5件である。", ["茶店", "緑茶"]),
        ("「茶店」と「喫茶」を見た。緑茶は、それぞれ、5件である。", ["緑茶"]),
        ("茶店は、それぞれ、9件、紅茶店は8件である。", ["茶店", "紅茶店"]),
        ("緑茶は3件であり、茶店は、それぞれ、5件、紅茶店は6件である。", ["緑茶", "茶店", "紅茶店"]),
        ("「2029」において、我が国は12位であった。", [None]),
        ("茶店(山にある広い店(甲)である)の客は9人である。", ["茶店の客"]),
        ("紅茶の「茶客(甲)を9人とする」とのKPIがある。", ["茶客(甲)"]),
    ],
)
def test_what_is_measured(text: str, indicators: list[str]) -> None:
    assert [figure.indicator for figure in found(text)] == indicators


@pytest.mark.parametrize(
    "before",
    [
        *(
            "また",
            "さらに",
            "加えて",
            "一方",
            "一方で",
            "他方",
            "なお",
            "しかし",
            "しかしながら",
            "特に",
            "とりわけ",
            "ただし",
        ),
        *(
            "このうち",
            "そのうち",
            "うち",
            "あわせて",
            "同様に",
            "次いで",
            "これに続いて",
            "これらを通じて",
            "最新の",
            "直近の",
        ),
        *("我が国の", "今後の", "今後", "いずれも", "これに対し", "更に", "合計で", "合計", "概ね"),
    ],
)
def test_no_joint_is_part_of_a_name(before: str) -> None:
    assert [f.indicator for f in found(f"{before}茶の輸出は5億円である。")] == ["茶の輸出"]


@pytest.mark.parametrize(
    "behind",
    [
        *(
            "を",
            "が",
            "は",
            "も",
            "で",
            "に",
            "へ",
            "と",
            "の",
            "として",
            "について",
            "に対して",
            "において",
            "における",
            "により",
        ),
        *(
            "から",
            "は平均",
            "の合計",
            "は計",
            "の累計",
            "はのべ",
            "は延べ",
            "は当面",
            "は年間",
            "は毎年",
            "は世界",
            "は既に",
        ),
        *("は前年比", "は前年同月比で", "は対前年度比", "は前回から", "は前年度から"),
    ],
)
def test_no_particle_is_part_of_a_name(behind: str) -> None:
    assert [f.indicator for f in found(f"茶の輸出{behind}5億円である。")] == ["茶の輸出"]


@pytest.mark.parametrize("actor", ["庁", "省", "府", "館", "機構", "委員会", "協会", "政府", "我が国"])
def test_who_acts_is_not_what_is_measured(actor: str) -> None:
    assert [f.indicator for f in found(f"茶の輸出について、日本{actor}は、昨年に、5億円とした。")] == ["茶の輸出"]


@pytest.mark.parametrize(
    "measure",
    ["率", "割合", "数", "額", "売上高", "量", "規模", "順位", "市場シェア", "期間", "売上", "人口", "市場"],
)
def test_a_part_stands_behind_what_is_measured(measure: str) -> None:
    figures = found(f"茶の{measure}は、農家が50件、茶店が20件であった。")
    assert [f.indicator for f in figures] == [f"茶の{measure}(農家)", f"茶の{measure}(茶店)"]


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


def test_a_footnote_of_a_measure_and_a_table_under_a_text_are_pieces_of_their_own() -> None:
    note = [Paragraph(((1, "茶店を"),), "measure", "s", 0), Paragraph(((2, "来客は9人である。"),), "footnote", "s", 0)]
    assert [(f.first_line, f.place, f.indicator) for f in read(note, EDITION)] == [(2, "footnote", "来客")]
    first = [
        Paragraph(((1, "客は9人である。"),), "footnote", "s", 1),
        Paragraph(((2, "店は9店だ。"),), "measure", "s", 1),
    ]
    assert [f.place for f in read(first, EDITION)] == ["footnote", "measure"]
    under = [Paragraph(((1, "茶店は30店である。"),), "background", "s"), Paragraph(((2, "緑茶\t9件"),), "table", "s")]
    assert [(f.value, f.place) for f in read(under, EDITION)] == [(30, "background"), (9, "table")]


@pytest.mark.parametrize(
    ("head", "kind", "period"),
    [
        ("【目標（2035年度）】", "target", "2035年度"),
        ("2035年度の目標は以下のとおり：", "target", "2035年度"),
        ("・現状（2030年度）", "observation", "2030年度"),
    ],
)
def test_a_line_without_figures_speaks_of_the_items_below_it(head: str, kind: str, period: str) -> None:
    assert facts(f"{head}\n・茶店 60店\n・茶室 9棟") == [(kind, 60.0, "店", period), (kind, 9.0, "棟", period)]


def test_a_list_mark_at_a_wrap_is_part_of_the_text() -> None:
    assert [f.indicator for f in found("- 茶店\n・喫茶は30店である。")] == ["茶店・喫茶"]
    assert [f.indicator for f in found("◆ 茶店は30店である。")] == ["茶店"]


def test_a_quotation_that_is_never_closed_is_none() -> None:
    assert facts("「茶店を30店とする」、「茶とのKPIがある。") == [("target", 30, "店", None)]


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


def test_a_change_has_the_period_of_the_value_beside_it() -> None:
    headers = "茶\t輸出（億円）\t\t\t輸入（億円）\t\n\t今回\t前回\t増減額\t今回\t増減額"
    figures = table(f"{headers}\n緑茶\t2 (2029年)\t1\t+1\t5\t△3")
    assert [(f.value, f.unit, f.period, f.nature) for f in figures] == [
        (2, "億円", "2029", "level"),
        (1, "億円", None, "level"),
        (1, "億円", "2029", "change"),
        (5, "億円", None, "level"),
        (-3, "億円", None, "change"),
    ]


def test_what_the_name_of_a_row_is_made_of() -> None:
    assert [f.indicator for f in table("\t年\n茶の輸出\t2028年\n緑茶\t9件")] == ["茶の輸出(緑茶)"]
    assert [f.indicator for f in table("\t2028年\n緑茶\t9件\n\t8件")] == ["緑茶", "緑茶"]


def test_headers_name_kinds_and_only_what_is_a_period_is_one() -> None:
    figures = table("\t基準（2025年）\t2030年の茶店\t前年\t目標（2035年度）\t伸び率\n緑茶\t1件\t2件\t3件\t4件\t5%")
    assert [(f.kind, f.period, f.nature) for f in figures] == [
        ("baseline", "2025", "level"),
        ("observation", "2030", "level"),
        ("observation", None, "level"),
        ("target", "2035年度", "level"),
        ("observation", None, "rate"),
    ]
    assert [f.indicator for f in figures] == ["緑茶"] * 5


@pytest.mark.parametrize(
    ("header", "nature"),
    [
        *((header, "rate") for header in ("増減率", "増加率", "伸び率", "前年比", "前年度比", "減少率", "成長率")),
        *((header, "change") for header in ("増減", "増減額", "差", "差分", "変化")),
    ],
)
def test_every_header_of_a_change(header: str, nature: str) -> None:
    assert [f.nature for f in table(f"茶\t{header}\n緑茶\t5%")] == [nature]


def test_a_table_without_headers_and_with_a_heading_between_its_rows() -> None:
    figures = table("茶\t緑\t緑茶\t12件\n紅茶の部\t\n茶\t紅\t紅茶\t9件")
    assert [(f.indicator, f.value) for f in figures] == [("緑茶", 12), ("紅茶", 9)]


def test_the_caption_above_a_table_gives_its_period_and_another_text_does_not() -> None:
    row = Paragraph(((3, "緑茶\t12件"),), "table", "s")
    periods = []
    for text in ("図表5：令和12年度の茶", "令和12年度の茶", "図表5：2029年と2030年の茶", "図表5：前年の茶"):
        periods.append(read([Paragraph(((2, text),), "figure", "s"), row], EDITION)[0].period)
    assert periods == ["2030年度", None, None, None]


@pytest.mark.parametrize("header", ["2029年(実績)", "2029年（速報値）", "2029年の平均", "2029年"])
def test_a_header_that_is_a_period(header: str) -> None:
    assert [f.period for f in table(f"茶\t{header}\n緑茶\t5件")] == ["2029"]


@pytest.mark.parametrize(("header", "unit"), [("輸出 (%)", "%"), ("輸出 (億円)", "億円"), ("輸出 (米ドル)", "米ドル")])
def test_the_unit_in_a_header(header: str, unit: str) -> None:
    assert [f.unit for f in table(f"茶\t{header}\n緑茶\t5")] == [unit]


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


# ------------------------------------------------------------------ what a change compares with, kept and level values


@pytest.mark.parametrize(
    ("sentence", "against"),
    [
        ("茶の輸出額は2029年に30億円（前年比6%減）となった。", ["2028"]),
        ("茶の輸出額は2029年度に30億円となり、対前年度比6%の増加となった。", ["2028年度"]),
        ("茶の輸出額は2029年に30億円（2025年比6%増）となった。", ["2025"]),
        ("茶の輸出額は2029年に30億円に達し、2025年と比べて6%増加した。", ["2025"]),
        ("茶店の数は30店（2029年6月末時点）であり、前年同月比で6店の増加となった。", ["2028-06"]),
        ("茶店は30店、茶屋は20店（2029年6月末時点）であり、前年同月比でそれぞれ6店、4店の増加となった。",
         ["2028-06", "2028-06"]),
        ("茶の輸出額は2025年から2029年までに6%増加した。", ["2025"]),
        ("茶の輸出額は2029年に30億円となり、6%増加した。", [None]),
        ("前年比で30億円の茶店とは別に、茶の輸出額は2029年に6%増加した。", [None]),
    ],
)  # fmt: skip
def test_what_a_change_compares_with(sentence: str, against: list[str | None]) -> None:
    changes = [figure.against for figure in found(sentence) if figure.nature != "level"]
    assert changes == against
    assert all(figure.against is None for figure in found(sentence) if figure.nature == "level")


@pytest.mark.parametrize(
    ("sentence", "kept"),
    [
        ("審査期間を2033年度においても「平均14か月以内」に維持するよう体制を整備する。", [True]),
        ("審査期間を2033年度まで14か月以内に保つ。", [True]),
        ("茶店の順位（上位5位以内を維持（2035年度））を主要KPIとして設定する。", [True]),
        ("審査期間を2033年度までに14か月以内とし、その水準を維持する。", [False]),
        ("審査期間を2033年度までに14か月以内とすることを目指す。", [False]),
        ("審査期間は2029年度に14か月以内を維持した。", [False]),
    ],
)
def test_a_target_to_be_kept(sentence: str, kept: list[bool]) -> None:
    assert [figure.keeps for figure in found(sentence)] == kept


@pytest.mark.parametrize(
    ("sentence", "steady"),
    [
        ("茶店の数は、2028年度は124店、2029年度は123店であり、横ばいで推移している。", [False, True]),
        ("茶店の数は2029年度に123店となり、前年と同程度であった。", [True]),
        ("茶店の数は2029年度に123店となった。茶の消費は横ばいである。", [False]),
        ("茶店の数は2029年度に123店と、横ばいの茶屋に比べ増えた。", [False]),
    ],
)
def test_a_value_that_the_text_calls_level(sentence: str, steady: list[bool]) -> None:
    assert [figure.steady for figure in found(sentence)] == steady


def test_what_quoted_names_share_stands_in_front_of_them() -> None:
    sentence = "茶の「育つまでの期間」と「摘むまでの期間」を、2035年度までに、それぞれ、14か月以内、10か月以内にする。"
    assert [figure.indicator for figure in found(sentence)] == ["茶の育つまでの期間", "茶の摘むまでの期間"]
