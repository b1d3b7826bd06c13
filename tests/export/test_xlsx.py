"""The workbook holds the tables as people read them, and nothing that runs, breaks or changes from run to run."""

import io
import re
import zipfile

import openpyxl
import polars as pl
import pytest
import xlsxwriter

from analysis.base.i18n import LANGUAGES, gettext
from analysis.export import sheets, xlsx
from analysis.export.citation import Citation
from analysis.tables import metric_definitions
from analysis.tables.export_schemas import EXPORTED

ABOUT = Citation("en", 2026, 2019)
PROGRESS = {
    "indicator_id": ["one", "two"], "state": ["reached", "watched"], "first_year": [2020.5, None],
    "first_value": [-1.25, 3.0], "last_year": [2024.0, None], "last_value": [2.0, None], "target_year": [2030.0, None],
    "target_value": [2.0, None], "ratio": [1.5, None],
}  # fmt: skip


def names(first: list[str]) -> pl.DataFrame:
    """The table topic_names with these names."""
    n = len(first)
    return pl.DataFrame(
        {
            "topic_id": [f"t{k}" for k in range(n)], "place": list(range(n)), "name_en": first, "name_ja": ["主題"] * n,
            "measures": [1] * n, "terms": [["知財", "=1+1"]] * n, "typical": [[]] * n, "coherence": [0.5] * n,
        },
        schema_overrides={"typical": pl.List(pl.String)},
    )  # fmt: skip


def opened(frames: dict[str, pl.DataFrame], about: Citation = ABOUT) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(xlsx.make(frames, about)[0]))


def said(book: openpyxl.Workbook) -> str:
    return "\n".join(" | ".join(str(cell) for cell in row if cell) for row in book.worksheets[0].values)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_sheets_say_what_it_is_and_what_every_column_means(language):
    frames = {"progress": pl.DataFrame(PROGRESS), "topic_names": names(["a"])}
    about = Citation(language, 2026, 2019)
    book = opened(frames, about)
    assert book.sheetnames == [gettext("about", language), "codebook", "progress", "topic_names"]
    for part in (about.title, about.text, about.licence, about.texts(False), "知的財産推進計画2019"):
        assert part in said(book)
    assert f"progress | {gettext('Each indicator against its target', language)} | 2" in said(book)
    links = {cell.hyperlink.location for row in book.worksheets[0] for cell in row if cell.hyperlink}
    assert links == {"'codebook'!A1", "'progress'!A1", "'topic_names'!A1"}
    rows = list(book["codebook"].values)
    assert rows[0] == ("table", "column", "key", "type", "unit", "empty?", "description")
    columns = [row[:2] for row in rows[1:] if row[3] != "definition"]
    assert columns == [(name, column) for name in frames for column in frames[name].columns]
    said_of = {"en": ("year", "year of the latest observation"), "ja": ("年", "最新の実績値の年")}[language]
    assert ("progress", "last_year", "", "number", said_of[0], "can be empty", said_of[1]) in rows
    key = {"en": "indicator of the register", "ja": "登録簿の指標"}[language]
    assert ("progress", "indicator_id", "key", "text", "", "", key) in rows


def test_the_codebook_defines_what_stands_in_a_column_of_metrics():
    frame = EXPORTED["turnover"].create_empty()
    defined = {row[1] for row in opened({"turnover": frame})["codebook"].values if row[3] == "definition"}
    assert defined == set(metric_definitions.names("turnover"))


def test_cells_are_what_they_are():
    book = opened({"progress": pl.DataFrame(PROGRESS), "topic_names": names(["a", "b"])})
    head, first, second = book["progress"].values
    assert head == tuple(PROGRESS)
    assert first == ("one", "reached", 2020.5, -1.25, 2024, 2, 2030, 2, 1.5)
    assert second == ("two", "watched", None, 3, None, None, None, None, None)
    sheet = book["topic_names"]
    assert sheet.freeze_panes == "B2"
    assert sheet["F2"].value == "知財; =1+1"
    assert sheet.column_dimensions["A"].width < sheet.column_dimensions["F"].width + 5
    statuses = EXPORTED["statuses"].create_empty()
    row = {"measure_id": "m", "edition_id": "2019", "other_edition": "R2017", "status": "new", "doubtful": True}
    row |= {"best_score": 0.1, "links": 0, "change": "kept", "changed": ["ministries", "horizon"]}
    book = opened({"statuses": pl.DataFrame([row], schema=statuses.schema)})
    assert list(book["statuses"].values)[1] == (
        "m",
        "2019",
        "R2017",
        "new",
        True,
        0.1,
        0,
        "kept",
        "ministries; horizon",
    )
    assert book["statuses"]["E2"].data_type == "b"


@pytest.mark.parametrize(
    "text", [*(f"{sign}1+1" for sign in "=+-@＝＋－＠\t"), "https://example.org", "mailto:a@b", "42", "1e5", "{=1}",
             "TRUE", "_x0041_", '=HYPERLINK("https://example.org","x")', "<script>alert(1)</script>&amp;"]
)  # fmt: skip
def test_a_text_stays_a_text(text):
    cell = opened({"topic_names": names([text])})["topic_names"]["C2"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)
    assert cell.quotePrefix is (text[0] in "=+-@＝＋－＠\t")  # so that an edit leaves it one


def test_what_no_spreadsheet_can_hold_is_taken_out():
    text = "a\x00b\x0bc\x1fd\x7fe\ufffef\uffffg\r\nh\ri\u2028j"
    cell = opened({"topic_names": names([text])})["topic_names"]["C2"]
    assert cell.value == "abcdefg\nh\ni\u2028j"


@pytest.mark.parametrize(("sign", "most"), [("字", 32_767), ("𠮷", 16_383)])  # the second takes two units
def test_a_cell_that_is_too_long_is_shortened_and_says_so(sign, most):
    fits, over = sign * most, "=" + sign * most + "end"
    frames = {"topic_names": names([fits, over])}
    content, told = xlsx.make(frames, ABOUT)
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book["topic_names"]["C2"].value == fits
    cell = book["topic_names"]["C3"].value
    assert cell.endswith(f"[shortened: {len(over)} characters in all]")
    assert len(cell.encode("utf-16-le")) / 2 in (32_766, 32_767)
    sentence = "Cells shortened, since a cell holds 32767 characters: 1"
    assert sentence in said(book)
    assert [one.startswith("topic_names: ") and one.endswith(sentence) for one in told] == [True]


def test_a_table_that_is_too_long_is_left_out_and_says_so(monkeypatch):
    monkeypatch.setattr(xlsx, "MOST_ROWS", 3)
    content, told = xlsx.make({"topic_names": names(["a"] * 3), "progress": pl.DataFrame(PROGRESS)}, ABOUT)
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["about", "codebook", "progress"]  # two rows and the head
    assert "a sheet holds 2 rows. See topic_names.csv or topic_names.parquet | 3" in said(book)
    assert len(told) == 1
    assert "topic_names" in {row[0] for row in book["codebook"].values}


def test_tables_for_programs_stand_aside():
    book = opened({"ledger": EXPORTED["ledger"].create_empty(), "progress": pl.DataFrame(PROGRESS)})
    assert book.sheetnames == ["about", "codebook", "progress"]
    assert "see ledger.csv or ledger.parquet" in said(book)
    assert set(EXPORTED) >= xlsx.ASIDE


def test_every_table_can_be_a_sheet_and_a_table_of_excel():
    assert all(re.fullmatch(r"[a-z_]{1,31}", name) for name in EXPORTED)
    book = opened({name: schema.create_empty() for name, schema in EXPORTED.items()})
    assert set(book.sheetnames) == {"about", "codebook", *EXPORTED} - xlsx.ASIDE
    for sheet in book.worksheets[1:]:
        (table,) = sheet.tables.values()
        assert (table.displayName, table.autoFilter.ref) == (sheet.title, table.ref)
        assert table.column_names == [cell.value for cell in sheet[1]]
        assert len({name.lower() for name in table.column_names}) == len(table.column_names)
    assert len({table.id for sheet in book for table in sheet.tables.values()}) == len(book.sheetnames) - 1


def test_a_table_of_excel_holds_all_rows_and_never_none():
    book = opened({"topic_names": names(["a", "b"]), "progress": pl.DataFrame(PROGRESS).clear()})
    refs = {sheet.title: [table.ref for table in sheet.tables.values()] for sheet in book}
    assert (refs["about"], refs["topic_names"], refs["progress"]) == ([], ["A1:H3"], ["A1:I2"])


def test_what_no_table_of_excel_can_be_called_is_refused():
    frame = names(["a"]).with_columns(Place=pl.lit(1))  # another column but for its case
    book = xlsxwriter.Workbook(io.BytesIO())
    with pytest.warns(UserWarning, match="Duplicate header"), pytest.raises(ValueError, match="the same name"):
        sheets.as_table(book.add_worksheet("topics"), frame.columns, 1, {"head": book.add_format()})


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_properties_name_author_title_and_language(language):
    about = Citation(language, 2026, 2019)
    said_of = opened({"progress": pl.DataFrame(PROGRESS)}, about).properties
    assert (said_of.creator, said_of.title, said_of.language) == (about.authors, about.title, language)
    assert said_of.description == about.text


def test_rows_are_as_high_as_their_lines_and_no_higher_than_excel_allows():
    def heights(*texts: str) -> tuple[list[float | None], float]:
        """Return the heights of the rows with these texts, and the width of their column."""
        sheet = opened({"topic_names": names(list(texts))})["topic_names"]
        assert sheet["C2"].alignment.wrap_text
        rows = [sheet.row_dimensions[row].height for row in range(2, 2 + len(texts))]
        return rows, sheet.column_dimensions["C"].width

    (short, japanese, latin, three), width = heights("港", "港" * 100, "a" * 100, "港\n灯台\n岬")
    assert short == sheets.LINE
    assert japanese >= sheets.LINE * 200 / width
    assert latin == sheets.LINE * 2
    assert three == sheets.LINE * 3
    (high,), wide = heights("港" * 2000)  # the column is wider for it
    assert sheets.HIGHEST >= high >= sheets.LINE * 4000 / wide
    (highest,), widest = heights("港" * 30_000)
    assert (round(highest), int(widest)) == (sheets.HIGHEST, sheets.WIDEST_OF_ALL)
    about = opened({"topic_names": names(["a"])}, Citation("ja")).worksheets[0]
    long = next(cell for (cell,) in about.iter_rows(min_col=2, max_col=2) if len(str(cell.value)) > 60)
    assert about.row_dimensions[long.row].height >= 2 * sheets.LINE


def test_the_stepmap_leads_from_each_initiative_and_edition_to_the_measure():
    frames = {name: EXPORTED[name].create_empty() for name in ("measures", "initiatives", "initiative_members")}
    keys = {"2019-0010": "2019", "2026-0020": "2026", "2026-0030": "2026"}
    frames["measures"] = pl.DataFrame({"measure_id": list(keys)}).with_columns(
        pl.lit(None, kind).alias(name) for name, kind in frames["measures"].schema.items() if name != "measure_id"
    )
    rows = [("I0001", ["2019-0010", "2026-0030"], "2019", "b"), ("I0002", ["2026-0020"], "2026", "a")]
    frames["initiatives"] = pl.DataFrame(
        [{"initiative_id": key, "name_ja": "=窯", "name_en": "Kilns", "state": "living", "born": born,
          "last_seen": "2026", "topic_id": topic, "editions": [keys[member] for member in members],
          "members": members} for key, members, born, topic in rows],
        schema=frames["initiatives"].schema,
    )  # fmt: skip
    frames["initiative_members"] = pl.DataFrame(
        [{"initiative_id": key, "measure_id": member, "edition_id": keys[member], "changed": [],
          "relation": "same" if place else "first", "change": "kept" if place else None,
          "basis": "reading" if place else None}
         for key, members, _, _ in rows for place, member in enumerate(members)],
        schema=frames["initiative_members"].schema,
    )  # fmt: skip
    sheet = opened(frames)["stepmap"]
    assert [cell.value for cell in sheet[1]][-2:] == ["2019", "2026"]
    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)] == [
        ["I0002", "=窯", "Kilns", "a", "goes on", None, "begins"],
        ["I0001", "=窯", "Kilns", "b", "goes on", "begins", "kept · by coders"],
    ]
    assert sheet["B2"].data_type == "s"
    assert sheet["G3"].hyperlink.location == "'measures'!A4"
    assert sheet["G2"].hyperlink.location == "'measures'!A3"
    assert "stepmap" not in opened({name: table.clear() for name, table in frames.items()}).sheetnames


def test_nothing_in_it_is_of_the_day_it_was_made():
    content, _ = xlsx.make({"progress": pl.DataFrame(PROGRESS)}, ABOUT)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        dates = re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", archive.read("docProps/core.xml").decode())
    assert dates == ["1980-01-01T00:00:00Z"] * 2
