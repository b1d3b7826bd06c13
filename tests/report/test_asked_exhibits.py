"""What users asked for: by ministry, other names, splits, oldest initiatives, promises, since the last edition. The
plans are invented: 2030 and 2031, whose bodies, names and years are those of no document."""

import re
from typing import Any

import polars as pl
import pytest

from analysis.report.data import ReportData, Tables
from analysis.report.exhibit import Link, LinkedSentence, Rows
from analysis.report.exhibits import (
    act_shifts,
    carried_by_ministry,
    oldest_initiatives,
    roadmap_promises,
    since_last_edition,
    splits_and_merges,
    under_other_names,
)
from analysis.report.measure_cells import MeasureCells
from analysis.tables import ministries, name_register, plan_structure, store
from analysis.tables.ministries import Body

DEFAULTS: dict[Any, Any] = {pl.String: "", pl.Int64: 0, pl.Float64: 0.0, pl.Boolean: False}
EVERY = (
    carried_by_ministry.exhibit, since_last_edition.exhibit, under_other_names.exhibit, splits_and_merges.exhibit,
    roadmap_promises.exhibit, oldest_initiatives.exhibit, act_shifts.kinds,
)  # fmt: skip


def table(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Rows of a table; columns that are not named hold nothing."""
    schema = store.empty(name).schema
    empty = {
        column: [] if isinstance(kind, pl.List) else None if column in ("repeats", "change") else DEFAULTS[kind]
        for column, kind in schema.items()
    }
    return pl.DataFrame([empty | row for row in rows], schema=schema)


# id: ministries, status in the other plan, change, wording (n-grams), initiative
EARLIER = {
    "30-a": (["灯台庁"], "continued", "kept", [1, 2, 3, 4], "I1"),
    "30-b": (["灯台庁", "港湾省(総務)"], "continued", "reworded", [5, 6, 7, 8], "I2"),
    "30-c": (["港湾省"], "continued", "split", [9, 10, 11, 12], "I3"),
    "30-d": (["港湾省"], "evolved", None, [13, 14], "I4"),
    "30-e": (["港湾省"], "ended", None, [15, 16], "I5"),
    "30-f": (["灯台庁"], "continued", "reworded", [17, 18], "I6"),
}
LATER = {
    "31-a": (["灯台庁"], "continuing", "kept", [1, 2, 3, 4], "I1"),
    "31-b": (["航路庁"], "continuing", "reworded", [5, 6, 7, 80], "I2"),
    "31-c": (["航路庁"], "continuing", "split", [9, 10], "I3"),
    "31-d": (["港湾省"], "continuing", "split", [11, 12], "I7"),
    "31-e": (["港湾省"], "evolved", None, [40, 41], "I8"),
    "31-f": (["灯台庁"], "continuing", "reworded", [50, 51], "I6"),
    "31-g": (["航路庁"], "new", None, [60, 61], "I9"),
}
LINKS = [
    ("30-a", "31-a", "same", ["section"], []), ("30-b", "31-b", "same", ["wording"], []),
    ("30-c", "31-c", "same", ["wording"], []), ("30-c", "31-d", "same", ["wording"], []),
    ("30-d", "31-e", "successor", ["wording"], []), ("30-f", "31-f", "same", ["wording"], ["陶板→磁板"]),
]  # fmt: skip


def measure(key: str, bodies: list[str], part: str = "body", edition: int | None = None) -> dict[str, Any]:
    return {"measure_id": key, "edition": edition or int(f"20{key[:2]}"), "part": part, "ministries": bodies,
            "section": "1", "first_line": ord(key[-1])}  # fmt: skip


def documents(*kinds: str) -> pl.DataFrame:
    """The documents of the plans from 2030 on, by their kinds."""
    return table("documents", [{"doc_id": f"of_{2030 + n}", "edition": 2030 + n, "kind": kind}
                               for n, kind in enumerate(kinds)])  # fmt: skip


def invented() -> Tables:
    """The tables of two plans, the earlier with a roadmap of four rows."""
    own = {**EARLIER, **LATER}
    roadmap = [
        measure(f"30-r{n}", ["港湾省"], "2030", 2030) | {"doubts": doubts}
        for n, doubts in enumerate([[], ["which years a year cell covers is not sure"], [], []])
    ]
    measures = [*(measure(key, row[0]) for key, row in own.items()), *roadmap]
    sides = {"30": ("2030", "2031"), "31": ("2031", "2030")}
    statuses = [
        {"measure_id": key, "edition_id": sides[key[:2]][0], "other_edition": sides[key[:2]][1], "status": row[1],
         "change": row[2]}
        for key, row in own.items()
    ]  # fmt: skip
    became = ("continued", "evolved", "ended", "ended")
    statuses += [
        {"measure_id": row["measure_id"], "edition_id": "R2030", "other_edition": "2031", "status": status}
        for row, status in zip(roadmap, became, strict=True)
    ]
    members = [
        {"initiative_id": row[4], "measure_id": key, "edition_id": sides[key[:2]][0], "relation": "same"}
        for key, row in own.items()
    ] + [{"initiative_id": "I1", "measure_id": "30-r0", "edition_id": "R2030", "relation": "same"}]
    of_initiative: dict[str, list[str]] = {}
    for member in members:
        of_initiative.setdefault(member["initiative_id"], []).append(member["edition_id"])
    initiatives = [
        {"initiative_id": key, "name_en": f"name of {key}", "name_ja": f"{key}の名", "born": sorted(seen)[0],
         "editions": seen, "topic_id": "t"}
        for key, seen in of_initiative.items()
    ]  # fmt: skip
    acts = {
        "30-b": ("study", ["検討"]),
        "31-b": ("do", ["実施"]),
        "30-c": ("study", ["検討"]),
        "31-c": ("do", ["実施"]),
    }
    checkability = [
        {"measure_id": key, "act": acts.get(key, ("support", []))[0], "act_words": acts.get(key, ("support", []))[1],
         "basis": "rules"}
        for key in (*own, *(row["measure_id"] for row in roadmap))
    ]  # fmt: skip
    hashed = [member | {"text_hash": member["measure_id"]} for member in members]
    cells = [("30-r0", 1, [2030]), ("30-r0", 2, [2031, 2032]), ("30-r1", 1, [2030]), ("30-r2", 1, [2031, 2032])]
    return Tables(
        measures=table("measures", measures),
        statuses=table("statuses", statuses),
        links=table("links", [
            {"from_id": start, "to_id": end, "from_edition": "2030", "to_edition": "2031", "relation": relation,
             "changed": changed, "renamed": renamed, "shared_names": ["陶"] if start in ("30-b", "30-d") else []}
            for start, end, relation, changed, renamed in LINKS
        ]),
        features=table("features", [
            {"measure_id": key, "grams": row[3], "gram_counts": [1] * len(row[3])} for key, row in own.items()
        ]),
        initiatives=table("initiatives", initiatives),
        initiative_members=table("initiative_members", hashed),
        checkability=table("checkability", checkability),
        commitments=table("commitments", [row for row in checkability if row["basis"] == "rules"]),
        mentions=table("mentions", []),
        topics=table("topics", [{"topic_id": "t", "name_en": "pots", "name_ja": "陶器"}]),
        documents=documents("full", "full"),
        roadmap=table("roadmap", [{"measure_id": "30-r2", "carried_to": [7]}]),
        year_cells=table("year_cells", [
            {"measure_id": key, "year_cell": number, "years": years} for key, number, years in cells
        ]),
    )  # fmt: skip


@pytest.fixture
def data(monkeypatch):
    bodies = [Body("灯台庁", "Lighthouses", "ministry"), Body("港湾省", "Harbours", "ministry"),
              Body("航路庁", "Waterways", "ministry", since=2031, predecessors=("港湾省航路局",))]  # fmt: skip
    monkeypatch.setattr(ministries, "register", lambda: {body.name: body for body in bodies})
    return ReportData(2031, 2030, "en", invented())


def rows(shown: Rows, *columns: int) -> list[tuple[Any, ...]]:
    """Some columns of the rows, lists as their texts."""
    texts = [[[str(link) for link in cell] if isinstance(cell, list) else cell for cell in row] for row in shown.rows]
    return [tuple(row[column] for column in columns) for row in texts]


def numbers(sentence: str) -> list[int]:
    return [int(number) for number in re.findall(r"(?<![\d–])\d+(?![\d%])", sentence)]


def test_a_ministry_has_its_measures_by_what_became_of_them_and_those_of_its_successor(data):
    shown = carried_by_ministry.exhibit(data)
    assert rows(shown.rows, 0, 1, 2, 3, 4, 5, 6, 7) == [
        ("Harbours", 4, "75%", ["30-b", "30-c"], ["30-d"], ["30-e"], 5, ["31-g"]),
        ("Lighthouses", 3, "100%", ["30-a", "30-b", "30-f"], None, None, 2, None),
    ]
    named = "Harbours is named in more measures of 2030 than any other body: 4. "
    assert named + "Of these linked to 2031: 3 (75%); not found there: 1." in shown.sentences
    assert any("Waterways → Harbours" in sentence for sentence in shown.sentences)
    assert not any("summary" in sentence for sentence in shown.sentences)


def test_all_bodies_with_the_highest_and_the_lowest_share_are_named(data, monkeypatch):
    monkeypatch.setattr(carried_by_ministry, "ENOUGH", 3)
    said = "highest, {1}, for {0}, and lowest, {3}, for {2}."
    assert (
        carried_by_ministry.exhibit(data)
        .sentences[1]
        .endswith(said.format("Lighthouses (3 of 3)", "100%", "Harbours (3 of 4)", "75%"))
    )
    other = pl.when(pl.col("measure_id").is_in(["30-a", "30-d", "30-f"])).then(pl.lit(["消灯省"]))
    tied = other.otherwise("ministries").alias("ministries")
    data.tables["measures"] = data.tables["measures"].with_columns(tied)
    monkeypatch.setattr(carried_by_ministry, "ENOUGH", 1)
    assert (
        carried_by_ministry.exhibit(data)
        .sentences[1]
        .endswith(said.format("消灯省 (3 of 3); Lighthouses (1 of 1)", "100%", "Harbours (2 of 3)", "67%"))
    )


def test_bodies_without_a_name_and_repetitions_are_not_counted(data, monkeypatch):
    bodies = dict(ministries.register()) | {"港湾省": Body("港湾省", "Harbours", "unnamed")}
    monkeypatch.setattr(ministries, "register", lambda: bodies)
    monkeypatch.setattr(plan_structure, "ENOUGH", 0.1)
    copy = pl.when(pl.col("measure_id") == "30-a").then(pl.lit("30-f")).alias("repeats")
    data.tables["measures"] = data.tables["measures"].with_columns(copy)
    assert rows(carried_by_ministry.exhibit(data).rows, 0, 1, 3)[0] == ("Lighthouses", 2, ["30-b", "30-f"])


def test_who_is_in_charge_of_what_is_new_is_not_counted_where_few_say_it(data):
    few = (pl.col("edition") == 2031) & (pl.col("measure_id") != "31-g")
    unnamed = pl.when(few).then([]).otherwise("ministries").cast(pl.List(pl.String))
    data.tables["measures"] = data.tables["measures"].with_columns(ministries=unnamed)
    shown = carried_by_ministry.exhibit(data)
    assert shown.rows.heads[-1] == "not found in 2031"
    assert {len(row) for row in shown.rows.rows} == {6}
    assert not any("Waterways" in sentence for sentence in shown.sentences)


def test_few_bodies_say_nothing_of_ministries(data):
    few = (pl.col("edition") == 2030) & (pl.col("measure_id") != "30-a")
    unnamed = pl.when(few).then([]).otherwise("ministries").cast(pl.List(pl.String))
    data.tables["measures"] = data.tables["measures"].with_columns(ministries=unnamed)
    assert carried_by_ministry.exhibit(data) is None


def test_neighbouring_plans_say_what_changed_and_the_counts_are_those_of_the_rows(data):
    shown = since_last_edition.exhibit(data)
    assert dict(shown.rows.groups) == {
        "Kept verbatim under the same headings": 1, "Reworded": 2, "Split": 1, "Taken over by another measure": 1,
        "Not found in 2031": 1, "New in 2031: no forerunner in 2030": 1,
    }  # fmt: skip
    said = numbers(shown.sentences[0])
    assert said == [2030, 6, 1, 0, 2, 1, 0, 1, 1, 2031, 1]
    assert sum(said[2:9]) == said[1] == len(EARLIER)
    assert ("30-c", "31-c", "31-d") in [(*one, *(other or [])) for one, other, _ in rows(shown.rows, 0, 1, 2) if one]
    split = next(fact for name, fact in shown.sentences[0].finding.facts.items() if name == "split")
    assert split.table == "rows-since_last_edition-3"  # the third group
    assert shown.sentences[0].finding.facts["moved"].table is None  # leads nowhere, since it has no rows


def moved(data: ReportData, year: int, between: bool = False) -> ReportData:
    """The same tables with the later plan as that of another year, or with another plan after it, too."""
    tables = dict(data.tables)
    later = tables["measures"].filter(edition=2031).with_columns(edition=pl.lit(year, pl.Int64))
    kept = tables["measures"] if between else tables["measures"].filter(pl.col("edition") != 2031)
    tables["measures"] = pl.concat([kept, later])
    renamed = pl.col(r"^.*edition.*$").str.replace("2031", str(year))
    for name in ("statuses", "links"):
        tables[name] = tables[name].with_columns(renamed)
    return ReportData(year, 2030, "en", tables)


def test_who_is_no_neighbouring_plan_says_nothing_of_a_last_edition(data):
    summary = ReportData(2031, 2030, "en", data.tables | {"documents": documents("full", "summary")})
    assert since_last_edition.exhibit(moved(data, 2032)) is not None
    assert since_last_edition.exhibit(moved(data, 2032, between=True)) is None
    assert since_last_edition.exhibit(moved(data, 2037)) is None
    assert since_last_edition.exhibit(summary) is None


def test_pairs_stand_by_how_far_wording_and_names_were_kept(data):
    shown = under_other_names.exhibit(data)
    groups = {title.split(":")[0]: [(*start, *end) for start, end, *_ in rows(part, 0, 1)]
              for title, part in shown.rows.parts}  # fmt: skip
    assert groups == {
        "The same text": [("30-a", "31-a")],
        "Under another name": [("30-f", "31-f")],
        "Worded alike": [("30-b", "31-b"), ("30-c", "31-c"), ("30-c", "31-d")],
        "Worded otherwise, with a name in common or taken over by another": [("30-d", "31-e")],
    }
    assert numbers(shown.sentences[0]) == [2030, 2031, 6, 1, 0, 1, 3, 0, 1]
    assert rows(shown.rows, 3)[0] == ("100%",)
    assert "陶板→磁板" in rows(shown.rows, 4)[1]


def test_what_names_a_thing_by_its_successor_goes_on_under_another_name(data, monkeypatch):
    old = name_register.Entry(name="陶片法", kind="law", name_en="Shards Act", successor="磁片法")
    new = name_register.Entry(name="磁片法", kind="law", name_en="Porcelain Act")
    content = name_register.Content(name=(old, new))
    monkeypatch.setattr(name_register, "register", lambda: name_register.of(content))
    named = [{"measure_id": "30-d", "canonical": "陶片法"}, {"measure_id": "31-e", "canonical": "磁片法"}]
    data.tables["mentions"] = table("mentions", named)
    shown = under_other_names.exhibit(data)
    assert ("30-d", "陶片法→磁片法") in [(*key, names) for key, names in rows(shown.rows, 0, 4)]
    assert dict(shown.rows.groups)["Under another name: a name in it changed"] == 2


def test_splits_and_merges_name_the_parts(data):
    shown = splits_and_merges.exhibit(data)
    assert rows(shown.rows, 0, 1, 2, 3) == [(["30-c"], 2, ["31-c", "31-d"], "yes")]
    assert numbers(shown.sentences[0]) == [2030, 2031, 1, 1, 2031, 2030, 0, 0]
    assert shown.sentences[0].finding.facts["merges"].table is None
    summary = ReportData(2031, 2030, "en", data.tables | {"documents": documents("full", "summary")})
    of_summary = splits_and_merges.exhibit(summary)
    assert "stands for many measures" in of_summary.sentences[0]
    assert len(of_summary.rows.heads) == 3  # nobody can tell whether an item holds a part


def test_the_oldest_initiatives_stand_first_with_the_editions_they_are_seen_in(data):
    shown = oldest_initiatives.exhibit(data)
    assert shown.rows.groups == [("First seen in 2030", 4)]
    by_key = {name[0][:2]: (count, seen) for name, count, seen in rows(shown.rows, 0, 2, 3)}
    assert by_key["I1"] == (3, ["2030", "2030 (roadmap)", "2031"])
    assert {"I4", "I5", "I7", "I8", "I9"} & set(by_key) == set()  # not of the edition, or new in it
    assert "seen before: 4" in shown.sentences[0]
    assert "(3): I1 name of I1" in shown.sentences[0]


def test_the_promises_of_a_roadmap_add_up_and_nothing_is_silent(data):
    shown = roadmap_promises.exhibit(data)
    assert rows(shown.rows, 1, 2, 3, 4, 5, 6) == [
        ("all", 4, ["30-r0"], ["30-r1"], ["30-r2", "30-r3"], ["30-r1"]),
        ("2030", 2, ["30-r0"], ["30-r1"], None, ["30-r1"]),
        ("no cell for 2030", 2, None, None, ["30-r2", "30-r3"], None),
        ("2031–2032", 2, ["30-r0"], None, ["30-r2"], None),
        ("no cell for 2031–2032", 2, None, ["30-r1"], ["30-r3"], ["30-r1"]),
    ]
    said = "\n".join(shown.sentences)
    assert "Rows for which a year cell was found: 3; rows without any" in said
    assert "Rows that promise something for 2031–2032: 2. Of these go on in 2031 as the same initiative: 1;" in said
    assert "(工程表NNに記載): 1; with a doubt about their cells: 1; of which nothing more is known" in said
    assert said.count("may have nothing to say for these years: 1.") == 1


def test_a_row_that_repeats_another_is_counted_once(data):
    copy = pl.when(pl.col("measure_id") == "30-r1").then(pl.lit("30-r0")).otherwise("repeats").alias("repeats")
    data.tables["measures"] = data.tables["measures"].with_columns(copy)
    assert rows(roadmap_promises.exhibit(data).rows, 1, 2)[0] == ("all", 3)


def test_a_roadmap_whose_rows_all_have_cells_says_so(data):
    data.tables["year_cells"] = pl.concat(
        [data.tables["year_cells"], table("year_cells", [{"measure_id": "30-r3", "years": [2030]}])]
    )
    assert "a year cell was found for each of them" in roadmap_promises.exhibit(data).sentences[0]


def test_kinds_of_shift_are_counted_with_the_words_and_measures_behind_them(data):
    shown = act_shifts.kinds(data)
    assert rows(shown.rows, 0, 1, 2, 3, 4, 5) == [
        ("stronger", "study", "do", 2, "検討 → 実施 (2)", ["30-b → 31-b", "30-c → 31-c"])
    ]
    assert numbers(shown.sentences[0]) == [2, 0, 1]
    flat = data.tables["checkability"].with_columns(act=pl.lit("do"))
    flat = {"checkability": flat.with_columns(basis=pl.lit("agreed"))}
    assert act_shifts.kinds(ReportData(2031, 2030, "en", data.tables | flat)) is None


def test_an_edition_beside_itself_compares_nothing(data):
    alone = ReportData(2031, 2031, "en", data.tables)
    shown = [made(alone) for made in EVERY]
    assert [one.name for one in shown if one is not None] == ["oldest_initiatives", "act_shift_kinds"]


def test_measures_lead_to_their_places_with_their_initiatives_names(data):
    cells = MeasureCells(data)
    (link,) = cells.one("30-a")
    assert (link, link.anchor, link.note) == ("30-a", "m-30-a", "name of I1")
    assert cells.one("31-a", "30-a")[0].note == ""  # of the same initiative, which is named beside it


# --- the committed editions -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def tables():
    return Tables()


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize(
    "pair", [(2026, 2019), (2023, 2019), (2020, 2019), (2026, 2023), (2024, 2023), (2019, 2019)], ids=str
)
def test_each_works_for_any_pair_and_its_links_lead_to_what_the_page_has(tables, pair, language):
    data = ReportData(*pair, language, tables)
    for shown in filter(None, (made(data) for made in EVERY)):
        assert shown.rows.rows
        assert {len(row) for row in shown.rows.rows} == {len(shown.rows.heads)}
        assert sum(count for _, count in shown.rows.groups) in (0, len(shown.rows.rows))
        links = [cell for row in shown.rows.rows for part in row if isinstance(part, list) for cell in part]
        assert all(isinstance(link, Link) and link.anchor != "all_measures" for link in links)
        groups = len([title for title, _ in shown.rows.parts if title])
        places = {f"rows-{shown.name}", *(f"rows-{shown.name}-{n + 1}" for n in range(groups))}
        for sentence in shown.sentences:
            if isinstance(sentence, LinkedSentence):
                led = {fact.table for fact in sentence.finding.facts.values() if fact.table}
                assert {place for place in led if place.startswith("rows-")} <= places
    assert since_last_edition.exhibit(data) is None


def test_splits_and_shares_are_those_of_turnover(tables):
    for earlier, later in (("2019", "2026"), ("2019", "2020"), ("2023", "2026")):
        data = ReportData(int(later), int(earlier), "en", tables)
        turnover = tables["turnover"].filter(from_edition=earlier, to_edition=later, strictness=1.0)
        counts = dict(turnover.filter(by="all").select("metric", "count").iter_rows())
        facts = splits_and_merges.exhibit(data).sentences[0].finding.facts
        assert (facts["splits"].value, facts["merges"].value) == (counts["split"], counts["merged"])
        if shown := carried_by_ministry.exhibit(data):
            carried = turnover.filter(by="ministry", metric="carried")
            by_body = {data.body(group): (count, total) for group, count, total
                       in carried.select("group", "count", "total").iter_rows()}  # fmt: skip
            for body, total, _, same, successor, *_ in shown.rows.rows:
                assert (len(same or []) + len(successor or []), total) == by_body.get(body, (0, 0))


def test_a_summary_says_that_what_it_does_not_name_has_not_ended(tables):
    data = ReportData(2023, 2019, "en", tables)
    for made in (carried_by_ministry.exhibit, roadmap_promises.exhibit):
        assert sum("absence there does not mean that something has ended" in one for one in made(data).sentences) == 1


def test_a_linked_sentence_is_plain_in_a_notebook_and_escaped_on_the_page(data):
    sentence = carried_by_ministry.exhibit(data).sentences[0]
    assert "<" not in sentence
    assert '<a href="#rows-carried_by_ministry">4</a>' in sentence.__html__()
