"""Second opinion on PDFs (`make bench`): what edgeparse, another engine, finds on the pages that we read.

Documents are the fictitious plans of the tests, typeset as their settings say, and the PDFs of tests/corpus. Counted
are characters (whatever their order; widths folded, blanks and the dots of a list of contents left out) and lines that
only one of the two has: a line of ours is missing where its characters do not stand together in the other text, and the
other way round for what blanks and line ends part there. Heads, feet and notes count. Plans are also parsed from the
other engine's Markdown, and the measures of both compared with those of the text that was set. Where edgeparse is not
installed this says so and does nothing else. Prints a table, and writes it to reports/bench.json (`pdf`) and
docs/benchmark-pdf.md.
"""

import json
import re
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

from layouts import parse
from test_pdf import PLANS, SETTINGS, given_rows, lines_of
from typeset import plan, ruled, slides

from analysis.base import paths
from analysis.base.errors import DocumentFaulty
from analysis.base.japanese import shorten, squeeze
from analysis.documents import pdf_pages, text_files
from analysis.documents.document import of_text
from analysis.extraction import detect_layout, load_document

ROOT = Path(__file__).resolve().parents[2]
DOC = ROOT / "docs/benchmark-pdf.md"
MARK = "## The counts"  # in the document: what stands before it stays
LARGEST = 5  # documents whose differences are shown
SHOWN = 4  # of a document's differences
LEADERS = re.compile(r"[.…‥・]{3,}")
LISTED = re.compile(r"^\s*(?:[-*]|[0-9]+\.) (?=\S)")  # a list's mark of Markdown
BREAK = re.compile(r"<br ?/?>")
HEADS = ("characters", "ours alone", "peer alone", "lines", "ours alone", "peer alone", "measures F1 ours", "peer")


@dataclass(frozen=True)
class Case:
    """A PDF, and the measures that were set in it, where it is a plan."""

    name: str
    content: bytes
    measures: tuple[str, ...] = ()


def cases() -> Iterator[Case]:
    for layout in PLANS:
        lines = lines_of(layout)
        measures = tuple(squeeze(measure.text) for measure in parse(layout, of_text(lines)).measures)
        for setting, changes in SETTINGS.items():
            yield Case(f"{layout}, {setting}", plan(layout, lines, **changes), measures)
    for layout in ("markdown_slides", "text_slides"):
        yield Case(f"{layout}, as slides", slides(lines_of(layout)))
    yield Case("roadmap, a ruled table", ruled(given_rows()))
    for file in sorted((ROOT / "tests/corpus").rglob("*.pdf")):
        yield Case(f"corpus, {file.stem}", file.read_bytes())


def compare(ours: list[str], peer: list[str]) -> dict[str, Any]:
    """Return how many characters and lines two texts have, and what only one of them has."""
    ours, peer = ([line for raw in lines if (line := LEADERS.sub("", squeeze(raw)))] for lines in (ours, peer))
    ours_whole, peer_whole = "".join(ours), "".join(peer)
    ours_alone = [line for line in ours if line not in peer_whole]
    peer_alone = [line for line in peer if line not in ours_whole]
    return {
        "characters": len(ours_whole),
        "characters_ours_alone": (Counter(ours_whole) - Counter(peer_whole)).total(),
        "characters_peer_alone": (Counter(peer_whole) - Counter(ours_whole)).total(),
        "lines": len(ours),
        "lines_ours_alone": len(ours_alone),
        "lines_peer_alone": len(peer_alone),
        "ours_alone": [shorten(line) for line in sorted(ours_alone, key=len, reverse=True)[:SHOWN]],
        "peer_alone": [shorten(line) for line in sorted(peer_alone, key=len, reverse=True)[:SHOWN]],
    }


def f1(measures: list[str], stated: tuple[str, ...]) -> float:
    """Return the share of measures that are whole: twice those in both, of all of both."""
    both = (Counter(measures) & Counter(stated)).total()
    return round(2 * both / (len(measures) + len(stated)), 3)


def measures_of(file: Path) -> list[str]:
    try:
        best = detect_layout.guesses(load_document.read(file, None).forms)[0]
    except DocumentFaulty:
        return []
    return [squeeze(measure.text) for measure in best.reading.measures]


def beside(case: Case, folder: Path, convert: Any) -> dict[str, Any] | None:
    """Return how the other engine's text of a document compares with ours; None where we refuse the document."""
    file, other = folder / "document.pdf", folder / "document.txt"
    file.write_bytes(case.content)
    try:
        pages = pdf_pages.read(file).pages
    except DocumentFaulty:
        return None
    try:
        text = convert(str(file), format="markdown", raster_table_ocr=False)  # its plain text leaves out parts
    except Exception as error:  # whatever the other engine makes of it
        return {"name": case.name, "note": f"edgeparse: {type(error).__name__}"}
    ours = [line.text for page in pages for line in [*page.lines, *page.notes, *page.edges]]
    peer = [LISTED.sub("", BREAK.sub(" ", line)) for line in text_files.unmarked(text.split("\n"))]
    row = {"name": case.name, **compare(ours, peer)}
    if case.measures:
        other.write_text(text, encoding="utf-8")
        row["measures_ours"] = f1(measures_of(file), case.measures)
        row["measures_peer"] = f1(measures_of(other), case.measures)
    return row


def table(rows: list[dict[str, Any]]) -> list[str]:
    """Return the rows as a table of Markdown, with the sum, or mean, in the last."""
    keys = [f"{what}{whose}" for what in ("characters", "lines") for whose in ("", "_ours_alone", "_peer_alone")]
    lines = [f"| document | {' | '.join(HEADS)} |", "|---|" + "---|" * len(HEADS)]
    for row in rows:
        if "note" in row:
            lines.append(f"| {row['name']} | {row['note']} |" + " |" * (len(HEADS) - 1))
            continue
        scores = [f"{row[key]:.2f}" if key in row else "" for key in ("measures_ours", "measures_peer")]
        lines.append(f"| {row['name']} | {' | '.join([*(f'{row[key]:,}' for key in keys), *scores])} |")
    read = [row for row in rows if "note" not in row]
    sums = [f"{sum(row[key] for row in read):,}" for key in keys]
    plans = [row for row in read if "measures_ours" in row]
    means = [f"{sum(row[key] for row in plans) / len(plans):.2f}" for key in ("measures_ours", "measures_peer")]
    return [*lines, f"| **all** (measures: mean) | {' | '.join([*sums, *means])} |"]


def largest(rows: list[dict[str, Any]]) -> list[str]:
    """Name the documents that differ most, with the longest lines that only one has."""
    read = [row for row in rows if "note" not in row]
    read.sort(key=lambda row: (-row["characters_ours_alone"] - row["characters_peer_alone"], row["name"]))
    lines = []
    for row in read[:LARGEST]:
        lines.append(f"- {row['name']}: {row['characters_ours_alone']} and {row['characters_peer_alone']} characters")
        for who in ("ours_alone", "peer_alone"):
            lines += [f"    - {who.replace('_', ' ')}: `{line}`" for line in row[who]]
    return lines


def main() -> None:
    try:
        from edgeparse import convert
    except ImportError:
        print("pdf: edgeparse is not installed; no second opinion on PDFs")
        return
    with tempfile.TemporaryDirectory() as folder:
        rows = [row for case in cases() if (row := beside(case, Path(folder), convert))]
    peer = f"edgeparse {version('edgeparse')}"
    file = paths.reports() / "bench.json"
    whole = json.loads(file.read_text("utf-8")) if file.exists() else {}
    file.parent.mkdir(exist_ok=True)
    result = {"pdf": {"peer": peer, "documents": rows}}
    file.write_text(json.dumps(whole | result, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    head = DOC.read_text("utf-8").partition(MARK)[0] if DOC.exists() else ""
    said = f"{MARK}\n\nWritten by `make bench` on {date.today()}: {pdf_pages.tool()} (ours) and {peer}.\n"
    lines = [said, *table(rows), "", "The largest differences:", "", *largest(rows)]
    DOC.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
