"""How texts end: sentences made by hand, each with whether it says what somebody will do."""

import pytest

from analysis.extraction.predicates import says_what_will_be_done


@pytest.mark.parametrize(
    "text",
    [
        "灯台を直す。", "灯台の点検を図ります。", "港の整備", "船の検査を実施", "水質を向上させる。",
        "手引を作成する（再掲）。",
        "灯台を直すこととする。", "船を造る",
    ],
)  # fmt: skip
def test_what_will_be_done(text):
    assert says_what_will_be_done(text)


@pytest.mark.parametrize(
    "text",
    [
        "灯台を直した。", "灯台を直している。", "灯台は古い。", "灯台を直すべき。", "灯台を直してほしい。",
        "灯台を直すこと。",
        "灯台の部会", "灯台がある。", "", "。", "灯台について",
    ],
)  # fmt: skip
def test_what_was_done_or_is_so_or_should_be(text):
    assert not says_what_will_be_done(text)
