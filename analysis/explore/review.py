"""Reviews: the units of a codebook that are put before a person, blind, and what the decisions say.

A review asks either what is doubtful (coders differ, the model is unsure), or a random sample, from which precision and
recall, or accuracy, are estimated (`review_sample`). Whoever decides sees the unit alone: what coders, the model and
the run say of it stays in `population` until then. What is compared with a sample's decisions is what holds without
any person's decision.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from analysis.base.i18n import gettext, ngettext
from analysis.base.i18n import gettext_noop as N_
from analysis.coding import codebooks, codings, decisions, record, settled
from analysis.coding.codebooks import Category, Codebook
from analysis.explore import review_queue, review_sample
from analysis.report import pair_view, parameters
from analysis.tables import editions
from analysis.tables.labels import label

Tables = dict[str, pl.DataFrame]
TOPICS = "topics"  # the codebook whose categories the table Assignments holds, too
STATED = ("reference", "repetition")  # bases of links that stand in a document
NONE = pl.DataFrame(schema=decisions.COLUMNS)
NOTHING = N_("nothing")
FIGURES = {"precision": N_("precision"), "recall": N_("recall"), "accuracy": N_("accuracy")}


@dataclass(frozen=True, kw_only=True)
class Review:
    """What a person is asked.

    - population: all units of the editions that could be asked: key, held (the category that holds without a person's
      decision, null for none), score (of a pair, the link model's), basis
    - asked: those that are asked, in an order that says nothing of them; of a sample with `review_sample.DRAWN`, of
      doubtful ones with `reasons` (labels of kind why)
    """

    book: Codebook
    mode: str
    earlier: str
    later: str
    seed: str
    tables: Tables = field(repr=False)
    population: pl.DataFrame = field(repr=False)
    asked: pl.DataFrame = field(repr=False)

    @property
    def key(self) -> list[str]:
        return key(self.book)

    @property
    def sample(self) -> str | None:
        """The seed of the sample, None where doubtful units are asked: as `decisions.code` takes it."""
        return self.seed if self.mode == "sample" else None

    @property
    def variable(self) -> str:
        """The first variable of the codebook, by which decisions are compared with what holds."""
        return self.book.variables[0]

    def units(self) -> pl.DataFrame:
        """Return the units that wait for a decision: the key alone, in the order in which they are asked."""
        return self.asked.join(self.decided(), on=self.key, how="anti", maintain_order="left").select(self.key)

    def decided(self) -> pl.DataFrame:
        """Return the decisions of this kind (of a sample: of this seed) about units of the editions, whose texts are
        still those that were decided about: columns of `record.codings`. Raises TableFaulty."""
        role, seed = ("reviewer", None) if self.sample is None else ("sample", self.sample)
        rows = decisions.of_people(self.book).filter(pl.col("role") == role, pl.col("seed").eq_missing(seed))
        texts = self.tables["measures"].select("measure_id", "text_hash")
        for unit, text in zip(self.key, ("text_hash", "to_hash"), strict=False):
            changed = pl.col(text) != pl.col(unit).replace_strict(texts["measure_id"], texts["text_hash"], default=None)
            rows = rows.filter(~changed.fill_null(False))
        return rows.join(self.population, on=self.key, how="semi")


def key(book: Codebook) -> list[str]:
    """Return the columns that name a unit of a codebook."""
    return ["unit_id", "to_id"] if book.unit == "pair" else ["unit_id"]


def begin(
    codebook: str, mode: str, earlier: str, later: str, tables: Tables, number: int = 100, seed: str | int = "1"
) -> Review:
    """Return a review of a codebook's units: of pairs between two editions, or of the measures of both (of a codebook
    about those of a status only: of those that have it in the later one).

    tables: those of `review_queue.load`. number: how many units are asked at most, of a sample about as many. seed: of
    the sample, and of the order. Raises UsageFault for what does not exist, TableFaulty.
    """
    parameters.check({"codebook": codebook, "mode": mode, "number": number, "seed": seed})
    editions.check_order(earlier, later, tables["measures"])
    book = codebooks.codebook(codebook)
    population = _population(book, tables, earlier, later)
    if mode == "sample":
        absent = book.absent(book.variables[0])
        parted = (
            review_sample.strata(population, absent)
            if book.unit == "pair"
            else population.with_columns(stratum=pl.lit(""))
        )
        asked = review_sample.draw(parted, key(book), number, str(seed), absent)
    else:
        doubtful = _doubtful(book, tables, earlier, later, population).head(number)
        asked = review_sample.shuffled(doubtful, key(book), str(seed))
    return Review(
        book=book, mode=mode, earlier=earlier, later=later, seed=str(seed), tables=tables, population=population,
        asked=asked,
    )  # fmt: skip


# --- what can be asked, and what holds of it -------------------------------------------------------------------------


def _population(book: Codebook, tables: Tables, earlier: str, later: str) -> pl.DataFrame:
    if book.unit == "measure":
        return _measures(book, tables, earlier, later)
    if book.codebook_id == codings.CODEBOOK:
        rows = review_queue.scored(tables, NONE, earlier, later)
        return rows.select(unit_id="from_id", to_id="to_id", held="relation", score="score", basis="basis")
    return _pairs(book, tables, earlier, later)


def _originals(tables: Tables) -> pl.DataFrame:
    """Measures with their edition; repetitions (再掲) follow what they repeat and are not asked."""
    rows = tables["measures"].filter(pl.col("repeats").is_null())
    return rows.select("measure_id", editions.column()).sort("measure_id")


def _measures(book: Codebook, tables: Tables, earlier: str, later: str) -> pl.DataFrame:
    """The measures of editions with what holds of them: by their coders, else, of topics, by the topic model."""
    rows = _originals(tables).filter(pl.col("edition_id").is_in((earlier, later)))
    if book.only:
        status = tables["statuses"].filter(status=book.only, other_edition=later)
        rows = rows.filter(edition_id=earlier).join(status, on="measure_id", how="semi", maintain_order="left")
    rows = rows.select(unit_id="measure_id")
    coded = settled.measures(book, people=False).select("unit_id", "basis", held=book.variables[0])
    rows = rows.join(coded, on="unit_id", how="left")
    if book.codebook_id == TOPICS:
        model = _by_model(tables["assignments"]).select("unit_id", model="topic_id")
        rows = rows.join(model, on="unit_id", how="left", maintain_order="left").with_columns(
            held=pl.when(pl.col("basis").fill_null("open") == "open").then("model").otherwise("held")
        )
    return rows.select("unit_id", "held", "basis", score=pl.lit(None, dtype=pl.Float64))


def _by_model(assignments: pl.DataFrame) -> pl.DataFrame:
    """What the topic model alone says: unit_id, topic_id (null where it is unclear), probability, unclear."""
    rows = assignments.filter(basis="model")
    return rows.select("topic_id", "probability", "unclear", unit_id="measure_id")


def _pairs(book: Codebook, tables: Tables, earlier: str, later: str) -> pl.DataFrame:
    """The candidates and what coders named between two editions, with what holds of them by coders."""
    edition_of = dict(_originals(tables).iter_rows())
    variable, absent = book.variables[0], book.absent(book.variables[0])
    rows = record.codings(book).drop_nulls("to_id").sort("date", "packet_id")
    said, role = pl.col(variable), pl.col("role")
    named = rows.group_by("unit_id", "to_id").agg(
        settled=said.filter(role == "adjudicator").last(),
        named=said.filter((role == "coder") & ~said.is_in(absent)).first(),
        coded=said.filter(role == "coder").first(),
    )
    candidates = tables["candidates"].select("score", unit_id="from_id", to_id="to_id")
    pairs = candidates.join(named, on=["unit_id", "to_id"], how="full", coalesce=True)
    pairs = pairs.filter(
        pl.col(side).replace_strict(edition_of, default=None, return_dtype=pl.String) == edition
        for side, edition in (("unit_id", earlier), ("to_id", later))
    )
    held = pl.coalesce("settled", "named", "coded", pl.lit(absent[0] if absent else None, dtype=pl.String))
    none = pl.lit(None, dtype=pl.String)
    return pairs.select("unit_id", "to_id", held=held, score="score", basis=none).sort("unit_id", "to_id")


def _doubtful(book: Codebook, tables: Tables, earlier: str, later: str, population: pl.DataFrame) -> pl.DataFrame:
    """The doubtful units nobody has decided, those first that matter most: key, reasons."""
    names = key(book)
    decided = decisions.of_people(book).select(names)
    if book.codebook_id == codings.CODEBOOK:
        people = decisions.table(tables["measures"])
        rows = review_queue.doubtful(tables, people, earlier, later)
        return rows.select(unit_id="from_id", to_id="to_id", reasons="why")
    rows = settled.disputed(book).select(names).drop_nulls().unique(maintain_order=True)
    rows = rows.with_columns(reasons=pl.lit(["contested"], dtype=pl.List(pl.String)))
    if book.codebook_id == TOPICS:
        coded = record.codings(book).select("unit_id")
        unsure = _by_model(tables["assignments"]).filter("unclear").join(coded, on="unit_id", how="anti")
        unsure = unsure.sort("probability", "unit_id").select("unit_id", reasons=pl.lit(["unsure"]))
        rows = pl.concat([rows, unsure])
    return rows.join(population, on=names, how="semi", maintain_order="left").join(
        decided, on=names, how="anti", maintain_order="left"
    )


# --- what decisions say -----------------------------------------------------------------------------------------------


def estimates(review: Review) -> pl.DataFrame:
    """Return what a sample's decisions say of all units: precision and recall of pairs, accuracy of measures.

    Decisions of this sample alone count, and what they are compared with is what holds without any person's decision.
    Columns: `review_sample.ESTIMATES`; no rows where doubtful units are asked. Raises TableFaulty.
    """
    if review.sample is None:
        return pl.DataFrame(schema=review_sample.ESTIMATES)
    said = review.decided().select(*review.key, said=review.variable)
    if review.book.unit == "measure":
        return review_sample.accuracy(review.population, review.asked, said)
    absent = review.book.absent(review.variable)
    named = [name for name in review.book.choices(review.variable) if name not in absent]
    return review_sample.estimates(review.asked, said, review.key, named)


def decided(review: Review, language: str) -> pl.DataFrame:
    """Return the decisions with what held before them, in words: key, variables, held, who, when, why."""
    names = category_names(review.book, language)
    rows = review.decided().join(review.population.select(*review.key, "held"), on=review.key, how="left")
    words = [
        pl.col(name).replace_strict(names, default=None, return_dtype=pl.String)
        for name in (*review.book.variables, "held")
    ]
    return rows.sort(review.key).select(*review.key, *words, who="coder", when="date", why="why")


def category_names(book: Codebook, language: str) -> dict[str, str]:
    """Return the name of each category of a codebook."""
    return {
        category.category_id: name(category, language)
        for variable in book.variables
        for category in book.categories(variable)
    }


def name(category: Category, language: str) -> str:
    return category.name_ja if language == "ja" else category.name_en


def said(review: Review, unit: Mapping[str, str], language: str) -> str:
    """Return in a line what held of a unit, and what coders, documents and model say: for after the decision."""
    names = category_names(review.book, language)
    row = review.population.row(by_predicate=_is(unit), named=True)
    rows = record.codings(review.book).filter(unit_id=unit["unit_id"])
    reasons = review.asked.filter(_is(unit))["reasons"][0].to_list() if "reasons" in review.asked.columns else []
    words = {
        N_("held before"): [names.get(row["held"], gettext(NOTHING, language))],
        N_("coders"): _coded(review, rows.filter(role="coder"), unit, names, language),
        N_("adjudicator"): _coded(review, rows.filter(role="adjudicator"), unit, names, language),
        N_("document"): [label("basis", row["basis"], language)] if row["basis"] in STATED else [],
        N_("model"): _model(review, unit, names),
        N_("asked because"): [label("why", why, language) for why in reasons],
    }
    parts = [f"{gettext(title, language)}: {pair_view.listed(said, language)}" for title, said in words.items() if said]
    return " · ".join(parts)


def why(review: Review, unit: Mapping[str, str], language: str) -> str:
    """Return the waterfall of what the link model says of a pair, as safe HTML: for after the decision, which holds.

    Empty for other units, of a sample, which stays blind to its end, and where the model says nothing of the pair.
    """
    if review.book.codebook_id != codings.CODEBOOK or review.sample is not None:
        return ""
    model = pair_view.explained(unit["unit_id"], unit["to_id"], review.tables)
    return pair_view.waterfall(model, "decision", language) if model else ""


def _is(unit: Mapping[str, str]) -> pl.Expr:
    return pl.all_horizontal(pl.col(name) == value for name, value in unit.items())


def _coded(
    review: Review, rows: pl.DataFrame, unit: Mapping[str, str], names: Mapping[str, str], language: str
) -> list[str]:
    """What each coder of a unit says of it, in words; of a pair also that one who was asked did not name it."""
    if review.book.unit == "pair":
        rows = rows.filter(against=review.later)
        silent = rows.filter(pl.col("to_id").ne_missing(unit["to_id"])).unique("coder")
        rows = rows.filter(to_id=unit["to_id"])
        silent = silent.join(rows, on="coder", how="anti").filter(pl.col("role") == "coder")
    else:
        silent = rows.head(0)
    values = rows.sort("packet_id").select(review.book.variables).rows()
    words = [" / ".join(names.get(value, value) for value in row if value) for row in values]
    return words + [gettext("not named", language)] * len(silent)


def _model(review: Review, unit: Mapping[str, str], names: Mapping[str, str]) -> list[str]:
    """What the link model or the topic model says of a unit."""
    if review.book.unit == "pair":
        rows = review.tables["candidates"].filter(from_id=unit["unit_id"], to_id=unit["to_id"])
        return [pair_view.chance(score) for score in rows["score"]]
    if review.book.codebook_id != TOPICS:
        return []
    rows = _by_model(review.tables["assignments"]).filter(unit_id=unit["unit_id"])
    return [
        f"{names.get(row['topic_id'], '–')} {pair_view.chance(row['probability'])}"
        for row in rows.iter_rows(named=True)
    ]


def sentences(review: Review, language: str) -> list[str]:
    """Return what waits for a decision, and what a sample's decisions say of all units. Raises TableFaulty."""
    open_, asked = len(review.units()), len(review.asked)
    values = {
        "earlier": editions.label(review.earlier, language), "later": editions.label(review.later, language),
        "asked": asked, "open": open_, "seed": review.seed,
    }  # fmt: skip
    if review.sample is None:
        return [
            ngettext(
                "{number} unit of {earlier} and {later} waits for a decision: coders differ about it, or the model "
                "is unsure.",
                "{number} units of {earlier} and {later} wait for a decision: coders differ about them, or the model "
                "is unsure.",
                asked, language, **values,
            )
        ]  # fmt: skip
    result = [
        gettext(
            "Drawn at random with seed {seed} from {earlier} and {later}: {asked} units, of which {open} wait for a "
            "decision.",
            language, **values,
        )
    ]  # fmt: skip
    rows = [row for row in estimates(review).iter_rows(named=True) if row["of"] in (review_sample.ANY, "unit")]
    known = {row["figure"]: _estimate(row) for row in rows if row["estimate"] is not None}
    said = {
        "precision": N_("Of what counts as a link {precision} is one (precision)."),
        "recall": N_(
            "Of the true links among the pairs that were compared {recall} are found (recall); a pair that was never a "
            "candidate is not among them."
        ),
        "accuracy": N_("The category that holds is the person's in {accuracy} of the units that have one (accuracy)."),
    }
    for row in rows:
        figure = row["figure"]
        missing = gettext(
            "No {figure} yet: too little is decided.", language, figure=gettext(FIGURES[figure], language)
        )
        result.append(gettext(said[figure], language, **known) if figure in known else missing)
    return [
        *result,
        gettext(
            "These figures rest on this sample alone, weighted by how likely each unit was to be drawn, and are about "
            "what holds without any person's decision; decisions about doubtful units do not count.",
            language,
        ),
    ]


def _estimate(row: Mapping[str, Any]) -> str:
    return f"{row['estimate']:.1%} (95%: {row['low']:.1%}–{row['high']:.1%})"
