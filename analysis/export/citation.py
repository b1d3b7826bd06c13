"""What exported tables say of themselves: title, citation, licence, and whether they hold texts of the documents."""

from dataclasses import dataclass
from datetime import date

from babel.dates import format_date

from analysis import __released__, __version__
from analysis.base import i18n
from analysis.base.checkout import CHANGED
from analysis.base.errors import UsageFault
from analysis.base.i18n import gettext_noop as N_
from analysis.base.paths import in_language

AUTHORS = N_("The authors of ip-plan-workspace")
COMMIT_SHOWN = 12  # characters of a commit: enough to find it, and short enough to copy by hand


@dataclass(frozen=True)
class Citation:
    """How to name and cite the tables of the report on an edition or, without an edition, of an export of everything.

    language: en or ja. commit: what made them, as `checkout.commit` says it. No date is that of a run: the same version
    and commit give the same words. Raises UsageFault for another language.
    """

    language: str = "en"
    edition: int | None = None
    baseline: int | None = None
    commit: str | None = None

    def __post_init__(self) -> None:
        if self.language not in i18n.LANGUAGES:
            raise UsageFault(f"language {self.language!r} does not exist: choose one of {', '.join(i18n.LANGUAGES)}")

    @property
    def name(self) -> str:
        """The name of the data package and of the workbook's file."""
        return in_language("ip-plan" if self.edition is None else f"ip-plan-{self.edition}", self.language)

    @property
    def authors(self) -> str:
        return self.gettext(AUTHORS)

    @property
    def software(self) -> str:
        """What made the tables: name, version with its date and, where it is known, commit."""
        known = {"version": __version__, "date": format_date(date.fromisoformat(__released__), "long", self.language)}
        if self.commit is None:
            return self.gettext("IP plan workspace, version {version} ({date})", **known)
        known["commit"] = self.commit.removesuffix(CHANGED)[:COMMIT_SHOWN]
        if self.commit.endswith(CHANGED):
            return self.gettext("IP plan workspace, version {version} ({date}), commit {commit} with changes", **known)
        return self.gettext("IP plan workspace, version {version} ({date}), commit {commit}", **known)

    @property
    def title(self) -> str:
        if self.edition is None:
            return self.gettext("Tables of the IP plan workspace")
        return self.gettext(
            "Tables of the report on the {edition} plan (baseline {baseline})",
            edition=self.edition, baseline=self.baseline,
        )  # fmt: skip

    @property
    def text(self) -> str:
        """How to cite the tables."""
        if self.edition is None:
            return self.gettext(
                "{authors}: tables. {software}. Sources: the documents listed here, by their publishers.",
                authors=self.authors, software=self.software,
            )  # fmt: skip
        return self.gettext(
            "{authors}: report on the {edition} plan (baseline {baseline}). {software}. "
            "Sources: the documents listed here, by their publishers.",
            authors=self.authors, software=self.software, edition=self.edition, baseline=self.baseline,
        )  # fmt: skip

    @property
    def description(self) -> str:
        return self.gettext(
            "Japan's Intellectual Property Strategic Programs (知的財産推進計画) as tables: measures, topics, what "
            "became of each measure, figures and indicators. The tables hold all editions."
        )

    @property
    def licence(self) -> str:
        return self.gettext(
            "The tables: MIT License. The documents, their texts and headings: the terms of their publishers "
            "(see the list)."
        )

    def texts(self, included: bool) -> str:
        """Whether the tables hold the publishers' texts, and what that means for passing them on."""
        if included:
            return self.gettext(
                "The tables hold texts of the documents: before you pass them on, see to their publishers' terms."
            )
        return self.gettext(
            "The tables hold no texts of the documents; headings are shortened where a document was not at hand."
        )

    def gettext(self, message: str, **values: object) -> str:
        """Return the message in the language of the citation."""
        return i18n.gettext(message, self.language, **values)
