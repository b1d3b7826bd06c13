"""People's decisions about links: what is accepted and what stops a run, and that none is ever lost or half written."""

import os
import subprocess
import sys
import unicodedata
from datetime import date
from pathlib import Path

import filelock
import polars as pl
import pytest
import records
from conftest import REPO
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.base.errors import AlreadyRunning, CannotWrite, TableFaulty, UsageFault
from analysis.coding import codebooks, decisions, record

VERSION = codebooks.codebook("links").version
HEAD = "packet_id,unit_id,to_id,relation,text_hash,to_hash,why\n"
MINE = f"links-{VERSION}-reviewer-K. Tanaka-2026-11-20"
GOOD = f"{MINE},a,b,same,ha,hb,same programme\n{MINE},c,b,none,hc,hb,other object\n"
PACKETS = ",".join(record.PACKET_COLUMNS) + "\n"
PACKET = f"{MINE},links,{VERSION},reviewer,K. Tanaka,person,,,,2026-11-20,,,,\n"
MEASURES = pl.DataFrame(
    {
        "measure_id": ["a", "b", "c"],
        "edition": [2030, 2031, 2030],
        "part": ["body"] * 3,
        "text_hash": ["ha", "hb", "hc"],
    }
)


@pytest.fixture
def curated(curated: Path) -> Path:
    """The file of codings of links, without rows, beside packets.csv with one packet."""
    file = records.with_codebooks(curated) / "codings/links.csv"
    file.parent.mkdir()
    file.write_text(HEAD, encoding="utf-8")
    file.with_name("packets.csv").write_text(PACKETS + PACKET, encoding="utf-8")
    return file


def decide(*given: object, who: str = "K. Tanaka", why: str = "other object", **more: object) -> pl.DataFrame:
    return decisions.decide(*given, who=who, why=why, measures=MEASURES, **more)


# --- what is read -----------------------------------------------------------------------------------------------


def test_sound_decisions_are_read(curated):
    curated.write_text(HEAD + GOOD)
    assert decisions.table(MEASURES).rows() == [
        ("a", "b", "confirm", "same", "K. Tanaka", "2026-11-20", "same programme"),
        ("c", "b", "reject", None, "K. Tanaka", "2026-11-20", "other object"),
    ]


def test_no_decisions_are_none(curated):
    for file in (None, curated, curated.with_name("packets.csv")):
        if file:
            file.unlink()
        assert decisions.table(MEASURES).is_empty()
        assert decisions.table(MEASURES).schema == decisions.COLUMNS


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (f"{MINE},a,gone,none,,,\n", "links.csv, the decision about a and gone: there is no measure gone any more"),
        (
            f"{MINE},b,a,none,,,\n",
            r"about b and a: b \(2031\) is no earlier than a \(2030\); put the earlier one first",
        ),
        (f"{MINE},a,c,none,,,\n", r"a \(2030\) is no earlier than c \(2030\)"),
        (f"{MINE},a,,none,,,\n", "there is no measure  any more"),
    ],
)
def test_a_decision_that_cannot_stand_is_named(curated, row, says):
    curated.write_text(HEAD + GOOD.splitlines(keepends=True)[1] + row)
    with pytest.raises(TableFaulty, match=says) as caught:
        decisions.table(MEASURES)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("packet", "says"),
    [
        (PACKET.replace("K. Tanaka,person", ",person"), "line 2: coder is empty; fill it in"),
        (PACKET.replace("K. Tanaka,person", "=A1,person"), "line 2: coder begins with '=', which a spreadsheet"),
        (PACKET.replace(",2026-11-20,", ",,"), "line 2: date is empty; fill it in"),
        (PACKET.replace(",2026-11-20,", ",20 November,"), "line 2: date '20 November' is no day"),
        (PACKET.replace(",2026-11-20,", ",2026-02-30,"), "line 2: date '2026-02-30' is no day"),
        (PACKET.replace(",2026-11-20,", ",2026-11,"), "line 2: date '2026-11' is no day; a decision needs its day"),
        (PACKET.replace(",2026-11-20,", ",not recorded,"), "line 2: date 'not recorded' is no day"),
        (PACKET.replace(",reviewer,", ",boss,"), "line 2: role 'boss' must be 'coder', 'adjudicator'"),
    ],
)
def test_a_decision_needs_who_and_when(curated, packet, says):
    curated.write_text(HEAD + GOOD)
    curated.with_name("packets.csv").write_text(PACKETS + packet)
    with pytest.raises(TableFaulty, match=r"packets\.csv, " + says) as caught:
        decisions.table(MEASURES)
    assert "\n" not in str(caught.value)


def test_of_several_decisions_the_latest_holds_and_a_reviewers_before_one_of_a_sample(curated):
    decide("a", "b", "confirm", "same", when="2026-11-20", sample="7")
    decide("a", "b", "reject", when="2026-11-19")
    assert decisions.table(MEASURES)["relation"].to_list() == ["same"]
    decide("a", "b", "reject", when="2026-11-20")
    assert decisions.table(MEASURES)["relation"].to_list() == [None]
    assert len(curated.read_text().splitlines()) == 3  # both are kept


# --- deciding ----------------------------------------------------------------------------------------------------


def test_a_decision_is_written_sorted_with_the_hash_of_its_texts_and_read_again(curated):
    decide("c", "b", "reject", when="2026-11-20")
    row = decide("a", "b", "confirm", "same", why="same programme", when=date(2026, 11, 20))
    assert curated.read_text(encoding="utf-8") == HEAD + GOOD
    assert curated.with_name("packets.csv").read_text(encoding="utf-8") == PACKETS + PACKET
    assert row.drop("replaces").equals(decisions.table(MEASURES).head(1))
    assert row["replaces"].to_list() == [None]
    assert decide("a", "b", "reject")["when"].to_list() == [date.today().isoformat()]


def test_a_later_decision_replaces_the_earlier_one_and_says_so(curated):
    decide("a", "b", "confirm", "same", when="2026-11-20")
    row = decide("a", "b", "reject", who="M. Sato", why="read again")
    assert row["replaces"].to_list() == ["confirm same K. Tanaka 2026-11-20 other object"]
    assert decisions.table(MEASURES).select("decision", "relation", "who").rows() == [("reject", None, "M. Sato")]


def test_a_decision_needs_no_reason(curated):
    decide("a", "b", "reject", why="\n")
    assert decisions.table(MEASURES)["why"].to_list() == [None]


def test_a_decision_is_taken_back_even_where_its_measure_is_gone(curated):
    curated.write_text(HEAD + GOOD + f"{MINE},c,gone,none,,,why\n")
    assert decisions.withdraw("c", "gone")["why"].to_list() == ["why"]
    assert curated.read_text() == HEAD + GOOD
    with pytest.raises(UsageFault, match="there is no decision about c and gone"):
        decisions.withdraw("c", "gone")


def test_what_coders_say_is_no_decision(curated):
    coder = PACKET.replace(MINE, "p").replace("reviewer", "coder").replace(",,,,\n", ",,2030,2031,\n")
    curated.with_name("packets.csv").write_text(PACKETS + PACKET + coder)
    curated.write_text(HEAD + "p,a,b,same,ha,hb,\n")
    assert decisions.table(MEASURES).is_empty()
    decide("a", "b", "reject", when="2026-11-20")
    with pytest.raises(UsageFault, match="there is no decision"):
        decisions.withdraw("c", "b")
    decisions.withdraw("a", "b")
    assert curated.read_text() == HEAD + "p,a,b,same,ha,hb,\n"


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"from_id": "gone"}, "there is no measure gone"),
        ({"from_id": "b", "to_id": "a"}, "put the earlier one first"),
        ({"from_id": ""}, "there is no measure  any more"),
        ({"decision": "maybe"}, "choose confirm or reject"),
        ({"relation": "same"}, "a rejected one has none"),
        ({"decision": "confirm"}, "needs the relation same or successor"),
        ({"decision": "confirm", "relation": "akin"}, "needs the relation same or successor"),
        ({"who": " "}, "who is empty"),
        ({"who": "@me"}, "who begins with '@'"),
        ({"why": "＝１＋１"}, "why begins with '＝'"),
        ({"why": "bell \a"}, "why holds the control character"),
        ({"why": "\ud800"}, "why holds the control character"),
        ({"why": "x" * 2001}, "why is longer than 2000 characters"),
        ({"when": "yesterday"}, "when 'yesterday' is no day"),
        ({"when": "2026-11"}, "when '2026-11' is no day"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_written(curated, given, says):
    before = {file: file.read_bytes() for file in curated.parent.iterdir()}
    with pytest.raises(UsageFault, match=says):
        decide(**({"from_id": "a", "to_id": "b", "decision": "reject"} | given))
    assert {file: file.read_bytes() for file in curated.parent.iterdir()} == before


@given(st.text(max_size=60), st.text(alphabet="=+-@'\"\n\r\t,;| a木\u2028\ufeff😀", max_size=30))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_someone_writes_comes_back_or_is_refused(curated, who, why):
    decide("c", "b", "reject", who="first", why="stays")
    if refused(tidy(who)) or not tidy(who) or refused(tidy(why)):
        with pytest.raises(UsageFault):
            decide("a", "b", "reject", who=who, why=why)
        return
    decide("a", "b", "reject", who=who, why=why)
    rows = decisions.table(MEASURES).select("who", "why").rows()
    assert rows == [(tidy(who), tidy(why) or None), ("first", "stays")]
    text = curated.read_bytes()
    assert decide("a", "b", "reject", who=who, why=why).height == 1  # a second time gives the same file
    assert curated.read_bytes() == text


def tidy(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def refused(text: str) -> bool:
    """A formula, or a character that no table can keep."""
    formula = unicodedata.normalize("NFKC", text[:1])[:1] in set("=+-@")
    return bool(text) and (
        formula or any(unicodedata.category(char) in ("Cc", "Cs") for char in set(text) - set("\n\t"))
    )


# --- any codebook ------------------------------------------------------------------------------------------------


def test_a_measure_is_given_the_values_of_a_codebook_and_they_can_be_replaced(curated):
    book = codebooks.codebook("topics")
    first, second = book.choices("topic")[:2]
    for topic in (first, second):
        values = {"topic": topic, "sub_topic": next(iter(below(book, topic)), None)}
        before = decisions.code(book, {"unit_id": "a"}, values, who="K. Tanaka", when="2026-11-20", measures=MEASURES)
    assert before["topic"].to_list() == [first]
    assert decisions.of_people(book).select("unit_id", "topic", "text_hash").rows() == [("a", second, "ha")]
    with pytest.raises(UsageFault, match="topic 'none such' is no category"):
        decisions.code(book, {"unit_id": "a"}, {"topic": "none such"}, who="K. Tanaka", measures=MEASURES)


def below(book: codebooks.Codebook, topic: str) -> list[str]:
    return [sub.category_id for c in book.categories("topic") if c.category_id == topic for sub in c.sub_categories]


# --- writing -----------------------------------------------------------------------------------------------------


def test_a_write_that_fails_leaves_the_files_whole(curated, monkeypatch):
    curated.write_text(HEAD + GOOD)
    packets = curated.with_name("packets.csv").read_text()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    for name in ("replace", "fsync"):
        with monkeypatch.context() as patch:
            patch.setattr(f"analysis.base.files.os.{name}", full)
            with pytest.raises(CannotWrite, match=r"cannot write .*packets\.csv \(No space left on device\)"):
                decide("c", "b", "confirm", "successor")
        assert curated.read_text() == HEAD + GOOD
        assert curated.with_name("packets.csv").read_text() == packets
        assert sorted(os.listdir(curated.parent)) == ["links.csv", "packets.csv"]


def test_a_folder_that_cannot_be_written_is_one_clear_line(curated, monkeypatch):
    def refused(**_: object) -> None:  # permissions do not stop root
        raise PermissionError(13, "Permission denied", "links.csv-part")

    with monkeypatch.context() as patch:
        patch.setattr("analysis.base.files.tempfile.mkstemp", refused)
        with pytest.raises(CannotWrite, match=r"cannot write .*/packets\.csv .*make the folder writable") as caught:
            decide("a", "b", "reject")
    assert "\n" not in str(caught.value)
    assert curated.read_text() == HEAD
    reports = curated.parents[3] / "reports"
    (reports / ".codings.lock").unlink(missing_ok=True)
    reports.rmdir()
    reports.write_text("in the way")
    with pytest.raises(CannotWrite, match=r"cannot write .*reports"):
        decide("a", "b", "reject")


def test_a_broken_file_is_not_written_over(curated):
    broken = (HEAD + GOOD.replace("K. Tanaka", "田中")).encode("cp932")
    curated.write_bytes(broken)
    with pytest.raises(TableFaulty, match="not UTF-8"):
        decide("c", "b", "reject")
    assert curated.read_bytes() == broken


def test_who_waits_too_long_is_told(curated, monkeypatch):
    monkeypatch.setattr(record, "PATIENCE", 0.05)
    reports = curated.parents[3] / "reports"
    reports.mkdir()
    with (
        filelock.FileLock(reports / ".codings.lock"),
        pytest.raises(AlreadyRunning, match="try again in a moment"),
    ):
        decide("a", "b", "reject")
    assert curated.read_text() == HEAD


MANY = """
import sys
import polars as pl
from analysis.coding import decisions
ids = [f"{side}{n:02}" for side in "ab" for n in range(60)]
years = [2030] * 60 + [2031] * 60
measures = pl.DataFrame({"measure_id": ids, "edition": years, "part": ["body"] * 120})
print("ready", flush=True)
sys.stdin.readline()
for n in range(int(sys.argv[1]), 60, 3):
    decisions.decide(f"a{n:02}", f"b{n:02}", "reject", who=sys.argv[1], why="read", measures=measures)
"""


def test_people_who_decide_at_once_lose_nothing(curated):
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", MANY, str(n)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env=os.environ | {"PYTHONPATH": str(REPO)},
        )
        for n in range(3)
    ]  # fmt: skip
    for worker in workers:
        worker.stdout.readline()
    for worker in workers:
        worker.stdin.write("\n")
        worker.stdin.flush()
    assert [worker.communicate(timeout=60) and worker.returncode for worker in workers] == [0, 0, 0]
    rows = decisions.of_people(codebooks.codebook("links"))
    assert rows["unit_id"].to_list() == [f"a{n:02}" for n in range(60)]
    assert rows["coder"].to_list() == [str(n % 3) for n in range(60)]
