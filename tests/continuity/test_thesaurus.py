"""The thesaurus: what is accepted, and what gives a measure a subject."""

import pytest
from test_link_model import plans

from analysis.base.errors import TableFaulty
from analysis.base.japanese import normal
from analysis.continuity import similarity, thesaurus
from analysis.tables import store

LAMPS = '[lamps]\nja = "灯火"\nen = "lamps"\nterms = ["灯台", "航路標識"]\n'


@pytest.fixture
def curated(curated):
    return curated / "thesaurus.toml"


def test_the_committed_thesaurus_is_sound():
    found = thesaurus.subjects()
    assert list(found) == sorted(found)
    for subject in found.values():
        assert len(subject.terms) >= 3
        assert list(subject.terms) == sorted(set(subject.terms))
        assert all(normal(term) == term and len(term) <= 20 for term in subject.terms)
    for names in ([one.ja for one in found.values()], [one.en for one in found.values()]):
        assert len(names) == len(set(names))


def test_most_measures_have_a_subject_and_no_subject_has_them_all():
    found = store.read("features")
    given = [thesaurus.given(names, terms) for names, terms in found.select("names", "terms").iter_rows()]
    assert sum(map(bool, given)) > 0.95 * len(given)
    most = max(sum(key in row for row in given) for key in thesaurus.subjects())
    assert most < 0.1 * len(given)


def test_names_that_contain_a_term_and_words_that_are_one_give_its_subject(curated):
    curated.write_text(LAMPS + '[night]\nja = "夜"\nen = "night"\nterms = ["夜間", "灯台"]\n')
    assert thesaurus.given(["新型灯台守", "夜間航路標識"], ["灯台", "夜"]) == {"lamps": 3, "night": 3}
    assert thesaurus.given(["灯 台"], ["灯台守"]) == {}  # a longer word is another word
    assert thesaurus.label("lamps", "ja") == "灯火"
    assert thesaurus.label("lamps", "en") == "lamps"
    assert thesaurus.label("gone", "en") == "gone"


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
    curated.write_text(text)
    with pytest.raises(TableFaulty, match=r"thesaurus\.toml") as error:
        thesaurus.given(["灯台守"], [])
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
