"""What a notebook is given is read by the type of its default, and checked before anything is read or written."""

import json
import shutil
from pathlib import Path

import pytest
from conftest import REPO

from analysis.base.errors import UsageFault
from analysis.report import notebook, parameters
from analysis.report.parameters import check, fit

REVIEW = {"codebook": "links", "mode": "sample", "earlier": "2019", "later": "2026", "number": 9, "seed": "a word"}


@pytest.mark.parametrize(
    ("given", "default", "result"),
    [
        ("3", 1, 3), ("-3", 1, -3), ("3", 0.5, 3.0), (3, 0.5, 3.0), ("1e-3", 0.5, 0.001), ("True", False, True),
        ("false", True, False), ("2026", "x", "2026"), ("'a b'", "x", "a b"), ("a=b", "x", "a=b"), ("", "x", ""),
        ("[1, 2]", [], [1, 2]), ("5", None, 5), ("null", None, None), ("abc", None, "abc"), ("'", "x", "'"),
    ],
)  # fmt: skip
def test_values_are_read_by_the_type_of_the_default(given, default, result):
    value = fit("name", given, default)
    assert value == result
    assert type(value) is type(result)


@pytest.mark.parametrize(("given", "default"), [("1e999", 0.5), ("x", 1), ("[1]", 1), (1, "x"), ("1", True)])
def test_values_of_another_type_are_refused(given, default):
    with pytest.raises(UsageFault, match="does not fit"):
        fit("name", given, default)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"edition": 2025}, "edition 2025 does not exist: choose one of 2019, "),
        ({"edition": "2026"}, "type int, like 2026"),
        ({"edition": True}, "type int"),
        ({"baseline": 2018}, "baseline 2018 does not exist"),
        ({"baseline": 2026, "edition": 2019}, "baseline 2026 is later than edition 2019"),
        ({"language": "JA"}, "language 'JA' does not exist: choose one of en, ja"),
        ({"strictness": 0}, "give a factor from 0.1 to 10"),
        ({"strictness": -1.5}, "give a factor from 0.1 to 10"),
        ({"strictness": 11.0}, "give a factor from 0.1 to 10"),
        ({"strictness": float("nan")}, "type float"),
        ({"strictness": "x"}, "type float"),
        ({"scheduler": 8786}, "type str, like 'tcp://host:8786' (papermill takes it for a number: write -r scheduler"),
        ({"scheduler": None}, "type str, like 'tcp://host:8786'"),
        ({"scheduler": "here"}, "scheduler 'here' is no address"),
        ({"use_codings": 0}, "type bool"),
        ({"refit": "no"}, "type bool"),
        ({"seed": "x"}, "give a whole number from 0 on"),
        ({"seed": -1}, "give a whole number from 0 on"),
        ({"seed": True}, "give a whole number from 0 on"),
        ({"measure": "2026-9999"}, "measure '2026-9999' does not exist"),
        ({"topic": "AI"}, "topic 'AI' does not exist: choose one of edu, "),
        ({"topic": "none"}, "topic 'none' does not exist"),
        ({"ministry": "灯台省"}, "take a name of data/curated/ministries.toml"),
        ({"ministry": "経産省"}, "write 経済産業省"),
        ({"ministry": "Japan Patent Office"}, "write 特許庁"),
        ({"query": 2024}, "write -r query 2024"),
        (REVIEW | {"codebook": "lights"}, "codebook 'lights' does not exist: choose one of "),
        (REVIEW | {"mode": "all"}, "choose doubtful or sample"),
        (REVIEW | {"number": 0}, "from 1 on"),
        (REVIEW | {"number": 10**30}, "100000 at most"),
        (REVIEW | {"number": 9.5}, "type int"),
        (REVIEW | {"seed": " "}, "a review needs a seed"),
        (REVIEW | {"seed": None}, "a review needs a seed"),
        (REVIEW | {"earlier": 2019}, "write -r earlier 2019"),
        (REVIEW | {"earlier": "2018"}, "edition '2018' does not exist"),
        (REVIEW | {"earlier": "2026", "later": "2019"}, "no earlier one"),
        (REVIEW | {"reviewer": 7}, "write -r reviewer 7"),
    ],
)
def test_a_value_that_no_notebook_can_work_with_is_refused_in_a_line(given, says):
    with pytest.raises(UsageFault) as caught:
        check(given)
    assert says in str(caught.value)
    shown = caught.value._render_traceback_()  # by IPython
    assert shown == [f"UsageFault: {caught.value}"]
    assert "\n" not in shown[0]


@pytest.mark.parametrize(
    "given",
    [
        {"edition": 2026, "baseline": 2026, "language": "ja"},
        {"strictness": 1, "scheduler": "", "seed": 0, "measure": "", "topic": "", "ministry": ""},
        {"strictness": 0.5, "scheduler": "tcp://127.0.0.1:8786", "topic": "unclear", "ministry": "特許庁"},
        {"scheduler": "localhost:8786"},
        REVIEW,
        REVIEW | {"seed": 7, "earlier": "R2017", "codebook": "topics"},
        {"colour": object()},
    ],
)
def test_what_can_be_worked_with_passes(given):
    check(given)


def test_a_measure_of_an_edition_that_is_still_to_be_read_may_exist(tmp_path, monkeypatch):
    for folder in ("raw", "processed"):
        (tmp_path / "data" / folder).mkdir(parents=True)
    monkeypatch.setenv("IP_PLAN_ROOT", str(tmp_path))
    shutil.copy(REPO / "data/raw/manifest.toml", tmp_path / "data/raw")
    for line in (REPO / "data/processed/measures.jsonl").open(encoding="utf-8"):
        if json.loads(line)["edition"] != 2026:
            with (tmp_path / "data/processed/measures.jsonl").open("a", encoding="utf-8") as file:
                file.write(line)
    check({"measure": "2026-0236"}, rereading=True)
    for given, rereading in (("2026-0236", False), ("2019-9999", True), ("2031-0001", True), ("x", True)):
        with pytest.raises(UsageFault, match="does not exist"):
            check({"measure": given}, rereading)


def test_what_a_notebook_was_given_is_said(monkeypatch):
    said: list[str] = []
    monkeypatch.setattr(notebook, "say", lambda *sentences: said.extend(sentences))
    notebook.begin(edition=2026, language="en", scheduler="")
    notebook.begin(edition=2026, language="ja")
    assert said == [
        "Parameters: edition=2026, language='en', scheduler=''",
        "パラメーター：edition=2026, language='ja'",
    ]
    with pytest.raises(UsageFault):
        notebook.begin(edition=2025, language="en")
    assert len(said) == 2


def test_every_check_is_of_a_parameter_that_a_notebook_has():
    texts = "".join(file.read_text(encoding="utf-8") for file in Path(REPO / "notebooks").glob("*.ipynb"))
    for name in {*parameters.CHECKS, *parameters.TYPICAL}:
        assert f"{name}={name}" in texts
