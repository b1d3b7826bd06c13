"""The genealogy of a measure: only in one direction of time, along the strongest links, never without bounds."""

import random

import polars as pl
import pytest

from analysis.report.charts import genealogy, render

Link = tuple[str, str, float]
CHAIN: list[Link] = [("2030-1", "2031-1", 0.9), ("2031-1", "2032-1", 0.8)]


def edition_id(key: str) -> str:
    return key.split("-")[0]


def found(
    links: list[Link], repeats: dict[str, str] | None = None, basis: str = "likeness", more: tuple[str, ...] = ()
):
    """The tables of fictitious measures `edition_id-number`, as their links name them."""
    ids = sorted({key for one, two, _ in links for key in (one, two)} | set(repeats or {}) | set(more))
    measures = pl.DataFrame(
        {
            "measure_id": ids, "doc_id": ["ip"] * len(ids), "edition": [int(edition_id(key)) for key in ids],
            "part": ["body"] * len(ids), "section": ["I"] * len(ids), "section_title": ["航路"] * len(ids),
            "subhead": [None] * len(ids), "first_line": [1] * len(ids), "last_line": [2] * len(ids),
            "ministries": [["経済産業省"]] * len(ids), "repeats": [(repeats or {}).get(key) for key in ids],
        },
        schema_overrides={"repeats": pl.String, "subhead": pl.String},
    )  # fmt: skip
    rows = [
        {
            "from_id": one, "to_id": two, "from_edition": edition_id(one), "to_edition": edition_id(two),
            "score": score,
            "relation": "same" if score > 0.5 else "successor", "basis": basis, "shared_names": ["灯台守"],
            "shared_ministries": [], "renamed": [], "changed": [],
        }
        for one, two, score in links
    ]  # fmt: skip
    names = [["灯台守", f"灯台{key}"] if key.endswith("1") else [] for key in ids]
    kinds = {name: pl.List(pl.String) for name in ("names", "terms", "shared_names", "shared_ministries", "renamed")}
    linked = pl.DataFrame(rows, schema_overrides={key: kinds[key] for key in list(kinds)[2:]})
    listed = {"measure_id": ids, "names": names, "terms": [["灯"]] * len(ids)}
    return {
        "measures": measures,
        "links": linked,
        "features": pl.DataFrame(listed, schema_overrides={key: kinds[key] for key in ("names", "terms")}),
        "assignments": pl.DataFrame({"measure_id": ids, "topic_id": ["a"] * len(ids)}),
        "topics": pl.DataFrame({"topic_id": ["a"], "name_en": ["Lamps"], "name_ja": ["灯"]}),
    }


def ids(shown: genealogy.Genealogy) -> list[str]:
    return shown.nodes["measure_id"].to_list()


def test_links_are_followed_backward_and_forward_but_never_back_and_forth():
    links = [*CHAIN, ("2030-1", "2032-2", 0.9), ("2030-3", "2032-1", 0.9)]
    shown = genealogy.of("2031-1", found(links))
    assert ids(shown) == ["2030-1", "2031-1", "2032-1"]
    assert shown.nodes["steps"].to_list() == [-1, 0, 1]
    assert shown.nodes["strength"].to_list() == pytest.approx([0.9, 1, 0.8])
    assert shown.edges.select("from_id", "to_id").rows() == [("2030-1", "2031-1"), ("2031-1", "2032-1")]
    far = genealogy.of("2032-1", found(links))
    assert dict(far.nodes.select("measure_id", "steps").iter_rows())["2030-1"] == -2


def test_weak_chains_far_ones_and_too_many_are_left_out_and_counted():
    weak = [("2030-1", "2031-1", 0.3), ("2031-1", "2032-1", 0.3)]
    assert ids(genealogy.of("2030-1", found(weak), least=0.1)) == ["2030-1", "2031-1"]
    assert ids(genealogy.of("2030-1", found(weak), least=0.05)) == ["2030-1", "2031-1", "2032-1"]
    assert ids(genealogy.of("2030-1", found(CHAIN), depth=1)) == ["2030-1", "2031-1"]
    bundle = [("2030-1", f"2031-{n}", 0.4 + n / 100) for n in range(1, 31)]
    shown = genealogy.of("2030-1", found(bundle))
    assert ids(shown) == ["2030-1", "2031-29", "2031-30"]
    assert shown.left_out == 28
    assert len(ids(genealogy.of("2030-1", found(bundle), each=40, most=10))) == 10


def test_a_repetition_has_the_genealogy_of_what_it_repeats():
    links = [*CHAIN, ("2031-1", "2031-9", 1.0), ("2030-1", "2031-9", 0.9)]
    shown = genealogy.of("2031-9", found(links, {"2031-9": "2031-1"}))
    assert shown.measure_id == "2031-1"
    assert "2031-9" not in ids(shown)


def test_a_measure_without_links_stands_alone_and_an_unknown_one_is_an_error():
    shown = genealogy.of("2030-5", found(CHAIN, more=("2030-5",)))
    assert ids(shown) == ["2030-5"]
    assert shown.edges.is_empty()
    assert genealogy.chart(shown, found(CHAIN)["topics"], "en")
    with pytest.raises(KeyError):
        genealogy.of("2030-7", found(CHAIN))


def test_the_order_of_rows_does_not_matter():
    chance = random.Random(1)
    links = [(f"203{a}-{n}", f"203{b}-{m}", round(chance.uniform(0.3, 1), 1))
             for a in range(3) for b in range(a + 1, 4) for n in range(1, 4) for m in range(1, 4)]  # fmt: skip
    made = found(links)
    turned = {name: table.reverse() for name, table in made.items()}
    one, two = (genealogy.of("2031-1", tables) for tables in (made, turned))
    assert one.nodes.equals(two.nodes)
    assert one.edges.equals(two.edges)
    charts = [genealogy.chart(shown, made["topics"], "en").to_json() for shown in (one, two)]
    assert charts[0] == charts[1]


def test_what_a_chain_says_already_is_not_drawn_unless_a_document_states_it():
    short = ("2030-1", "2032-1", 0.8)
    assert len(genealogy.drawn(genealogy.of("2030-1", found([*CHAIN, short])).edges)) == 2
    sure = ("2030-1", "2032-1", 0.95)
    assert len(genealogy.drawn(genealogy.of("2030-1", found([*CHAIN, sure])).edges)) == 3
    stated = genealogy.of("2030-1", found([*CHAIN, short], basis="reference")).edges
    assert len(genealogy.drawn(stated)) == 3


def test_where_nothing_is_linked_a_measure_stands_alone():
    alone = found([("2019-1", "2026-1", 0.9)], more=("2031-1", "2031-2"))
    shown = genealogy.of(genealogy.example(alone, "2031"), alone)
    assert shown.nodes["measure_id"].to_list() == [shown.measure_id] == ["2031-1"]
    assert len(genealogy.table(shown, alone, "en")) == 1
    genealogy.chart(shown, alone["topics"], "en").to_dict()


def test_the_example_is_linked_to_most_editions():
    links = [*CHAIN, ("2031-2", "2032-2", 0.99), ("2031-2", "2032-3", 0.99)]
    assert genealogy.example(found(links), "2031") == "2031-1"
    assert genealogy.example(found(links), "2040") is None


def test_rare_names_come_first_and_words_stand_in_for_missing_ones():
    shown = genealogy.rarest(found(CHAIN, more=("2030-2",))["features"], ["2030-1", "2030-2"])
    assert shown == {"2030-1": ["灯台2030-1", "灯台守"], "2030-2": ["灯"]}


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_chart_tells_kinds_of_links_apart(language, tmp_path):
    render.register_font()
    shown = genealogy.of("2031-1", found([("2030-1", "2031-1", 0.9), ("2031-1", "2032-1", 0.4)]))
    render.draw({"a": genealogy.chart(shown, found(CHAIN)["topics"], language).to_json()}, tmp_path)
    svg = (tmp_path / "a.svg").read_text(encoding="utf-8")
    lines = svg.split('aria-roledescription="line mark"')[1:]
    assert len(lines) == 2
    dashes = sorted('stroke-dasharray="7,4"' in line.split("/>")[0] for line in lines)
    assert dashes == [False, True]
    assert all(key in svg for key in ("2030-1", "2031-1", "2032-1", "灯台守"))


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_table_names_links_and_gives_texts_only_if_asked(language):
    made = found(CHAIN)
    shown = genealogy.of("2031-1", made)
    table = genealogy.table(shown, made, language)
    assert len(table) == 3
    assert table.width == 8
    assert "→ 2032-1" in table.row(1)[6]
    assert "0.80" in table.row(1)[6]
    texts = pl.DataFrame({"measure_id": ["2031-1"], "text": ["灯台の明かり"], "repaired": [None]},
                         schema_overrides={"repaired": pl.String})  # fmt: skip
    with_texts = genealogy.table(shown, made | {"texts": texts}, language, texts=True)
    assert with_texts.row(1)[8] == "灯台の明かり"
    assert with_texts.row(0)[8] is None


def test_a_chart_of_many_editions_fits_a_window_of_1400():
    """JupyterLab leaves 960 pixels beside its list of files."""
    long = [(f"{year}-1", f"{year + 1}-1", 0.9) for year in range(2030, 2038)]
    shown = genealogy.of("2034-1", found(long))
    few, many = (genealogy.chart(one, found(long)["topics"], "en").to_dict()["width"] for one in
                 (genealogy.of("2031-1", found(CHAIN)), shown))  # fmt: skip
    assert few == 3 * genealogy.COLUMN
    assert few < many <= genealogy.WIDEST
    assert len(shown.nodes["edition_id"].unique()) > genealogy.WIDEST // genealogy.COLUMN
