"""What a report is made from: the tables, loaded once, and what several exhibits need, computed once."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import polars as pl

from analysis import kpi
from analysis.base.i18n import gettext, ngettext
from analysis.base.i18n import gettext_noop as N_
from analysis.coding import codebooks, codings, decisions, delivery, settled
from analysis.coding.reliability import NO_EDITION
from analysis.continuity import link_model, model_parameters, turnover_values
from analysis.report import pair_view
from analysis.tables import editions, ministries, name_register, plan_structure, store, summary_statistics
from analysis.tables.categories import PARTS_OF_A_PLAN
from analysis.tables.labels import topic_names

PAIR_TABLES = ("measures", "features", "assignments", "topics", "candidates", "links", "read",
               "decided", "roadmap")  # fmt: skip


DOCUMENTS = {"full": N_("{year} plan"), "summary": N_("{year} summary"), "article": N_("{year} article")}
NO_ENDINGS = pl.DataFrame(schema={"unit_id": pl.String, "ending": pl.String})


class Tables(dict[str, pl.DataFrame]):
    """The processed tables by name, each loaded when it is first asked for.

    `decided` and `read` are what people and coders judged about links, `disputed` what is open of it, `endings` what
    was coded of how measures ended, `delivery` what people found out about what was carried out; `texts` is empty where
    the documents are not at hand, `revisions` where none was replaced.
    Raises TableFaulty where a table is missing or broken.
    """

    def __missing__(self, name: str) -> pl.DataFrame:
        if name in ("decided", "read"):
            judged = decisions if name == "decided" else codings
            self[name] = judged.table(self["measures"])
        elif name == "endings":
            self[name] = settled.measures(codebooks.codebook(name)) if name in codebooks.codebook_ids() else NO_ENDINGS
        elif name == "delivery":
            self[name] = delivery.delivery(self["measures"])
        elif name == "disputed":
            self[name] = settled.disputed(codebooks.codebook(codings.CODEBOOK))
        elif name in ("texts", "revisions"):
            self[name] = store.read_if_there(name)
        else:
            self[name] = store.read(name)
        return self[name]


def tables_of_run(use_codings: bool = True) -> Tables:
    """Return the tables of a run; without codings nothing of what people and coders judged about links is in them."""
    tables = Tables()
    if not use_codings:
        for name in ("decided", "read", "disputed", "endings"):
            tables[name] = tables[name].clear()
    return tables


@dataclass(frozen=True)
class ReportData:
    """An edition, the one it is compared with, the language, and the tables of a report."""

    edition: int
    baseline: int
    language: str
    tables: dict[str, pl.DataFrame] = field(default_factory=Tables)
    use_codings: bool = True  # of the run that made the tables

    # --- words

    def gettext(self, message: str, /, **values: object) -> str:
        return gettext(message, self.language, **values)

    def ngettext(self, singular: str, plural: str, number: int, /, **values: object) -> str:
        return ngettext(singular, plural, number, self.language, **values)

    def listed(self, items: list[str]) -> str:
        return pair_view.listed(items, self.language)

    def chained(self, chains: list[str]) -> str:
        """List changes that are written with an arrow: a comma would not hold them apart."""
        return self.gettext("; ").join(chains)

    def plan(self, edition: int | str | None = None) -> str:
        """What to call the document of an edition, by default the report's: 2026 plan, 2023 summary, 2024 article."""
        year = str(edition or self.edition)
        return self.gettext(DOCUMENTS.get(self.kind(year), DOCUMENTS["full"]), year=year)

    def measures(self, count: int, edition: int | str | None = None) -> str:
        """So many measures of an edition's plan, by default the report's; of what is no plan, so many items."""
        if self.kind(edition) == "full":
            return self.ngettext("{number} measure", "{number} measures", count)
        return self.ngettext("{number} item", "{number} items", count)

    def body(self, name: str) -> str:
        """What to call a body in charge."""
        return ministries.label(name, self.language)

    @cached_property
    def topic_names(self) -> dict[str | None, str]:
        """The names of the topics by topic_id, and what to call unclear ones (UNCLEAR or None)."""
        return topic_names(self.tables["topics"], self.language)

    # --- editions

    def kind(self, edition: int | str | None = None) -> str:
        """Of which kind the document of an edition is, by default the report's: full, summary or article."""
        documents = self.tables["documents"].filter(~pl.col("kind").is_in(PARTS_OF_A_PLAN))
        kinds = documents.filter(pl.col("edition").cast(pl.String) == str(edition or self.edition))["kind"]
        return str(kinds.sort()[0]) if len(kinds) else "full"

    @property
    def whole(self) -> bool:
        """Whether the later of the two editions is a full plan, in which what is absent was left out or renamed; a
        summary leaves out most of what goes on."""
        return self.kind(self.later) == "full"

    @property
    def latest(self) -> bool:
        """Whether no later edition is known, so that the states of initiatives are those that this one shows."""
        return self.edition == self.tables["documents"]["edition"].max()

    @property
    def alone(self) -> bool:
        """Whether the edition is compared with none."""
        return self.edition == self.baseline

    @property
    def earlier(self) -> str:
        return str(min(self.edition, self.baseline))

    @property
    def later(self) -> str:
        return str(max(self.edition, self.baseline))

    def roadmap_meant(self, edition_ids: Iterable[str]) -> list[str]:
        """Return what the name of a roadmap's part means, as 2017 (roadmap); nothing where there is none."""
        roadmaps = [key for key in editions.in_time(edition_ids) if key.startswith("R")]
        if not roadmaps:
            return []
        said = N_("“{label}” stands for the items of the {year} plan that the roadmap of a later plan still follows.")
        return [self.gettext(said, label=editions.label(roadmaps[0], self.language), year=editions.year(roadmaps[0]))]

    # --- structure

    @cached_property
    def own(self) -> pl.DataFrame:
        """The measures that the edition states itself."""
        return summary_statistics.stated(self.tables["measures"], self.edition)

    @cached_property
    def counted(self) -> pl.DataFrame:
        """The measures that the edition states itself, repetitions (再掲) left out: what shares are of."""
        return summary_statistics.counted(self.tables["measures"], self.edition)

    @cached_property
    def sections(self) -> pl.DataFrame:
        return plan_structure.sections(self.tables["measures"], self.edition)

    @cached_property
    def bodies(self) -> pl.DataFrame:
        return plan_structure.bodies(self.tables["measures"], self.edition)

    @cached_property
    def named(self) -> int:
        """How many measures of the edition name a body."""
        return plan_structure.named(self.tables["measures"], self.edition)[0]

    @cached_property
    def nameless(self) -> int:
        """How many measures of the edition say nothing but 関係府省 or the like of who is in charge."""
        return len(plan_structure.nameless(self.tables["measures"], self.edition))

    @cached_property
    def counts_bodies(self) -> bool:
        """Whether enough measures of the edition name a body to count them."""
        return plan_structure.counts_bodies(self.tables["measures"], self.edition)

    @property
    def topic_tables(self) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
        """Measures, their assignments to topics, and the topics; measures whose topic is unclear have one of that
        name."""
        named = summary_statistics.with_unclear(self.tables["assignments"], self.tables["topics"])
        return self.tables["measures"], *named

    @cached_property
    def shares(self) -> pl.DataFrame:
        """The share of each topic in each edition."""
        return summary_statistics.shares(*self.topic_tables)

    @cached_property
    def topic_model_speaks(self) -> bool:
        """Whether a model says what measures of the two editions are about: not all of them were coded."""
        shown = self.tables["measures"].filter(pl.col("edition").is_in([self.edition, self.baseline]))
        return "model" in self.tables["assignments"].join(shown, on="measure_id", how="semi")["basis"]

    @cached_property
    def mentions(self) -> pl.DataFrame:
        """What measures of all editions name, each thing once for a measure, no repetitions: measure_id, edition_id,
        canonical, kind, thing (what to call it), section, first_line."""
        of_measure = self.tables["measures"].filter(pl.col("repeats").is_null()).select(
            "measure_id", "section", "first_line", edition_id=editions.column()
        )  # fmt: skip
        rows = self.tables["mentions"].join(of_measure, on="measure_id").sort("measure_id", "start")
        rows = rows.unique(["measure_id", "canonical"], keep="first", maintain_order=True)
        kinds = rows.group_by("canonical").agg(pl.col("kind").mode().sort().first())
        thing = pl.col("canonical").map_elements(
            lambda name: name_register.label(name, self.language), return_dtype=pl.String
        )
        rows = rows.drop("kind").join(kinds, on="canonical", maintain_order="left").with_columns(thing=thing)
        return rows.select("measure_id", "edition_id", "canonical", "kind", "thing", "section", "first_line")

    # --- continuity

    @cached_property
    def strictness(self) -> float:
        return turnover_values.strictness(self.tables["turnover"])

    @cached_property
    def links_agreement(self) -> dict[str, float]:
        """How links by likeness alone agree with the codings of editions as far apart, which the model had not seen."""
        return model_parameters.agreement_with_codings(self.gap, self.with_vectors)

    @cached_property
    def with_vectors(self) -> bool:
        """Whether sentence vectors count in the likeness of the two editions' measures."""
        judged = link_model.with_vectors(self.tables["candidates"], self.tables["measures"])
        return (self.earlier, self.later) in judged

    @property
    def gap(self) -> model_parameters.Gap:
        """Whether the two editions are near to each other or far apart."""
        return model_parameters.gap(self.earlier, self.later)

    @property
    def thresholds(self) -> model_parameters.Thresholds:
        """Those of the model that judged the pairs of the two editions."""
        model = model_parameters.link_model(None if self.use_codings else self.later, self.with_vectors)
        return model.between(self.earlier, self.later)

    @property
    def apart(self) -> str:
        """How far the two editions are apart, in the words of the model's figures."""
        years = model_parameters.NEAR_YEARS
        if self.gap == "near":
            return self.gettext("at most {years} years apart", years=years)
        return self.gettext("more than {years} years apart", years=years)

    def reliability(
        self, codebook: str, variable: str, edition_id: str, against: str = NO_EDITION
    ) -> dict[str, Any] | None:
        """Return how far the coders of an edition agree (a row of Reliability); None where nobody coded it.

        Of several versions of a codebook the one that most was coded by.
        """
        rows = self.tables["reliability"].filter(
            codebook=codebook, variable=variable, edition_id=edition_id, against=against
        )
        return rows.sort("units", "version").row(-1, named=True) if len(rows) else None

    @cached_property
    def links(self) -> pl.DataFrame:
        """The links between all editions, those of repetitions (再掲) left out."""
        ends = ("from_id", "to_id")
        return self.tables["links"].filter(~pl.col(end).is_in(self._repetitions.implode()) for end in ends)

    @cached_property
    def own_links(self) -> pl.DataFrame:
        """The links from the earlier of the two editions to the later one."""
        return self.links.filter(from_edition=self.earlier, to_edition=self.later)

    @cached_property
    def statuses(self) -> pl.DataFrame:
        """What became of all measures, and where they come from, repetitions (再掲) left out."""
        return self.tables["statuses"].filter(~pl.col("measure_id").is_in(self._repetitions.implode()))

    @cached_property
    def _repetitions(self) -> pl.Series:
        return self.tables["measures"].filter(pl.col("repeats").is_not_null())["measure_id"]

    @cached_property
    def model_decides(self) -> bool:
        """Whether a model decides about links between the two editions: not all of their measures were coded."""
        return not self.uncoded.is_empty() or "likeness" in self.own_links["basis"]

    @cached_property
    def uncoded(self) -> pl.DataFrame:
        """The measures of the earlier edition of which nobody has coded what became of them in the later one."""
        coded = self.tables["read"].filter(edition_id=self.later)["from_id"]
        earlier = self.tables["measures"].filter(editions.column() == self.earlier, pl.col("repeats").is_null())
        return earlier.clear() if self.alone else earlier.filter(~pl.col("measure_id").is_in(coded.implode()))

    def pair(self, from_id: str, to_id: str, texts: bool = True, strictness: float = 1.0) -> str:
        """Return two measures side by side as safe HTML, without their texts if so wished.

        `strictness` is that of the run; it is no property yet when notebook 03 shows pairs.
        """
        tables = {name: self.tables[name] for name in [*PAIR_TABLES, *(["texts"] if texts else [])]}
        return pair_view.side_by_side(from_id, to_id, tables, self.language, strictness)

    # --- indicators

    @cached_property
    def has_kpis(self) -> bool:
        """Whether the edition's document has KPI parts."""
        own = (pl.col("edition") == self.edition) & (pl.col("place") == "kpi")
        return not self.tables["figures"].filter(own).is_empty()

    @cached_property
    def indicators(self) -> list[dict[str, Any]]:
        return kpi.overview(self.tables, self.edition, self.language)

    @cached_property
    def kpis_before(self) -> int | None:
        """The last edition before this one that gives values of indicators; None where none does."""
        return max((edition for edition in self.tables["series"]["edition"].drop_nulls() if edition < self.edition),
                   default=None)  # fmt: skip

    @cached_property
    def indicators_before(self) -> list[dict[str, Any]]:
        """The indicators as the documents up to the edition before speak of them, as in `indicators`."""
        before = self.kpis_before
        return [] if before is None else kpi.overview(self.tables, before, self.language, up_to=True)

    @cached_property
    def kpi_parts(self) -> pl.DataFrame:
        return kpi.parts(self.tables, self.indicators, self.edition, self.language)

    # --- quality

    @cached_property
    def unknown(self) -> str:
        """The share of lines without a role."""
        return f"{100 * summary_statistics.unknown(self.tables['ledger']):.1f}%"

    @cached_property
    def doubtful(self) -> int:
        """How many measures and roadmap rows carry a doubt."""
        return len(self.tables["measures"].filter(pl.col("doubts").list.len() > 0))
