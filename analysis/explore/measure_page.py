"""One measure's page: everything that is known of it, for people, as safe HTML."""

from functools import cache
from typing import Any

import jinja2
import polars as pl

from analysis.base.errors import UsageFault
from analysis.base.i18n import gettext, word
from analysis.base.japanese import normal
from analysis.continuity import similarity, vocabulary
from analysis.explore import search
from analysis.report import narrative, pair_view
from analysis.report.charts import genealogy
from analysis.tables import editions
from analysis.tables.labels import label

Tables = search.Tables
NAMES = ("measures", "features", "assignments", "topics", "links", "statuses", "figures", "roadmap")
LINKS: dict[str, Any] = {
    "measure_id": pl.String, "edition_id": pl.String, "relation": pl.String, "score": pl.Float64, "basis": pl.String,
    "names": pl.List(pl.String),
}  # fmt: skip
NEAREST = 6  # measures that are like it, and not linked
DIGITS = 6  # of a likeness, that sums of floats agree on everywhere
PAGE = """
<article class="dossier">
<h3>{{ row.edition_id }} · {{ row.measure_id }}</h3>
<p class="dossier-place" lang="ja">{{ row.section }} {{ row.heading }}</p>
{% if row.text %}
<p class="dossier-text" lang="ja">{{ text | safe }}</p>
{% else %}
<p class="dossier-text" lang="ja">{{ row.terms }}</p>
<p class="dossier-place">{{ say("explore_no_text") }}</p>
{% endif %}
<table>
{% for what, value in facts %}
<tr><th scope="row">{{ what }}</th><td>{{ value }}</td></tr>
{% endfor %}
</table>
{% if statuses %}
<h4>{{ say("explore_what_became") }}</h4>
<table>
<thead><tr>{% for head in heads %}<th scope="col">{{ head }}</th>{% endfor %}</tr></thead>
{% for cells in statuses %}
<tr><th scope="row">{{ cells[0] }}</th>{% for cell in cells[1:] %}<td>{{ cell }}</td>{% endfor %}</tr>
{% endfor %}
</table>
{% endif %}
{% if figures %}
<h4>{{ say("explore_figures") }}</h4>
<ul>
{% for figure in figures %}
<li>{{ figure }}</li>
{% endfor %}
</ul>
{% endif %}
</article>
"""
STYLE = """<style>
.dossier { line-height: 1.5; }
.dossier h3 { margin: .2rem 0; font-size: 1.15em; }
.dossier h4 { margin: .8rem 0 .2rem; font-size: 1em; }
.dossier p { margin: .2rem 0; }
.dossier-place { opacity: .8; font-size: .9em; }
.dossier .dossier-text { line-height: 1.8; overflow-wrap: anywhere; margin: .4rem 0; }
.dossier table { border-collapse: collapse; width: auto; margin: 0; }
.dossier tr th, .dossier tr td { text-align: left; vertical-align: top; padding: .12rem 1rem .12rem 0; border: 0; }
.dossier tr th { font-weight: normal; opacity: .8; white-space: nowrap; }
.dossier mark, .found mark { background: #ffe08a; color: #111; padding: 0 .1em; }
</style>"""


def html(measure_id: str, tables: Tables, language: str, query: str = "") -> str:
    """The page of a measure, without STYLE: text or terms, ministries, topic, place, statuses with links, figures.

    tables: NAMES, and texts where they are at hand; what the query finds in the text is marked. Raises UsageFault
    for an unknown measure.
    """
    if measure_id not in tables["measures"]["measure_id"]:
        raise UsageFault(f"measure {measure_id!r} does not exist: take the identifier of one that a search finds")
    row = pair_view.side(measure_id, dict(tables), language)
    return _template().render(
        say=lambda key: word(key, language),
        row=row,
        text=search.highlighted(normal(row["text"]), query) if row["text"] else None,
        facts=_facts(row, tables, language),
        heads=[word(f"explore_{key}", language) for key in ("seen_from", "status", "best_score", "linked_to")],
        statuses=_statuses(measure_id, tables, language),
        figures=_figures(measure_id, tables, language),
    )


@cache
def _template() -> jinja2.Template:
    options: dict[str, Any] = {"autoescape": True, "undefined": jinja2.StrictUndefined, "trim_blocks": True}
    return jinja2.Environment(lstrip_blocks=True, **options).from_string(PAGE)


def _subjects(key: str, tables: Tables, language: str) -> str:
    """The specific subjects of a measure, those that most of its names and words give first."""
    own = tables["features"].filter(pl.col("measure_id") == key).row(0, named=True)
    given = sorted(vocabulary.subjects_of(own["names"], own["terms"]).items(), key=lambda item: (-item[1], item[0]))
    return pair_view.listed([vocabulary.subject_label(subject, language) for subject, _ in given], language)


def _facts(row: dict[str, Any], tables: Tables, language: str) -> list[tuple[str, str]]:
    """What a measure is, as (what, value); what is not known is left out."""
    key = row["measure_id"]
    horizon = pair_view.listed([label("horizon", name, language) for name in row["horizon"]], language)
    item = tables["roadmap"].filter((pl.col("measure_id") == key) & pl.col("no").is_not_null())["no"]
    values = {
        "explore_ministries": row["bodies"],
        "explore_horizons": horizon,
        "explore_topics": _topics(key, tables, language),
        "explore_item": "" if item.is_empty() else str(item[0]),
        "explore_names": pair_view.listed(genealogy.rarest(tables["features"], [key])[key], language),
        "explore_subjects": _subjects(key, tables, language),
        "explore_repeats": row["repeats"] or "",
        "explore_doubts": pair_view.listed([narrative.doubt(why, language) for why in row["doubts"]], language),
        "explore_place": gettext(
            "lines {first}–{last} of {document}",
            language,
            first=row["first_line"],
            last=row["last_line"],
            document=row["doc_id"],
        ),
    }
    return [(word(name, language), value) for name, value in values.items() if value]


def _topics(measure_id: str, tables: Tables, language: str) -> str:
    """The main topic with its probability, the second, and that it fits none, where it does."""
    rows = tables["assignments"].filter(pl.col("measure_id") == measure_id)
    if rows.is_empty():
        return ""
    row = rows.row(0, named=True)
    named = dict(tables["topics"].select("topic_id", f"name_{language}").iter_rows())
    said = [f"{named[row['topic_id']]} ({pair_view.chance(row['probability'])})"]
    said += [named[row["second_topic"]]] if row["second_topic"] else []
    said += [] if row["fits"] else [gettext("fits no topic well", language)]
    return pair_view.listed(said, language)


def links(measure_id: str, tables: Tables) -> pl.DataFrame:
    """The measures of other editions that a measure is linked to, earliest first, then the most likely: LINKS."""
    sides = [
        tables["links"].filter(pl.col(own) == measure_id).select(
            pl.col(other).alias("measure_id"), pl.col(f"{name}_edition").alias("edition_id"), "relation", "score",
            "basis", names="shared_names",
        )
        for own, other, name in (("from_id", "to_id", "to"), ("to_id", "from_id", "from"))
    ]  # fmt: skip
    rows = sorted(pl.concat(sides).iter_rows(), key=lambda row: (editions.place(row[1]), -row[3], row[0]))
    return pl.DataFrame(rows, schema=LINKS, orient="row")


def _statuses(measure_id: str, tables: Tables, language: str) -> list[list[str]]:
    """Seen from every other edition, earliest first: edition, status, highest score, what it is linked to."""
    linked = links(measure_id, tables)
    rows = []
    own = tables["statuses"].filter(pl.col("measure_id") == measure_id).iter_rows(named=True)
    for row in sorted(own, key=lambda row: editions.place(row["other_edition"])):
        status = label("status", row["status"], language)
        partners = [
            f"{other['measure_id']} "
            f"({label('relation', other['relation'], language)} {pair_view.chance(other['score'])})"
            for other in linked.filter(pl.col("edition_id") == row["other_edition"]).iter_rows(named=True)
        ]
        doubt = gettext("{status} (doubtful)", language, status=status) if row["doubtful"] else status
        edition = editions.label(row["other_edition"], language)
        rows.append([edition, doubt, pair_view.chance(row["best_score"]), pair_view.listed(partners, language) or "–"])
    return rows


def _figures(measure_id: str, tables: Tables, language: str) -> list[str]:
    """The figures that a measure states, one line each."""
    rows = tables["figures"].filter(pl.col("measure_id") == measure_id).sort("figure_id")
    return [_figure(row, language) for row in rows.iter_rows(named=True)]


def _figure(row: dict[str, Any], language: str) -> str:
    value = "" if row["value"] is None else f"{row['value']:,g}"
    amount = " ".join(
        filter(None, (value, label("unit", row["unit"], language) if row["unit"] else "", row["comparator"]))
    )
    parts = (label("kind", row["kind"], language), row["indicator"], amount, row["period"])
    return " · ".join(part for part in parts if part)


def nearest(measure_id: str, space: similarity.Space, tables: Tables, most: int = NEAREST) -> pl.DataFrame:
    """The measures most like it that it is not linked to: measure_id, edition, likeness (0–1), the most alike first.

    Likeness is the mean cosine of words and of compound names, renamed things as one (`evidence.space`). Repetitions
    (再掲) are left out.
    """
    own = space.place[measure_id]
    likeness = (space.words @ space.words[own].T + space.names @ space.names[own].T).toarray().ravel() / 2
    left_out = {measure_id, *links(measure_id, tables)["measure_id"]}
    rows = tables["measures"].with_columns(editions.column()).select("measure_id", "edition_id", "repeats").rows()
    alike = [
        (key, edition_id, round(float(likeness[space.place[key]]), DIGITS))
        for key, edition_id, repeats in rows
        if key not in left_out and repeats is None
    ]
    ranked = sorted((row for row in alike if row[2] > 0), key=lambda row: (-row[2], row[0]))
    schema = {"measure_id": pl.String, "edition_id": pl.String, "likeness": pl.Float64}
    return pl.DataFrame(ranked[:most], schema=schema, orient="row")
