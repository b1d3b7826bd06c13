"""`python -m analysis code`: from a packet to what holds, as people type it."""

import json

import pytest
from coded_plans import coded_plans  # noqa: F401

from analysis import __main__ as program
from analysis.coding import codebooks, settled

KILN = {"theme": "craft", "detail": "craft-kiln"}
SALE = {"theme": "craft", "detail": "craft-sale"}


def run(monkeypatch, *words: object) -> int:
    monkeypatch.setattr("sys.argv", ["analysis", "code", *map(str, words)])
    return program.main()


def answer(folder, *values) -> str:
    units = json.loads((folder / "packet.json").read_text())["units"]
    rows = [{"unit_id": unit["unit_id"], **value} for unit, value in zip(units, values, strict=True)]
    file = folder / "answers.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return str(file)


def test_two_code_differ_and_a_third_settles_it(coded_plans, tmp_path_factory, monkeypatch, capsys):  # noqa: F811
    out = tmp_path_factory.mktemp("out")
    assert run(monkeypatch, "pack", "crafts", "--edition", 2030, "--out", out, "--share", 9) == 0
    first, second = (next((out / f"coder-{number}").iterdir()) for number in (1, 2))
    trees = {"theme": "trees"}
    assert run(monkeypatch, "take", answer(first, KILN, SALE, trees), "--coder", "A", "--date", "2030-05-01") == 0
    taken = ["--coder", "B", "--kind", "model", "--model", "small", "--model-version", "7"]
    assert run(monkeypatch, "take", answer(second, KILN, KILN, trees), *taken) == 0
    capsys.readouterr()
    assert run(monkeypatch, "status") == 0
    assert capsys.readouterr().out == "crafts  2030: 3 of 3 coded, 3 by two, 1 open  (A, B)\n"
    assert run(monkeypatch, "adjudicate", "crafts", "--out", out / "third") == 0
    third = next((out / "third").iterdir())
    assert run(monkeypatch, "take", answer(third, SALE), "--coder", "C") == 0
    assert settled.measures(codebooks.codebook("crafts"))["basis"].to_list() == ["agreed", "adjudicated", "agreed"]
    capsys.readouterr()
    assert run(monkeypatch, "adjudicate", "crafts", "--out", out / "fourth") == 0
    assert "differ about nothing" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("pack", "ships", "--edition", 2030, "--out", "{out}"), 2, "codebook 'ships' does not exist"),
        (("pack", "crafts", "--edition", 2033, "--out", "{out}"), 2, "edition '2033' does not exist"),
        (("pack", "crafts", "--edition", 2030, "--out", "notebooks"), 2, "lies in the repository"),
        (
            ("pack", "crafts", "--edition", 2030, "--best", 5, "--out", "{out}"),
            2,
            "--best is for codebooks about pairs",
        ),
        (("take", "{out}/gone.json", "--coder", "A"), 2, "there is no file"),
        (("take", "{out}/gone.json", "--coder", "A", "--kind", "robot"), 2, "--kind"),
        (("take", "{out}/gone.json"), 2, "--coder"),
    ],
)
def test_mistakes_get_a_line_and_change_nothing(coded_plans, tmp_path_factory, monkeypatch, capsys, words, code, says):  # noqa: F811
    monkeypatch.chdir(coded_plans)
    out = tmp_path_factory.mktemp("out")
    assert run(monkeypatch, *(str(word).format(out=out) for word in words)) == code
    assert says in capsys.readouterr().err
    assert not list(out.iterdir())
    assert not (coded_plans / "data/curated/codings").exists()
