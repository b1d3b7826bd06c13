"""What tables say of themselves when they leave the workspace: title, citation, licence, documents."""

from dataclasses import dataclass

from analysis import __version__
from analysis.base.errors import UsageFault
from analysis.base.i18n import LANGUAGES, word


@dataclass(frozen=True)
class Colophon:
    """For the report on an edition, or (without one) for an export of everything; in English or Japanese.

    Raises UsageFault for another language.
    """

    language: str = "en"
    edition: int | None = None
    baseline: int | None = None

    def __post_init__(self) -> None:
        if self.language not in LANGUAGES:
            raise UsageFault(f"language {self.language!r} does not exist: choose one of {', '.join(LANGUAGES)}")

    @property
    def name(self) -> str:
        """Of the package and the workbook."""
        return "ip-plan" if self.edition is None else f"ip-plan-{self.edition}"

    @property
    def title(self) -> str:
        if self.edition is None:
            return self.say("package_title")
        return self.say("package_title_edition", edition=self.edition, baseline=self.baseline)

    @property
    def citation(self) -> str:
        if self.edition is None:
            return self.say("package_cite", version=__version__)
        return self.say("cite_text", version=__version__, edition=self.edition, baseline=self.baseline)

    @property
    def licence(self) -> str:
        return self.say("package_licence")

    def texts(self, included: bool) -> str:
        """Whether the publishers' texts are in the tables, and what that means for passing them on."""
        return self.say("package_texts" if included else "package_no_texts")

    def say(self, key: str, **values: object) -> str:
        return word(key, self.language, **values)
