"""Translation of every text that people read: the English sentence is the key of the catalogue (locale/).

`python .ci/catalogue.py` brings the catalogues up to date with the code; translations stand in messages.po, those of
what tables and columns hold in codebook.po.
"""

import gettext as catalogues
import io
import math
from functools import cache
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES = ("en", "ja")
LOCALE = Path(__file__).with_name("locale")


@cache
def _catalogue(language: str, domain: str = "messages") -> catalogues.NullTranslations:
    """The catalogue of a language; English needs none, since its sentences are the keys."""
    if language == "en":
        return catalogues.NullTranslations()
    compiled = io.BytesIO()
    with (LOCALE / language / "LC_MESSAGES" / f"{domain}.po").open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return catalogues.GNUTranslations(compiled)


def gettext(message: str, language: str, /, **values: object) -> str:
    """Return the message in the language, with the values in place of the names in braces."""
    return _catalogue(language).gettext(message).format(**values)


def ngettext(singular: str, plural: str, number: int, language: str, /, **values: object) -> str:
    """Return the singular or plural that the number takes in the language; {number} stands for it."""
    return _catalogue(language).ngettext(singular, plural, number).format(number=number, **values)


def described(text: str, language: str, context: str) -> str:
    """Return what the schemas say of a table or column (`context`: table, column, title) in the language."""
    return _catalogue(language, "codebook").pgettext(context, text)


def gettext_noop(message: str) -> str:
    """Mark a message for the catalogue where it is named, to be translated where it is shown."""
    return message


def plain(value: float, digits: int = 6) -> str:
    """A number as people read it, never with an exponent: 32,163,179; 9.4549; 0.000012. Decimals as far as there are
    that many `digits` in all."""
    if not value or not math.isfinite(value):
        return f"{value:g}"
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    text = f"{value:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(part: float | None, whole: float = 1.0) -> str:
    """A share as people read it, without decimals; – where there is none, or no whole."""
    return "–" if part is None or not whole else f"{100 * part / whole:.0f}%"
