"""What somebody could check of a measure by its words alone: table Commitments, facts that rules of grammar give.

The strongest act holds. An act that makes, holds or changes a thing that can be looked for is stronger than help for
others, help stronger than an act on nothing in particular. The thing is named where it comes about by the act; times
and numbers are those that `values` reads.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from analysis.base.i18n import plain
from analysis.base.japanese import shorten
from analysis.extraction import values
from analysis.extraction.act_words import ACT_OF_NOUN, SETS, act_of, act_of_verb, ending, is_general, kind_of, without
from analysis.extraction.acts import Act, acts
from analysis.extraction.parsers.parse_result import Paragraph
from analysis.extraction.values.periods import DEADLINE, Period, periods
from analysis.extraction.values.running_text import RunningText, running_text
from analysis.tables.schemas import TABLES

LONGEST = 20  # characters of a word that is kept
MOST_WORDS = 6
CHANGED = re.compile(r"制度|規制|基準|税制|法[律令案]?$|指針|ガイドライン|要件|規程|規則|ルール")
PUSHED_ON = {"進める", "推進する"}
NOT_LOOKED_FOR = ("", "vague")  # kinds of things
# The strongest first; what is done to nothing in particular (環境を整備する) is only promoted.
STRENGTH = ("reform", "do: a thing", "support", "do", "inform", "study", "do: a means", "promote")

# Times that are no dates: every year, within the year, at the next session, in time for the fair.
TIME = re.compile(
    r"毎年度?|年度?ごと|毎月|年度?内に|(?:来|次|翌|今|本)年度?(?:中|内|末|[春夏秋冬])|(?:来|次|翌)年度?"
    r"|(?:次期|今|本|来る)(?:臨時|通常|特別)?国会|[春夏秋冬]頃?までに|年(?:度)?末までに|[一-龥ァ-ー]{2,12}までに"
)
NO_TIME = re.compile(r"^(?:これ|それ|今|現在|従来)")
PAST = re.compile(r"[^、。]{0,40}?(?:した|された|なった|れた|しており|されており|している|されている|施行(?:され)?)")
REASON = re.compile(r"[^。]{0,80}?(?:こと|もの)(?:から|を踏まえ|に鑑み|に伴い|も?あり)")


@dataclass(frozen=True)
class Judged:
    """An act with its strength (one of STRENGTH), and the word for the thing that comes about by it, or ''."""

    act: Act
    strength: str
    thing: str


def table(measures: list[tuple[str, str, int]]) -> pl.DataFrame:
    """Return table Commitments of measures: (measure_id, text, year of the plan)."""
    return pl.DataFrame([_row(*measure) for measure in measures], schema=TABLES["commitments"].create_empty().schema)


def _row(measure_id: str, text: str, year: int) -> dict[str, object]:
    judged = [_judged(act) for act in acts(text)]
    strongest = min((one.strength for one in judged), key=STRENGTH.index, default="promote")
    things = [one.thing for one in judged if one.thing]
    due, quantities = times(text, year), numbers(text, year)
    return {
        "measure_id": measure_id,
        "act": strongest.split(":")[0] if strongest != "do: a means" else "do",
        "output": bool(things),
        "due": bool(due),
        "quantity": bool(quantities),
        "act_words": _short(_said(one.act) for one in judged if one.strength == strongest),
        "output_words": _short(things),
        "due_words": _short(due),
        "quantity_words": _short(quantities),
    }


def _said(act: Act) -> str:
    """Return the word for an act: its noun, its verb where that says more, or what is held (陶器市を行う)."""
    if act.verb in SETS["light"] and not act.noun and act.thing:
        return f"{act.thing}を{act.verb}"
    return act.verb if act.verb and (act.verb not in SETS["light"] or not act.noun) else without(act.noun)


def _short(words: Iterable[str]) -> list[str]:
    """Return words without repetitions, cut where they are long: no sentence is kept."""
    return [shorten(word, LONGEST) for word in dict.fromkeys(words) if word][:MOST_WORDS]


# --- acts and things


def _judged(act: Act) -> Judged:
    thing = _thing(act)
    strength = _act(act)
    if strength == "do":
        nothing = is_general(act.thing, SETS["empty"]) and kind_of(act.thing) == ""
        if thing or _sign(act):
            strength = "do: a thing"
        elif nothing or act.verb in SETS["aimed_at"]:
            strength = "promote"
        elif act.role != "act":
            strength = "do: a means"
    return Judged(act, strength, thing)


def _act(act: Act) -> str:
    """Return what an act is: that of its verb, of its object where the verb says nothing of its own.

    To change (見直し, 改善) is a reform where a rule or a system is changed.
    """
    verb = act_of_verb(act.verb) if act.verb else None
    word = inner(act)
    noun = ACT_OF_NOUN.get(word)
    changed = kind_of(act.thing) in ("rule", "plan") or CHANGED.search(act.thing + act.noun) is not None
    if word in SETS["changes"]:
        noun = "reform" if changed else "do"
    if act.verb in SETS["changes"]:
        verb = "reform" if changed else "do"
    light = act.verb in SETS["light"] or not act.verb
    if verb == "study" or (noun == "study" and light):
        return "study"
    if not light:
        return verb or "promote"
    if act.verb in SETS["pushing"] and noun in ("do", "reform"):
        return "promote"
    if not noun and act.verb.removesuffix("する") in SETS["more"] and (strengthened := act_of(act.thing)):
        return strengthened
    held = kind_of(act.thing) not in NOT_LOOKED_FOR and act.verb in SETS["holding"]
    return noun or ("do" if held else "promote")


def inner(act: Act) -> str:
    """Return the word that says what is done: of 支援の強化 and 支援強化 支援, of 調査の実施 調査."""
    noun = ending(act.noun, ACT_OF_NOUN)
    if noun in SETS["more"]:
        for word in (without(act.noun).removesuffix(noun), act.thing):
            if word and (act_of(word) or "promote") != "promote":
                return ending(word, ACT_OF_NOUN)
    return noun


def _sign(act: Act) -> bool:
    """Return whether a thing that can be looked for comes about, is held or is changed, whoever brings it about."""
    verb = ending(act.verb.removesuffix("する"), ACT_OF_NOUN) or act.verb
    if act_of_verb(act.verb) == "study" and verb not in SETS["done"]:
        return False  # it is only considered
    words = {ending(act.noun, ACT_OF_NOUN), inner(act)} if act.noun else {verb}
    if act.noun and verb in SETS["done"]:
        words.add(verb)
    kind = kind_of(act.thing)
    particular = kind not in NOT_LOOKED_FOR
    if words & SETS["done"] and (kind or not is_general(act.thing, SETS["empty"])):
        return True
    if words & SETS["making"] and (particular or "「" in act.thing + act.noun):
        return True
    by = not act.verb and not act.noun and kind in ("money", "body", "system", "paper", "plan")
    return by or (particular and not act.noun and act.verb in SETS["holding"] | PUSHED_ON)


def _thing(act: Act) -> str:
    """Return the word for the thing that comes about by an act, not by those who are helped or urged."""
    verb = ending(act.verb.removesuffix("する"), ACT_OF_NOUN) or act.verb
    others = act.verb in SETS["urging"] or (act_of_verb(act.verb) == "support" and verb not in SETS["done"])
    if others or not _sign(act):
        return ""
    return next(filter(None, (without(act.thing), act.thing, without(act.noun), act.verb)))


# --- times and numbers


def times(text: str, year: int) -> list[str]:
    """Return the times by which, or in which, something is due, as written: from the year of the plan on, not past."""
    running = running_text(((1, text),), is_cell=True)
    dated = [period for period in periods(running, year) if _is_due(running, period, year)]
    spans = [(period.start, _end(running, period)) for period in dated]
    taken = {place for period in periods(running, year) for place in range(period.start, period.end)}
    for match in TIME.finditer(running.text):
        if (
            not NO_TIME.match(match.group())
            and not PAST.match(running.text, match.end())
            and match.start() not in taken
        ):
            spans.append(match.span())
    return [running.text[start:end] for start, end in sorted(spans)]


def _end(running: RunningText, period: Period) -> int:
    match = DEADLINE.match(running.text, period.end)
    return match.end() if match else period.end


def _is_due(running: RunningText, period: Period, year: int) -> bool:
    if period.year is not None and period.year < year:
        return False
    starts = period.role == "base" and running.text.startswith("から", period.end)  # 2031年度から行う
    if period.role == "event" or (period.role == "base" and not starts):
        return False
    if REASON.match(running.text, period.end) or (running.is_aside(period.level) and period.role != "deadline"):
        return False
    return (period.year or 0) > year or not PAST.match(running.text, period.end)


def numbers(text: str, year: int) -> list[str]:
    """Return the numbers that are to be reached or done, with their units."""
    figures = values.read([Paragraph(((1, text),), "measure")], year)
    aimed_at = [figure for figure in figures if figure.kind == "target" and figure.value is not None]
    return [f"{plain(figure.value)}{figure.unit or ''}" for figure in aimed_at if figure.value is not None]
