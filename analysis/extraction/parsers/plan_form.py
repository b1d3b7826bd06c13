"""The profile of a full plan as its parser asks for it: heads and captions as patterns."""

import re
from dataclasses import dataclass
from functools import cache

from analysis.base.japanese import squeeze
from analysis.extraction.parsers.profile import Profile

MEASURES, BACKGROUND = "measures", "background"  # parts of a section
FIGURE = re.compile(r"[(](?:出典|資料|注)[)]|別紙図表|図表? ?\d+(?! ?[ぁ-ん、。)\d])|※")
NAMED_FIGURE = re.compile(r"図 ?[0-9]+[ 　]")


@dataclass(frozen=True)
class Form:
    """What a profile says, as the parser asks for it."""

    profile: Profile
    part: re.Pattern[str]  # heads of measures and background, at the end of a line
    indicators: re.Pattern[str]
    figure: re.Pattern[str]  # how a figure's caption begins

    @property
    def levels(self) -> tuple[str, ...]:
        return self.profile.levels

    @property
    def wrapped(self) -> bool:
        return self.profile.wrapped

    def part_of(self, head: str) -> str:
        """Return what a head announces."""
        return MEASURES if squeeze(head) in map(squeeze, self.profile.measures) else BACKGROUND


@cache
def form_of(profile: Profile) -> Form:
    heads = _any((*profile.background, *profile.measures))
    return Form(
        profile, re.compile(rf"[(<]({heads})[)>]$"), re.compile(rf"[(<]{_any(profile.indicators)}[)>]$"),
        NAMED_FIGURE if profile.wrapped else FIGURE,
    )  # fmt: skip


def _any(heads: tuple[str, ...]) -> str:
    """Return a pattern for one of these heads, whatever the white space between their characters."""
    return "(?:" + "|".join(r" ?".join(map(re.escape, squeeze(head))) for head in heads) + ")"
