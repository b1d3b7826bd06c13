"""Bring the catalogues of translations up to date with the code: new messages come in empty, unused ones go.

python .ci/catalogue.py    # then fill the empty ones in analysis/base/locale/<language>/LC_MESSAGES/messages.po, and
                           # in codebook.po those of tables and columns
"""

import io
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from analysis.base.i18n import LANGUAGES, LOCALE
from analysis.tables.codebook import described_texts

ANALYSIS = Path(__file__).resolve().parent.parent / "analysis"
KEYWORDS = {"gettext": None, "ngettext": (1, 2), "N_": None, "_": None}
METHODS = [("**.py", "python"), ("**.j2", "jinja2")]


def messages() -> dict[str, tuple[str, ...]]:
    """Each message of the code: its singular, and (singular, plural) or (singular,)."""
    rows = extract_from_dir(str(ANALYSIS), METHODS, keywords=KEYWORDS, options_map={"**.j2": {"silent": "false"}})
    extracted = [(row[2],) if isinstance(row[2], str) else tuple(row[2]) for row in rows]
    return {forms[0]: forms for forms in sorted(extracted)}


def renewed(language: str) -> bytes:
    """The catalogue of a language with the messages of the code, sorted, its translations kept."""
    with path(language).open("rb") as file:
        before = read_po(file, locale=language)
    catalogue = Catalog(locale=language, fuzzy=False)
    for message, forms in messages().items():
        known = before.get(message)
        catalogue.add(forms if len(forms) > 1 else message, known.string if known else None)
    out = io.BytesIO()
    write_po(out, catalogue, width=0, sort_output=True, omit_header=True)
    return HEADER.format(language=language).encode() + out.getvalue()


HEADER = """# Translations of what people read; the key is the English sentence in the code.
msgid ""
msgstr ""
"Language: {language}\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""


def renewed_codebook(language: str) -> bytes:
    """The catalogue of what exported tables and columns hold, as the schemas have it, its translations kept."""
    file = path(language, "codebook")
    before = read_po(io.BytesIO(file.read_bytes() if file.exists() else b""), locale=language)
    catalogue = Catalog(locale=language, fuzzy=False)
    for context, text in described_texts():
        known = before.get(text, context)
        catalogue.add(text, known.string if known else None, context=context)
    out = io.BytesIO()
    write_po(out, catalogue, width=0, sort_output=True, omit_header=True)
    return HEADER.format(language=language).encode() + out.getvalue()


def path(language: str, domain: str = "messages") -> Path:
    return LOCALE / language / "LC_MESSAGES" / f"{domain}.po"


if __name__ == "__main__":
    for language in LANGUAGES[1:]:
        path(language).write_bytes(renewed(language))
        path(language, "codebook").write_bytes(renewed_codebook(language))
