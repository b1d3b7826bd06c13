"""Two measures side by side, with what speaks for their being linked: for people who judge a pair.

What the link model says of a pair is shown as a waterfall: a table in which each similarity feature has a bar of what
it adds to the log-odds, beside who decides. Everything given back as HTML is escaped; it needs STYLE once a page (the
waterfall alone: WATERFALL_STYLE), and reads well without it, too.
"""

import re
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from functools import cache
from html import escape
from typing import Any

import jinja2
import polars as pl
from markupsafe import Markup

from analysis.base.i18n import gettext, plain
from analysis.coding import codings
from analysis.continuity import competition, explanation, link_model, similarity, vocabulary
from analysis.continuity.explanation import Contribution, Explanation
from analysis.report.charts.base import BLUE, GREEN, GREY, ORANGE, RED
from analysis.tables import editions, ministries
from analysis.tables.labels import differences, label, topic_names

Row = Mapping[str, Any]
TOKEN = re.compile(r"[0-9A-Za-z０-９Ａ-Ｚａ-ｚ]+|.", re.DOTALL)
SHORTEST = 3  # characters in common that are told apart from a chance: shorter ones count as different
TERMS_SHOWN = 14
BAR_WIDTH = 240  # of a waterfall, in units of its drawing
PLAIN = ("wording", "words", "overlap", "lead", "name", "subject", "section")
WATERFALL_STYLE = """<style>
table.waterfall { border-collapse: collapse; width: auto; margin: .2rem 0; font-size: .92em; }
table.waterfall tr > * { padding: .05rem .8rem .05rem 0; border: 0; text-align: left; }
table.waterfall tr > * { font-weight: normal; min-width: 0; }
table.waterfall tr > .number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
table.waterfall td.bar { padding: 0; }
table.waterfall svg { display: block; width: 15rem; height: 1.35rem; }
table.waterfall .total > * { border-top: 1px solid rgba(128,128,128,.6); font-weight: bold; }
</style>"""
STYLE = """<style>
.pair { border: 1px solid rgba(128,128,128,.45); border-radius: 4px; padding: .6rem .9rem; margin: .8rem 0; }
.pair p { margin: .2rem 0; }
.pair-sides { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr)); }
.pair-sides { gap: .4rem 1.4rem; }
.pair-side h4 { margin: .5rem 0 .2rem; font-size: 1em; }
.pair-place, .pair-note { opacity: .8; font-size: .87em; }
.pair-text { line-height: 1.75; overflow-wrap: anywhere; }
.pair del { text-decoration: underline dashed 1px; text-underline-offset: .22em; background: rgba(217,130,43,.2); }
.pair ins { text-decoration: underline solid 2px; text-underline-offset: .22em; background: rgba(43,108,163,.18); }
.pair table { border-collapse: collapse; width: auto; }
.pair th, .pair td { text-align: left; vertical-align: top; padding: .15rem 1rem .15rem 0; border: 0; }
.pair th { min-width: 11rem; font-weight: normal; }
@media print { .pair details::details-content { content-visibility: visible; display: block; } }
</style>"""
STYLE += WATERFALL_STYLE


def evidence_rows(
    candidate: Row | None, link: Row | None, language: str, reading: Row | None = None, features: bool = True
) -> list[tuple[str, str]]:
    """What speaks for a pair, part by part: (what, how much) in words people understand.

    `candidate` is a row of Candidates (None where only a document or a person ties the two), `link` one of Links
    (None where they are not linked), `reading` one of `codings.table` (None where no coder named the pair), each by
    column. Without `features` the values of the similarity features are left out: a waterfall shows them.
    """
    rows: list[tuple[str, str]] = []

    def say(key: str, value: str) -> None:
        rows.append((label("similarity", key, language), value))

    judged = link or candidate
    if judged is not None and reading is None and (link or {"basis": "likeness"})["basis"] == "likeness":
        say("score", chance(judged["score"]))
        say("same_score", chance(judged["same_score"]))
    say("relation", label("relation", link["relation"] if link else "none", language))
    if link is not None:
        say("basis", label("basis", link["basis"], language))
        say("changed", differences(link["changed"], language) or gettext("nothing", language))
    if reading is not None:
        say("reading", listed([label("relation", reading[name], language) for name in codings.CODED], language))
        say("reason", reading["why"] or gettext("none", language))
    if candidate is not None and features:
        for name in PLAIN:
            say(name, f"{candidate[name]:.2f}")
        say("ministry", _ministry(candidate, language))
        say("topic", gettext("yes", language) if candidate["topic"] else gettext("no", language))
        say("length", f"{candidate['length']:.2f}")
        if candidate["vector"] is not None:
            say("vector", f"{candidate['vector']:.2f}")
    if link is not None:
        shown = {
            "names": link["shared_names"],
            "subjects": [vocabulary.subject_label(subject, language) for subject in link["shared_subjects"]],
            "bodies": [ministries.label(name, language) for name in link["shared_ministries"]],
            "renamed": link["renamed"],
        }
        for key, names in shown.items():
            say(key, listed(names, language) or gettext("none", language))
    return rows


def _ministry(candidate: Row, language: str) -> str:
    if candidate["ministry"] == similarity.UNKNOWN:
        return gettext("unknown: a side names none", language)
    if not candidate["ministry"]:
        return gettext("no", language)
    return gettext("yes (rarity {rarity})", language, rarity=f"{candidate['ministry_rarity']:.2f}")


# --- why the link model gives a pair its probability ---------------------------------------------------------------


def explained(
    from_id: str, to_id: str, tables: Mapping[str, pl.DataFrame], strictness: float = 1.0
) -> Explanation | None:
    """Return why the link model gives a pair its score; None where it has none, or that of other parameters.

    tables: measures and candidates; `strictness` is that of the run that made them.
    """
    candidate = _row(tables["candidates"], from_id, to_id)
    if candidate is None or "rest" not in candidate:
        return None
    edition_of = dict(tables["measures"].select("measure_id", editions.column()).iter_rows())
    return explanation.explained(candidate, edition_of[from_id], edition_of[to_id], strictness)


def decides(from_id: str, to_id: str, tables: Mapping[str, pl.DataFrame]) -> str | None:
    """Return what it rests on that a pair is linked or is not (a basis, as in Links); None where that is not known.

    tables: candidates and links; of a pair that is not linked also measures, roadmap, read and decided.
    """
    link = _row(tables["links"], from_id, to_id)
    if link is not None:
        return str(link["basis"])
    if not {"roadmap", "read", "decided"} <= tables.keys():
        return None
    pair = tables["candidates"].filter(from_id=from_id, to_id=to_id)
    measures, roadmap, decided, read = (tables[name] for name in ("measures", "roadmap", "decided", "read"))
    row = _row(link_model.settled(pair, measures, roadmap, decided, read), from_id, to_id)
    return row["basis"] if row else None


def model_sentences(model: Explanation, basis: str | None, language: str) -> list[str]:
    """Return in words what decides about a pair, if that is known, and what the model alone would say of it."""
    result = []
    if basis == "likeness":
        result.append(gettext("No coder, document or person says anything of the pair: the model decides.", language))
    elif basis is not None:
        words = label("basis", basis, language)
        result.append(
            gettext("The model does not decide this pair. What holds rests on: {basis}.", language, basis=words)
        )
    probability, threshold = _told_apart(model.probability, model.link_from)
    values = {"probability": probability, "threshold": threshold}
    if model.linked:
        alone = gettext(
            "The model alone would link it: probability {probability}; between these editions it links from "
            "{threshold} on.",
            language, **values,
        )  # fmt: skip
    elif model.likely:
        alone = gettext(
            "The model alone would not link it: its probability {probability} reaches the threshold {threshold}, but "
            "better pairs of these measures leave only {rest} of its words open; {least} is the least.",
            language, rest=chance(model.rest), least=chance(competition.SECOND_FROM), **values,
        )  # fmt: skip
    else:
        alone = gettext(
            "The model alone would not link it: probability {probability}; between these editions it links from "
            "{threshold} on.",
            language, **values,
        )  # fmt: skip
    return [*result, alone]


def _told_apart(probability: float, threshold: float) -> tuple[str, str]:
    """Both as words, with as many digits as show which is higher."""
    shown = chance(probability), chance(threshold)
    digits = 3
    while shown[0] == shown[1] and probability != threshold and digits <= 6:
        shown, digits = (f"{probability:.{digits}f}", f"{threshold:.{digits}f}"), digits + 1
    return shown


def steps(model: Explanation) -> list[tuple[Contribution, float, float]]:
    """Return what adds to the log-odds, the intercept first, then the largest, and the sums before and after each.

    What adds nothing is left out.
    """
    intercept, *features = model.contributions
    counted = sorted((part for part in features if part.log_odds), key=lambda part: -abs(part.log_odds))
    rows, total = [], 0.0
    for part in (intercept, *counted):
        rows.append((part, total, total + part.log_odds))
        total += part.log_odds
    return rows


def feature_value(part: Contribution, language: str) -> str:
    """Return the value of a similarity feature in words."""
    if part.feature == "ministry" and part.value == similarity.UNKNOWN:
        return gettext("unknown: a side names none", language)
    if part.feature in ("ministry", "topic"):
        return gettext("yes", language) if part.value else gettext("no", language)
    return f"{part.value:.2f}"


def signed(log_odds: float) -> str:
    return f"{log_odds:+.2f}".replace("-", "−")


def waterfall(model: Explanation, basis: str | None, language: str) -> Markup:
    """Return why the model gives a pair its probability as safe HTML: who decides, a bar for each feature.

    `basis` is what the link or its absence rests on, None where that is not known.
    """
    shown = steps(model)
    ends = [0.0, model.threshold, *(end for _, _, end in shown)]
    low, scale = min(ends), BAR_WIDTH / max(max(ends) - min(ends), 1e-9)

    def bar(name: str, start: float, end: float, colour: str, **values: object) -> dict[str, object]:
        x, width = (min(start, end) - low) * scale, abs(end - start) * scale
        values = {"value": "", "weight": "", "total": False} | values
        return {"label": name, "x": x, "width": width, "colour": colour, "log_odds": signed(end - start), **values}

    (intercept, *_), *features = shown
    bars = [bar(label("similarity", "intercept", language), 0, intercept.log_odds, GREY)]
    bars += [
        bar(label("similarity", part.feature, language), start, end, BLUE if end > start else ORANGE,
            value=feature_value(part, language), weight=signed(part.weight))
        for part, start, end in features
    ]  # fmt: skip
    total = gettext("the model alone: probability {probability}", language, probability=chance(model.probability))
    bars.append(bar(total, 0, model.log_odds, GREEN if model.linked else GREY, total=True))
    reached = gettext("threshold: probability {threshold}", language, threshold=chance(model.link_from))
    bars.append(bar(reached, model.threshold, model.threshold, GREY, log_odds=signed(model.threshold)))
    nothing = [
        f"{label('similarity', part.feature, language)}: {feature_value(part, language)}"
        for part in model.contributions if not part.log_odds
    ]  # fmt: skip
    html = template("waterfall.html.j2").render(
        _=lambda message, **values: gettext(message, language, **values), bars=bars, width=BAR_WIDTH,
        rule=(model.threshold - low) * scale, rule_colour=RED, nothing=listed(nothing, language),
        sentences=model_sentences(model, basis, language),
    )  # fmt: skip
    return Markup(html)


# --- both measures -------------------------------------------------------------------------------------------------


def chance(probability: float) -> str:
    """A probability in two digits; only what is certain reads 1.00, only what is impossible 0.00."""
    if 0 < probability < 1:
        return "<0.01" if probability < 0.005 else ">0.99" if probability >= 0.995 else f"{probability:.2f}"
    return f"{probability:.2f}"


def listed(items: list[str], language: str) -> str:
    return ("、" if language == "ja" else "; ").join(items)


def marked(one: str, two: str) -> tuple[str, str]:
    """Both texts as safe HTML; what only the first says stands in <del>, what only the second says in <ins>."""
    left, right = TOKEN.findall(one), TOKEN.findall(two)
    sides, place = ("", ""), (0, 0)
    for start, other, size in _in_common(left, right):
        cut = ("".join(left[place[0] : start]), "".join(right[place[1] : other]))
        common = escape("".join(left[start : start + size]))
        sides = (sides[0] + _tagged("del", cut[0]) + common, sides[1] + _tagged("ins", cut[1]) + common)
        place = (start + size, other + size)
    return sides


def merged(one: str, two: str) -> Markup:
    """Return both texts in one as safe HTML: what only the first says in <del>, what only the second says in <ins>."""
    left, right = TOKEN.findall(one), TOKEN.findall(two)
    html, place = "", (0, 0)
    for start, other, size in _in_common(left, right):
        html += _tagged("del", "".join(left[place[0] : start])) + _tagged("ins", "".join(right[place[1] : other]))
        html += escape("".join(left[start : start + size]))
        place = (start + size, other + size)
    return Markup(html)


def _in_common(left: list[str], right: list[str]) -> list[tuple[int, int, int]]:
    """Runs in common as (start, start on the other side, length), an empty one last; chance ones are left out."""
    blocks = SequenceMatcher(None, left, right, autojunk=False).get_matching_blocks()
    ends = {(0, 0), (len(left), len(right))}
    return [
        (i, j, size)
        for i, j, size in blocks
        if len("".join(left[i : i + size])) >= SHORTEST or {(i, j), (i + size, j + size)} & ends
    ]


def _tagged(tag: str, text: str) -> str:
    return f"<{tag}>{escape(text)}</{tag}>" if text else ""


def side_by_side(
    from_id: str, to_id: str, tables: dict[str, pl.DataFrame], language: str, strictness: float = 1.0
) -> str:
    """One HTML block: both measures with their differences marked, place and people in charge, and the evidence.

    `tables` holds measures, features, assignments, topics, candidates and links, what coders judged (`read`)
    if that is to be shown, those of `decides` and `explained`, and texts where they are at hand; a measure without its
    text is shown by its names and terms. `strictness` is that of the run. Raises KeyError for an unknown measure.
    """
    sides = [side(key, tables, language) for key in (from_id, to_id)]
    candidate, link = (_row(tables[name], from_id, to_id) for name in ("candidates", "links"))
    reading = _row(tables["read"], from_id, to_id) if "read" in tables else None
    model = explained(from_id, to_id, tables, strictness)
    rows = evidence_rows(candidate, link, language, reading, features=model is None)
    if link is None:
        pair = pl.DataFrame({"from_id": [from_id], "to_id": [to_id]})
        names = similarity.in_common(pair, tables["measures"], tables["features"])["shared_names"][0].to_list()
        rows.append((gettext("names in common", language), listed(names, language) or gettext("none", language)))
    judged = [label("relation", link["relation"] if link else "none", language)]
    scored, basis = link or candidate, decides(from_id, to_id, tables)
    if scored and reading is None and basis in (None, "likeness"):  # else no probability decides
        judged += [" ".join((gettext("score", language), chance(scored["score"])))]
    judged += [label("basis", link["basis"], language)] if link else []
    why = waterfall(model, basis, language) if model else ""
    return _html(sides, language, judged, rows, why)


def blind(measure_ids: Sequence[str], tables: dict[str, pl.DataFrame], language: str) -> str:
    """Return a measure, or two side by side, as the documents have them: nothing that anybody or anything judged.

    tables: as `side_by_side` without candidates and links, with texts (which may be empty), where headings are whole,
    and roadmap, for the titles of its items. Raises KeyError for an unknown measure.
    """
    sides = [side(key, tables, language) for key in measure_ids]
    for shown in sides:
        key, texts = shown["measure_id"], tables["texts"]
        heads = [_value(texts, key, name) if shown["text"] else shown[name] for name in ("section_title", "subhead")]
        shown["heading"] = " / ".join(filter(None, (*heads, _value(tables["roadmap"], key, "title"))))
    return _html(sides, language, [], [])


def _html(
    sides: list[dict[str, Any]], language: str, judged: list[str], rows: list[tuple[str, str]], why: str = ""
) -> str:
    if len(sides) == 2 and all(shown["text"] for shown in sides):
        sides[0]["marked"], sides[1]["marked"] = marked(sides[0]["text"], sides[1]["text"])

    def translate(message: str, **values: object) -> str:
        return gettext(message, language, **values)

    return template("pair.html.j2").render(_=translate, sides=sides, judged=judged, rows=rows, why=why)


@cache
def template(name: str, room: str = "report") -> jinja2.Template:
    """Return a template of a room: it escapes what it shows, and a name that it is not given is a fault."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader(f"analysis.{room}", "templates"), autoescape=True, undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters["plain"] = plain
    return environment.get_template(name)


def _row(table: pl.DataFrame, from_id: str, to_id: str) -> Row | None:
    rows = table.filter((pl.col("from_id") == from_id) & (pl.col("to_id") == to_id))
    return rows.row(0, named=True) if len(rows) else None


def side(measure_id: str, tables: dict[str, pl.DataFrame], language: str) -> dict[str, Any]:
    """What is known of a measure: its row and edition, heading, topic, bodies, terms, and text (None: not at hand).

    Raises KeyError for an unknown measure.
    """
    own = tables["measures"].filter(pl.col("measure_id") == measure_id).with_columns(editions.column())
    if own.is_empty():
        raise KeyError(measure_id)
    row = own.row(0, named=True)
    heading = " / ".join(filter(None, (row["section_title"], row["subhead"])))
    topic = _value(tables["assignments"], measure_id, "topic_id")
    return {
        **row,
        "edition_id": editions.label(row["edition_id"], language),
        "heading": heading,
        "topic": topic_names(tables["topics"], language)[topic],
        "bodies": listed([ministries.written(name, language) for name in row["ministries"]], language),
        "terms": terms(measure_id, tables["features"]),
        "text": _text(measure_id, tables.get("texts")),
        "marked": None,
    }


def _value(table: pl.DataFrame, measure_id: str, column: str) -> Any:
    rows = table.filter(pl.col("measure_id") == measure_id)
    return rows[column][0] if len(rows) else None


def _text(measure_id: str, texts: pl.DataFrame | None) -> str | None:
    if texts is None:
        return None
    rows = texts.filter(pl.col("measure_id") == measure_id).select(pl.coalesce("repaired", "text"))
    return rows.item(0, 0) if len(rows) else None


def terms(measure_id: str, features: pl.DataFrame) -> str:
    """Names and content words of a measure, for where its text is not at hand."""
    rows = features.filter(pl.col("measure_id") == measure_id).select("names", "terms")
    return " · ".join([*rows["names"][0], *rows["terms"][0]][:TERMS_SHOWN]) if len(rows) else ""
