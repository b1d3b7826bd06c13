"""Second opinion on figures (`make bench`): our reading beside two public extractors, on the same lines in one run.

pynormalizenumexp reads numbers with units, ja-timex dates; each is left out where it is not installed. Asked are the
examples of docs/figures.md and the cases of tests/extraction/cases, which state what is right, and the KPI parts of the
documents at hand, where only differences can be counted. Tables are left out. All get the text as our reading has it:
wraps and blanks closed, widths folded. A date counts once a line and is right if it is read anywhere on it, since
ja-timex ties none to a number. Prints a table, and writes all under `figures` to reports/bench.json.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import figure_peers as peers
from bench_parsing import seconds
from layouts import parse

from analysis.base import paths
from analysis.documents import manifest
from analysis.documents.document import load
from analysis.extraction.parsers.parse_result import Paragraph
from analysis.extraction.values import Unread, read_all
from analysis.extraction.values.periods import periods
from analysis.extraction.values.running_text import RunningText, running_text

ROOT = Path(__file__).resolve().parents[2]
EDITION, SECTION = 2031, "III-1-(1)"  # of examples and cases
ROW = re.compile(r"\| [^|]+ \| (?P<example>[^|]+) \| (?P<reading>(?:–|observation|target|baseline) [^|]+) \|$")
COUNTS = ("stated", "ours", "peer", "both", "ours_alone", "peer_alone", "ours_adds", "peer_adds")
TABLE = re.compile(r"[\t|｜]")


@dataclass(frozen=True)
class Line:
    """A text and where it stands, what we read, and what is stated (None: nobody said). `all_dated` tells whether the
    statement holds every date, `put_aside` the reasons why numbers are no figures."""

    place: str
    running: RunningText
    ours: list[peers.Row]
    stated: list[peers.Row] | None = None
    all_dated: bool = True
    put_aside: tuple[Unread, ...] = ()


def stated_line(place: str, blocks: list[str], stated: list[peers.Row], all_dated: bool = True) -> Line:
    paragraphs: list[Paragraph] = []
    for first, block in enumerate(blocks):
        paragraphs.append(Paragraph(tuple(enumerate(block.split("\n"), 100 * first)), "kpi", SECTION))
    running = running_text(tuple(line for paragraph in paragraphs for line in paragraph.lines))
    return Line(place, running, peers.rows(read_all(paragraphs, EDITION)[0]), stated, all_dated)


def examples() -> Iterator[Line]:
    for number, row in enumerate((ROOT / "docs/figures.md").read_text("utf-8").splitlines(), 1):
        match = ROW.match(row)
        if match and not TABLE.search(match["example"]):
            parts = [[*part.split(), None] for part in match["reading"].split(";") if "–" not in part]
            stated: list[peers.Row] = [(float(part[1] or 0), part[2], part[3]) for part in parts]
            yield stated_line(f"docs/figures.md:{number}", [match["example"].replace("／", "\n")], stated)


def cases() -> Iterator[Line]:
    for file in sorted((ROOT / "tests/extraction/cases").glob("*.jsonl")):
        for number, row in enumerate(file.read_text("utf-8").splitlines(), 1):
            case = json.loads(row)
            if not TABLE.search("".join(case["lines"])):
                stated = [(figure["value"], figure["unit"], figure.get("period")) for figure in case["figures"]]
                all_dated = all("period" in figure for figure in case["figures"])
                yield stated_line(f"{file.name}:{number}", case["lines"], stated, all_dated)


def kpi_parts() -> Iterator[Line]:
    for document in [document for document in manifest.documents() if document not in manifest.missing()]:
        paragraphs = parse(document.layout, load(manifest.lines(document))).paragraphs
        figures, unread = read_all(paragraphs, document.edition)
        for part in paragraphs:
            if part.role == "kpi" and not any(TABLE.search(raw) for _, raw in part.lines):
                numbers, running = {number for number, _ in part.lines}, running_text(part.lines)
                here = peers.rows([figure for figure in figures if figure.first_line in numbers])
                dates: list[peers.Row] = [(None, None, date.name) for date in periods(running, document.edition)]
                aside = tuple(number for number in unread if number.first_line in numbers)
                yield Line(document.doc_id, running, here + dates, put_aside=aside)


def tied(lines: list[Line]) -> str:
    """Return how many stated dates our reading ties to the right number."""
    pairs = [(peers.dated(line.stated or []), peers.dated(line.ours)) for line in lines]
    return f"{sum((stated & ours).total() for stated, ours in pairs)} of {sum(stated.total() for stated, _ in pairs)}"


def compare(peer: str, lines: list[Line]) -> dict[str, Any]:
    """Count what is right where it is stated, else what is read, and list what the peer alone has. What it is known to
    lack is no merit of ours: it is counted by reason, and `ours_alone` is without it."""
    counts = Counter(dict.fromkeys(COUNTS, 0))
    lacks: Counter[str] = Counter()
    alone: list[str] = []
    for line in lines:
        read_here = peers.READERS[peer](line.running.text)
        ours, theirs = peers.asked(peer, line.ours), peers.answered(peer, read_here)
        if line.stated is not None:
            stated = peers.asked(peer, line.stated)
            known = {peers.core(item) for item in stated}
            if peer == peers.NUMBERS or line.all_dated:
                counts["ours_adds"] += sum(peers.core(item) not in known for item in ours.elements())
                counts["peer_adds"] += sum(peers.core(item) not in known for item in theirs.elements())
            counts["stated"] += stated.total()
            ours, theirs = ours & stated, theirs & stated
        counts.update(ours=ours.total(), peer=theirs.total(), both=(ours & theirs).total())
        reasons = [peers.lack(peer, item, line.running.text) for item in (ours - theirs).elements()]
        lacks.update(reason for reason in reasons if reason)
        counts["ours_alone"] += reasons.count(None)
        notes = {item: n.reason for n in line.put_aside for item, _ in peers.READERS[peer](n.number)}
        for item in (theirs - ours).elements():
            number = f":{line.running.lines[dict(read_here)[item]]}" if line.stated is None else ""
            near = (f"ours {peers.shown(other)}" for other in ours if peers.core(other) == peers.core(item))
            alone.append(f"{line.place}{number} {peers.shown(item)} ({notes.get(item) or next(near, '–')})")
    counts["peer_alone"] = len(alone)
    return {**counts, "peer_lacks": dict(lacks.most_common()), "read_by_peer_alone": alone}


def speed(texts: list[str], work: Callable[[str], object]) -> int:
    return round(sum(map(len, texts)) / seconds(lambda: [work(text) for text in texts]))


def beside(peer: str, stated: list[Line], parts: list[Line]) -> dict[str, Any]:
    """Return how a peer compares, or a note that it is not installed."""
    try:
        return {"stated": compare(peer, stated), "kpi_parts": compare(peer, parts)}
    except ImportError as error:
        return {"note": f"not installed ({error.name})"}


def main() -> None:
    stated, parts = [*examples(), *cases()], list(kpi_parts())
    texts = [line.running.text for line in [*stated, *parts]]
    result: dict[str, Any] = {"lines": len(stated), "kpi_parts": len(parts), "characters": sum(map(len, texts))}
    result |= {"dates_tied": tied(stated)} | {peer: beside(peer, stated, parts) for peer in peers.READERS}
    speeds = {"ours": speed(texts, lambda text: read_all([Paragraph(((1, text),), "kpi", SECTION)], EDITION))}
    speeds |= {peer: speed(texts, work) for peer, work in peers.READERS.items() if "note" not in result[peer]}
    result["characters_a_second"] = speeds
    file = paths.reports() / "bench.json"
    whole = json.loads(file.read_text("utf-8")) if file.exists() else {}
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(whole | {"figures": result}, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    show(result)


def show(result: dict[str, Any]) -> None:
    print(f"{'figures':30}" + "".join(f"{name.replace('_', ' '):>11}" for name in (*COUNTS, "peer_lacks")))
    for peer in peers.READERS:
        if "note" in result[peer]:
            print(f"{peer}: {result[peer]['note']}")
            continue
        for kind, row in result[peer].items():
            numbers = [*(row[name] for name in COUNTS), sum(row["peer_lacks"].values())]
            print(f"{peer + ', ' + kind.replace('_', ' '):30}" + "".join(f"{number:11}" for number in numbers))
            print("".join(f"    the peer alone: {item}\n" for item in row["read_by_peer_alone"]), end="")
    print("stated dates that we tie to the right number:", result["dates_tied"])
    for name, speed in result["characters_a_second"].items():
        print(f"{name:20}{speed:9,} characters a second")


if __name__ == "__main__":
    main()
