"""Sentences that read the tables: templates over facts, the same in notebooks and report.

Each function takes tables and returns sentences in the language asked for; every number in them is computed
from the tables given.
"""

from typing import Any

import polars as pl

from analysis import kpi
from analysis.base.i18n import keys, percent, word
from analysis.coding import codings
from analysis.continuity import model_parameters, turnover_values
from analysis.tables import editions, ministries, summary_statistics
from analysis.topics import plan_structure

COMPARABLE = "body"  # the part of a full plan; summaries state fewer, broader items


def _join(items: list[str], language: str) -> str:
    return ("、" if language == "ja" else "; ").join(items)


def clean(tables: dict[str, pl.DataFrame], edition: int, language: str) -> list[str]:
    """What was read of an edition: its measures, and who is in charge."""
    own = summary_statistics.stated(tables["measures"], edition)
    total = len(own)
    if own.filter(pl.col("part") == COMPARABLE).is_empty():
        return [word("clean_items", language, edition=edition, measures=total)]
    repeated = len(own.filter("repeated"))
    result = [
        word(
            "clean_measures", language, edition=edition, measures=total, repeated=repeated,
            sections=own["section"].n_unique(),
        )
    ]  # fmt: skip
    bodies = plan_structure.bodies(tables["measures"], edition)
    if len(bodies):
        first, named = bodies.row(0, named=True), plan_structure.named(tables["measures"], edition)[0]
        result.append(
            word(
                "clean_ministries", language, named=named, share=percent(named, total),
                first=ministries.label(first["body"], language), count=first["measures"],
            )
        )  # fmt: skip
    return result


def quality(tables: dict[str, pl.DataFrame], language: str) -> str:
    """How sure the reading of all documents is: rows with a doubt, lines without a role."""
    doubtful = len(tables["measures"].filter(pl.col("doubts").list.len() > 0))
    share = f"{100 * summary_statistics.unknown(tables['ledger']):.1f}%"
    return word("clean_quality", language, doubtful=doubtful, rows=len(tables["measures"]), unknown=share)


def doubt(why: str, language: str) -> str:
    """A reader's doubt in the language; what it is about (unknown ministry: …) stays as it is."""
    kind, colon, what = why.partition(": ")
    key = f"doubt {kind}"
    return word(key, language) + colon + what if key in keys() else why


def missing(documents: list[str], language: str) -> list[str]:
    """A sentence on documents that are not at hand; none where all are."""
    return [word("clean_missing", language, documents=_join(documents, language))] if documents else []


def topics_read(shares: pl.DataFrame, measures: pl.DataFrame, edition: int, baseline: int, language: str) -> list[str]:
    """The largest topics, and which grew and shrank since the baseline."""
    name = f"name_{language}"
    own = shares.filter(pl.col("edition") == edition).sort(["share", "topic_id"], descending=[True, False])
    if len(own) < 3:
        return []
    values: dict[str, object] = {"edition": edition}
    for place, row in zip(("first", "second", "third"), own.head(3).iter_rows(named=True), strict=True):
        values |= {place: row[name], f"{place}_share": percent(row["share"])}
    result = [word("topics_largest", language, **values)]
    before = shares.filter(pl.col("edition") == baseline).select("topic_id", pl.col("share").alias("before"))
    if edition != baseline and len(before):
        moved = own.join(before, on="topic_id").with_columns(change=pl.col("share") - pl.col("before"))
        moved = moved.sort(["change", "topic_id"])
        for key, row in (("topics_grown", moved.row(-1, named=True)), ("topics_shrunk", moved.row(0, named=True))):
            parts = {"name": row[name], "before": percent(row["before"]), "after": percent(row["share"])}
            result.append(word(key, language, **({"baseline": baseline} if key == "topics_grown" else {}), **parts))
    summaries = sorted(measures.filter(pl.col("part") == "summary")["edition"].unique().to_list())
    if {edition, baseline} & set(summaries):
        result.append(word("topics_caution", language, editions=_join([str(year) for year in summaries], language)))
    return result


def topics_quality(assignments: pl.DataFrame, validity: pl.DataFrame, language: str) -> str:
    """How far the topics can be trusted: agreement over samples and with hand labels, and what fits none."""
    found = dict(validity.iter_rows())
    return word(
        "topics_quality",
        language,
        stability=f"{found['ari_mean']:.2f}",
        labels=f"{model_parameters.agreement_with_hand()['labels']:.0f}",
        nmi=f"{found['nmi']:.2f}",
        low=f"{found['nmi_low']:.2f}",
        high=f"{found['nmi_high']:.2f}",
        unfit=len(assignments.filter(~pl.col("fits"))),
    )


def continuity_read(statuses: pl.DataFrame, edition: int, baseline: int, language: str) -> list[str]:
    """What became of the baseline's measures and where the edition's come from, with an interval."""
    if edition == baseline:
        return [word("continuity_same", language)]
    earlier, later = sorted((edition, baseline))
    forward = summary_statistics.seen_from(statuses, str(earlier), str(later))
    backward = summary_statistics.seen_from(statuses, str(later), str(earlier))
    became = dict(forward.group_by("status").len().iter_rows())
    linked, total = summary_statistics.carry_over(statuses, str(earlier), str(later))
    low, high = summary_statistics.interval(linked, total)
    new = len(backward.filter(pl.col("status") == "new"))
    return [
        word(
            "continuity_forward", language, baseline=earlier, edition=later, total=total,
            continued=became.get("continued", 0), evolved=became.get("evolved", 0), ended=became.get("ended", 0),
            share=percent(linked, total), low=percent(low), high=percent(high),
        ),
        word(
            "continuity_backward", language, baseline=earlier, edition=later, total=len(backward), new=new,
            share=percent(new, len(backward)),
        ),
        word("continuity_caution", language),
    ]  # fmt: skip


def turnover_read(
    turnover: pl.DataFrame, edition: int, baseline: int, language: str, strictness: float = 1.0
) -> list[str]:
    """The metrics between two editions, with intervals and their sensitivity; none for an edition alone."""
    if edition == baseline:
        return []
    earlier, later = sorted((edition, baseline))
    names = ("carried", "inherited", "jaccard", "reuse", "chance", "split", "merged")
    found = {name: turnover_values.value(turnover, str(earlier), str(later), name, strictness) for name in names}
    factors = turnover["strictness"].unique().sort()
    loose, strict = (
        turnover_values.value(turnover, str(earlier), str(later), "carried", factors[n])["value"] for n in (0, -1)
    )
    carried, inherited, jaccard = (found[name] for name in ("carried", "inherited", "jaccard"))
    sides: dict[str, object] = {"baseline": earlier, "edition": later}
    sure = {} if jaccard["low"] is None else {end: percent(jaccard[end]) for end in ("low", "high")}
    result = [
        word(
            "turnover_shares", language, **sides, carried=carried["count"], earlier=carried["total"],
            **_share(carried), inherited=inherited["count"], later=inherited["total"],
            back=percent(inherited["value"]), back_low=percent(inherited["low"]),
            back_high=percent(inherited["high"]),
        ),
        word(
            "turnover_fixed" if loose == strict else "turnover_threshold", language,
            loose=percent(loose), strict=percent(strict), lowest=f"{factors[0]:g}", highest=f"{factors[-1]:g}",
        ),
        word(
            "turnover_items" if sure else "turnover_items_alone", language, **sides, **sure,
            jaccard=percent(jaccard["value"]), split=found["split"]["count"], merged=found["merged"]["count"],
        ),
    ]  # fmt: skip
    reuse = found["reuse"]
    if reuse["count"]:
        linked = percent(reuse["value"] * reuse["total"], reuse["count"])
        chance = percent(found["chance"]["value"])
        result.append(word("turnover_reuse", language, **sides, linked=linked, chance=chance))
    return result


def _share(row: dict[str, float]) -> dict[str, str]:
    return {"share": percent(row["value"]), "low": percent(row["low"]), "high": percent(row["high"])}


def survival_read(
    survival: pl.DataFrame, turnover: pl.DataFrame, measures: pl.DataFrame, language: str, strictness: float = 1.0
) -> list[str]:
    """How many initiatives of full plans are still found, when the others ended, and how little absence proves."""
    curves = {key: rows.sort("year") for key, rows in survival.group_by(["relation", "cohort", "assigned"])}
    latest, earliest = (curves.get(("same", "full", assigned)) for assigned in ("latest", "earliest"))
    if latest is None or earliest is None:
        return []
    start, last = latest.row(0, named=True), latest.row(-1, named=True)
    every = curves["any", "full", "latest"].row(-1, named=True)
    next_ = earliest.row(1, named=True)
    cohorts = [
        word(
            "survival_cohort", language, year=cohort, **_interval(curves["same", cohort, "latest"].row(-1, named=True))
        )
        for cohort in sorted(survival["cohort"].unique())
        if cohort.isdigit() and curves["same", cohort, "latest"]["year"][0] == start["year"]
    ]
    return [
        word(
            "survival_found", language, count=start["initiatives"], start=start["year"], year=last["year"],
            **_interval(last), any=percent(every["survival"]),
            any_count=every["initiatives"],
        ),
        word("survival_cohorts", language, cohorts=_join(cohorts, language)),
        word(
            "survival_when", language, year=last["year"], early=percent(next_["survival"]), next=next_["year"],
        ),
        *_absence(turnover, measures, language, strictness),
    ]  # fmt: skip


def _interval(row: dict[str, float]) -> dict[str, str]:
    return {"share": percent(row["survival"]), "low": percent(row["low"]), "high": percent(row["high"])}


def _absence(turnover: pl.DataFrame, measures: pl.DataFrame, language: str, strictness: float) -> list[str]:
    """Of the items of earlier plans that a roadmap lists, how many the plan's own text has: all of them go on."""
    result = []
    listed = measures.filter(
        ~pl.col("part").is_in(["body", "summary"]) & (pl.col("part") != pl.col("edition").cast(pl.String))
    )
    for edition in sorted(listed["edition"].unique()):
        parts = sorted(listed.filter(pl.col("edition") == edition)["part"].unique())
        rows = [turnover_values.value(turnover, f"R{part}", str(edition), "carried", strictness) for part in parts]
        count, total = (sum(row[key] for row in rows) for key in ("count", "total"))
        result.append(word("survival_absence", language, total=total, year=edition, share=percent(count, total)))
    return result


def resonance_read(resonance: pl.DataFrame, topics: pl.DataFrame, edition_id: str, language: str) -> list[str]:
    """Whether an edition's measures are nearer to the editions before or after, and which topics are; none without."""
    rows = resonance.filter(pl.col("edition_id") == edition_id)
    if rows.is_empty():
        return []
    every = rows.filter(pl.col("topic_id") == "all").row(0, named=True)
    named = dict(topics.select("topic_id", f"name_{language}").iter_rows())
    own = rows.filter(pl.col("topic_id") != "all").sort("resonance", "topic_id")
    up = own.filter(pl.col("resonance_low") > 0)["topic_id"].reverse().to_list()
    down = own.filter(pl.col("resonance_high") < 0)["topic_id"].to_list()
    side = "future" if every["resonance_low"] > 0 else "past" if every["resonance_high"] < 0 else "open"
    told = {
        key: _join([named[topic] for topic in found], language) or word("none", language)
        for key, found in (("up", up), ("down", down))
    }
    return [
        word(
            "resonance_read", language, edition_id=editions.label(edition_id, language),
            novelty=f"{every['novelty']:.1f}",
            resonance=_signed(every["resonance"]), low=_signed(every["resonance_low"]),
            high=_signed(every["resonance_high"]), side=word(f"resonance_{side}", language),
        ),
        word("resonance_topics", language, **told),
        word("resonance_caution", language),
    ]  # fmt: skip


def _signed(value: float) -> str:
    return f"{value:+.1f}".replace("-", "−")


def _years(years: pl.Series, language: str) -> str:
    return ("、" if language == "ja" else ", ").join(map(str, years)) or word("none", language)


def metrics_limits(documents: pl.DataFrame, language: str) -> str:
    """What documents of different kinds can and cannot show of continuity, and how sure the links are."""
    full = documents.filter(pl.col("kind") == "full")["edition"].unique().sort()
    others = documents.filter(pl.col("kind") != "full")["edition"].unique().sort()
    found = model_parameters.agreement_of_links()
    return word(
        "metrics_limits", language, full=_years(full, language),
        others=_years(others, language),
        f1=f"{found['links_f1']:.2f}", low=f"{found['links_f1_low']:.2f}", high=f"{found['links_f1_high']:.2f}",
    )  # fmt: skip


def continuity_basis(
    read: pl.DataFrame, measures: pl.DataFrame, edition: int, baseline: int, language: str
) -> list[str]:
    """On what the links between two editions rest: readings (`readings.table`) or likeness; none for one alone."""
    if edition == baseline:
        return []
    earlier, later = (str(year) for year in sorted((edition, baseline)))
    named = {"earlier": editions.label(earlier, language), "later": editions.label(later, language)}
    edition_id = dict(measures.select("measure_id", editions.column()).iter_rows())
    own = read.filter((pl.col("edition_id") == later) & (pl.col("from_id").replace_strict(edition_id) == earlier))
    if own.is_empty():
        f1 = model_parameters.agreement_of_links()["links_f1"]
        return [word("basis_of_likeness", language, f1=f"{f1:.2f}", **named)]
    found = codings.reliability(own)
    read_ones, contested = (rows["from_id"].n_unique() for rows in (own, own.filter("contested")))
    shares = {
        "same_status": percent(found["same_status"]),
        "kappa": f"{found['kappa']:.2f}",
        "f1": f"{found['links']:.2f}",
    }
    return [word("basis_of_reading", language, measures=read_ones, contested=contested, **shares, **named)]


def continuity_agreement(language: str) -> str:
    """How likeness alone agrees with the readings, cross-validated, with 95% intervals. Raises TableFaulty."""
    found = model_parameters.agreement_of_links()
    values = {name: f"{found[name]:.2f}" for name in found if name.startswith(("continued_f1", "links_f1"))}
    shares = {name: percent(found[name]) for name in found if name.startswith(("status_accuracy", "ended"))}
    counted = {name: f"{found[name]:.0f}" for name in ("measures", "links")}
    error = f"{found['calibration_error']:.3f}"
    return word("continuity_agreement", language, calibration_error=error, **values, **shares, **counted)


def to_review(queue: pl.DataFrame, earlier: str, later: str, language: str) -> str:
    """How many pairs of two editions are worth a person's time, and why (`review.doubtful`)."""
    values = {"earlier": editions.label(earlier, language), "later": editions.label(later, language)}
    if queue.is_empty():
        return word("review_done", language, **values)
    contested, missed = (len(queue.filter(pl.col("why").list.contains(why))) for why in ("contested", "near_miss"))
    amounts = {"pairs": len(queue), "doubtful": len(queue.filter("doubtful")), "contested": contested, "missed": missed}
    return word("review_queue", language, **amounts, **values)


def decided(agreement: pl.DataFrame, language: str) -> list[str]:
    """How the model's own links agree with people's decisions (`decisions.agreement`), and what that cannot say."""
    if agreement.is_empty():
        return [word("decided_none", language)]
    rows = {row["relation"]: row for row in agreement.iter_rows(named=True)}
    shares = {
        relation: {
            name: _estimate(row[name], row[f"{name}_low"], row[f"{name}_high"]) for name in ("precision", "recall")
        }
        for relation, row in rows.items()
    }
    every = {key: rows["link"][key] for key in ("decided", "confirmed", "found", "right")}
    result = [word("decided_link", language, rejected=every["decided"] - every["confirmed"], **every, **shares["link"])]
    for relation in ("same", "successor"):
        amounts = {key: rows[relation][key] for key in ("confirmed", "found", "right")}
        if amounts["confirmed"] or amounts["found"]:
            named = word(f"relation_{relation}", language)
            result.append(word("decided_relation", language, relation=named, **amounts, **shares[relation]))
    return [*result, word("decided_caution", language)]


def _estimate(share: float | None, low: float, high: float) -> str:
    return "–" if share is None else f"{percent(share)} ({percent(low)}–{percent(high)})"


def kpi_read(figures: pl.DataFrame, indicators: list[dict[str, Any]], edition: int, language: str) -> list[str]:
    """How many figures were read, and which indicators (`kpi.overview`) reached, keep to, or lag behind their path."""
    own = figures.filter(pl.col("edition") == edition)
    if own.filter(pl.col("place") == "kpi").is_empty():
        return [word("kpi_none", language, edition=edition)]
    kinds = dict(own.group_by("kind").len().iter_rows())
    result = [
        word(
            "kpi_count", language, figures=len(own), edition=edition, targets=kinds.get("target", 0),
            observations=kinds.get("observation", 0), indicators=len(indicators),
        )
    ]  # fmt: skip
    groups = {
        "kpi_reached": [row["name"] for row in indicators if row["state"] == "reached"],
        "kpi_on_track": [row["name"] for row in indicators if row["state"] == "on_track"],
        "kpi_behind": [row["name"] for row in indicators if row["state"] in kpi.BEHIND],
        "kpi_near": [row["name"] for row in indicators if not row["sure"]],
    }
    result += [word(key, language, names=_join(names, language)) for key, names in groups.items() if names]
    counted = {group: sum(row["group"] == group for row in indicators) for group in ("open", "followed")}
    return [*result, word("kpi_untold", language, **counted)] if any(counted.values()) else result
