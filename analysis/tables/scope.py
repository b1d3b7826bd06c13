"""What a plan leaves to another document, so that its share of a topic says little: data/curated/scope.csv."""

from dataclasses import dataclass

from analysis.base import curated, paths


@dataclass(frozen=True)
class Deferral:
    """A topic that the plan of an edition leaves to a document of its own, where it says so, and who read that."""

    edition: int
    topic_id: str
    elsewhere_en: str
    elsewhere_ja: str
    evidence: str
    who: str

    def elsewhere(self, language: str) -> str:
        """Return what the topic is left to, in words."""
        return self.elsewhere_ja if language == "ja" else self.elsewhere_en


def deferrals() -> list[Deferral]:
    """Return what plans leave to other documents; nothing where nobody wrote it down. Raises TableFaulty."""
    file = paths.curated() / "scope.csv"
    if not file.exists():
        return []
    return [row for _, row in curated.table(file, Deferral, ("edition", "topic_id"))]
