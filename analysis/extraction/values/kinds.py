"""What the words around a figure say of it: its kind, nature, sign and comparator, and which edition set it.

Japanese has its verb last, so the words behind a figure tell whether it is a target or an observation: the first of
them that speaks of an aim or of a fact decides. What stands in the quotation of a target is aimed at. A starting point
(のところ, から … に) is a baseline only beside its target, which `neighbours` settles. A change is told by the word of
growth or decline right behind the figure, a rate by its unit besides. A share in percent is a level as long as nothing
is said to change by it. Decline makes the value negative, so that the table shows the sign of every change.
"""

import re

from analysis.extraction.values.amounts import Amount
from analysis.extraction.values.passage import Mention, Passage, behind_quotes
from analysis.extraction.values.periods import WESTERN, Period

# "Xをはじめとする" and its like frame a noun and aim at nothing; "拡大すると予測" is a forecast's.
TARGET = re.compile(
    r"目標|目指|KPI|(?<!はじめ)(?<!対象|中心|前提|基盤|目的|必要|可能|背景|契機)とする"
    r"|にする|引き?[上下]げ(?![たら])|高め[るて]|増や(?!し[たて])|減ら(?!し[たて])|させる"
    r"|維持(?!し[たて])|達成(?:する|を|に向)|拡大(?:する(?!と)|を)|へ拡大|確保する|抑え[るて]|を図る"
)
OBSERVED = re.compile(
    r"な[っり]|であ(?:[りっ]|る(?![こよ]))|で、|達(?:し|する(?![こよ目]))|推移|し(?:た|て[いおき]|、)"
    r"|され[たて、]|おり|[上下]回(?:[っり]|る(?![こよ]))|とどま|留ま|超え(?!る[こよ目]|た[目上])|超す(?![こよ])"
    r"|迫る|占め|記録|行われ|終了|だった"
)
FORECAST = re.compile(r"予測|見込[まみ]|見通し")
ORIGIN = re.compile(r"(?:\([^()]*\))?(?:から|(?:である|であった|の)?ところ、)")
CURRENT = re.compile(r"現在|時点|直近|実績|最も|最新|基準")

# Between a figure and the word for its change stand particles and at most one noun as subject (12%売上が増加).
BETWEEN = r"(?:[のともはがをつ]|に(?!増加|拡大)|程度|以上|超|大幅[なに])*(?:[一-龥]{1,6}[がも])?"
DOWN = re.compile(BETWEEN + r"(?:減|低下|下落|縮小|後退|悪化|下が|下げ|落ち込)")
UP = re.compile(BETWEEN + r"(?:増(?!や)|上昇|拡大|伸び|改善|向上|上が|上げ|上積み)")
RATIO_OF_CHANGE = re.compile(r"(?:増加率|伸び率|減少率|成長率|伸び)(?:は|が|を|も)?、?[^、。]{0,30}$")
RATES = ("%", "倍")  # units that compare a value with another

BEFORE_COMPARATOR = re.compile(r"(約|およそ|概ね|おおむね|ほぼ|最大|最低)(?:平均)?$")
AFTER_COMPARATOR = re.compile(
    r"(?:の大台)?(?:(?P<word>以上|以内|以下|未満|程度|前後|超|強|弱|半ば)"
    r"|(?P<over>を超|を上回)|(?P<under>を下回)|(?P<near>に迫))"
)
SAME_WORDS = {"およそ": "約", "ほぼ": "約", "おおむね": "概ね"}

NEWLY_SET = re.compile(r"[^。]{0,12}?(?:設定する|こととする|定める|設ける)")
OTHER_DOCUMENT = re.compile(r"」(?:\([^()]*\))?(?:において|では)")
PLAN_YEAR = re.compile(rf"推進計画({WESTERN})|本計画")


def kind_of(passage: Passage, mention: Mention, after: str, period: Period | None) -> tuple[str, bool]:
    """Return the kind, and whether the figure is the starting point of something. `after` is what follows the figure
    at its level."""
    if ORIGIN.match(passage.text, mention.amount.end):
        return "observation", True
    if passage.target_quote(mention.level) is not None:
        aside = passage.running.is_aside(mention.level)
        return "baseline" if aside and is_current(passage, mention.level) else "target", False
    aim, fact = TARGET.search(after), OBSERVED.search(after)
    if aim and (fact is None or aim.start() <= fact.start()):
        return "target", False
    due = period is not None and period.role == "deadline" and (period.year or 0) >= passage.edition
    return "target" if due and fact is None else "observation", False


def is_current(passage: Passage, level: int) -> bool:
    """Return whether a bracket speaks of the present state."""
    bracket = passage.running.brackets[level]
    return CURRENT.search(passage.text, bracket.start, bracket.end) is not None


def is_forecast(after: str, period: Period | None, edition: int) -> bool:
    """Return whether a value is only expected: 予測 or 見込み is said of it, and its year is not past."""
    past = period is not None and period.year is not None and period.year < edition
    return not past and FORECAST.search(after) is not None


def nature_of(passage: Passage, mention: Mention) -> tuple[str, float]:
    """Return level, change or rate, and the value with its sign."""
    amount = mention.amount
    after = passage.text[amount.end : amount.end + 16]
    down, up = DOWN.match(after), UP.match(after)
    signed = -amount.value if down else amount.value
    if amount.counter == "倍":
        return "rate", amount.value  # a third of something is no negative number
    if amount.counter == "%":
        before = passage.running.at_level(max(mention.start, amount.start - 60), amount.start, mention.level)
        return ("rate", signed) if down or up or RATIO_OF_CHANGE.search(before) else ("level", amount.value)
    return ("change", signed) if down or up or amount.counter == "ポイント" else ("level", amount.value)


def comparator_of(text: str, amount: Amount, period: Period | None) -> str | None:
    """Return 以上, 約 … in front of or behind an amount. 前年の5兆円を上回る compares another figure with this one."""
    if amount.range_end:
        return amount.range_end
    if match := AFTER_COMPARATOR.match(text, amount.end):
        if match["word"]:
            return match["word"]
        if period is None or period.role != "attached":
            return "超" if match["over"] else "未満" if match["under"] else "約"
    match = BEFORE_COMPARATOR.search(text, max(0, amount.start - 8), amount.start)
    return SAME_WORDS.get(match[1], match[1]) if match else None


# ------------------------------------------------------------------------------------ which edition set a target


def plan_before(passage: Passage, end: int) -> str | None:
    """Return the edition of the plan named last before a position; 同計画 means the one named before it."""
    named = [match[1] or str(passage.edition) for match in PLAN_YEAR.finditer(passage.text, 0, end)]
    return named[-1] if named else passage.plan


def set_in(passage: Passage, level: int) -> str | None:
    """Return the edition that set a quoted target: the plan itself where it says so, else the plan named last before
    the quotation, in its sentence or an earlier one of the KPI part."""
    index = passage.target_quote(level)
    if index is None:
        return None
    running, text = passage.running, passage.text
    quote = running.brackets[index]
    if NEWLY_SET.match(text, behind_quotes(running, quote)):
        return str(passage.edition)
    start, _ = running.sentence(quote.start, -1)
    named = PLAN_YEAR.search(text, start, quote.start) is not None
    # A sentence that goes on with KPIs (また、…) without naming another document means the same plan.
    goes_on = OTHER_DOCUMENT.search(text, start, quote.start) is None
    return plan_before(passage, quote.start) if named or goes_on else None
