"""What summaries are parsed into: blocks of runs, the headings above them, and policy items."""

import re
from dataclasses import dataclass, replace

from analysis.base.japanese import join_lines
from analysis.documents.document import Run
from analysis.extraction.parsers.parse_result import Measure, Paragraph
from analysis.extraction.parsers.statements import ministries_named

LOST = "lost"  # the kind of a list mark whose character the font did not map
NUMBER_IN_CIRCLE = "number in a circle"
EMPHASIS = re.compile(r"\*\*|</?[ub]>")


@dataclass
class Block:
    """Runs that belong together, with their list mark ("" for none), and what the parser makes of them."""

    runs: list[Run]
    mark: str = ""
    kind: str = ""  # of the mark: one of `marks.kind`, LOST or NUMBER_IN_CIRCLE
    role: str = ""
    section: str = ""
    measure: int | None = None

    @property
    def raw(self) -> str:
        """The first run as it stands, without space around it."""
        return self.runs[0].text

    @property
    def text(self) -> str:
        """The running text, list mark and emphasis removed."""
        return join_lines([EMPHASIS.sub("", run.raw) for run in self.runs]).removeprefix(self.mark).strip()

    @property
    def span(self) -> tuple[int, int]:
        """The first line's number and the last one's."""
        return self.runs[0].number, max(line.number for run in self.runs for line in run.lines)

    @property
    def paragraph(self) -> Paragraph:
        lines = tuple(line for run in self.runs for line in run.numbered)
        return Paragraph(lines, self.role, self.section, self.measure, self.section)


def entered(headings: dict[int, str], level: int, title: str) -> dict[int, str]:
    """Return the headings above, by level, with one more; it ends those of its own level and below."""
    return {at: name for at, name in headings.items() if at < level} | {level: title}


def policy_item(text: str, span: tuple[int, int], path: tuple[str, ...], ministries: tuple[str, ...] = ()) -> Measure:
    """Return a policy item of a summary; its section is the whole path of headings."""
    title, subheads = path[-1] if path else "", path[1:]
    named = ministries or ministries_named(text)
    return Measure(*span, text, " ".join(path), title, subheads, ministries=named, part="summary")


def extended(item: Measure, block: Block) -> Measure:
    """Return the item with one more entry of the list that it announces."""
    joint = "" if item.text.endswith("。") else " "
    return replace(item, text=item.text + joint + block.text, last_line=block.span[1])
