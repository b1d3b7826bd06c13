"""What the words around a figure say of it: its kind, nature, sign and comparator, and which edition set it.

A label beside the figure decides. Else, since Japanese has its verb last, the words behind it tell whether it is a
target or an observation: the first of them that speaks of an aim or of a fact. What stands in the quotation of a
target is aimed at; what is dated after the edition was not observed. A starting point (のところ, から … に) is a
baseline only beside its target, which `neighbours` settles. A change is told by the word of growth or decline right
behind the figure (20%削減), unless a particle between them says that the figure is where it leads (20%に削減); a rate
by its unit besides. Decline makes the value negative, so that the table shows the sign of every change.
"""

import re

from analysis.extraction.values import labels, words
from analysis.extraction.values.amounts import Amount
from analysis.extraction.values.governing_period import ORIGIN, behind_base
from analysis.extraction.values.labels import ARROW
from analysis.extraction.values.passage import Mention, Passage, behind_quotes
from analysis.extraction.values.periods import WESTERN, Period
from analysis.extraction.values.words import ABOUT, BRACKET, COMPARED, EXTENT

# Words of aims and of facts behind a figure. Xをはじめとする and its like frame a noun and aim at nothing;
# 拡大すると予測 is a forecast's.
TARGET = re.compile(
    r"目標|目指|KPI|(?<!はじめ)(?<!対象|中心|前提|基盤|目的|必要|可能|背景|契機)とする|とし(?:、|ます|たい)|とすること"
    r"|にする|にします|引き?[上下]げ(?![たら])|高め[るて]|増や(?!し[たて])|減ら(?!し[たて])|させる"
    r"|維持(?!し[たて])|達成(?:する|を|に向)|拡大(?:する(?!と)|を)|へ拡大|確保する|抑え[るて]|を図る|(?:削減|短縮|低減|縮減|圧縮|抑制)する"
    r"|こととし"
)
PAST_WORDS = (
    r"で、|達し[たて]|推移|し(?:た(?!い)|て[いおき])|され[たて]|[上下]回っ|な[っり]|であ(?:りま|っ)|とどま|留ま"
    r"|超え(?!る[こよ目]|た[目上])|記録|終了|(?:(?<!とい)[っん]た|んだ|[えけげめちいきび]た)(?![いめ])"
)
PAST = re.compile(PAST_WORDS)
OBSERVED = re.compile(  # besides what has no tense: …は60店であり、…
    r"であり|である(?![こよ])|です|達(?:し|する(?![こよ目]))|し、|され、|おり|[上下]回(?:り|る(?![こよ]))|超す(?![こよ])"
    rf"|迫る|占め|行われ|{PAST_WORDS}"
)
# A verb that ends a sentence of a KPI part is an aim; elsewhere it tells of activities.
INTENDED = re.compile(r"(?:(?<![とど])する|せる|やす|らす|げる|める)(?:。|$|ことと)")
COPULA = ("であ", "である", "です", "で、")
FORECAST = re.compile(r"予測|予想|見込[まみ]|見通し|推計|試算|想定")
CURRENT = re.compile(r"現在|時点|直近|実績|最も|最新|基準|現状")

# Between a figure and the word for its change stand particles and at most one noun as subject (12%売上が増加); に,
# へ, まで and と lead to the figure.
BETWEEN = rf"(?:[のともはがを]|それぞれ|いずれも|更に|さらに|{EXTENT})*(?:[一-龥]{{1,6}}[がも])?"
DOWN = re.compile(f"{BETWEEN}(?:{words.DOWN})")
UP = re.compile(f"{BETWEEN}(?:{words.UP})")
RATIO_OF_CHANGE = re.compile(
    r"(?:増加率|伸び率|減少率|成長率|増減率|上昇率|低下率|削減率|伸び)(?:は|が|を|も|:)?、?[^、。]{0,30}$"
)
AGAINST_SIGNED = re.compile(r"(?:比|と?に?比べて?|と?比較して?|より|から)(?:で|の|、|約|概ね|:|は)*$")
AGAINST = re.compile(r"比(?:で|の|、|約|概ね|:|は)*$")
LESS_RATE = re.compile(r"(?:減少率|削減率|低下率)[^、。]{0,30}$")
RATES = ("%", "倍")  # units that compare a value with another

BEFORE_COMPARATOR = re.compile(rf"({ABOUT})(?:平均)?$")
AFTER_COMPARATOR = re.compile(
    rf"(?:の大台|の水準)?(?:(?P<word>{COMPARED}|強|弱|半ば)"
    r"|(?P<over>を超|を上回)|(?P<under>を下回)|(?P<near>に迫)|(?P<keep>(?:を|の水準を|で)?維持))"
)
SAME_WORDS = {"およそ": "約", "ほぼ": "約", "おおむね": "概ね"}

# A target that holds already and is to stay (14か月以内を維持), and a value that stays about where it was.
KEPT = re.compile("維持|堅持|据え置|保(?:つ|ち|って)")
KEPT_BEHIND_QUOTE = re.compile(rf"」(?:の水準)?[にをで](?:{KEPT.pattern})")
STEADY = re.compile(r"[^。]{0,24}?(?:横ばい|横這い|同水準|同程度)(?!の[一-龥])")
NOT_SAID_OF = re.compile(r"より|比べ|比較")

# What tells which edition set a target, and arrows.
NEWLY_SET = re.compile(r"[^。]{0,12}?(?:設定する|こととする|定める|設ける)")
OTHER_DOCUMENT = re.compile(rf"」{BRACKET}(?:において|では)")
PLAN_YEAR = re.compile(rf"推進計画({WESTERN})|本計画")
ARROW_BEHIND = re.compile(rf"(?:{EXTENT})*{BRACKET}、?(?:{ARROW.pattern})")
ARROW_BEFORE = re.compile(
    rf"(?:{ARROW.pattern})[\0の、:]*(?:\([^()\1]*\)|\[[^\[\]\1]*\])?[\0の、:約]*(?:年間|平均|延べ|累計)?$"
)


def kind_of(passage: Passage, mention: Mention, after: str, period: Period | None) -> tuple[str, str]:
    """Return the kind and the rule that decided it, with its word: target, baseline, observation, origin (the starting
    point of something) or forecast. `after` is what follows the figure at its level."""
    ahead = passage.is_ahead(period) or (period is not None and period.name.startswith(("今後", "向こう")))
    return (
        _by_what_stands_beside(passage, mention, ahead)
        or _by_forecast(passage, mention, after, period)
        or (("target", "ahead") if ahead and not _is_past(after) else None)
        or _by_words(passage, mention, after, period)
    )


def aim_in(passage: Passage, after: str) -> re.Match[str] | None:
    """Return the first words behind a figure that speak of an aim."""
    aim = TARGET.search(after)
    intended = INTENDED.search(after) if passage.block.role in ("kpi", "cell") else None
    return min((match for match in (aim, intended) if match), key=lambda match: match.start(), default=None)


def _is_past(after: str) -> bool:
    """Return whether the words behind a figure tell of the past before they tell of an aim."""
    aim, past = TARGET.search(after), PAST.search(after)
    return past is not None and (aim is None or past.start() < aim.start())


def _by_what_stands_beside(passage: Passage, mention: Mention, ahead: bool) -> tuple[str, str] | None:
    """Return what a label, an arrow, から, a base of comparison or a quotation say."""
    aside = passage.running.is_aside(mention.level)
    quoted = passage.target_quote(mention.level) is not None
    if quoted and aside and is_current(passage, mention.level):
        return "baseline", "present"
    label = passage.bound.get(mention.amount.start)
    origin = ORIGIN.match(passage.text, mention.amount.end)
    if label is not None and not (label.kind == "observation" and origin):
        return label.kind, f"label {label.word}"
    if before_arrow(passage, mention):
        return ("target", "ahead") if ahead else ("origin", "arrow")
    if origin:
        return "origin", f"from {origin.group()[-3:]}"
    if aside and behind_base(passage, mention.level):
        return "origin", "base"
    return ("target", "quotation") if quoted else None


def _by_forecast(passage: Passage, mention: Mention, after: str, period: Period | None) -> tuple[str, str] | None:
    """Return that a value is only expected: 予測 or 見込み is said of it, and its year is not past."""
    year = period.year if period else None
    aim = TARGET.search(after)
    if (year is not None and year < passage.edition) or (aim and aim.group() == "目標"):
        return None
    match = FORECAST.search(after)
    if not match and not aim and passage.is_ahead(period):
        match = FORECAST.search(passage.running.at_level(mention.start, mention.amount.start, mention.level))
    return ("forecast", f"forecast {match.group()}") if match else None


def _by_words(passage: Passage, mention: Mention, after: str, period: Period | None) -> tuple[str, str]:
    """Return what the words behind a figure say, or the label that its sentence begins with."""
    aim, fact = aim_in(passage, after), OBSERVED.search(after)
    head = labels.heading(passage.masked, passage.labels, mention.start, mention.amount.start)
    if (
        head is not None
        and (fact is None or fact.group() in COPULA)
        and not _before_label(passage, mention, period, head)
    ):
        return head.kind, f"heading {head.word}"
    if aim and (fact is None or aim.start() <= fact.start()) and not _of_another(passage, mention, period, aim.group()):
        return "target", f"aim {aim.group()}"
    if fact is not None:
        return "observation", f"fact {fact.group()}"
    if after_arrow(passage, mention) and (period is None or passage.is_ahead(period)):
        return "target", "arrow"
    if period is not None and period.role == "deadline" and (period.year or 0) >= passage.edition:
        return "target", "deadline"
    return "observation", "nothing said"


def _of_another(passage: Passage, mention: Mention, period: Period | None, word: str) -> bool:
    """2030年には約860億円、2035年には2,000億円を目指す: the aim is not that of a figure of a past year."""
    if period is None or period.year is None or period.year >= passage.edition:
        return False
    aim = passage.text.find(word, mention.amount.end)
    later = passage.periods_between(mention.amount.end, aim, mention.level)
    return any((date.year or 0) > period.year for date in later)


def _before_label(passage: Passage, mention: Mention, period: Period | None, head: labels.Label) -> bool:
    """目標:2033年に60%以上、2030年:44%: a value of a past year behind that of a target is none."""
    past = period is not None and (period.year or passage.edition) < passage.edition and period.role == "topic"
    return past and any(head.end <= amount.start < mention.amount.start for amount in passage.amounts)


def before_arrow(passage: Passage, mention: Mention) -> bool:
    """Return whether an arrow leads away from the figure."""
    return ARROW_BEHIND.match(passage.masked, mention.amount.end) is not None


def after_arrow(passage: Passage, mention: Mention) -> bool:
    """Return whether an arrow leads to the figure."""
    start = max(mention.start, mention.amount.start - 40)
    return ARROW_BEFORE.search(passage.nameable, start, mention.amount.start) is not None


def is_current(passage: Passage, level: int) -> bool:
    """Return whether a bracket speaks of the present state."""
    bracket = passage.running.brackets[level]
    return CURRENT.search(passage.text, bracket.start, bracket.end) is not None


def nature_of(passage: Passage, mention: Mention) -> tuple[str, float, str]:
    """Return level, change or rate, the value with its sign, and the words that decided."""
    amount = mention.amount
    after = re.sub(f"^{BRACKET}", "", passage.text[amount.end : amount.end + 32])
    if passage.running.is_aside(mention.level):
        after = after.removeprefix(")")  # 7人(10.3%)減り
    before = passage.running.at_level(max(mention.start, amount.start - 60), amount.start, mention.level)
    if amount.counter == "倍":
        return "rate", amount.value, "unit"  # a third of something is no negative number
    nature = "rate" if amount.counter == "%" else "change"
    down = DOWN.match(after)
    if change := down or UP.match(after):
        return nature, -abs(amount.value) if down else amount.value, f"by {change.group()[-4:]}"
    if amount.counter == "ポイント":
        return nature, amount.value, "unit"
    if nature == "rate" and RATIO_OF_CHANGE.search(before):
        return nature, -abs(amount.value) if LESS_RATE.search(before) else amount.value, "rate of change"
    if nature == "rate":
        is_change = bool(amount.sign or AGAINST.search(before))
    else:
        is_change = bool(amount.sign and AGAINST_SIGNED.search(before))
    if is_change:
        return nature, amount.value, "sign"
    return "level", amount.value, ""


def comparator_of(text: str, amount: Amount, period: Period | None) -> str | None:
    """Return 以上, 約 … in front of or behind an amount. 前年の5兆円を上回る compares another figure with this one."""
    if amount.range_end:
        return amount.range_end
    behind = AFTER_COMPARATOR.match(text, amount.end)
    if behind and behind["word"]:
        return behind["word"]
    if behind and not behind["keep"] and (period is None or period.role != "attached"):
        return "超" if behind["over"] else "未満" if behind["under"] else "約"
    if in_front := BEFORE_COMPARATOR.search(text, max(0, amount.start - 8), amount.start):
        return SAME_WORDS.get(in_front[1], in_front[1])
    return "維持" if behind and behind["keep"] else None


# ------------------------------------------------------------------------------------ which edition set a target


def keeps(passage: Passage, mention: Mention, after: str) -> bool:
    """Return whether a target is to be kept and not to be reached: the first aim said of it is that."""
    aim = TARGET.search(after)
    kept = KEPT.search(after)
    if kept is not None:
        return aim is None or kept.start() <= aim.start()
    return KEPT_BEHIND_QUOTE.search(passage.text[mention.amount.end : mention.amount.end + 12]) is not None


def is_steady(passage: Passage, mention: Mention) -> bool:
    """Return whether the text says of a value that it stays about where it was (…であり、横ばいで推移している)."""
    end = passage.running.sentence(mention.amount.end, mention.level)[1]
    match = STEADY.match(passage.text, mention.amount.end, end)
    if match is None or NOT_SAID_OF.search(match.group()):
        return False
    return not passage.amounts_between(mention.amount.end, match.end())


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
