"""Which layout a document has: each is tried, one is inferred, and all are judged by what is read with them.

A full plan closes each measure with its horizon and its ministries, so that the plan says itself how many measures a
reader should find: one for each horizon. Slides and articles say no such thing; there the reader counts whose
measures take up most of the text, weighed by whether the text is set as that reader expects. No judgement is more
than a guess: `Guess.sure` says how good it is, and what did not fit is listed.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from analysis.base.japanese import normal, squeeze
from analysis.documents import marks, paragraphs
from analysis.documents.document import Document, Run
from analysis.extraction import recognised, voice
from analysis.extraction.parsers import attribution, infer, parse, plan_roadmap
from analysis.extraction.parsers.parse_result import Paragraph, ParseResult
from analysis.extraction.parsers.profile import Profile, layouts
from analysis.extraction.parsers.statements import states_need, states_task
from analysis.tables import ministries

INFERRED = "inferred"  # the name of a layout until an analyst keeps it
SUMMARIES = ("slides", "article")
FEWEST = 3  # horizons from which on a text is taken for a full plan
SURE, UNSURE = 0.9, 0.5  # from SURE on a guess is good, below UNSURE no reader knows the document
ROMAN = re.compile(r"[IVX]+ ?\. ?\S")  # chapters of the one layout; those of the other have plain numbers
FOREIGN = 0.02
SUMMARY = 0.2  # how much of its certainty a summary's layout keeps where the document is a plan
ADVANTAGE = 0.05  # of a layout that was kept over one that is inferred, as a share
ENOUGH = 8  # measures from which on chance is no explanation
OTHER_ENDINGS = 0.2  # the share of a plan's measures, at most, that end with a name and no predicate
OTHER_NAMES = 0.4  # and of a summary's, that are names or were read amiss
UNNAMED = 0.4  # what is left of how sure a summary is where nothing names the plan, or no government
SHORTEST = 12  # characters of a sentence
PRICE = re.compile(r"\d(?:億|万|百万|千)*円")  # of a programme in a budget
POINTS = "only points to another section"  # a doubt about the plan, not about the reading
STRUCTURE = ("heading", "footnote", "kpi", "table", "figure", "annex", "contents", "roadmap")


@dataclass(frozen=True)
class Guess:
    """A layout, the document as its parser takes it, what the parser found, and how sure it is, 0–1."""

    layout: str
    profile: Profile
    document: Document
    reading: ParseResult
    sure: float

    @cached_property
    def unfit(self) -> list[tuple[int, str]]:
        """The lines (number, text) that did not fit: without a role, attributions that belong to no measure, and list
        items that name ministries but are no measures; where no reader knows the layout, whatever names ministries."""
        return _unfit(self.reading, self.sure >= UNSURE)

    @property
    def unknown(self) -> float:
        """The share of lines, blank ones aside, that the reader could give no role."""
        held = [paragraph.role for paragraph in self.reading.paragraphs for _ in paragraph.lines]
        return held.count("unknown") / len(held) if held else 0.0


def guesses(forms: Iterable[tuple[str, Document]], only: str | None = None) -> list[Guess]:
    """All layouts, the best first. `forms` are layouts with the document that their parser would be given.

    Where none of a plan is sure, one is inferred for each document, too.
    """
    forms, known = list(forms), layouts()
    documents = {id(document): document for _, document in forms}
    worth = _worth(documents)
    made = [
        _guess(layout, known[layout], document, worth[id(document)])
        for layout, document in forms
        if only in (None, layout)
    ]
    sure = any(guess.sure >= SURE and guess.profile.parser not in SUMMARIES for guess in made)
    if only == INFERRED or (only is None and not sure):
        profiles = [(infer.profile(document), document) for document in documents.values()]
        made += [_guess(INFERRED, profile, document, worth[id(document)]) for profile, document in profiles if profile]
    return _ranked(made, [*known, INFERRED])


def with_profile(forms: Iterable[tuple[str, Document]], profile: Profile) -> list[Guess]:
    """What is read with one profile, of each document that `forms` hold, the best first."""
    documents = {id(document): document for _, document in forms}
    worth = _worth(documents)
    return _ranked([_guess(INFERRED, profile, made, worth[at]) for at, made in documents.items()], [INFERRED])


def _worth(documents: Mapping[int, Document]) -> dict[int, float]:
    """How far each document, by its key, speaks as a plan and was read well, whatever its layout, 0–1."""
    return {at: voice.as_plan(document) * recognised.legible(document) for at, document in documents.items()}


def _ranked(made: list[Guess], order: list[str]) -> list[Guess]:
    if any(guess.profile.parser not in SUMMARIES and guess.sure >= UNSURE for guess in made):
        # what closes its measures is a plan: no summary says who is in charge of each
        made = [
            replace(guess, sure=SUMMARY * guess.sure) if guess.profile.parser in SUMMARIES else guess for guess in made
        ]
    known = {guess.layout: 1 + ADVANTAGE * (guess.layout != INFERRED) for guess in made}
    return sorted(made, key=lambda guess: (-guess.sure * known[guess.layout], order.index(guess.layout)))


def _guess(layout: str, profile: Profile, document: Document, worth: float) -> Guess:
    runs = paragraphs.runs(document, profile.style)
    reading = parse(profile, document)
    return Guess(layout, profile, document, reading, round(worth * _sure(profile, runs, reading), 3))


def _sure(profile: Profile, runs: list[Run], reading: ParseResult) -> float:
    if profile.parser == "roadmap":
        return plan_roadmap.sure(runs, reading)
    shares = _shares(reading.paragraphs)
    if profile.parser == "any plan":
        return _any_plan(reading, shares) * _caught(reading)
    text = squeeze("\n".join(run.raw for run in runs))
    horizons = len(attribution.HORIZON.findall(text))
    heads = {head for known in layouts().values() if known.parser == "plan" for head in known.measures}
    plan = horizons >= FEWEST or any(f"({head})" in normal(text) for head in heads)
    if profile.parser == "plan":
        foreign = ("roman" in profile.levels) != any(ROMAN.match(normal(run.text)) for run in runs)
        return max(0.0, _plan(reading, horizons, shares) - FOREIGN * foreign) if plan else SUMMARY * shares["measure"]
    weight = shares["measure"] * _set_as(profile, runs)
    if profile.parser == "slides":
        weight *= max(0.0, min(1.0, 2 - 4 * _prose(reading.paragraphs)))  # all of it up to a quarter, none from a half
    return SUMMARY * weight if plan else min(0.95, 2.2 * weight) * _as_summary(reading, runs) * _caught(reading)


def _as_summary(reading: ParseResult, runs: list[Run]) -> float:
    """How far what is read could be a plan's summary, 0–1: nothing closes its measures, so that these must state tasks,
    and the document must call itself a plan's and speak of a government."""
    measures = reading.measures
    if not measures:
        return 0.0
    said = [measure.text for measure in measures if not voice.OTHERS_ACT.match(normal(measure.text))]
    ahead = sum(states_task(text) or states_need(text) for text in said) / len(measures)
    value = min(1.0, ahead + OTHER_NAMES) ** 2 * min(1.0, (len(measures) + 2) / ENOUGH)
    lines = [normal(run.text) for run in runs]
    return value * UNNAMED ** (2 - voice.names_plan(lines) - voice.names_public(lines))


def _caught(reading: ParseResult) -> float:
    """How far the measures are all that will be done, 0–1: in a plan some more sentences say so, in what introduces
    its sections, but not more than there are measures."""
    outside = 0
    for paragraph in reading.paragraphs:
        if paragraph.measure is None and paragraph.role in ("background", "table", "unknown"):
            text = "".join(raw.strip() for _, raw in paragraph.lines)
            outside += sum(len(part) >= SHORTEST and states_task(part) for part in re.split("[。\t]", text))
    return min(1.0, len(reading.measures) / max(outside, 1))


def _any_plan(reading: ParseResult, shares: Mapping[str, float]) -> float:
    """Measures that bodies in charge close, few attributions that close none, and sentences that say what will be done,
    not what was, should be, or costs how much."""
    measures = reading.measures
    attributed = sum(bool(measure.ministries) for measure in measures)
    if attributed < FEWEST:
        return 0.0
    names = [name for measure in measures for name in measure.ministries]
    known = sum(map(ministries.known, map(ministries.canonical, names))) / len(names)
    ahead = sum(states_task(measure.text) for measure in measures) / len(measures)
    priced = sum(PRICE.search(normal(measure.text)) is not None for measure in measures) / len(measures)
    caught = attributed / (attributed + reading.stray)
    value = attributed / len(measures) * caught * (0.8 + 0.2 * known) * (1 - shares["unknown"])
    value *= min(1.0, ahead + OTHER_ENDINGS) ** 2 * (1 - max(0.0, priced - 0.5))
    return min(0.95, value) * min(1.0, (attributed + 2) / ENOUGH)


def _plan(reading: ParseResult, horizons: int, shares: Mapping[str, float]) -> float:
    """One measure for each horizon, each with ministries that are known, and no doubts."""
    measures = reading.measures
    if not measures:
        return 0.0
    whole = sum(bool(measure.horizon and measure.ministries) for measure in measures)
    agreement = min(whole, horizons) / max(whole, horizons, len(measures)) if horizons else 0.3
    names = [name for measure in measures for name in measure.ministries]
    known = sum(map(ministries.known, map(ministries.canonical, names))) / len(names) if names else 0.0
    # what is doubted of a roadmap are its cells
    doubted = sum(m.place is None and bool(set(m.doubts) - {POINTS}) for m in measures) / len(measures)
    structure = sum(shares[role] for role in STRUCTURE)
    value = agreement * (0.6 + 0.4 * known) * (1 - 0.2 * doubted) * (1 - shares["unknown"])
    return 0.99 * value + 0.01 * min(structure, 1.0)


def _shares(paragraphs: list[Paragraph]) -> Mapping[str, float]:
    """The share of the text's signs that each role holds."""
    signs: Counter[str] = Counter()
    for paragraph in paragraphs:
        signs[paragraph.role] += sum(len(raw.strip()) for _, raw in paragraph.lines)
    total = signs.total() or 1
    return defaultdict(float, {role: count / total for role, count in signs.items()})


def _prose(paragraphs: list[Paragraph]) -> float:
    """The share of the text's signs in running text: sentences that no list's mark begins. Slides have little."""
    texts = ["".join(raw.strip() for _, raw in paragraph.lines) for paragraph in paragraphs]
    running = sum(len(text) for text in texts if text.endswith("。") and marks.mark(text) is None)
    return running / max(sum(map(len, texts)), 1)


def _set_as(profile: Profile, runs: list[Run]) -> float:
    """Whether a summary's lines are set as the layout's are: whole paragraphs, headings marked, or wrapped lines."""
    apart = [run.above != "line" or at == 0 for at, run in enumerate(runs)]
    isolated = sum(map(min, apart, [*apart[1:], True])) / max(len(runs), 1)
    marked = sum(run.heading or run.raw.startswith("#") for run in runs) / max(len(runs), 1)
    if profile.parser == "slides" and profile.wrapped:
        return max(1 - isolated, 0.5)  # on a page items may stand apart too
    if profile.parser == "article":
        return 1.0 if marked > 0.05 else 0.6 * isolated
    return min(1.0, isolated + 0.3)


def _unfit(reading: ParseResult, known: bool) -> list[tuple[int, str]]:
    """See Guess.unfit; `known` says whether the reader knows the layout."""
    listed: dict[int, str] = {}
    bodies = [] if known else [name for name in ministries.register() if len(name) > 2]
    passed = ("title", "contents", "furniture", "footnote", "annex") if known else ("furniture",)
    for paragraph in reading.paragraphs:
        if paragraph.measure is not None or paragraph.role in passed:
            continue
        for number, raw in paragraph.lines:
            plain = squeeze(raw)
            named = sum(ministries.known(name) for name in re.split(r"[、,・()（）]", plain))
            attributed = attribution.HORIZON.search(plain) is not None
            listing = marks.mark(raw) is not None and named > 0
            anyhow = any(name in plain for name in bodies)
            if paragraph.role == "unknown" or attributed or listing or named > 2 or anyhow:
                listed[number] = raw.strip()
    return sorted(listed.items())
