"""The measures of a later edition that come nearest to each of an earlier one: a shorter list for coders."""

from itertools import combinations

import polars as pl

from analysis.base.errors import UsageFault
from analysis.coding import codings
from analysis.continuity import link_model, similarity
from analysis.tables import editions, store

MOST = similarity.PARTNERS  # blocking looks no further


def nearest(edition: str, against: str, count: int) -> tuple[dict[str, list[str]], float | None]:
    """Return the `count` best candidates of each measure, best first, and the recall to expect.

    The recall is the share of the links that coders named between other pairs of editions which are among the `count`
    best there (0–1); None where nobody coded any. Raises UsageFault for editions or counts that do not exist.
    """
    measures = store.read("measures").with_columns(editions.column())
    editions.check([edition, against], measures)
    if not 1 <= count <= MOST:
        raise UsageFault(f"{count} candidates cannot be given: choose from 1 to {MOST}")
    space = similarity.space(measures, store.read("features"), store.read("assignments"))
    coded = codings.table(measures).filter(pl.col("relation").is_in(["same", "successor"]))
    edition_of = dict(measures.select("measure_id", "edition_id").iter_rows())
    links = {(row["from_id"], row["to_id"]) for row in coded.iter_rows(named=True)}
    among = total = 0
    for earlier, later in combinations(editions.in_time(measures["edition_id"]), 2):
        own = {link for link in links if (edition_of[link[0]], edition_of[link[1]]) == (earlier, later)}
        if own and (earlier, later) != (edition, against):
            best = _best(space, measures, earlier, later, count)
            among += sum(to_id in best.get(from_id, []) for from_id, to_id in own)
            total += len(own)
    return _best(space, measures, edition, against, count), among / total if total else None


def _best(
    space: similarity.Space, measures: pl.DataFrame, earlier: str, later: str, count: int
) -> dict[str, list[str]]:
    originals = measures.filter(pl.col("repeats").is_null())
    first, second = (originals.filter(edition_id=key)["measure_id"].to_list() for key in (earlier, later))
    pairs = similarity.pairs(space, first, second)
    scored = link_model.score(pairs, link_model.model_for(pairs))
    scored = scored.sort("from_id", "score", "to_id", descending=[False, True, False])
    best = scored.group_by("from_id", maintain_order=True).agg(pl.col("to_id").head(count))
    return dict(best.iter_rows())
