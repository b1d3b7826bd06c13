"""What every reader returns."""

from dataclasses import dataclass, field

from analysis.extraction.roadmap.table import YearCell


@dataclass(frozen=True)
class Paragraph:
    """A running paragraph: lines that belong together, page breaks and footnotes between them closed.

    `lines` holds (1-based line number, raw text); `role` is one of `categories.ROLES`; `section` is the code of
    the section it stands in ("" before the first); `measure` is the index of the measure it belongs to.
    """

    lines: tuple[tuple[int, str], ...]
    role: str
    section: str = ""
    measure: int | None = None
    headings: str = ""  # titles of the sections it stands in, outermost first, joined by " / "


@dataclass(frozen=True)
class Place:
    """Where in a roadmap (工程表) a measure stands: item number, cell, and the items it was carried to."""

    no: int | None
    cell: int
    cells: int
    group: str
    title: str | None
    carried_to: tuple[int, ...] = ()
    years: tuple[tuple[str, str], ...] = ()
    year_cells: tuple[YearCell, ...] = ()


@dataclass(frozen=True)
class Measure:
    """A measure as read: everything but its identifier.

    `clean` is the text without what only probably is a footnote's mark (a plain digit), where that differs; `place`
    is that of a roadmap's row.
    """

    first_line: int
    last_line: int
    text: str
    section: str
    section_title: str
    subheads: tuple[str, ...] = ()
    horizon: tuple[str, ...] = ()
    ministries: tuple[str, ...] = ()
    repeated: bool = False
    part: str = "body"
    doubts: tuple[str, ...] = ()
    place: Place | None = None
    clean: str | None = None
    deadline: str | None = None  # as written
    deadline_years: tuple[int, ...] = ()


@dataclass
class ParseResult:
    """A document as read: its measures in order, and paragraphs that account for every line that is not blank."""

    measures: list[Measure] = field(default_factory=list)
    paragraphs: list[Paragraph] = field(default_factory=list)
    stray: int = 0  # attributions that belong to no measure
