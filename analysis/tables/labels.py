"""Labels of coded values: what people read for a value of a column, in every language (`label`).

The values are those of `schemas`; the English label is the key of the translation catalogue.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from analysis.base.i18n import gettext
from analysis.base.i18n import gettext_noop as N_
from analysis.tables.categories import UNCLEAR
from analysis.tables.doubts import DOUBTS

LABELS: dict[str, dict[str, str]] = {
    "coder": {
        "language model": N_("language models"),
        "person": N_("people"),
        "mixed": N_("people and language models"),
        "unknown": N_("of unknown kind"),
    },
    "topic": {"unclear": N_("unclear")},
    "topic_basis": {
        "decision": N_("a person's decision"),
        "adjudicated": N_("an adjudicator's coding"),
        "agreed": N_("coders who agree"),
        "single": N_("one coder"),
        "model": N_("the topic model"),
        "rules": N_("rules of grammar"),
    },
    "act": {
        "reform": N_("reform a rule"),
        "do": N_("do"),
        "support": N_("support"),
        "inform": N_("inform"),
        "study": N_("study"),
        "promote": N_("promote only"),
    },
    "instrument": {
        "authority": N_("authority (rules)"),
        "treasure": N_("treasure (money and help)"),
        "nodality": N_("nodality (information)"),
        "organisation": N_("organisation (the state's own acts)"),
        "none": N_("none named"),
    },
    "checkable": {
        "output": N_("a thing"),
        "date": N_("a date"),
        "quantity": N_("a number"),
        "none": N_("none of the three"),
    },
    "status": {
        "continued": N_("continued"),
        "evolved": N_("evolved"),
        "ended": N_("not found"),
        "continuing": N_("continuing"),
        "new": N_("new"),
        "elsewhere": N_("known elsewhere"),
    },
    "kind_of_change": {
        "kept": N_("kept"),
        "reworded": N_("reworded"),
        "moved": N_("moved"),
        "split": N_("split"),
        "merged": N_("merged"),
    },
    "difference": {
        "wording": N_("wording"),
        "section": N_("section"),
        "ministries": N_("ministries"),
        "horizon": N_("horizon"),
    },
    "relation": {
        "same": N_("same"),
        "successor": N_("successor"),
        "related": N_("same subject only"),
        "none": N_("not linked"),
    },
    "basis": {
        "likeness": N_("likeness"),
        "reading": N_("both documents read by coders"),
        "reference": N_("the document's own reference (工程表NNに記載)"),
        "repetition": N_("a repetition that the document marks (再掲)"),
        "decision": N_("a person's decision"),
    },
    "rests_on": {
        "likeness": N_("by likeness"),
        "reading": N_("by coders"),
        "reference": N_("stated"),
        "repetition": N_("stated"),
        "decision": N_("by a person"),
    },
    "step": {
        "first": N_("begins"),
        "split": N_("split off"),
        "evolved": N_("takes over"),
        "kept": N_("kept"),
        "moved": N_("moved"),
        "reworded": N_("reworded"),
    },
    "tied": {
        "split_from": N_("split off from"),
        "evolved_from": N_("takes over from"),
        "merged_into": N_("merged into"),
        "evolved_into": N_("taken over by"),
    },
    "initiative_state": {
        "living": N_("goes on"),
        "merged": N_("merged"),
        "evolved": N_("taken over"),
        "ended": N_("not found"),
        "retired": N_("identifier retired"),
    },
    "nature": {"change": N_("change"), "rate": N_("rate")},
    "value_basis": {"stated": N_("stated"), "derived": N_("from a stated change"), "added": N_("added by people")},
    "mention_method": {
        "grammar": N_("grammar alone"),
        "edition_left_out": N_("a register without the edition's own codings"),
        "register": N_("the register"),
    },
    "identity": {
        "kept": N_("stays"),
        "split": N_("split"),
        "merged": N_("merged"),
        "retired": N_("identifier retired"),
        "vanished": N_("vanished"),
        "new": N_("new"),
    },
    "estimate": {"precision": N_("precision"), "recall": N_("recall"), "accuracy": N_("accuracy")},
    "decides": {
        "reading": N_("codings"),
        "reference": N_("the document's own references (工程表NNに記載)"),
        "repetition": N_("repetitions that the document marks (再掲)"),
        "decision": N_("people's decisions"),
        "likeness": N_("the model"),
    },
    "variable": {
        "status": N_("what became of a measure"),
        "relation": N_("relation of the pairs that they name"),
        "topic": N_("main topic"),
        "second_topic": N_("second topic"),
        "sub_topic": N_("sub-topic"),
        "ending": N_("how it ended"),
        "act": N_("strongest act"),
        "output": N_("whether it names a thing"),
        "due": N_("whether it names a date"),
        "quantity": N_("whether it names a number"),
        "thing": N_("names in the text, and what kind of thing they name"),
    },
    "coded": {
        "continued": N_("continued"),
        "evolved": N_("evolved"),
        "ended": N_("not found"),
        "none": N_("not linked"),
        "empty": N_("none"),
    },
    "delivery": {
        "not_started": N_("not started"),
        "in_progress": N_("in progress"),
        "partly_done": N_("partly done"),
        "done": N_("done"),
        "abandoned": N_("abandoned"),
        "not_assessable": N_("cannot be assessed"),
    },
    "horizon": {"短期": N_("short (短期)"), "中期": N_("medium (中期)"), "長期": N_("long (長期)")},
    "kind": {"observation": N_("observed"), "baseline": N_("baseline"), "target": N_("target")},
    "state": {
        "reached": N_("reached"),
        "kept": N_("kept"),
        "on_track": N_("on track"),
        "accelerate": N_("must accelerate"),
        "limited": N_("limited progress"),
        "deteriorating": N_("deteriorating"),
        "not_kept": N_("not kept"),
        "missed": N_("missed"),
        "one_observation": N_("one value only"),
        "no_observation": N_("no dated value in the plan"),
        "no_year": N_("target without a year"),
        "no_path": N_("a sum of years, no yearly path"),
        "no_number": N_("KPI without a number"),
        "watched": N_("followed only"),
        "no_target": N_("no target"),
    },
    "ratio_zone": {
        "deteriorating": N_("away"),
        "limited": N_("limited"),
        "accelerate": N_("accelerate"),
        "on_track": N_("on track"),
    },
    "grade": {"◎": "◎", "○": "○", "△": "△", "×": "×"},
    "document_kind": {
        "full": N_("full plan"),
        "summary": N_("official summary"),
        "article": N_("article about the plan"),
        "roadmap": N_("roadmap (工程表)"),
        "annex": N_("annex (別紙)"),
    },
    "document_status": {"decided": N_("decided"), "draft": N_("a draft (案)")},
    "change": {
        "unchanged": N_("unchanged"),
        "reattributed": N_("other ministries or horizons"),
        "reworded": N_("reworded"),
        "added": N_("added"),
        "dropped": N_("dropped"),
        "elsewhere": N_("in another file"),
    },
    "finding": {
        "contradiction": N_("contradiction"),
        "revision": N_("revised later"),
        "new_target": N_("new target"),
        "growth": N_("growth does not follow"),
        "added": N_("added value differs"),
    },
    "direction": {
        "improving": N_("improving"),
        "moderate": N_("moderate"),
        "stagnant": N_("stagnant"),
        "deteriorating": N_("deteriorating"),
    },
    "trend": {"flat": N_("about level"), "up": N_("rises"), "down": N_("falls")},
    "role": {
        "measure": N_("measure (text)"),
        "background": N_("background"),
        "kpi": N_("KPI parts"),
        "table": N_("tables"),
        "figure": N_("figures and captions"),
        "footnote": N_("footnotes"),
        "heading": N_("headings, title, contents"),
        "roadmap": N_("roadmap: year cells"),
        "annex": N_("annex"),
        "furniture": N_("page furniture"),
        "unknown": N_("unknown"),
    },
    "metric": {
        "carried": N_("carried over"),
        "inherited": N_("with a forerunner"),
        "jaccard": N_("item Jaccard"),
        "reuse": N_("reused wording"),
    },
    "assigned": {
        "latest": N_("ends as late as they can be"),
        "earliest": N_("ends as early as they can be"),
        "head": N_("read as"),
    },
    "edge": {"same": N_("the same initiative"), "successor": N_("a successor"), "stated": N_("stated by a document")},
    "unit": {
        "兆円": N_("trillion yen"),
        "億円": N_("100 million yen"),
        "%": N_("%"),
        "件": N_("cases"),
        "社": N_("companies"),
        "人": N_("people"),
        "か月": N_("months"),
        "位": N_("rank"),
        "万件": N_("10,000 items"),
        "機関": N_("institutions"),
        "校": N_("schools"),
        "回": N_("times"),
        "億アクセス": N_("100 million visits"),
        "倍": N_("times the base"),
        "万人": N_("10,000 people"),
        "ポイント": N_("points"),
        "か所": N_("locations"),
    },
    "doubt": {doubt: doubt for doubt in DOUBTS},
    "table": {
        "measures": N_("Measures (施策): place, ministries, horizon; with texts where the document is at hand"),
        "roadmap": N_("Rows of the roadmap (工程表)"),
        "kpis": N_("Figures that are KPIs: targets, baselines, observations"),
        "links": N_("Which measure carries on which earlier one"),
        "topics": N_("The topic of each measure"),
        "topic_names": N_("The topics: names, terms, typical measures"),
        "indicators": N_("The indicators: names, units, wished direction"),
        "ministries": N_("The ministries, agencies and other bodies: names in both languages, parents, predecessors"),
        "candidates": N_("Pairs of measures that were compared, with their similarity features"),
        "documents": N_("The documents that were read"),
        "statuses": N_("What became of each measure, and where it came from"),
        "figures": N_("All figures that were read"),
        "unread": N_("Numbers that look like figures and are none, with the reason"),
        "ledger": N_("Every line of every document with its role"),
        "revisions": N_("What replacing a document changed, measure by measure"),
        "year_cells": N_("Year cells of the roadmap: which years, on which lines"),
        "initiatives": N_("What goes on under one identifier over the editions"),
        "initiative_members": N_("The measures of each initiative, and how each changed"),
        "novelty": N_("How new each measure's topics are"),
        "progress": N_("Each indicator against its target"),
        "resonance": N_("Novelty and resonance by edition and topic"),
        "series": N_("The indicators' values over time"),
        "ties": N_("Which figure belongs to which indicator, and why the others to none"),
        "survival": N_("How long initiatives are still found"),
        "turnover": N_("How much of one edition goes on in another"),
        "reliability": N_("How far coders agree, by codebook and editions, with the base rate"),
        "sub_topics": N_("The shares of sub-topics, by edition"),
        "checkability": N_("What could be checked of each measure: act, thing, date, number"),
        "coded": N_("What holds by each codebook about measures"),
        "codings": N_("Every value that coders and people gave, by codebook"),
        "benchmark": N_("Topics and links by both coders, to compare methods"),
        "validity": N_("How far topics and what can be checked can be trusted"),
        "delivery": N_("What people found out about whether measures were carried out"),
        "mentions": N_("What measures name: laws, plans, guidelines, councils, programmes, treaties, systems, events"),
        "mention_validity": N_("How far the names found agree with the coders'"),
        "contradictions": N_("Values of an indicator that do not agree, with both lines"),
    },
    "mention_kind": {
        "law": N_("law"),
        "plan": N_("plan or strategy"),
        "guideline": N_("guideline"),
        "council": N_("council"),
        "programme": N_("programme"),
        "treaty": N_("treaty"),
        "system": N_("IT system"),
        "event": N_("event"),
    },
    "similarity": {
        "score": N_("probability that the pair is linked"),
        "same_score": N_("probability that it is the same initiative"),
        "relation": N_("relation"),
        "basis": N_("rests on"),
        "changed": N_("changed since"),
        "reading": N_("first coder; second coder; what holds"),
        "reason": N_("a coder's reason"),
        "wording": N_("wording in common (0–1, rare wording counts more)"),
        "words": N_("content words in common (0–1, rare words count more)"),
        "overlap": N_("how much of the shorter text's words the other has (0–1)"),
        "lead": N_("against the best partner of either (1: none is nearer)"),
        "name": N_("rarity of the rarest name in common (0: none)"),
        "subject": N_("specific subjects in common (0–1, rare subjects count more)"),
        "ministry": N_("a ministry in charge of both"),
        "ministry_rarity": N_("how rare the rarest ministry in charge of both is (0–1)"),
        "intercept": N_("where every pair starts (intercept)"),
        "topic": N_("same main topic"),
        "length": N_("how much both texts say (0–1; short texts prove little)"),
        "vector": N_("how much nearer in meaning than others (sentence vectors)"),
        "names": N_("names in common"),
        "subjects": N_("subjects in common"),
        "bodies": N_("ministries in common"),
        "renamed": N_("renamed meanwhile"),
        "section": N_("words of the headings in common (0–1, rare words count more)"),
    },
    "checked": {
        "measures": N_("measures found, with their sections"),
        "texts": N_("measures' texts, sign by sign"),
        "ministries": N_("ministries in charge"),
        "repetitions": N_("repeated measures (再掲) told"),
        "roadmap_texts": N_("texts of the roadmap's rows"),
        "roadmap_ministries": N_("ministries of the roadmap's rows"),
        "roadmap_references": N_("references to other roadmap items"),
        "items": N_("policy items of a summary"),
        "figures": N_("figures of outlook, KPI parts, measures and tables"),
        "figures_periods": N_("their periods"),
        "figures_aside": N_("figures of running text, notes and annex found"),
    },
    "agreement": {
        "document_left_out_accuracy": N_("main topic, by the topic model, of documents that it did not see"),
        "ended": N_("what became of a measure, were the answer always ‘not found’"),
        "status_accuracy": N_("what became of a measure, by likeness alone"),
        "continued_f1": N_("whether a measure goes on, by likeness alone (F1)"),
        "links_f1": N_("single links, by likeness alone (F1)"),
        "mentions_f1": N_("names in measures, the register without the edition’s own codings (F1)"),
    },
    "unread": {
        "no_unit": N_("no unit"),
        "forecast": N_("only expected"),
        "ordinal": N_("an ordinal"),
        "ratio": N_("part of a ratio"),
        "best_part": N_("a way to pick the best"),
        "denominator": N_("a denominator"),
        "name": N_("part of a name"),
        "whole": N_("a whole of which only a part is given"),
        "threshold": N_("a threshold in an indicator's name"),
        "title": N_("part of a title"),
        "sample": N_("a sample size or exchange rate"),
        "one_in_so_many": N_("one in so many"),
        "note": N_("the number of a note"),
    },
    "why": {
        "contested": N_("coders differed, or a text has changed since"),
        "near_link": N_("link or none"),
        "near_same": N_("same or successor"),
        "hangs": N_("a status hangs on it"),
        "near_miss": N_("nearest to an ended one"),
        "unsure": N_("the model is unsure"),
    },
}

FORM_OF = "NISTEP Stepmap (2013)"  # the tables of initiatives by time that the Stepmap takes after

# What a status or kind of change says of itself, and need not be named beside it.
IMPLIED = {"reworded": "wording", "moved": "section", "split": "wording", "merged": "wording", "evolved": "wording"}


def label(kind: str, value: str, language: str) -> str:
    """Return what to call a value in the language; a value without a label stands as it is."""
    message = LABELS[kind].get(value)
    return gettext(message, language) if message else value


def became(status: str, change: str | None, changed: Iterable[str], language: str) -> str:
    """Return what became of a measure in words, from a row of statuses: `reworded; changed: section, ministries`."""
    words = [label("status", status, language)] if change is None or status == "evolved" else []
    words += [label("kind_of_change", change, language)] if change else []
    implied = {IMPLIED.get(name) for name in (status, change or status)}
    named = differences((name for name in changed if name not in implied), language)
    said = listed(words, language)
    return gettext("{status}; changed: {changed}", language, status=said, changed=named) if named else said


def step(member: Mapping[str, Any]) -> str:
    """Return how a measure came to its initiative (a row of initiative_members that is no repetition), of `step`."""
    return str(member["change"] if member["relation"] == "same" else member["relation"])


def step_words(member: Mapping[str, Any], language: str) -> list[str]:
    """Return how a measure came to its initiative, what changed besides its wording, and what that rests on."""
    named = differences((name for name in member["changed"] if name != "wording"), language)
    rests_on = label("rests_on", member["basis"], language) if member["basis"] else ""
    return [label("step", step(member), language), *filter(None, (named, rests_on))]


def differences(changed: Iterable[str], language: str) -> str:
    """Return the names of what differs between two measures (`changed` in links), as a list in words."""
    return listed([label("difference", name, language) for name in changed], language)


def listed(items: list[str], language: str) -> str:
    """Return words as a list in words."""
    return ("、" if language == "ja" else ", ").join(items)


def topic_names(topics: pl.DataFrame, language: str) -> dict[str | None, str]:
    """Return the name of each topic of the table topics in the language, by topic_id; of UNCLEAR and None, too."""
    unclear = label("topic", UNCLEAR, language)
    return dict(topics.select("topic_id", f"name_{language}").iter_rows()) | {UNCLEAR: unclear, None: unclear}
