"""Renamed bodies and programmes: noticed where otherwise alike measures swap names, and nowhere else."""

import polars as pl
import pytest
from renamed_plans import NEW, OLD, PROGRAMME, RENAMED, Row, edition, plan, renamed, reworded

from analysis.continuity import proposed_renamings
from analysis.continuity.proposed_renamings import BODY_PAIRS, Proposal
from analysis.tables import ministries


def compare(
    earlier: list[Row], later: list[Row], *before: pl.DataFrame, repeated: int = 0
) -> tuple[list[Proposal], list[Proposal]]:
    """What a new edition proposes against an earlier one; its last `repeated` measures are repetitions."""
    first, second = edition(2030, earlier), edition(2031, later)
    marks = pl.Series("repeated", [number >= len(later) - repeated for number in range(len(later))])
    return proposed_renamings.proposed(first, second.with_columns(marks), pl.concat([first, *before]))


def test_a_renamed_body_is_noticed_with_its_evidence():
    earlier = plan()
    bodies, programmes = compare(earlier, list(reversed(renamed(earlier))))  # the order plays no part
    assert programmes == []
    [body] = bodies
    assert (body.old, body.new, body.alike, body.still) == (OLD, NEW, 10, 0)
    assert body.pairs == [(f"2030-{number:04d}", f"2031-{11 - number:04d}") for number in range(1, 11)]


def test_a_body_that_its_texts_name_and_that_has_offices_is_noticed():
    earlier = [
        (f"{OLD}と{OLD}の支所が、{OLD}長官のもとで{text}", [f"{OLD}(港)", *bodies[1:]]) for text, bodies in plan()
    ]
    later = [(text.replace(OLD, NEW), [f"{NEW}(港)", *bodies[1:]]) for text, bodies in earlier]
    bodies, programmes = compare(earlier, later)
    assert [(body.old, body.new, len(body.pairs)) for body in bodies] == [(OLD, NEW, 10)]
    assert programmes == []  # what has the body's name in it is no renaming of its own


def test_bodies_that_are_merged_or_parted_are_noticed():
    earlier = [(text, ["観光庁" if number < 6 else "文化庁"]) for number, (text, _) in enumerate([*plan(), *EXTRA])]
    later = [(text, [NEW]) for text, _ in earlier]
    assert [(body.old, body.new) for body in compare(earlier, later)[0]] == [("文化庁", NEW), ("観光庁", NEW)]
    assert [(body.old, body.new) for body in compare(renamed(earlier, "文化庁", OLD), renamed(
        renamed(earlier, OLD, NEW), "文化庁", "灯火庁"))[0]] == [(OLD, NEW), (OLD, "灯火庁")]  # fmt: skip


EXTRA: list[Row] = [
    ("灯台の壁に塗る白い塗料の配合を改め、海鳥の巣を傷めない季節に塗り替えの順番を決める。", []),
    ("潮の満ち引きを知らせる旗の揚げ方を統一し、各地の小学校で読み方の遊びを教える。", []),
]


def twice() -> list[Row]:
    """Each measure of the plan twice, with other beginnings: twenty pairs."""
    return [(beginning + text, bodies) for beginning in ("来年の春までに、", "島々では、") for text, bodies in plan()]


def test_one_oversight_of_an_editor_hides_no_renaming():
    earlier = twice()
    [body] = compare(earlier, renamed(earlier, count=19))[0]
    assert (len(body.pairs), body.alike, body.still) == (19, 20, 1)
    assert compare(earlier, renamed(earlier, count=18))[0] == []


def test_measures_of_which_other_bodies_changed_too_speak_for_nothing():
    later = [
        (text, [*bodies, "法務省"] if number < 3 else bodies) for number, (text, bodies) in enumerate(renamed(plan()))
    ]
    [body] = compare(plan(), later)[0]
    assert (len(body.pairs), body.alike) == (7, 10)


def test_twins_are_told_apart():
    """Of measures that say the same each speaks once, for its own partner."""
    [body] = compare(plan()[:4] * 2, renamed(plan()[:4] * 2))[0]
    assert len(body.pairs) == 8
    assert [len(set(measures)) for measures in zip(*body.pairs, strict=True)] == [8, 8]


NO_RENAMED_BODY = {
    "both go on, one hands most of its measures over": (plan(), renamed(plan(), count=7)),
    "another body comes beside it": (plan(), [(text, [*bodies, NEW]) for text, bodies in plan()]),
    "another body comes beside it, and is named first": (plan(), [(text, [NEW, *bodies]) for text, bodies in plan()]),
    "a handful of measures": (plan()[: BODY_PAIRS - 1], renamed(plan()[: BODY_PAIRS - 1])),
    "both are known": (plan(), renamed(plan(), new="デジタル庁")),
    "neither is known": (renamed(plan(), new="灯台局"), renamed(plan())),
    "other bodies changed, too": (plan(), [(text, [NEW, "法務省"]) for text, _ in plan()]),
    "texts go on in another way": (plan(), [(text[:25] + text[:24:-1], bodies) for text, bodies in renamed(plan())]),
}  # fmt: skip


@pytest.mark.parametrize("case", NO_RENAMED_BODY)
def test_no_body_is_renamed_where(case):
    assert compare(*NO_RENAMED_BODY[case]) == ([], [])


def test_a_body_that_an_earlier_edition_knew_is_not_new():
    before = edition(2025, [("沖の島の灯台に望遠鏡を備える。", [NEW])])
    assert compare(plan(), renamed(plan()), before) == ([], [])


def test_repetitions_prove_nothing():
    earlier, later = plan(), renamed(plan())
    assert compare(earlier, later, repeated=10 - BODY_PAIRS)[0] != []
    assert compare(earlier, later, repeated=11 - BODY_PAIRS)[0] == []


def test_a_renamed_programme_is_noticed_with_its_evidence():
    bodies, [programme] = compare(plan(), reworded(plan()))
    assert bodies == []
    assert programme == Proposal(
        PROGRAMME, RENAMED, [(f"2030-{n}", f"2031-{n}") for n in ("0001", "0005", "0008")], 3, 0
    )


def test_a_programme_is_noticed_beside_a_renamed_body_that_its_texts_name():
    earlier = [(f"{OLD}と{OLD}の支所が、{OLD}長官のもとで{text}", bodies) for text, bodies in plan()]
    later = [(text.replace(OLD, NEW), bodies) for text, bodies in reworded(renamed(earlier))]
    bodies, programmes = compare(earlier, later)
    assert [(body.old, body.new) for body in bodies] == [(OLD, NEW)]
    assert [(programme.old, programme.new) for programme in programmes] == [(PROGRAMME, RENAMED)]


def test_a_longer_name_that_holds_a_renamed_one_is_no_renaming_of_its_own():
    longer = [(text.replace(PROGRAMME, PROGRAMME + "事務局"), bodies) for text, bodies in twice()[10:]]
    earlier = [*twice()[:10], *longer]
    assert [(programme.old, programme.new) for programme in compare(earlier, reworded(earlier))[1]] == [
        (PROGRAMME, RENAMED)
    ]


@pytest.mark.parametrize(("old", "new"), [(PROGRAMME, "新" + PROGRAMME), ("北港" + PROGRAMME, PROGRAMME)])
def test_a_name_that_holds_the_other_one_is_noticed(old, new):
    programmes = compare(reworded(plan(), new=old), reworded(plan(), new=new))[1]
    assert [(programme.old, programme.new) for programme in programmes] == [(old, new)]


def test_a_longer_name_of_words_in_use_is_noticed():
    old, new = "灯台連携強化", "灯台協力強化"
    programmes = compare(with_word(old), with_word(new))[1]
    assert [(programme.old, programme.new) for programme in programmes] == [(old, new)]


def moved(rows: list[Row]) -> list[Row]:
    """The rows with the new programme at the beginning, not where the old one was."""
    return [(RENAMED + "、" + text.replace(PROGRAMME, ""), bodies) if PROGRAMME in text else (text, bodies)
            for text, bodies in rows]  # fmt: skip


def with_word(word: str) -> list[Row]:
    """The plan with a general word in the programme's place, whose parts other measures have, too."""
    others = [("港の連携を保ち、町の協力を得て灯台の強化を図る会を、月に二度、波止場で開く。", ["総務省"])]
    return [*reworded(plan(), new=word), *others]


NO_RENAMED_PROGRAMME = {
    "a general word of two is another one": (with_word("連携強化"), with_word("協力強化")),
    "the old one goes on in one measure": (plan(), [*reworded(plan()[:8]), (f"{PROGRAMME}を終える。", ["総務省"])]),
    "two measures": (plan()[1:], reworded(plan()[1:])),
    "the new one stands in another place": (plan(), moved(plan())),
    "the earlier edition had both": ([*plan(), (f"{RENAMED}を別に行う。", [])], reworded(plan())),
    "each measure has another new one": (
        plan(), [(text.replace(PROGRAMME, f"{name}養成事業"), bodies)
                 for (text, bodies), name in zip(plan(), "海山川空風雪花鳥月星", strict=True)]),
    "the file has it": (reworded(plan(), new="下請取引改善会議"), reworded(plan(), new="受託取引改善会議")),
    "the file has another new name": (reworded(plan(), new="事業成長担保権"), reworded(plan(), new="事業全体担保権")),
}  # fmt: skip


@pytest.mark.parametrize("case", NO_RENAMED_PROGRAMME)
def test_no_programme_is_renamed_where(case):
    assert compare(*NO_RENAMED_PROGRAMME[case]) == ([], [])


def test_a_name_that_any_earlier_edition_had_is_not_new():
    before = edition(2025, [(f"{RENAMED}を沖の島で始める。", [])])
    assert compare(plan(), reworded(plan()), before) == ([], [])


def test_an_edition_without_measures_proposes_nothing():
    first = edition(2030, plan())
    assert proposed_renamings.proposed(first, first.clear(), first) == ([], [])
    assert proposed_renamings.proposed(first.clear(), first, first.clear()) == ([], [])


def test_the_names_of_the_invented_plans_are_what_the_tests_say():
    assert ministries.known(OLD)
    assert not ministries.known(NEW)
    names = edition(2030, plan())["names"].to_list(), edition(2031, reworded(plan()))["names"].to_list()
    assert [sum(name in row for row in rows) for rows in names for name in (PROGRAMME, RENAMED)] == [3, 0, 0, 3]
