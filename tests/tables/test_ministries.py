"""The register of ministries: one name for each body, whatever the spelling."""

import pytest

from analysis.base.errors import TableFaulty
from analysis.tables import ministries

ENTRY = '[[body]]\nname = "A"\nname_en = "a"\nkind = "k"\n'


@pytest.mark.parametrize(
    ("written", "name"),
    [("経産省", "経済産業省"), ("内閣府 （知財）", "内閣府(知財)"), ("特許庁", "特許庁"), ("灯台庁", "灯台庁")],
)
def test_variants_lead_to_one_name(written, name):
    assert ministries.canonical(written) == name


def test_offices_belong_to_their_body_and_agencies_to_their_ministry():
    assert ministries.body_of("内閣府(知財)") == "内閣府"
    assert ministries.family("特許庁") == ministries.family("経済産業省") == "経済産業省"
    assert ministries.family("金融庁") == "金融庁"  # the Cabinet Office does not answer for its agencies' subjects
    assert not ministries.known("灯台庁")


def test_every_body_has_a_source_and_a_name_in_english():
    bodies = set(ministries.register().values())
    assert all(body.source and body.name_en and body.kind for body in bodies)
    assert all(body.since or body.kind == "unnamed" for body in bodies)
    assert all(ministries.label(body.name, "en") == body.name_en for body in bodies)


@pytest.mark.parametrize(
    "text",
    [
        "",
        '[[body]]\nname = "A"\n',
        ENTRY + 'variants = ["B"]\n' + ENTRY.replace('"A"', '"B"'),
        ENTRY + 'parent = "C"\n',
    ],
)
def test_a_faulty_register_is_named(tmp_path, monkeypatch, text):
    monkeypatch.setenv("IP_PLAN_ROOT", str(tmp_path))
    (tmp_path / "data/curated").mkdir(parents=True)
    (tmp_path / "data/curated/ministries.toml").write_text(text, encoding="utf-8")
    with pytest.raises(TableFaulty, match=r"ministries\.toml"):
        ministries.register()


@pytest.mark.parametrize(
    ("language", "shown"),
    [("ja", "内閣府（知財）"), ("en", "Cabinet Office (知財)")],
)
def test_an_office_keeps_its_bracket_in_a_text(language, shown):
    assert ministries.written("内閣府(知財)", language) == shown


def test_a_young_body_stands_for_those_it_took_over_from():
    assert ministries.forerunners("デジタル庁", 2017) == ["内閣官房"]
    assert ministries.forerunners("デジタル庁", 2022) == []
    assert ministries.forerunners("経済産業省", 2017) == []


@pytest.mark.parametrize(
    ("name", "nobody"), [("関係府省", True), ("関係省庁", True), ("内閣府(知財)", False), ("灯台省", False)]
)
def test_words_that_leave_open_who_is_meant_name_nobody(name, nobody):
    assert ministries.names_nobody(name) == nobody
