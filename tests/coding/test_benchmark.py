"""docs/benchmark.md says what the benchmark holds, and the methods beside each other are judged rightly."""

import importlib.util
import re

import numpy as np
import polars as pl
import pytest

from analysis.base import paths
from analysis.coding import codebooks, published
from analysis.report.exhibits.reliability import figure, shares
from analysis.tables import store

TEXT = (paths.root() / "docs/benchmark.md").read_text(encoding="utf-8")
CASES = pl.DataFrame({"case": ["a", "b", "c", "d"], "fold": ["2030", "2030", "2031", "2031"]})
TRUTH = {("a", "1"): "same", ("a", "2"): "successor", ("b", "3"): "successor", ("c", "4"): "same"}


@pytest.fixture(scope="module")
def bench():
    spec = importlib.util.spec_from_file_location("bench", paths.root() / "tests/benchmarks/bench_codings.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def judged():
    return published.benchmark(store.read("measures"))


def cells(head: str) -> dict[str, list[str]]:
    """The table that begins with a head, by its rows' first cells."""
    lines = TEXT.split(head)[1].split("\n\n")[0].splitlines()[2:]
    return {row[0]: row[1:] for row in ([cell.strip() for cell in line.split("|")[1:-1]] for line in lines)}


def test_what_is_in_it_is_so(judged):
    told = cells("| | topics | links |")
    topics, links = judged.filter(variable="topic"), judged.filter(codebook="links")
    cases = links.select("unit_id", "against", "restates").unique()
    assert told["units"] == [f"{len(topics):,}", f"{len(cases):,}"]
    assert told["counts twice (`restates`)"] == [str(rows["restates"].sum()) for rows in (topics, cases)]
    assert told["years to leave out"] == [", ".join(sorted(set(rows["fold"]))) for rows in (topics, links)]
    assert f"({len(codebooks.codebook('topics').choices('topic'))} categories, one of them none)" in told["asked"][0]
    rows = store.read("reliability").filter(pl.col("against").is_in(["all", "none"]), edition_id="all")
    known = [rows.filter(variable=name).row(0, named=True) for name in ("topic", "status")]
    assert told["coders"] == [f"{row['coders']} ({row['kind']}s), an adjudicator" for row in known]
    agreed = cells("| | cases | alike |")
    for row, name in zip(known, ("main topic", "what became of a measure"), strict=True):
        base = f"{100 * row['base_rate']:.0f}%"
        assert agreed[name] == [f"{row['by_two']:,}", shares(row, "agreement"), base, figure(row, "alpha")]


def test_coders_row_and_the_baseline_are_what_the_codings_say(bench, judged):
    """The figures that need no texts are measured again."""
    topics = judged.filter(codebook="topics", variable="topic", restates=False).drop_nulls("holds")
    found = bench.topic_figures(topics["first"].to_numpy(), topics["second"].to_numpy())
    coders = re.findall(r"^\| one coder, against the other \| (.*) \|$", TEXT, flags=re.MULTILINE)
    assert coders[0] == " | ".join(map(str, found.values()))
    rows = judged.filter(codebook="links", restates=False).with_columns(case=pl.format("{} {}", "unit_id", "against"))
    cases = rows.select("case", "fold").unique().sort("case")
    both = [bench.named(rows, name) for name in ("first", "second")]
    assert coders[1] == " | ".join(map(str, bench.link_figures(cases, *both).values()))
    (ended,) = re.findall(r"^\| always ended \| (.*) \|$", TEXT, flags=re.MULTILINE)
    assert ended == " | ".join(map(str, bench.link_figures(cases, bench.named(rows, "holds"), {}).values()))


def test_every_method_is_measured(bench):
    for name in (*bench.TOPICS, "best match, rapidfuzz ratio", "link model"):
        assert re.search(rf"^\| {re.escape(name)} \| 0\.[0-9]{{2}}", TEXT, flags=re.MULTILINE), name
    assert re.search(r"Measured on 20[0-9]{2}-[0-9]{2}-[0-9]{2}, by `make bench`", TEXT)


def test_links_are_judged_by_hand(bench):
    said = {("a", "1"): "successor", ("b", "9"): "same", ("c", "4"): "same"}
    found = bench.link_figures(CASES, TRUTH, said)
    # statuses: continued/evolved, evolved/continued, continued/continued, ended/ended; links 4 and 3, 2 in common
    assert found["status"].startswith("0.50 (")
    assert found["links F1"] == f"{2 * 2 / 7:.2f}"
    assert found["goes on, F1"] == "1.00"


def test_thresholds_come_from_the_other_years(bench):
    scored = pl.DataFrame(
        [("a", "1", "2030", 0.9), ("b", "3", "2030", 0.3), ("c", "4", "2031", 0.9), ("d", "5", "2031", 0.5)],
        schema=["case", "to_id", "fold", "score"], orient="row",
    ).with_columns(same_score="score")  # fmt: skip
    found = bench.left_out(scored, CASES, TRUTH)
    # in 2031 a threshold above 0.5 is best, for 2030; in 2030 one of up to 0.3, for 2031
    assert set(found) == {("a", "1"), ("c", "4"), ("d", "5")}


def test_a_cluster_is_called_by_what_may_be_learned_of_it(bench):
    class Known:
        words = np.repeat(np.eye(120)[:2], 6, axis=0)

    truth = np.array(["x"] * 6 + ["y"] * 6)
    learn = np.array([True, False] * 6)
    assert bench.k_means(Known, learn, truth).tolist() == truth.tolist()
    assert set(bench.most_frequent(Known, learn & (truth == "y"), truth)) == {"y"}
