"""What `add` says of a new plan's figures: series that go on by likeness, those that end, what no indicator took."""

import json
import tomllib
from pathlib import Path
from types import SimpleNamespace

import polars as pl
import pytest
from conftest import REPO, Workspace

from analysis import kpi
from analysis.kpi import register
from analysis.tables import store
from analysis.workspace import add_edition, indicator_ties
from analysis.workspace.add_edition import Wanted

REGISTER = """
[[indicator]]
id = "oil"
name_ja = "灯油の輸出額"
name_en = "Oil"
unit = "億円"
direction = "up"
measured_by_ja = "灯台局"
measured_by_en = "Office"
definition_ja = "輸出した灯油の額。"
definition_en = "Oil."
patterns = ["灯油の輸出額$"]

[[indicator]]
id = "walks"
name_ja = "灯台巡りの回数"
name_en = "Walks"
unit = "回"
direction = "up"
measured_by_ja = "灯台局"
measured_by_en = "Office"
definition_ja = "開いた回数。"
definition_en = "Walks."
patterns = ["灯台巡りの回数$"]

[[indicator]]
id = "lamps"
name_ja = "漁港の灯りの設置数"
name_en = "Lamps"
unit = "か所"
direction = "up"
measured_by_ja = "灯台局"
measured_by_en = "Office"
definition_ja = "設置した所。"
definition_en = "Lamps."
local = { "漁港の灯り" = ["^設置$"] }
"""


@pytest.fixture
def published(workspace: Workspace) -> Workspace:
    """A workspace whose register has three indicators, all of them in the plan of 2026."""
    (workspace.root / "data/curated/indicators.toml").write_text(REGISTER, encoding="utf-8")
    register._read.cache_clear()
    store.write(
        "figures",
        figures(
            2026,
            {"indicator": "灯油の輸出額", "value": 120.0, "unit": "億円"},
            {"indicator": "灯台巡りの回数", "value": 5.0, "unit": "回"},
            {"indicator": "設置", "value": 30.0, "unit": "か所", "headings": "灯台戦略 / 漁港の灯り"},
        ),
    )
    return workspace


def figures(edition: int, *rows: dict[str, object]) -> pl.DataFrame:
    common = {"doc_id": f"ip{edition}", "edition": edition, "section": "II-1", "place": "kpi", "kind": "observation",
              "nature": "level", "keeps": False, "steady": False, "why": [], "doubts": [],
              "headings": "灯台戦略 / 灯り"}  # fmt: skip
    made = [{**common, "figure_id": f"{edition}-{n:04d}a", "first_line": n, **row} for n, row in enumerate(rows, 1)]
    return pl.DataFrame(made, schema=store.empty("figures").schema)


NEW = (
    {"indicator": "我が国の灯油の年間輸出額", "value": 32163179.0, "unit": "円", "period": "2026"},
    {"indicator": "設置", "value": 31.0, "unit": "か所", "headings": "灯台戦略 / 漁港を照らす灯り"},
    {"indicator": "灯油の船積輸出", "value": 9.0, "unit": "億円"},
    {"indicator": "海霧", "value": 9.0, "unit": "日", "place": "background"},
    {"indicator": "海霧", "value": 9.0, "unit": "日", "comparator": "以上"},
    {"indicator": "灯油の輸出額", "value": 3.0, "unit": "%", "nature": "rate"},
)


def looked(*rows: dict[str, object], kind: str = "full", doc_id: str = "ip2027") -> indicator_ties.Tied:
    document = SimpleNamespace(doc_id=doc_id, edition=2027, kind=kind)
    return indicator_ties.look_for(document, figures(2027, *rows))


def test_series_that_go_on_by_likeness_or_not_at_all_are_listed(published: Workspace) -> None:
    oil = {**NEW[0], "value": 12163179000.0}
    tied = looked(oil, *NEW[1:])
    assert indicator_ties.by_likeness(tied) == [
        f"line 1: 我が国の灯油の年間輸出額 12,163,179,000円 2026 → oil ({tied.rows['score'][0]:.2f})",
        f"line 2: 設置 31か所 → lamps ({tied.rows['score'][1]:.2f})",
    ]
    assert (tied.against, indicator_ties.ended(tied)) == (2026, ["walks (灯台巡りの回数)"])


def test_figures_of_main_parts_that_nothing_explains_are_listed_with_the_nearest_indicator(
    published: Workspace,
) -> None:
    listed = indicator_ties.untied(looked(*NEW))
    assert [line.partition(" (")[0] for line in listed] == [
        "line 1: 我が国の灯油の年間輸出額 32,163,179円 2026", "line 3: 灯油の船積輸出 9億円", "line 5: 海霧 9日 以上"
    ]  # fmt: skip
    assert "nearest: oil" in listed[1]
    assert "nothing is near" in listed[2]


def test_the_patterns_that_are_proposed_tie_what_likeness_tied(published: Workspace) -> None:
    rows = [{**NEW[0], "value": 12163179000.0}, NEW[1]]
    before = looked(*rows)
    lines = indicator_ties.patterns(before)
    fields = [tomllib.loads(line) for line in lines]
    assert fields == [
        {"patterns": ["灯油の輸出額$", "^我が国の灯油の年間輸出額$"]},
        {"local": {"漁港の灯り": ["^設置$"], "漁港を照らす灯り": ["^設置$"]}},
    ]
    assert [line.rpartition("# of ")[2] for line in lines] == ["oil", "lamps"]
    text = REGISTER.replace('patterns = ["灯油の輸出額$"]', lines[0])
    text = text.replace('local = { "漁港の灯り" = ["^設置$"] }', lines[1])
    (published.root / "data/curated/indicators.toml").write_text(text, encoding="utf-8")
    register._read.cache_clear()
    after = looked(*rows)
    assert after.rows["indicator_id"].to_list() == before.rows["indicator_id"].to_list() == ["oil", "lamps"]
    assert after.rows["by"].to_list() == ["words", "headings"]


def test_signs_that_mean_something_in_a_pattern_are_escaped() -> None:
    assert indicator_ties._escaped("額(円+ドル)[年].*") == r"額\(円\+ドル\)\[年\]\.\*"


def test_another_kind_of_document_ends_no_series(published: Workspace) -> None:
    tied = looked(NEW[1], kind="summary")
    assert (tied.against, indicator_ties.ended(tied)) == (None, [])
    assert len(indicator_ties.by_likeness(tied)) == 1


def test_a_document_that_is_replaced_is_not_compared_with_itself(published: Workspace) -> None:
    oil = {**NEW[0], "indicator": "灯油の輸出額", "value": 9e15, "doc_id": "ip2026"}
    assert looked(oil, doc_id="ip2026").rows.select("edition", "indicator_id").rows() == [(2027, "oil")]


def test_a_register_that_is_broken_is_said_and_stops_nothing(published: Workspace) -> None:
    (published.root / "data/curated/indicators.toml").write_text("[[indicator]]\n", encoding="utf-8")
    register._read.cache_clear()
    assert "indicators.toml" in looked(NEW[0]).fault


def test_add_shows_it_and_writes_the_ties(published: Workspace, tmp_path: Path) -> None:
    for name in ("ministries.toml", "renamings.csv"):
        (published.root / "data/curated" / name).write_bytes((REPO / "data/curated" / name).read_bytes())
    file = REPO / "tests/mini/markdown_plan.txt"
    lines = add_edition.summary(add_edition.read(file, Wanted(2031)))
    at = lines.index("indicators of 2026 with no figure in this one: 3")
    assert lines[at + 1 : at + 4] == [
        "  lamps (漁港の灯りの設置数)",
        "  oil (灯油の輸出額)",
        "  walks (灯台巡りの回数)",
    ]
    assert "figures tied to an indicator by likeness (score): none" in lines
    code, _, err = published.call("add", str(file), "--edition", "2031", "--dry-run", "--tables", str(tmp_path))
    assert (code, err) == (0, "")
    ties, stated = ([json.loads(line) for line in (tmp_path / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
                    for name in ("ties", "figures"))  # fmt: skip
    assert {row["figure_id"] for row in ties} == {row["figure_id"] for row in stated} != set()
    assert kpi.ties(store.read("figures"))["indicator_id"].null_count() == 0
