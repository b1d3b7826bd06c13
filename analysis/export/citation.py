"""What exported tables say of themselves: title, citation, licence, and whether they hold texts of the documents."""

from dataclasses import dataclass

from analysis import __version__
from analysis.base import i18n
from analysis.base.errors import UsageFault

AUTHORS = "The authors of ip-plan-workspace"


@dataclass(frozen=True)
class Citation:
    """How to name and cite the tables of the report on an edition or, without an edition, of an export of everything.

    language: en or ja. Raises UsageFault for another one.
    """

    language: str = "en"
    edition: int | None = None
    baseline: int | None = None

    def __post_init__(self) -> None:
        if self.language not in i18n.LANGUAGES:
            raise UsageFault(f"language {self.language!r} does not exist: choose one of {', '.join(i18n.LANGUAGES)}")

    @property
    def name(self) -> str:
        """The name of the data package and of the workbook's file."""
        return "ip-plan" if self.edition is None else f"ip-plan-{self.edition}"

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
                "IP plan workspace, version {version}: tables. "
                "Sources: the documents listed here, by their publishers.",
                version=__version__,
            )
        return self.gettext(
            "IP plan workspace, version {version}: report on the {edition} plan (baseline {baseline}). "
            "Sources: the documents of the manifest, by their publishers.",
            version=__version__, edition=self.edition, baseline=self.baseline,
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
