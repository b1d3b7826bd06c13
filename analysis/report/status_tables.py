"""What became of each measure, or where it came from, one by one: with the nearest measure of the other edition."""

import math
from typing import Any

import polars as pl

from analysis.base.i18n import gettext
from analysis.base.i18n import gettext_noop as N_
from analysis.continuity import competition
from analysis.report import pair_view
from analysis.report.charts import genealogy
from analysis.report.data import ReportData
from analysis.report.exhibit import running
from analysis.tables import editions, ministries, summary_statistics
from analysis.tables.categories import RELATIONS
from analysis.tables.labels import became, label, topic_names

COLUMNS: dict[str, Any] = {
    "measure_id": pl.String, "doubtful": pl.Boolean, "became": pl.String, "section": pl.String, "heading": pl.String,
    "topic": pl.String, "ministries": pl.String, "terms": pl.String, "partner": pl.String, "score": pl.Float64,
    "evidence": pl.String, "doc_id": pl.String, "first_line": pl.Int64, "last_line": pl.Int64,
}  # fmt: skip
GROUPS = {
    "continued": N_("Of the {edition}, what goes on in the {other}"),
    "ended": N_("Of the {edition}, what is not found in the {other}"),
    "evolved": N_("Of the {edition}, what evolved into others by the {other}"),
    "new": N_("Of the {edition}, what has no forerunner in the {other}"),
}
UNLINKED = ("ended", "new")
TERMS = 6  # rarest names that are shown
SHARED = 3  # names in common that are shown
SHOWN = 6  # pairs
DOUBT = 1.5  # as continuity.DOUBT, which loads much


def table(tables: dict[str, pl.DataFrame], edition_id: str, other: str, status: str, language: str) -> pl.DataFrame:
    """The measures of an edition that have the status as seen from another: COLUMNS, doubtful ones first, then by line;
    repetitions (再掲) are left out.

    `became` says in words what became of it and what changed, null for what ended or is new. `partner` is the measure
    of the other edition with the highest score (probability that they are linked, 0–1), null where none came near;
    `evidence` says what speaks for it. `tables` holds measures, features, assignments,
    topics, candidates, links and statuses, and what coders judged (`read`).
    """
    told = summary_statistics.seen_from(tables["statuses"], edition_id, other).filter(pl.col("status") == status)
    own = told.join(tables["measures"].filter(pl.col("repeats").is_null()), on="measure_id").sort(
        ["doubtful", "first_line", "measure_id"], descending=[True, False, False]
    )
    keys = own["measure_id"].to_list()
    topic = dict(tables["assignments"].select("measure_id", "topic_id").iter_rows())
    named = topic_names(tables["topics"], language)
    terms = genealogy.rarest(tables["features"], keys, TERMS)
    best = _best(tables, dict(own.select("measure_id", "best_score").iter_rows()), other)
    read = tables["read"].filter(pl.col("edition_id") == max(edition_id, other, key=editions.place))
    rows = []
    for row in own.iter_rows(named=True):
        key = row["measure_id"]
        partner, score, evidence = best.get(key, (None, None, None))
        bodies = [ministries.written(name, language) for name in row["ministries"]]
        known = {
            "became": None if status in UNLINKED else _became(row, language),
            "heading": " / ".join(filter(None, (row["section_title"], row["subhead"]))),
            "topic": named[topic.get(key)],
            "ministries": pair_view.listed(bodies, language),
            "terms": pair_view.listed(terms[key], language),
            "partner": partner,
            "score": score,
            "evidence": None if evidence is None else _said(evidence, read, language),
        }
        if evidence is not None and _rests_on(evidence, read)[1] != "likeness":
            known["score"] = None  # no probability decides
        rows.append({name: (row | known)[name] for name in COLUMNS})
    return pl.DataFrame(rows, schema=COLUMNS)


def _became(row: dict[str, Any], language: str) -> str:
    return became(row["status"], row["change"], row["changed"], language)


Best = tuple[str, float, tuple[dict[str, Any] | None, dict[str, Any] | None]]


def groups(data: ReportData) -> list[dict[str, Any]]:
    """Return what goes on, evolved, ended and is new between the two editions.

    Status, title, editions, rows (with texts where they are at hand), how many of them are doubtful, and whether they
    are linked, so that there is something to say of what became of them.
    """
    if data.alone:
        return []
    texts = dict(data.tables["texts"].select("measure_id", pl.coalesce("repaired", "text")).iter_rows())
    result = []
    for status, message in GROUPS.items():
        sides = (data.later, data.earlier) if status == "new" else (data.earlier, data.later)
        frame = table(data.tables, *sides, status, data.language)
        rows = [row | {"text": texts.get(row["measure_id"])} for row in frame.iter_rows(named=True)]
        named = {"edition_id": sides[0], "other": sides[1]}
        title = data.gettext(message, edition=data.plan(sides[0]), other=data.plan(sides[1]))
        linked = status not in UNLINKED
        group = {"status": status, "title": title, **named, "rows": rows, "doubtful": frame["doubtful"].sum()}
        result.append(group | {"linked": linked})
    return result


def _best(tables: dict[str, pl.DataFrame], wanted: dict[str, float], other: str) -> dict[str, Best]:
    """For each measure its best partner in the other edition, the score, and their rows of Candidates and Links.

    A candidate with a higher score than the measure's status knows of was rejected by a person, and is passed over.
    """
    edition_id = set(tables["statuses"].filter(pl.col("edition_id") == other)["measure_id"])
    result: dict[str, Best] = {}
    for linked, name in ((True, "links"), (False, "candidates")):
        for row in tables[name].sort("from_id", "to_id").iter_rows(named=True):
            for key, partner in ((row["from_id"], row["to_id"]), (row["to_id"], row["from_id"])):
                if key not in wanted or partner not in edition_id or row["score"] > wanted[key] + 1e-6:
                    continue
                _, score, (_, link) = result.get(key, ("", -1.0, (None, None)))
                if row["score"] > score:
                    result[key] = (partner, row["score"], (None, row) if linked else (row, None))
                elif not linked and result[key][0] == partner:
                    result[key] = (partner, score, (row, link))
    return result


def _said(evidence: tuple[dict[str, Any] | None, dict[str, Any] | None], read: pl.DataFrame, language: str) -> str:
    """Relation and basis of a link, or what readers say of a pair that is none, likeness, names in common: one line."""
    candidate, link = evidence
    relation, basis = _rests_on(evidence, read)
    said = [label("relation", relation, language)]
    if basis != "likeness":
        said.append(label("basis", basis, language))
    if candidate and not link and basis == "likeness" and candidate["rest"] < competition.SECOND_FROM:
        said.append(gettext("better pairs leave {rest} of its words open", language, rest=f"{candidate['rest']:.2f}"))
    if candidate:
        values = {name: f"{candidate[name]:.2f}" for name in ("wording", "words")}
        said.append(gettext("wording {wording}, words {words}", language, **values))
    if link and link["shared_names"]:
        said.append(pair_view.listed(link["shared_names"][:SHARED], language))
    return " · ".join(said)


def _rests_on(evidence: tuple[dict[str, Any] | None, dict[str, Any] | None], read: pl.DataFrame) -> tuple[str, str]:
    """The relation of a pair, and what it rests on."""
    candidate, link = evidence
    if link:
        return link["relation"], link["basis"]
    if not candidate:
        return "none", "likeness"
    own = read.filter(pl.col("from_id") == candidate["from_id"])
    named = own.filter(pl.col("to_id") == candidate["to_id"])["relation"].to_list()
    return (named or ["none"])[0], "likeness" if own.is_empty() else "reading"


def doubt(data: ReportData) -> str:
    """Return what the measures marked doubtful have in common: coders differed, or a model is near its threshold."""
    said = [data.gettext("Doubtful ones stand first and are marked.")]
    if _coders_decide(data):
        said.append(data.gettext("Coders differed about them."))
    if data.model_decides:
        near = N_("Where a model decides, their status would differ with thresholds {factor} times as high or as low.")
        said.append(data.gettext(near, factor=DOUBT))
        beside = N_(
            "Beside each stands the nearest of the other document, and where a model decides the probability of a link."
        )
    else:
        beside = N_("Beside each stands the nearest of the other document.")
    said.append(data.gettext(beside))
    return running(said)


def in_doubt(data: ReportData) -> str:
    """Return what the pairs most in doubt have in common."""
    said = [data.gettext("Coders differed about them.")] if _coders_decide(data) else []
    if data.model_decides:
        near = N_(
            "Where a model decides, their probability is nearest to {threshold}, from which on a pair counts as linked "
            "unless better pairs of its measures leave next to nothing of it open."
        )
        said.append(data.gettext(near, threshold=f"{data.thresholds.link_from:.2f}"))
    return running([*said, data.gettext("Look at these first.")])


def _coders_decide(data: ReportData) -> bool:
    """Whether coders have compared any measure of the two editions."""
    earlier = data.tables["measures"].filter(editions.column() == data.earlier, pl.col("repeats").is_null())
    return len(data.uncoded) < len(earlier)


def clearest(links: pl.DataFrame, earlier: str, later: str, most: int = SHOWN) -> list[tuple[str, str]]:
    """The links between two editions with the highest scores, the earlier and later measure each, none twice."""
    rows = links.filter((pl.col("from_edition") == earlier) & (pl.col("to_edition") == later))
    ranked = rows.sort(["score", "same_score", "from_id", "to_id"], descending=[True, True, False, False])
    return _each_once(ranked.select("from_id", "to_id").rows(), most)


def most_doubtful(
    tables: dict[str, pl.DataFrame], earlier: str, later: str, link_from: float, most: int = SHOWN
) -> list[tuple[str, str]]:
    """The pairs of two editions about which readers differed, then those whose scores are nearest to the threshold.

    No measure stands there twice. Nearness is that of the log-odds, within the factor DOUBT. What a document states,
    readers agreed about, or a person decided is not in doubt. `link_from` is the threshold.
    """
    edition_id = dict(tables["statuses"].select("measure_id", "edition_id").unique().iter_rows())
    given = tables["links"].filter(pl.col("basis").is_in(["reference", "repetition", "decision"]))
    settled = set(given.select("from_id", "to_id").iter_rows())
    linked = set(tables["links"].select("from_id", "to_id").iter_rows())
    read = tables["read"].filter(pl.col("edition_id") == later)
    contested, held = (
        set(read.filter("contested", which).select("from_id", "to_id").iter_rows())
        for which in (True, pl.col("relation").is_in(RELATIONS))
    )
    copies = tables["measures"].filter(pl.col("repeats").is_not_null())["measure_id"]
    closed = {*read["from_id"], *copies}  # a repetition follows what it repeats
    asked_first = contested - settled - (held - linked)  # a link that readers held and that is none: a person's work
    ranked = [(-1.0, start, end) for start, end in asked_first if edition_id.get(start) == earlier]
    for start, end, score in tables["candidates"].select("from_id", "to_id", "score").iter_rows():
        rejected = score >= link_from and (start, end) not in linked
        near = link_from / DOUBT <= score <= link_from * DOUBT
        asked = (edition_id.get(start), edition_id.get(end)) == (earlier, later)
        if near and asked and not {start, end} & closed and (start, end) not in settled and not rejected:
            ranked.append((round(abs(_log_odds(score) - _log_odds(link_from)), 6), start, end))
    return _each_once([(start, end) for _, start, end in sorted(ranked)], most)


def _log_odds(score: float) -> float:
    bounded = min(max(score, 1e-6), 1 - 1e-6)
    return math.log(bounded / (1 - bounded))


def _each_once(ranked: list[tuple[str, str]], most: int) -> list[tuple[str, str]]:
    """The first pairs of which no measure was in one before."""
    seen: set[str] = set()
    result: list[tuple[str, str]] = []
    for start, end in ranked:
        if len(result) < most and not {start, end} & seen:
            result.append((start, end))
            seen |= {start, end}
    return result
