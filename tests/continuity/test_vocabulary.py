"""Renamings and subjects: what is accepted, what renamings do to a name, what gives a measure a subject."""

import pytest
from test_link_model import plans

from analysis.base.errors import TableFaulty
from analysis.base.japanese import normal
from analysis.continuity import similarity, vocabulary
from analysis.tables import store

HEAD = "old,new,kind,since,source\n"
LAMPS = '[lamps]\nja = "灯火"\nen = "lamps"\nterms = ["灯台", "航路標識"]\n'


def test_the_committed_renamings_are_sound():
    found = vocabulary.renamings()
    assert len(found) > 20
    assert set(found["old"]) & set(found["new"]) <= {"中小受託取引適正化法"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("大学発ベンチャー", "大学発スタートアップ"),
        ("下請法", "中小受託取引適正化法"),
        ("下請取引", "受託取引"),
        ("灯台", "灯台"),
    ],
)
def test_names_are_written_as_later_plans_do(old, new):
    assert vocabulary.meanings()(old, 2019) == new
    assert vocabulary.meanings()(new, 2026) == new


def test_an_old_name_of_a_new_thing_is_told_apart():
    old, new = (vocabulary.meanings()("クールジャパン戦略", year) for year in (2019, 2024))
    assert old != new == "クールジャパン戦略"


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("灯台,,renamed,2020,法\n", "line 2: new is empty; fill it in"),
        (
            "灯台,燈台,moved,2020,法\n",
            "line 2: kind 'moved' must be 'renamed', 'abbreviation', 'spelling' or 'homonym'",
        ),
        ("灯台,燈台,renamed,,法\n", "line 2: since is empty; a row of the kind renamed needs it"),
        (
            "灯台,燈台,spelling,,\n灯台,明台,spelling,,\n",
            "line 3: 灯台 is there twice, in line 2, too; keep one of the rows",
        ),
        ("灯台,燈台,renamed,soon,法\n", "line 2: since 'soon' must be a whole number"),
        ("灯台,燈台,renamed,20200,法\n", "line 2: since 20200 is no year between 1800 and 2200"),
    ],
)
def test_a_faulty_row_stops(curated, row, says):
    (curated / "renamings.csv").write_text(HEAD + row)
    with pytest.raises(TableFaulty, match=says):
        vocabulary.renamings()


# --- subjects ------------------------------------------------------------


def test_the_committed_thesaurus_is_sound():
    found = vocabulary.subjects()
    assert list(found) == sorted(found)
    for subject in found.values():
        assert len(subject.terms) >= 3
        assert list(subject.terms) == sorted(set(subject.terms))
        assert all(normal(term) == term and len(term) <= 20 for term in subject.terms)
    for names in ([one.ja for one in found.values()], [one.en for one in found.values()]):
        assert len(names) == len(set(names))


def test_most_measures_have_a_subject_and_no_subject_has_them_all():
    found = store.read("features")
    given = [vocabulary.subjects_of(names, terms) for names, terms in found.select("names", "terms").iter_rows()]
    assert sum(map(bool, given)) > 0.95 * len(given)
    most = max(sum(key in row for row in given) for key in vocabulary.subjects())
    assert most < 0.1 * len(given)


def test_names_that_contain_a_term_and_words_that_are_one_give_its_subject(curated):
    (curated / "thesaurus.toml").write_text(LAMPS + '[night]\nja = "夜"\nen = "night"\nterms = ["夜間", "灯台"]\n')
    assert vocabulary.subjects_of(["新型灯台守", "夜間航路標識"], ["灯台", "夜"]) == {"lamps": 3, "night": 3}
    assert vocabulary.subjects_of(["灯 台"], ["灯台守"]) == {}  # a longer word is another word
    assert vocabulary.subject_label("lamps", "ja") == "灯火"
    assert vocabulary.subject_label("lamps", "en") == "lamps"
    assert vocabulary.subject_label("gone", "en") == "gone"


@pytest.mark.parametrize(
    "text",
    [
        "[lamps]\nja = 1\n",
        LAMPS + 'of = "x"\n',
        LAMPS.replace('"灯台", "航路標識"', ""),
        LAMPS.replace("航路標識", "灯"),
        LAMPS.replace('"灯火"', '""'),
        "lamps = 1\n",
        "[lamps\n",
    ],
)
def test_a_faulty_file_is_one_clear_line(curated, text):
    (curated / "thesaurus.toml").write_text(text)
    with pytest.raises(TableFaulty, match=r"thesaurus\.toml") as error:
        vocabulary.subjects_of(["灯台守"], [])
    assert "\n" not in str(error.value)


def test_measures_in_other_words_are_alike_by_their_subject():
    one, other = "秘密保持の営業秘密管理指針を広める。", "技術流出の防止に向けた秘密情報の保護ハンドブックを見直す。"
    measures, *rest = plans([one, "技術の図書館を夜間も開く。"], [other, "港の魚市場を飾る技術を広める。"])
    found = similarity.pairs(
        similarity.space(measures, *rest[:2]), ["2030-0001", "2030-0002"], ["2031-0001", "2031-0002"]
    )
    alike = {(a, b): subject for a, b, subject in found.select("from_id", "to_id", "subject").iter_rows()}
    assert alike[("2030-0001", "2031-0001")] > 0.2
    assert max(value for pair, value in alike.items() if pair != ("2030-0001", "2031-0001")) == 0


def test_of_an_edition_that_is_seen_as_new_only_terms_count_that_an_earlier_one_has():
    one, other = "秘密保持の営業秘密管理指針を広める。", "技術流出の防止に向けた秘密情報の保護ハンドブックを見直す。"
    measures, *rest = plans([one], [other], [other])
    between = ["2030-0001"], ["2031-0001"]
    usual, new, known = (
        similarity.pairs(similarity.space(measures, *rest[:2], as_new=edition), *between)["subject"].item()
        for edition in (None, "2031", "2032")
    )
    assert usual == known > 0.2  # 2031 has the terms before 2032
    assert new == 0
