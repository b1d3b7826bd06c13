"""Sentences that read the tables: templates over facts, the same in notebooks and report.

Each function takes tables and returns sentences in the language asked for; every number in them is computed
from the tables given.
"""

from typing import Any

import polars as pl

from analysis import kpi
from analysis.base.i18n import gettext, keys, percent, word
from analysis.coding import codings
from analysis.continuity import model_parameters, turnover_values
from analysis.tables import editions, ministries, plan_structure, summary_statistics
from analysis.tables.labels import label
from analysis.topics import scale

COMPARABLE = "body"  # the part of a full plan; summaries state fewer, broader items


def _join(items: list[str], language: str) -> str:
    return ("、" if language == "ja" else "; ").join(items)


def clean(tables: dict[str, pl.DataFrame], edition: int, language: str) -> list[str]:
    """What was read of an edition: its measures, and who is in charge."""
    own = summary_statistics.stated(tables["measures"], edition)
    total = len(own)
    if own.filter(pl.col("part") == COMPARABLE).is_empty():
        return [
            gettext(
                "For {edition} the workspace holds a summary or an article, not the plan: {measures} "
                "policy items were found in it.",
                language,
                edition=edition,
                measures=total,
            )
        ]
    repeated = len(own.filter("repeated"))
    result = [
        gettext(
            "The {edition} plan states {measures} measures in {sections} sections; {repeated} of "
            "them are marked as repeated from elsewhere (再掲).",
            language,
            edition=edition,
            measures=total,
            repeated=repeated,
            sections=own["section"].n_unique(),
        )
    ]
    bodies = plan_structure.bodies(tables["measures"], edition)
    if len(bodies):
        first, named = bodies.row(0, named=True), plan_structure.named(tables["measures"], edition)[0]
        result.append(
            gettext(
                "{named} of them ({share}) name who is in charge; {first} is named most often, in {count} measures.",
                language,
                named=named,
                share=percent(named, total),
                first=ministries.label(first["body"], language),
                count=first["measures"],
            )
        )
    return result


def quality(tables: dict[str, pl.DataFrame], language: str) -> str:
    """How sure the reading of all documents is: rows with a doubt, lines without a role."""
    doubtful = len(tables["measures"].filter(pl.col("doubts").list.len() > 0))
    share = f"{100 * summary_statistics.unknown(tables['ledger']):.1f}%"
    return gettext(
        "{doubtful} of {rows} measures and roadmap rows of all documents carry a doubt of the "
        "reader, and {unknown} of the lines that are not blank could be given no role.",
        language,
        doubtful=doubtful,
        rows=len(tables["measures"]),
        unknown=share,
    )


def doubt(why: str, language: str) -> str:
    """A reader's doubt in the language; what it is about (unknown ministry: …) stays as it is."""
    kind, colon, what = why.partition(": ")
    key = f"doubt {kind}"
    return word(key, language) + colon + what if key in keys() else why


def missing(documents: list[str], language: str) -> list[str]:
    """A sentence on documents that are not at hand; none where all are."""
    return (
        [
            gettext(
                "Not at hand: {documents}. Their committed tables are used; their texts cannot be shown.",
                language,
                documents=_join(documents, language),
            )
        ]
        if documents
        else []
    )


def topics_read(shares: pl.DataFrame, measures: pl.DataFrame, edition: int, baseline: int, language: str) -> list[str]:
    """The largest topics, and which grew and shrank since the baseline."""
    name = f"name_{language}"
    own = shares.filter(pl.col("edition") == edition).sort(["share", "topic_id"], descending=[True, False])
    if len(own) < 3:
        return []
    values: dict[str, object] = {"edition": edition}
    for place, row in zip(("first", "second", "third"), own.head(3).iter_rows(named=True), strict=True):
        values |= {place: row[name], f"{place}_share": percent(row["share"])}
    result = [
        gettext(
            "The largest topics of the {edition} plan are {first} ({first_share}), {second} "
            "({second_share}) and {third} ({third_share}).",
            language,
            **values,
        )
    ]
    before = shares.filter(pl.col("edition") == baseline).select("topic_id", pl.col("share").alias("before"))
    if edition != baseline and len(before):
        moved = own.join(before, on="topic_id").with_columns(change=pl.col("share") - pl.col("before"))
        moved = moved.sort(["change", "topic_id"])
        for key, row in (("topics_grown", moved.row(-1, named=True)), ("topics_shrunk", moved.row(0, named=True))):
            parts = {"name": row[name], "before": percent(row["before"]), "after": percent(row["share"])}
            result.append(word(key, language, **({"baseline": baseline} if key == "topics_grown" else {}), **parts))
    summaries = sorted(measures.filter(pl.col("part") == "summary")["edition"].unique().to_list())
    if {edition, baseline} & set(summaries):
        result.append(
            gettext(
                "Summaries state fewer and broader items than full plans: shares of {editions} can be "
                "compared with those of full plans only with care.",
                language,
                editions=_join([str(year) for year in summaries], language),
            )
        )
    return result


def topics_quality(assignments: pl.DataFrame, validity: pl.DataFrame, language: str) -> str:
    """How far the topics can be trusted: agreement over samples and with hand labels, and what fits none."""
    found = dict(validity.iter_rows())
    return gettext(
        "Over bootstrap samples of the measures the topics agree at an ARI of {stability} on "
        "average; on {labels} hand-labelled measures their NMI is {nmi} ({low}–{high}). {unfit} "
        "measures fit no topic.",
        language,
        stability=f"{found['ari_mean']:.2f}",
        labels=f"{scale.agreement_with_hand()['labels']:.0f}",
        nmi=f"{found['nmi']:.2f}",
        low=f"{found['nmi_low']:.2f}",
        high=f"{found['nmi_high']:.2f}",
        unfit=len(assignments.filter(~pl.col("fits"))),
    )


def continuity_read(statuses: pl.DataFrame, edition: int, baseline: int, language: str) -> list[str]:
    """What became of the baseline's measures and where the edition's come from, with an interval."""
    if edition == baseline:
        return [
            gettext(
                "The edition is compared with itself: there is nothing to follow. Choose another "
                "baseline to see what became of its measures.",
                language,
            )
        ]
    earlier, later = sorted((edition, baseline))
    forward = summary_statistics.seen_from(statuses, str(earlier), str(later))
    backward = summary_statistics.seen_from(statuses, str(later), str(earlier))
    became = dict(forward.group_by("status").len().iter_rows())
    linked, total = summary_statistics.carry_over(statuses, str(earlier), str(later))
    low, high = summary_statistics.interval(linked, total)
    new = len(backward.filter(pl.col("status") == "new"))
    return [
        gettext(
            "Of the {total} measures of {baseline}, {continued} go on in {edition}, {evolved} "
            "evolved into another and {ended} have no successor: {share} ({low}–{high}) were carried "
            "over.",
            language,
            baseline=earlier,
            edition=later,
            total=total,
            continued=became.get("continued", 0),
            evolved=became.get("evolved", 0),
            ended=became.get("ended", 0),
            share=percent(linked, total),
            low=percent(low),
            high=percent(high),
        ),
        gettext(
            "Of the {total} measures of {edition}, {new} ({share}) have no forerunner in {baseline}.",
            language,
            baseline=earlier,
            edition=later,
            total=len(backward),
            new=new,
            share=percent(new, len(backward)),
        ),
        gettext(
            "Links by likeness are proposals of a model, with a probability each; whether a measure "
            "evolved or ended is where it errs most, and where readers differ most.",
            language,
        ),
    ]


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
        gettext(
            "Repetitions counted once, {carried} of the {earlier} measures of {baseline} ({share}; "
            "{low}–{high}) are linked to one of {edition}, and {inherited} of the {later} of "
            "{edition} ({back}; {back_low}–{back_high}) to one of {baseline}.",
            language,
            **sides,
            carried=carried["count"],
            earlier=carried["total"],
            **_share(carried),
            inherited=inherited["count"],
            later=inherited["total"],
            back=percent(inherited["value"]),
            back_low=percent(inherited["low"]),
            back_high=percent(inherited["high"]),
        ),
        word(
            "turnover_fixed" if loose == strict else "turnover_threshold",
            language,
            loose=percent(loose),
            strict=percent(strict),
            lowest=f"{factors[0]:g}",
            highest=f"{factors[-1]:g}",
        ),
        word(
            "turnover_items" if sure else "turnover_items_alone",
            language,
            **sides,
            **sure,
            jaccard=percent(jaccard["value"]),
            split=found["split"]["count"],
            merged=found["merged"]["count"],
        ),
    ]
    reuse = found["reuse"]
    if reuse["count"]:
        linked = percent(reuse["value"] * reuse["total"], reuse["count"])
        chance = percent(found["chance"]["value"])
        result.append(
            gettext(
                "A linked measure of {edition} shares {linked} of its wording with its forerunners "
                "(common phrases count little); with a measure of {baseline} drawn at random it would be "
                "{chance}.",
                language,
                **sides,
                linked=linked,
                chance=chance,
            )
        )
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
        gettext(
            "{share} ({low}–{high}) of {year}",
            language,
            year=cohort,
            **_interval(curves["same", cohort, "latest"].row(-1, named=True)),
        )
        for cohort in sorted(survival["cohort"].unique())
        if cohort.isdigit() and curves["same", cohort, "latest"]["year"][0] == start["year"]
    ]
    return [
        gettext(
            "Of {count} initiatives first seen in the {start} plan or its roadmap, {share} "
            "({low}–{high}) are still found in {year} as the same initiative; where successors "
            "count, too, {any} of {any_count}.",
            language,
            count=start["initiatives"],
            start=start["year"],
            year=last["year"],
            **_interval(last),
            any=percent(every["survival"]),
            any_count=every["initiatives"],
        ),
        gettext(
            "By the year begun (or before, for the first): {cohorts}. A roadmap keeps of earlier "
            "plans only what is still followed, so that older initiatives seem to last longer than "
            "they do.",
            language,
            cohorts=_join(cohorts, language),
        ),
        gettext(
            "When the others ended is not known: at one extreme all of them went on until {year}, at "
            "the other only {early} were left in {next}.",
            language,
            year=last["year"],
            early=percent(next_["survival"]),
            next=next_["year"],
        ),
        *_absence(turnover, measures, language, strictness),
    ]


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
        result.append(
            gettext(
                "Absence proves little: of the {total} items of earlier plans that the {year} roadmap "
                "lists as going on, the {year} plan's own text has a counterpart for {share}.",
                language,
                total=total,
                year=edition,
                share=percent(count, total),
            )
        )
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
        key: _join([named[topic] for topic in found], language) or gettext("none", language)
        for key, found in (("up", up), ("down", down))
    }
    return [
        gettext(
            "The {edition_id} measures have a mean novelty of {novelty} bits and a resonance of "
            "{resonance} bits ({low} to {high}): {side}.",
            language,
            edition_id=editions.label(edition_id, language),
            novelty=f"{every['novelty']:.1f}",
            resonance=_signed(every["resonance"]),
            low=_signed(every["resonance_low"]),
            high=_signed(every["resonance_high"]),
            side=word(f"resonance_{side}", language),
        ),
        gettext("Nearer to the editions after: {up}. Nearer to those before: {down}.", language, **told),
        gettext(
            "This is mostly whether a topic's share grew; the editions after a full plan are "
            "summaries, which choose what they name, and the newest editions have no transience yet.",
            language,
        ),
    ]


def _signed(value: float) -> str:
    return f"{value:+.1f}".replace("-", "−")


def _years(years: pl.Series, language: str) -> str:
    return ("、" if language == "ja" else ", ").join(map(str, years)) or gettext("none", language)


def metrics_limits(documents: pl.DataFrame, language: str) -> str:
    """What documents of different kinds can and cannot show of continuity, and how sure the links are."""
    full = documents.filter(pl.col("kind") == "full")["edition"].unique().sort()
    others = documents.filter(pl.col("kind") != "full")["edition"].unique().sort()
    found = model_parameters.agreement_with_codings()
    return gettext(
        "Full plans are at hand for {full} only; for {others} there are summaries or articles. "
        "These can show that an initiative goes on, never that it has ended, and they name few "
        "and broad items: shares into and out of them say more about the documents than about "
        "the policy. Links by likeness alone agree with readings at F1 {f1} ({low}–{high}); the "
        "intervals of the metrics show chance alone, not what links are wrong or missed.",
        language,
        full=_years(full, language),
        others=_years(others, language),
        f1=f"{found['links_f1']:.2f}",
        low=f"{found['links_f1_low']:.2f}",
        high=f"{found['links_f1_high']:.2f}",
    )


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
        f1 = model_parameters.agreement_with_codings()["links_f1"]
        return [
            gettext(
                "From {earlier} to {later} nobody has read: the links rest on likeness alone, which "
                "agrees with readings of other editions at F1 {f1} only. Review the doubtful ones "
                "(notebooks/review.ipynb) before you rely on them.",
                language,
                f1=f"{f1:.2f}",
                **named,
            )
        ]
    found = codings.reliability(own)
    read_ones, contested = (rows["from_id"].n_unique() for rows in (own, own.filter("contested")))
    shares = {
        "same_status": percent(found["same_status"]),
        "kappa": f"{found['kappa']:.2f}",
        "f1": f"{found['links']:.2f}",
    }
    return [
        gettext(
            "From {earlier} to {later} the links rest on reading: {measures} measures were read "
            "against the whole later plan by two readers (language models) who did not know of each "
            "other, and where they differed about a link ({contested} of them, marked doubtful) by a "
            "third. They call what became of a measure alike for {same_status} (kappa {kappa}) and "
            "find the same links at F1 {f1}. People's decisions beat what was read.",
            language,
            measures=read_ones,
            contested=contested,
            **shares,
            **named,
        )
    ]


def continuity_agreement(language: str) -> str:
    """How likeness alone agrees with the readings, cross-validated, with 95% intervals. Raises TableFaulty."""
    found = model_parameters.agreement_with_codings()
    values = {name: f"{found[name]:.2f}" for name in found if name.startswith(("continued_f1", "links_f1"))}
    shares = {name: percent(found[name]) for name in found if name.startswith(("status_accuracy", "ended"))}
    counted = {name: f"{found[name]:.0f}" for name in ("measures", "links")}
    error = f"{found['calibration_error']:.3f}"
    return gettext(
        "Likeness alone, against {measures} readings (of a measure against a later edition each; "
        "{ended} found an end) and their {links} links, cross-validated: what became of a "
        "measure (continued, evolved, ended) is told rightly for {status_accuracy} "
        "({status_accuracy_low}–{status_accuracy_high}); F1 is {continued_f1} "
        "({continued_f1_low}–{continued_f1_high}) for measures that continue and {links_f1} "
        "({links_f1_low}–{links_f1_high}) for single links; probabilities are off by "
        "{calibration_error} on average (expected calibration error). The thresholds were chosen "
        "on the same readings, which flatters the figures a little.",
        language,
        calibration_error=error,
        **values,
        **shares,
        **counted,
    )


def to_review(queue: pl.DataFrame, earlier: str, later: str, language: str) -> str:
    """How many pairs of two editions are worth a person's time, and why (`review.doubtful`)."""
    values = {"earlier": editions.label(earlier, language), "later": editions.label(later, language)}
    if queue.is_empty():
        return gettext("No pair of {earlier} and {later} waits for a decision.", language, **values)
    contested, missed = (len(queue.filter(pl.col("why").list.contains(why))) for why in ("contested", "near_miss"))
    amounts = {"pairs": len(queue), "doubtful": len(queue.filter("doubtful")), "contested": contested, "missed": missed}
    return gettext(
        "{pairs} pairs of {earlier} and {later} are worth a look: {doubtful} of them belong to "
        "measures whose status is doubtful, about {contested} readers differed, {missed} are the "
        "nearest to a measure that likeness says has ended.",
        language,
        **amounts,
        **values,
    )


def decided(agreement: pl.DataFrame, language: str) -> list[str]:
    """How the model's own links agree with people's decisions (`decisions.agreement`), and what that cannot say."""
    if agreement.is_empty():
        return [
            gettext(
                "No decisions yet: no person has confirmed or rejected a pair, so how many of the links "
                "are right (precision) and how many right ones were found (recall) cannot be said.",
                language,
            )
        ]
    rows = {row["relation"]: row for row in agreement.iter_rows(named=True)}
    shares = {
        relation: {
            name: _estimate(row[name], row[f"{name}_low"], row[f"{name}_high"]) for name in ("precision", "recall")
        }
        for relation, row in rows.items()
    }
    every = {key: rows["link"][key] for key in ("decided", "confirmed", "found", "right")}
    result = [
        gettext(
            "People decided {decided} pairs: {confirmed} confirmed, {rejected} rejected. On its own "
            "the model links {found} of them and is right about {right}: precision {precision}, "
            "recall {recall}.",
            language,
            rejected=every["decided"] - every["confirmed"],
            **every,
            **shares["link"],
        )
    ]
    for relation in ("same", "successor"):
        amounts = {key: rows[relation][key] for key in ("confirmed", "found", "right")}
        if amounts["confirmed"] or amounts["found"]:
            named = label("relation", relation, language)
            result.append(
                gettext(
                    "As {relation}: {confirmed} confirmed, {found} by the model, {right} by both: precision "
                    "{precision}, recall {recall}.",
                    language,
                    relation=named,
                    **amounts,
                    **shares[relation],
                )
            )
    return [
        *result,
        gettext(
            "Decided pairs are mostly doubtful ones: these figures say how the model does where it "
            "is unsure, not how it does over all pairs.",
            language,
        ),
    ]


def _estimate(share: float | None, low: float, high: float) -> str:
    return "–" if share is None else f"{percent(share)} ({percent(low)}–{percent(high)})"


def kpi_read(figures: pl.DataFrame, indicators: list[dict[str, Any]], edition: int, language: str) -> list[str]:
    """How many figures were read, and which indicators (`kpi.overview`) reached, keep to, or lag behind their path."""
    own = figures.filter(pl.col("edition") == edition)
    if own.filter(pl.col("place") == "kpi").is_empty():
        return [
            gettext(
                "The {edition} document has no KPI parts; targets that its measures state are shown "
                "where there are any.",
                language,
                edition=edition,
            )
        ]
    kinds = dict(own.group_by("kind").len().iter_rows())
    result = [
        gettext(
            "{figures} figures of the {edition} plan were read ({targets} targets, {observations} "
            "observations); it gives values of {indicators} indicators.",
            language,
            figures=len(own),
            edition=edition,
            targets=kinds.get("target", 0),
            observations=kinds.get("observation", 0),
            indicators=len(indicators),
        )
    ]
    groups = {
        "kpi_reached": [row["name"] for row in indicators if row["state"] == "reached"],
        "kpi_on_track": [row["name"] for row in indicators if row["state"] == "on_track"],
        "kpi_behind": [row["name"] for row in indicators if row["state"] in kpi.BEHIND],
        "kpi_near": [row["name"] for row in indicators if not row["sure"]],
    }
    result += [word(key, language, names=_join(names, language)) for key, names in groups.items() if names]
    counted = {group: sum(row["group"] == group for row in indicators) for group in ("open", "followed")}
    return (
        [
            *result,
            gettext(
                "{open} targets cannot be judged yet, for want of dated values or of a year; {followed} "
                "further indicators are followed without a number to reach.",
                language,
                **counted,
            ),
        ]
        if any(counted.values())
        else result
    )
