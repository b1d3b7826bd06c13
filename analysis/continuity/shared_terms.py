"""What two measures have in common, for people to see; `evidence` weighs it, and loads much more."""

from collections import Counter
from dataclasses import dataclass
from functools import cache

import polars as pl

from analysis.continuity import renamings, thesaurus
from analysis.tables import editions, ministries

SHOWN = 6  # names or words in common that are shown, rarest first
SHARED = ("shared_names", "shared_terms", "shared_subjects", "shared_ministries", "renamed")


def in_common(links: pl.DataFrame, measures: pl.DataFrame, features: pl.DataFrame) -> pl.DataFrame:
    """The links with what both measures share, for people to see: the columns SHARED.

    Names and terms stand rarest first, as the later measure writes them; terms that a shared name holds are left out.
    """
    edition_id = dict(measures.select("measure_id", editions.column()).iter_rows())
    names, terms = (_by_later_name(features, column, edition_id) for column in ("names", "terms"))
    family = cache(ministries.family)
    charged = {key: {family(name) for name in row} for key, row in measures.select("measure_id", "ministries").rows()}
    subjects = {key: set(thesaurus.given(*row)) for key, *row in features.select("measure_id", "names", "terms").rows()}
    frequent = Counter(subject for row in subjects.values() for subject in row)
    rows: dict[str, list[list[str]]] = {name: [] for name in SHARED}
    for start, end in links.select("from_id", "to_id").iter_rows():
        shared = names.shared(start, end)
        told = "".join(shared)
        words = [term for term in terms.shared(start, end) if term not in told]
        earlier, later = names.written[start], names.written[end]
        rows["shared_names"].append([later[name] for name in shared[:SHOWN]])
        rows["shared_terms"].append([terms.written[end][term] for term in words[:SHOWN]])
        both = sorted(subjects[start] & subjects[end], key=lambda subject: (frequent[subject], subject))
        rows["shared_subjects"].append(both[:SHOWN])
        rows["shared_ministries"].append(sorted(charged[start] & charged[end]))
        changed = [f"{earlier[name]}→{later[name]}" for name in shared if earlier[name] != later[name]]
        rows["renamed"].append(changed[:SHOWN])
    return links.with_columns(pl.Series(name, values, dtype=pl.List(pl.String)) for name, values in rows.items())


@dataclass(frozen=True)
class _Written:
    """For every measure its names by their later form, and how many measures have each."""

    written: dict[str, dict[str, str]]
    frequency: Counter[str]

    def shared(self, start: str, end: str) -> list[str]:
        both = self.written[start].keys() & self.written[end].keys()
        return sorted(both, key=lambda name: (self.frequency[name], name))


def _by_later_name(features: pl.DataFrame, column: str, edition_id: dict[str, str]) -> _Written:
    meant = renamings.meanings()
    written = {
        key: {meant(name, editions.year(edition_id[key])): name for name in row}
        for key, row in features.select("measure_id", column).iter_rows()
    }
    return _Written(written, Counter(name for row in written.values() for name in row))
