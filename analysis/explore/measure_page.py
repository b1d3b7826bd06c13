"""The page of one measure: everything that is known of it, for people, as safe HTML."""

from functools import partial
from typing import Any

import polars as pl
from markupsafe import Markup

from analysis.base.errors import UsageFault
from analysis.base.i18n import gettext, plain
from analysis.base.japanese import normal
from analysis.continuity import similarity, turnover_values, vocabulary
from analysis.explore import queries, search
from analysis.report import narrative, pair_view
from analysis.report.charts import genealogy
from analysis.tables import editions, name_register
from analysis.tables.categories import CHECKABLE
from analysis.tables.labels import became, label, topic_names

Tables = search.Tables
NAMES = ("measures", "features", "assignments", "checkability", "topics", "sub_topics", "links", "statuses", "figures",
         "roadmap", "candidates", "turnover", "initiatives", "initiative_members", "mentions")  # fmt: skip
LINKS: dict[str, Any] = {
    "measure_id": pl.String, "edition_id": pl.String, "relation": pl.String, "score": pl.Float64, "basis": pl.String,
    "names": pl.List(pl.String),
}  # fmt: skip
NEAREST = 6  # measures that are similar and not linked
DIGITS = 6  # of a similarity, on which sums of floats agree everywhere


def html(measure_id: str, tables: Tables, language: str, query: str = "") -> str:
    """Return the page of a measure: text or terms, ministries, topic, place, delivery, statuses with links and why,
    figures.

    tables: NAMES, and texts and delivery where they are at hand; what matches the query in the text is marked. Raises
    UsageFault for an unknown measure.
    """
    if measure_id not in tables["measures"]["measure_id"]:
        raise UsageFault(f"measure {measure_id!r} does not exist: take the identifier of one that a search returns")
    row = pair_view.side(measure_id, dict(tables), language)
    return pair_view.template("measure_page.html.j2", "explore").render(
        _=lambda message: gettext(message, language),
        row=row,
        text=Markup(queries.highlighted(normal(row["text"]), query)) if row["text"] else None,
        facts=_facts(row, tables, language),
        delivery=_delivery(measure_id, tables, language),
        statuses=_statuses(measure_id, tables, language),
        reasons=_reasons(measure_id, tables, language),
        style=Markup(pair_view.WATERFALL_STYLE),
        figures=[figure(row, language) for row in _of(measure_id, tables["figures"].sort("figure_id"))],
    )


def _of(measure_id: str, table: pl.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a measure."""
    return table.filter(pl.col("measure_id") == measure_id).to_dicts()


def _facts(row: dict[str, Any], tables: Tables, language: str) -> list[tuple[str, str]]:
    """Return what is known of a measure as (name, value); what is not known is empty."""
    key = row["measure_id"]
    listed = partial(pair_view.listed, language=language)
    items = [item["no"] for item in _of(key, tables["roadmap"]) if item["no"] is not None]
    place = {"first": row["first_line"], "last": row["last_line"], "document": row["doc_id"]}
    return [
        (gettext("Ministry", language), row["bodies"]),
        (gettext("Horizon", language), listed([label("horizon", name, language) for name in row["horizon"]])),
        (gettext("Topic", language), _topics(key, tables, language)),
        (gettext("Initiative", language), _initiative(key, tables, language)),
        (gettext("What could be checked", language), _checkable(key, tables, language)),
        (gettext("Roadmap item", language), "".join(map(str, items[:1]))),
        (gettext("Laws, plans and other things it names", language), listed(_things(key, tables, language))),
        (gettext("Rarest names", language), listed(genealogy.rarest(tables["features"], [key])[key])),
        (gettext("Specific subjects", language), listed(_subjects(key, tables, language))),
        (gettext("Repeats", language), row["repeats"] or ""),
        (gettext("Doubts of the parser", language), listed([narrative.doubt(why, language) for why in row["doubts"]])),
        (gettext("Place", language), gettext("lines {first}–{last} of {document}", language, **place)),
    ]


def _initiative(measure_id: str, tables: Tables, language: str) -> str:
    """Return identifier, name and state of the initiative of a measure, and its measures in the order of time."""
    rows = _of(measure_id, tables["initiative_members"].join(tables["initiatives"], on="initiative_id"))
    if not rows:
        return ""
    row = rows[0]
    name = f"{row['initiative_id']} {row[f'name_{language}']} ({label('initiative_state', row['state'], language)})"
    return f"{name}: {' → '.join(row['members'])}"


def _subjects(measure_id: str, tables: Tables, language: str) -> list[str]:
    """Return the specific subjects of a measure, those that most of its names and words give first."""
    (features,) = _of(measure_id, tables["features"])
    counts = vocabulary.subjects_of(features["names"], features["terms"])
    return [
        vocabulary.subject_label(subject, language)
        for subject in sorted(counts, key=lambda name: (-counts[name], name))
    ]


def _things(measure_id: str, tables: Tables, language: str) -> list[str]:
    """Return what a measure names, in its text's order, each with its kind and, where the register has it, its name."""
    rows = sorted(_of(measure_id, tables["mentions"]), key=lambda row: row["start"])
    shown = ((row["name"], name_register.label(row["canonical"], language), row["kind"]) for row in rows)
    return [
        f"{name if thing in (name, normal(name)) else f'{name} = {thing}'} ({label('mention_kind', kind, language)})"
        for name, thing, kind in shown
    ]


def _topics(measure_id: str, tables: Tables, language: str) -> str:
    """Return the topic with its sub-topic, the second one, what it rests on, and how probable the model finds it."""
    names, parts = topic_names(tables["topics"], language), []
    subs = dict(tables["sub_topics"].select("sub_topic", f"name_{language}").iter_rows())
    for row in _of(measure_id, tables["assignments"]):
        parts.append(names[row["topic_id"]])
        parts += [subs[row["sub_topic"]]] if row["sub_topic"] in subs else []
        parts += [names[row["second_topic"]]] if row["second_topic"] else []
        parts.append(label("topic_basis", row["basis"], language))
        parts.append(gettext("by its words alone {chance}", language, chance=pair_view.chance(row["probability"])))
    return pair_view.listed(parts, language)


def _checkable(measure_id: str, tables: Tables, language: str) -> str:
    """Return the strongest act with its words, what of it could be checked, with its words, and what this rests on."""
    parts = []
    for row in _of(measure_id, tables["checkability"]):
        named = [kind for kind in CHECKABLE if row[kind]]
        said = [(label("act", row["act"], language), row["act_words"])]
        said += [(label("checkable", kind, language), row[f"{kind}_words"]) for kind in named]
        parts += [f"{name} ({pair_view.listed(words, language)})" if words else name for name, words in said]
        parts += [] if named else [label("checkable", "none", language)]
        parts.append(label("topic_basis", row["basis"], language))
    return " · ".join(parts)


def links(measure_id: str, tables: Tables) -> pl.DataFrame:
    """Return the measures of other editions that a measure is linked to as LINKS: by edition, the most likely first."""
    table = tables["links"]
    sides = [
        table.filter(pl.col(f"{side}_id") == measure_id).select(
            "relation", "score", "basis",
            measure_id=f"{other}_id", edition_id=f"{other}_edition", names="shared_names",
        )
        for side, other in (("from", "to"), ("to", "from"))
    ]  # fmt: skip
    rows = pl.concat(sides).select(*LINKS).sort("score", "measure_id", descending=[True, False])
    return pl.DataFrame(sorted(rows.iter_rows(), key=lambda row: editions.place(row[1])), schema=LINKS, orient="row")


def _statuses(measure_id: str, tables: Tables, language: str) -> list[tuple[str, str, str, str]]:
    """Return edition, status, highest score and linked measures, as seen from every other edition, earliest first."""
    linked = links(measure_id, tables)
    rows = []
    for row in sorted(_of(measure_id, tables["statuses"]), key=lambda row: editions.place(row["other_edition"])):
        status = became(row["status"], row["change"], row["changed"], language)
        partners = [
            f"{link['measure_id']} ({label('relation', link['relation'], language)} {pair_view.chance(link['score'])})"
            for link in linked.filter(pl.col("edition_id") == row["other_edition"]).iter_rows(named=True)
        ]
        rows.append(
            (
                editions.label(row["other_edition"], language),
                gettext("{status} (doubtful)", language, status=status) if row["doubtful"] else status,
                pair_view.chance(row["best_score"]),
                pair_view.listed(partners, language) or "–",
            )
        )
    return rows


def _reasons(measure_id: str, tables: Tables, language: str) -> list[tuple[str, Markup]]:
    """Return for each link that the model compared what it is, and the waterfall of what the model says of it."""
    strictness = turnover_values.strictness(tables["turnover"])
    own = tables["links"].filter((pl.col("from_id") == measure_id) | (pl.col("to_id") == measure_id))
    pairs = own.sort("score", "from_id", "to_id", descending=[True, False, False])
    reasons = []
    for row in pairs.iter_rows(named=True):
        model = pair_view.explained(row["from_id"], row["to_id"], tables, strictness)
        if model is not None:
            words = (label("relation", row["relation"], language), label("basis", row["basis"], language))
            title = f"{row['from_id']} → {row['to_id']} · {' · '.join(words)}"
            reasons.append((title, pair_view.waterfall(model, row["basis"], language)))
    return reasons


def _delivery(measure_id: str, tables: Tables, language: str) -> list[str]:
    """Return what people found out about a measure's delivery, a sentence each."""
    if "delivery" not in tables:
        return []
    rows = tables["delivery"].filter(pl.col("measure_id") == measure_id)
    return narrative.delivered(rows, language).get(measure_id, [])


def figure(row: dict[str, Any], language: str) -> str:
    """Return what a figure says: kind, indicator, amount and period."""
    value = "" if row["value"] is None else plain(row["value"])
    unit = label("unit", row["unit"], language) if row["unit"] else ""
    amount = " ".join(filter(None, (value, unit, row["comparator"])))
    return " · ".join(filter(None, (label("kind", row["kind"], language), row["indicator"], amount, row["period"])))


def nearest(measure_id: str, space: similarity.Space, tables: Tables, most: int = NEAREST) -> pl.DataFrame:
    """Return the most similar measures that a measure is not linked to: measure_id, edition_id, similarity (0–1).

    Similarity is the mean cosine of words and of compound names, renamed things as one (`similarity.space`).
    Repetitions (再掲) are left out.
    """
    at = space.place[measure_id]
    cosines = (space.words @ space.words[at].T + space.names @ space.names[at].T).toarray().ravel() / 2
    similar = pl.DataFrame({"measure_id": space.ids, "similarity": cosines.round(DIGITS)})
    left_out = [measure_id, *links(measure_id, tables)["measure_id"]]
    return (
        tables["measures"]
        .filter(pl.col("repeats").is_null(), ~pl.col("measure_id").is_in(left_out))
        .select("measure_id", editions.column())
        .join(similar, on="measure_id")
        .filter(pl.col("similarity") > 0)
        .sort("similarity", "measure_id", descending=[True, False])
        .head(most)
    )
