"""Figures by grammar: sentences and tables built from parts give the figures they were built from.

figure_grammar.py has the parts and the ways to write them; it knows Japanese, and not how the figures are read.
"""

import math
import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NamedTuple

import figure_grammar as ja
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from analysis.extraction.parsers.parse_result import Paragraph
from analysis.extraction.values import Figure, read

EDITION = 2031
PHASES = [Phase.explicit, Phase.generate, Phase.shrink]
FEW = settings(deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck), phases=PHASES)


# --- what is read


class Expected(NamedTuple):
    """A figure as a person reads it; `kind` and `period` may name several between which a person would not decide."""

    name: str
    kind: str
    nature: str
    value: Decimal
    unit: str
    period: str


CURRENT = "observation|baseline"


def level(amount: ja.Amount, kind: str, date: ja.Date) -> Expected:
    return Expected(amount.thing.name, kind, "level", amount.value, amount.thing.unit, date.period)


def change(amount: ja.Amount, kind: str, date: ja.Date, nature: str, sign: int) -> Expected:
    return level(amount, kind, date)._replace(value=sign * amount.value, nature=nature)


def figures(text: str, edition: int = EDITION) -> list[Figure]:
    lines = tuple(enumerate(text.split("\n"), 10))
    return read([Paragraph(lines=lines, role="kpi", section="III-1-(1)", measure=None)], edition=edition)


SAME = {spelled: thing.unit for thing in ja.THINGS for spelled in thing.units}
SCALES = {"百": 2, "千": 3, "万": 4, "億": 8, "兆": 12}
UNCLEAN = re.compile(r"令和|平成|年度|20\d\d|上半期|現状|目標|実績|基準値|[|→▲△\t]|---")


def plain(figure: Figure) -> tuple[Decimal, str]:
    """Value and unit without 万 and the like: 3.4万人 is 34,000 人."""
    value, unit = Decimal(str(figure.value)), unicodedata.normalize("NFKC", figure.unit or "")
    while unit[:1] in SCALES and len(unit) > 1:
        value, unit = value.scaleb(SCALES[unit[0]]), unit[1:]
    return value.normalize(), SAME.get(unit, unit)


def reading(text: str) -> list[tuple[Any, ...]]:
    return [(f.indicator, f.kind, f.nature, *plain(f), f.period, f.comparator) for f in figures(text)]


def fits(figure: Figure, want: Expected) -> bool:
    name = figure.indicator or ""
    return (
        plain(figure) == (want.value.normalize(), want.unit)
        and figure.nature == want.nature
        and figure.kind in want.kind.split("|")
        and figure.period in want.period.split("|")
        and want.name in name
        and not UNCLEAN.search(name)
    )


def check(text: str, expected: Iterable[Expected]) -> None:
    """Exactly these figures, in whatever order."""
    found = figures(text)
    shown = [(f.indicator, f.kind, f.nature, f.value, f.unit, f.period) for f in found]
    for want in expected:
        match = next((figure for figure in found if fits(figure, want)), None)
        assert match, f"{text!r}: no {tuple(want)} in {shown}"
        found.remove(match)
    assert not found, f"{text!r}: more than expected in {shown}"


# --- one figure


@st.composite
def sentences(draw: st.DrawFn) -> tuple[str, Expected]:
    """A sentence with one figure, and the figure."""
    kind = draw(st.sampled_from(list(ja.FRAMES)))
    amount, date = draw(ja.AMOUNTS), draw(ja.FUTURE if kind == "target" else ja.PAST)
    return ja.set_in(draw(st.sampled_from(ja.FRAMES[kind])), amount, date), level(amount, kind, date)


@settings(FEW, max_examples=400)
@given(made=sentences())
def test_a_sentence_gives_the_figure_it_was_built_from(made):
    text, expected = made
    check(text, [expected])


@settings(FEW, max_examples=40)
@given(kind=st.sampled_from(list(ja.FRAMES)), amount=ja.AMOUNTS, n=st.integers(0, 8),
       end=st.sampled_from(["年", "年度"]), data=st.data())  # fmt: skip
def test_numerals_calendars_and_widths_change_nothing(kind, amount, n, end, data):
    frame = data.draw(st.sampled_from(ja.FRAMES[kind]))
    thing, value, _ = amount
    amounts = [ja.Amount(thing, value, number + thing.units[0]) for number in ja.numerals(value, thing.counted)]
    dated = [ja.Date("", text) for text in ja.years(n + (2032 if kind == "target" else 2020), end)]
    first = ja.set_in(frame, amounts[0], dated[0])
    others = [ja.set_in(frame, a, dated[0]) for a in amounts] + [ja.set_in(frame, amounts[0], d) for d in dated]
    for text in [*others, first.translate(ja.FULL_WIDTH)]:
        assert reading(text) == reading(first), f"{text!r}: {reading(text)}, but {first!r}: {reading(first)}"


@settings(FEW, max_examples=100)
@given(made=sentences(), other=st.sampled_from(ja.NEUTRAL), joint=st.sampled_from(["", "\n"]))
def test_a_sentence_without_figures_changes_nothing(made, other, joint):
    text = made[0] if made[0].endswith("。") else made[0] + "。"
    for longer in (other + joint + text, text + joint + other):
        assert reading(longer) == reading(text), f"{longer!r}: {reading(longer)}, alone {reading(text)}"


@settings(FEW, max_examples=100)
@given(
    frame=st.sampled_from(ja.TARGET),
    amount=ja.AMOUNTS,
    date=ja.FUTURE,
    word=st.sampled_from(["以上", "以内", "以下", "未満"]),
)
def test_a_bound_is_the_comparator(frame, amount, date, word):
    text = ja.set_in(frame, amount._replace(text=ja.written(frame, amount) + word), date)
    check(text, [level(amount, "target", date)])
    assert [figure.comparator for figure in figures(text)] == [word], text


@settings(FEW, max_examples=100)
@given(kind=st.sampled_from(["observation", "target"]), amount=ja.AMOUNTS, data=st.data(),
       word=st.sampled_from(["約", "概ね", "おおむね", "およそ"]))  # fmt: skip
def test_about_changes_no_value(kind, amount, data, word):
    date = data.draw(ja.FUTURE if kind == "target" else ja.PAST)
    frame = data.draw(st.sampled_from(ja.FRAMES[kind]))
    check(ja.set_in(frame, amount._replace(text=word + amount.text), date), [level(amount, kind, date)])


@settings(FEW, max_examples=80)
@given(tenths=st.integers(1, 9), percents=st.integers(0, 9), date=ja.FUTURE, frame=st.sampled_from(ja.TARGET),
       digits=st.sampled_from([str, ja.in_kanji]))  # fmt: skip
def test_tenths_are_per_cent(tenths, percents, date, frame, digits):
    text = f"{digits(tenths)}割" + (f"{digits(percents)}分" if percents else "")
    amount = ja.Amount(ja.Thing("灯台整備率", "%", []), Decimal(10 * tenths + percents), text)
    check(ja.set_in(frame, amount, date), [level(amount, "target", date)])


@settings(FEW, max_examples=80)
@given(amount=ja.AMOUNTS, year=st.integers(2032, 2043), frame=st.sampled_from([f for f in ja.TARGET if "（{d}" in f]),
       letter=st.sampled_from("RＲ"))  # fmt: skip
def test_a_letter_and_a_number_are_a_date(amount, year, frame, letter):
    """R12 by itself is a year or a fiscal year."""
    date = ja.Date(f"{year}|{year}年度", f"{letter}{year - 2018}")
    check(ja.set_in(frame, amount, date), [level(amount, "target", date)])


# --- changes


@settings(FEW, max_examples=60)
@given(changed=ja.changes(), date=ja.PAST, frame=st.sampled_from(ja.CHANGED), falls=st.booleans())
def test_signs_and_words_of_change_agree(changed, date, frame, falls):
    amount, nature = changed
    for sign in ja.DOWN if falls else ja.UP:
        text = ja.filled(frame, n=amount.thing.name, d=date.text, c=sign.format(a=amount.text))
        check(text, [change(amount, "observation", date, nature, -1 if falls else 1)])


@settings(FEW, max_examples=100)
@given(changed=ja.changes(), past=ja.PAST, future=ja.FUTURE, frame=st.sampled_from(ja.FALL + ja.CUT))
def test_a_fall_is_a_negative_change(changed, past, future, frame):
    amount, nature = changed
    kind, date = ("target", future) if frame in ja.CUT else ("observation", past)
    check(ja.set_in(frame, amount, date), [change(amount, kind, date, nature, -1)])


# --- two figures and lists


@settings(FEW, max_examples=200)
@given(frame=st.sampled_from(ja.PAIRED), pair=ja.PAIRS, past=ja.PAST, future=ja.FUTURE)
def test_a_current_value_and_its_target(frame, pair, past, future):
    now, later = pair
    text = ja.filled(frame, n=now.thing.name, a=now.text, b=later.text, d=past.text, e=future.text)
    check(text, [level(now, CURRENT, past), level(later, "target", future)])


@settings(FEW, max_examples=200)
@given(amounts=ja.MANY, past=ja.PAST, future=ja.FUTURE, frame=st.sampled_from(ja.SHARED + ja.SEEN),
       joint=st.sampled_from(["、", "，", "及び"]))  # fmt: skip
def test_a_list_shares_its_date(amounts, past, future, frame, joint):
    date, kind = (past, "observation") if frame in ja.SEEN else (future, "target")
    mark = "は" if frame in ja.SEEN and frame.endswith("。") else ""
    text = ja.filled(frame, d=past.text, e=future.text, list=ja.listed(amounts, joint, mark))
    check(text, [level(amount, kind, date) for amount in amounts])


@settings(FEW, max_examples=100)
@given(amounts=ja.MANY, data=st.data(), joint=st.sampled_from(["、", "；", "\n", "\n・"]))
def test_a_list_of_figures_with_dates_of_their_own(amounts, data, joint):
    dated = [(amount, data.draw(ja.PAST)) for amount in amounts]
    mark = "：" if "\n" in joint else "は"
    text = joint.join(f"{amount.thing.name}{mark}{amount.text}（{date.text}）" for amount, date in dated)
    check(joint.strip("、；\n") + text, [level(amount, "observation", date) for amount, date in dated])


# --- tables


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[ja.Column], list[Expected], bool]:
    """A table of one to three things with their current and target values, and what it says."""
    things = draw(st.lists(st.sampled_from(ja.THINGS), min_size=1, max_size=3, unique_by=lambda thing: thing.name))
    place = draw(st.sampled_from(["cell", "column", "label", "head"][: 4 if len(things) == 1 else 3]))
    spelled = [draw(st.sampled_from(thing.units)) for thing in things]
    labels = [f"{t.name}（{unit}）" if place == "label" else t.name for t, unit in zip(things, spelled, strict=True)]
    columns, expected = [ja.Column("指標", labels)], []
    for heads, dates, kind in ((ja.CURRENT_HEADS, ja.PAST, CURRENT), (ja.TARGET_HEADS, ja.FUTURE, "target")):
        head, date = draw(st.sampled_from(heads)), draw(dates)
        amounts = [ja.Amount(thing, draw(ja.values(thing)), "") for thing in things]
        numbers = [draw(st.sampled_from(ja.numerals(amount.value, counted=False))) for amount in amounts]
        cells = [n + unit * (place == "cell") for n, unit in zip(numbers, spelled, strict=True)]
        columns.append(ja.Column(head.format(d=date.text) + f"（{spelled[0]}）" * (place == "head"), cells))
        expected += [level(amount, kind, date) for amount in amounts]
    units = [ja.Column("単位", spelled)] * (place == "column")
    return columns + units, expected, draw(st.booleans())


@settings(FEW, max_examples=200)
@given(made=tables())
def test_a_table_gives_the_figures_of_its_cells(made):
    columns, expected, markdown = made
    check(ja.table(columns, markdown), expected)


@settings(FEW, max_examples=100)
@given(made=tables(), data=st.data())
def test_the_order_of_columns_does_not_matter(made, data):
    """The first column stays, as it names the rows."""
    columns, _, markdown = made
    text = ja.table([columns[0], *data.draw(st.permutations(columns[1:]))], markdown)
    assert sorted(reading(text), key=str) == sorted(reading(ja.table(columns, markdown)), key=str), repr(text)


@settings(FEW, max_examples=100)
@given(made=tables())
def test_tabs_and_markdown_say_the_same(made):
    columns, _, _ = made
    assert reading(ja.table(columns, True)) == reading(ja.table(columns, False)), repr(ja.table(columns, True))


# --- always


@settings(FEW, max_examples=150)
@given(made=sentences(), edition=st.integers(2010, 2045))
def test_an_observation_is_never_dated_after_its_edition(made, edition):
    for figure in figures(made[0], edition):
        years_of_it = re.findall(r"\d{4}", figure.period or "0000")
        assert figure.kind != "observation" or max(map(int, years_of_it)) <= edition, f"{edition}: {made[0]!r}"


@settings(FEW, max_examples=200)
@given(text=ja.ANYTHING, edition=st.integers(1990, 2060))
@example(text="灯台見学者数は" + "9" * 400 + "人である。", edition=EDITION)
def test_any_text_is_read_and_every_value_is_finite(text, edition):
    for figure in figures(text, edition):
        assert figure.value is None or math.isfinite(figure.value), f"{text!r}: {figure.value}"
        assert figure.kind in ("target", "baseline", "observation"), f"{text!r}: {figure.kind}"
        assert figure.nature in ("level", "change", "rate"), f"{text!r}: {figure.nature}"
