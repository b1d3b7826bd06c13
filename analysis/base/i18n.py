"""Every word that people read in notebooks, charts and reports, in English and Japanese (wording.toml)."""

import tomllib
from functools import cache
from pathlib import Path

LANGUAGES = ("en", "ja")


@cache
def _words() -> dict[str, dict[str, str]]:
    text = Path(__file__).with_name("wording.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def word(key: str, language: str, **values: object) -> str:
    """The wording of `key`, with `values` filled in. Raises KeyError for a key that does not exist."""
    return template(key, language).format(**values)


def template(key: str, language: str) -> str:
    """The wording of `key` with its names still in braces."""
    return _words()[key][language]


def percent(part: float | None, whole: float = 1.0) -> str:
    """A share as people read it, without decimals; – where there is none, or no whole."""
    return "–" if part is None or not whole else f"{100 * part / whole:.0f}%"


def unit(written: str, language: str) -> str:
    """What to call a unit of the indicators' register; one without a translation stands as written."""
    return word(f"unit_{written}", language) if f"unit_{written}" in _words() else written


@cache
def keys() -> frozenset[str]:
    return frozenset(_words())
