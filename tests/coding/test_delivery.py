"""data/curated/status.csv: each row that it takes, each fault that it names, and what it says by measure."""

import re
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from conftest import REPO

from analysis.base import paths
from analysis.base.errors import TableFaulty, UsageFault
from analysis.coding import delivery
from analysis.report import narrative
from analysis.tables import store
from analysis.tables.categories import DELIVERY
from analysis.tables.labels import LABELS

HEAD = "unit_id,status,date,source,who,note,text_hash\n"
ROW = 'B-0001,in_progress,2031-02-03,"port gazette 7, p. 12",A. Mori,half of the lamps,aaaa\n'
MEASURES = pl.DataFrame({"measure_id": ["B-0001", "B-0002", "C-0001"], "text_hash": ["aaaa", "bbbb", "cccc"]})
TODAY = date(2031, 6, 1)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of an invented workspace in which two measures are one initiative."""
    monkeypatch.setenv("IP_PLAN_ROOT", str(tmp_path))
    paths.curated().mkdir(parents=True)
    members = {"initiative_id": ["I0001", "I0001"], "measure_id": ["B-0001", "C-0001"]}
    monkeypatch.setattr(delivery, "_initiatives", lambda: pl.DataFrame({"initiative_id": ["I0001", "I0002"]}))
    monkeypatch.setattr(delivery, "_members", lambda: pl.DataFrame(members))
    return delivery.path()


def test_the_file_is_shipped_empty_with_its_head():
    assert (REPO / "data/curated/status.csv").read_text(encoding="utf-8").splitlines()[0] == HEAD.strip()
    assert ",".join(delivery.COLUMNS) == HEAD.strip()


def test_where_nobody_wrote_nothing_is_claimed(file):
    assert delivery.delivery(MEASURES, TODAY).is_empty()
    file.write_text(HEAD, encoding="utf-8")
    assert delivery.delivery(MEASURES, TODAY).is_empty()
    assert delivery.delivery(MEASURES, TODAY).schema == delivery.BY_MEASURE


def test_rows_are_read_as_spreadsheets_save_them(file):
    file.write_bytes(
        f"\ufeff{HEAD[:-1]},\r\n,,\r\n B-0001 ,done,2031/2/3,https://example.org/a?b=c,A. Mori,,,\r\n"
        "I0001,abandoned,2031-05,港湾白書2031、12頁,M,=1+1,\r\n".encode()
    )
    assert delivery.table(MEASURES, TODAY).rows() == [
        ("B-0001", "done", "2031-02-03", "https://example.org/a?b=c", "A. Mori", None, None),
        ("I0001", "abandoned", "2031-05", "港湾白書2031、12頁", "M", "=1+1", None),
    ]


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("B-0009,done,2031-02-03,x p. 1,A", "line 3: there is no measure or initiative 'B-0009'; take an id"),
        ("I0003,done,2031-02-03,x p. 1,A", "line 3: there is no measure or initiative 'I0003'"),
        (",done,2031-02-03,x p. 1,A", "line 3: unit_id is empty"),
        ("B-0002,finished,2031-02-03,x p. 1,A", "line 3: status 'finished' must be one of not_started, in_progress"),
        ("B-0002,,2031-02-03,x p. 1,A", "line 3: status is empty"),
        ("B-0002,done,2031-02-30,x p. 1,A", "line 3: date '2031-02-30' is no day"),
        ("B-0002,done,03.02.2031,x p. 1,A", "line 3: date '03.02.2031' is no day"),
        ("B-0002,done,,x p. 1,A", "line 3: date is empty"),
        ("B-0002,done,2031-06-02,x p. 1,A", "line 3: date 2031-06-02 is in the future"),
        ("B-0002,done,2031-07,x p. 1,A", "line 3: date 2031-07 is in the future"),
        ("B-0002,done,2031-02-03,,A", "line 3: source is empty"),
        ("B-0002,done,2031-02-03,port gazette 7,A", "line 3: source 'port gazette 7' must be an address"),
        ("B-0002,done,2031-02-03,ftp://x.org/a,A", "line 3: source 'ftp://x.org/a' must be an address"),
        ("B-0002,done,2031-02-03,x p. 1,", "line 3: who is empty"),
        ("B-0002,done,2031-02-03,x p. 1,A,a\x00b", "line 3: note holds the control character"),
        ("B-0002,done,2031-02-03,x p. 1,A,b,c,d", "line 3: there are more than 7 cells"),
        (ROW.strip(), "line 3: B-0001, 2031-02-03, port gazette 7, p. 12 is there twice, in line 2, too"),
    ],
)  # fmt: skip
def test_a_faulty_row_is_named_with_file_and_line(file, row, says):
    file.write_text(f"{HEAD}{ROW}{row}\n", encoding="utf-8")
    with pytest.raises(TableFaulty) as caught:
        delivery.delivery(MEASURES, TODAY)
    assert str(caught.value).startswith(f"{file}, ")
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "source",
    ["https://example.org/x", "http://example.org/x#p", "report 2030, p. 3", "report, pp. 3–4", "Report, Page 3",
     "report, lines 7–9", "白書12頁", "資料3、5ページ", "ip2031, line 361", "slides, slide 4", "資料 2枚目"],
)  # fmt: skip
def test_a_source_is_an_address_or_a_document_with_its_place(file, source):
    file.write_text(f'{HEAD}B-0001,done,2031-02-03,"{source}",A,,\n', encoding="utf-8")
    assert delivery.table(MEASURES, TODAY)["source"].to_list() == [source]


def test_an_initiative_speaks_for_its_members_and_the_latest_day_counts(file):
    file.write_text(
        f"{HEAD}{ROW}B-0001,done,2031-04-01,x p. 1,B,,zzzz\nI0001,partly_done,2031-05,x p. 2,C,,\n"
        "I0002,done,2031-05,x p. 2,C,,\nC-0001,not_started,2030-01,x p. 3,C,,\n",
        encoding="utf-8",
    )
    rows = delivery.delivery(MEASURES, TODAY).select("measure_id", "unit_id", "status", "text_changed", "latest")
    assert rows.rows() == [
        ("B-0001", "B-0001", "in_progress", False, False),
        ("B-0001", "B-0001", "done", True, False),
        ("B-0001", "I0001", "partly_done", None, True),
        ("C-0001", "C-0001", "not_started", None, False),
        ("C-0001", "I0001", "partly_done", None, True),
    ]  # I0002 has no members any more


@pytest.mark.parametrize("language", ["en", "ja"])
def test_it_is_said_with_day_source_and_who(file, language):
    file.write_text(f"{HEAD}{ROW.replace('aaaa', 'zzzz')}I0001,done,2031-05,x p. 2,<b>C</b>,,\n", encoding="utf-8")
    first, second = narrative.delivered(delivery.delivery(MEASURES, TODAY), language)["B-0001"]
    assert all(part in first for part in ("2031-05", "x p. 2", "<b>C</b>", "I0001"))  # the template escapes it
    assert all(part in second for part in ("2031-02-03", "port gazette 7, p. 12", "A. Mori", "half of the lamps"))
    assert "I0001" not in second
    assert ("changed since" in second) == (language == "en")
    assert "in_progress" not in second


def test_every_status_has_words_and_a_definition():
    assert list(LABELS["delivery"]) == DELIVERY
    readme = (REPO / "data/curated/README.md").read_text(encoding="utf-8").partition("| status | when |")[2]
    defined = re.findall(r"^\| `([a-z_]+)` \| [^|]{20,} \|", readme.partition("\n\n")[0], flags=re.MULTILINE)
    assert defined == DELIVERY


@pytest.fixture
def workspace_with_measures(file, monkeypatch):
    monkeypatch.setattr(store, "read", lambda name: {"measures": MEASURES}[name])
    return file


def test_a_finding_can_be_written_with_the_hash_of_its_text(workspace_with_measures):
    file = workspace_with_measures
    given = {"source": "x, p. 1", "who": "A", "today": TODAY}
    delivery.add("B-0001", "in_progress", date=date(2031, 3, 1), note="half", **given)
    delivery.add("I0001", "done", date="2031-05", **given)
    assert file.read_text(encoding="utf-8") == (
        HEAD + 'B-0001,in_progress,2031-03-01,"x, p. 1",A,half,aaaa\n' + 'I0001,done,2031-05,"x, p. 1",A,,\n'
    )
    before = file.read_bytes()
    for change, says in (
        ({"unit_id": "B-0009"}, "no such measure"),
        ({"status": "perhaps"}, "must be one of"),
        ({"date": "2031-08-01"}, "in the future"),
        ({"source": "somebody said so"}, "must be an address"),
        ({"who": " "}, "who is empty"),
        ({"note": "x\x07"}, "control character"),
        ({}, "is there already"),
    ):
        cells = {"unit_id": "B-0001", "status": "done", "date": "2031-03-01", **given} | change
        with pytest.raises(UsageFault, match=says):
            delivery.add(cells.pop("unit_id"), cells.pop("status"), **cells)
        assert file.read_bytes() == before
