"""Flows of topics: what leaves and enters a node is its size, whatever the links say; bands meet their nodes."""

from collections import defaultdict
from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.report.charts import bands, flows, render
from analysis.report.data import ReportData
from analysis.report.exhibits import topic_flows

COLUMNS = ["R2030", "2031", "2032"]
TOPICS = ["lamps", "ships", "books"]


def tables(topics: dict[str, list[str]], links: list[tuple[str, str]], repeats: dict[str, str] | None = None):
    """Measures of editions by the topics given (their place is their number), assignments and links."""
    rows = [
        {"measure_id": f"{edition_id}-{n}", "edition_id": edition_id, "topic_id": topic}
        for edition_id, named in topics.items()
        for n, topic in enumerate(named)
    ]
    schema = {"measure_id": pl.String, "edition_id": pl.String, "topic_id": pl.String}
    found = pl.DataFrame(rows, schema=schema)
    part = (
        pl.when(pl.col("edition_id").str.starts_with("R"))
        .then(pl.col("edition_id").str.slice(1))
        .otherwise(pl.lit("body"))
    )
    again = pl.col("measure_id").replace_strict(repeats or {}, default=None, return_dtype=pl.String)
    edition = pl.col("edition_id").str.strip_prefix("R").cast(pl.Int64)
    measures = found.select("measure_id", edition=edition, part=part, repeats=again)
    ends = {"from_id": pl.String, "to_id": pl.String}
    return measures, found.select("measure_id", "topic_id"), pl.DataFrame(links, schema=ends, orient="row")


named = st.lists(st.sampled_from(TOPICS), max_size=6)
number = st.integers(0, 5)
ends = st.tuples(st.sampled_from([("R2030", "2031"), ("R2030", "2032"), ("2031", "2032")]), number, number)
linked = st.lists(ends.map(lambda e: (f"{e[0][0]}-{e[1]}", f"{e[0][1]}-{e[2]}")), max_size=25, unique=True)


@given(st.tuples(named, named, named), linked)
@settings(deadline=None, max_examples=60)
def test_what_leaves_and_what_enters_a_node_is_its_size(topics, links):
    made = tables(dict(zip(COLUMNS, topics, strict=True)), links)
    found = bands.shares(*made, COLUMNS)
    sizes = defaultdict(int)
    for edition_id, topic in bands.members(*made[:2], COLUMNS).values():
        sizes[edition_id, topic] += 1
    for (edition_id, topic), size in sizes.items():
        out = found.filter((pl.col("from_edition") == edition_id) & (pl.col("source") == topic))["leaving"].sum()
        into = found.filter((pl.col("to_edition") == edition_id) & (pl.col("target") == topic))["entering"].sum()
        assert out == pytest.approx(size if edition_id != COLUMNS[-1] else 0, abs=1e-9)
        assert into == pytest.approx(size if edition_id != COLUMNS[0] else 0, abs=1e-9)


@given(st.tuples(named, named, named), linked)
@settings(deadline=None, max_examples=40)
def test_bands_fill_the_sides_of_their_nodes_and_nodes_do_not_meet(topics, links):
    made = tables(dict(zip(COLUMNS, topics, strict=True)), links)
    found = bands.shares(*made, COLUMNS)
    boxes = bands.placed(bands.nodes(*made[:2], found, COLUMNS), COLUMNS, TOPICS)
    drawn = bands.bands(found, boxes, TOPICS)
    assert len(drawn) == 4 * len(found)
    for box in boxes.iter_rows(named=True):
        assert 0 <= box["x"] < box["x2"] <= bands.WIDTH
        assert box["y2"] <= bands.HEIGHT
        for side, edition_id, node in ((box["x2"], "from_edition", "source"), (box["x"], "to_edition", "target")):
            here = (pl.col(edition_id) == box["edition_id"]) & (pl.col(node) == box["node"]) & (pl.col("x") == side)
            edges = drawn.filter(here).sort("y").select("y", "y2").rows()
            if edges:
                assert edges[0][0] == pytest.approx(box["y"])
                assert edges[-1][1] == pytest.approx(box["y2"])
                assert all(one[1] == pytest.approx(two[0]) for one, two in pairwise(edges))
    for _, rows in boxes.group_by("edition_id"):
        middles = ((rows["y"] + rows["y2"]) / 2).sort().to_list()
        assert all(two - one >= bands.LABEL for one, two in pairwise(middles))


def test_small_topics_among_many_have_room_for_their_names():
    named = [f"t{n:02}" for n in range(24)]
    sizes = pl.DataFrame({"edition_id": ["2031"] * 24, "node": named, "measures": [300.0, 100.0, *[1.0] * 22]})
    boxes = bands.placed(sizes, ["2031"], named)
    middles = ((boxes["y"] + boxes["y2"]) / 2).to_list()
    assert min(two - one for one, two in pairwise(middles)) >= bands.LABEL
    heights = (boxes["y2"] - boxes["y"]) / boxes["measures"]
    assert heights.to_list() == pytest.approx([heights[0]] * 24)
    assert boxes["y2"].max() <= bands.HEIGHT


def flow(found: pl.DataFrame, one: str, two: str, source: str, target: str) -> tuple[float, float]:
    here = (pl.col("from_edition") == one) & (pl.col("to_edition") == two)
    rows = found.filter(here & (pl.col("source") == source) & (pl.col("target") == target))
    return rows.select("leaving", "entering").row(0) if len(rows) else (0.0, 0.0)


def test_several_links_share_a_measures_width_on_each_side():
    topics = {"R2030": ["lamps"], "2031": ["lamps", "ships", "ships"], "2032": []}
    found = bands.shares(*tables(topics, [(f"R2030-{0}", f"2031-{n}") for n in range(3)]), COLUMNS)
    assert flow(found, "R2030", "2031", "lamps", "lamps") == pytest.approx((1 / 3, 1))
    assert flow(found, "R2030", "2031", "lamps", "ships") == pytest.approx((2 / 3, 2))
    assert flow(found, "2031", "2032", "ships", "ended") == (2, 0)


def test_what_skips_a_edition_has_not_ended_and_is_not_new():
    topics = {"R2030": ["lamps", "ships"], "2031": ["books"], "2032": ["lamps"]}
    found = bands.shares(*tables(topics, [("R2030-0", "2032-0")]), COLUMNS)
    assert flow(found, "R2030", "2031", "lamps", "later") == (1, 0)
    assert flow(found, "R2030", "2031", "ships", "ended") == (1, 0)
    assert flow(found, "R2030", "2031", "born", "books") == (0, 1)
    assert flow(found, "2031", "2032", "earlier", "lamps") == (0, 1)
    # left out, the edition between changes nothing but itself
    found = bands.shares(*tables(topics, [("R2030-0", "2032-0")]), ["R2030", "2032"])
    assert flow(found, "R2030", "2032", "lamps", "lamps") == (1, 1)


def test_repetitions_count_once_and_lend_their_links():
    topics = {"R2030": ["lamps"], "2031": ["lamps", "lamps"], "2032": ["ships"]}
    links = [("R2030-0", "2031-0"), ("R2030-0", "2031-1"), ("2031-0", "2031-1"), ("2031-1", "2032-0")]
    found = bands.shares(*tables(topics, links, {"2031-1": "2031-0"}), COLUMNS)
    assert flow(found, "R2030", "2031", "lamps", "lamps") == (1, 1)
    assert flow(found, "2031", "2032", "lamps", "ships") == (1, 1)


def test_the_order_of_rows_does_not_matter():
    topics = dict(zip(COLUMNS, (["lamps", "ships", "ships"], ["books", "ships"], ["lamps", "books"]), strict=True))
    made = tables(topics, [("R2030-0", "2031-1"), ("R2030-0", "2032-1"), ("2031-1", "2032-0"), ("2031-1", "2032-1")])
    turned = tuple(table.reverse() for table in made)
    assert bands.shares(*made, COLUMNS).equals(bands.shares(*turned, COLUMNS))


def test_only_editions_that_list_everything_are_compared():
    rows = [(2030, "summary"), (2031, "body"), (2031, "2031"), (2031, "2029"), (2032, "body"), (2033, "summary")]
    measures = pl.DataFrame(rows, schema={"edition": pl.Int64, "part": pl.String}, orient="row")
    assert bands.compared(measures) == ["R2029", "2031", "2032"]


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_chart_has_its_nodes_bands_and_names(language, tmp_path):
    topics = {"R2030": ["lamps", "ships"], "2031": ["lamps"], "2032": ["books"]}
    measures, assignments, links = tables(topics, [("R2030-0", "2031-0")])
    listed = pl.DataFrame({"topic_id": TOPICS, "place": [0, 1, 2], "name_en": TOPICS, "name_ja": ["灯台", "船", "本"]})
    render.register_font()
    statuses = pl.DataFrame(schema=dict.fromkeys(("measure_id", "edition_id", "other_edition", "status"), pl.String))
    known = {"measures": measures, "assignments": assignments, "links": links, "topics": listed, "statuses": statuses}
    shown = topic_flows.exhibit(ReportData(2032, 2031, language, known))
    render.draw({"flows": shown.chart.to_json()}, tmp_path)
    svg = (tmp_path / "flows.svg").read_text(encoding="utf-8")
    assert svg.count('aria-roledescription="area mark"') == 4
    assert ("灯台 · 1" in svg) == (language == "ja")
    assert ("new in 2032" in svg) == (language == "en")
    one_edition = measures.filter(pl.col("part") == "2030")
    assert topic_flows.exhibit(ReportData(2032, 2031, language, known | {"measures": one_edition})) is None


def test_a_short_name_is_one_topics_own():
    names = {"a": "Lamps, wicks and oil", "b": "Ships and harbours", "c": "Ships: sails"}
    assert [flows._short(name, names) for name in names.values()] == [
        "Lamps",
        "Ships and harbours",
        "Ships: sails",
    ]


def test_measures_whose_topic_is_unclear_flow_as_such():
    measures, assignments, links = tables({"R2030": ["lamps", "ships"], "2031": ["lamps"]}, [("R2030-1", "2031-0")])
    unclear = assignments.with_columns(topic_id=pl.when(pl.col("measure_id") != "R2030-1").then("topic_id"))
    flows = bands.shares(measures, unclear, links, ["R2030", "2031"])
    assert ("unclear", "lamps") in flows.select("source", "target").rows()
    assert "unclear" in bands.nodes(measures, unclear, flows, ["R2030", "2031"])["node"]


def statuses(rows: list[tuple[str, str, str, int]]) -> pl.DataFrame:
    """Statuses of measures (identifier, edition, other edition, links)."""
    schema = {"measure_id": pl.String, "edition_id": pl.String, "other_edition": pl.String, "links": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(status=pl.lit("new"))


def test_each_measure_of_the_report_s_edition_is_counted_once_by_the_nearest_document_it_is_linked_to():
    linked_to = {"a": ["2031", "2032"], "b": ["2032", "R2030"], "c": ["R2030"], "d": [], "e": ["2034"]}
    rows = [
        (key, "2033", other, int(other in others))
        for key, others in linked_to.items()
        for other in ("R2030", "2031", "2032", "2034")
    ]
    measures = pl.DataFrame({"measure_id": [], "repeats": []}, schema={"measure_id": pl.String, "repeats": pl.String})
    documents = pl.DataFrame(schema={"edition": pl.Int64, "kind": pl.String})
    known = {"statuses": statuses(rows), "measures": measures, "documents": documents}
    (said,) = topic_flows._sentences(ReportData(2033, 2031, "en", known))
    assert said == (
        "Of 5 measures of the 2033 plan: linked to the 2031 plan 1; not to it, but to a document between the two 1; "
        "only to an older one 1; to none at hand 2."
    )
    assert topic_flows._sentences(ReportData(2033, 2033, "en", known)) == []
