"""Where things are. No other module knows a directory.

Four environment variables redirect what a run reads and writes, so that a run can work on a copy and publish
it only when it is complete:

- ``IP_PLAN_ROOT``: the workspace itself (default: the checkout that holds this package);
- ``IP_PLAN_PROCESSED``: the folder of the processed tables (default: ``data/processed`` of the workspace);
- ``IP_PLAN_REPORT``: the folder of the report being made (default: ``reports/draft`` of the workspace);
- ``IP_PLAN_BEFORE``: what an earlier run made and still holds (default: nothing).
"""

import os
from functools import cache
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]


def root() -> Path:
    """The workspace: the folder that holds `notebooks`, `data` and `reports`."""
    return _folder(os.environ.get("IP_PLAN_ROOT"))


@cache
def _folder(workspace: str | None, *parts: str) -> Path:
    """A folder of the workspace; kept, since names of ministries are looked up by the ten thousand."""
    return Path(workspace or CHECKOUT, *parts)


def data() -> Path:
    return root() / "data"


def raw() -> Path:
    return data() / "raw"


def manifest() -> Path:
    return raw() / "manifest.toml"


def curated() -> Path:
    return _folder(os.environ.get("IP_PLAN_ROOT"), "data", "curated")


def committed() -> Path:
    """The processed tables that are published (and committed)."""
    return data() / "processed"


def processed() -> Path:
    """The processed tables that the current process reads and writes."""
    return Path(os.environ.get("IP_PLAN_PROCESSED", committed()))


def notebooks() -> Path:
    return root() / "notebooks"


def reports() -> Path:
    return root() / "reports"


def published(edition: int, language: str) -> Path:
    """The report on an edition as a run publishes it, one folder a language: reports/2026, reports/2026-ja."""
    return reports() / in_language(str(edition), language)


def in_language(name: str, language: str) -> str:
    """Return the name of what is made in several languages: with the language behind it in all but English."""
    return name if language == "en" else f"{name}-{language}"


def converters() -> Path:
    """The converters of documents that no parser reads: code of the checkout, whichever workspace is worked on."""
    return CHECKOUT / "data" / "converters"


def neighbouring_plans() -> Path:
    """A folder beside the checkout where documents are looked for when the user names none."""
    return root().parent / "shared" / "plans"


def report() -> Path:
    """The report that the current process writes: a run's own, or the draft of a notebook run by hand."""
    return Path(os.environ.get("IP_PLAN_REPORT", reports() / "draft"))


def before(*parts: str) -> Path | None:
    """A file or folder that an earlier run made and that still holds; None where it is to be made."""
    folder = os.environ.get("IP_PLAN_BEFORE")
    place = Path(folder, *parts) if folder else None
    return place if place and place.exists() else None
