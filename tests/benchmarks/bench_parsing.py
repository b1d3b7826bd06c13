"""ParseResult speed (`make bench`): all documents at hand, beside plain line splitting as the floor.

Prints characters a second and writes reports/bench-reading.json. Needs the documents.
"""

import json
import statistics
import time
from collections.abc import Callable

from layouts import parse

from analysis.base import paths
from analysis.documents import manifest
from analysis.documents.document import of_text
from analysis.extraction import values

RUNS = 5


def seconds(work: Callable[[], object]) -> float:
    """Median of several runs after one that warms up."""
    work()
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main() -> None:
    texts = {document: "\n".join(manifest.lines(document)) for document in manifest.documents()}
    whole = sum(len(text) for text in texts.values())

    def split() -> None:
        for text in texts.values():
            [line.strip() for line in text.split("\n") if line.strip()]

    def read() -> None:
        for document, text in texts.items():
            reading = parse(document.layout, of_text(text.split("\n")))
            values.read(reading.paragraphs, document.edition)

    found = {name: {"seconds": (s := seconds(work)), "characters_a_second": whole / s} for name, work in
             (("reading and figures", read), ("line splitting (floor)", split))}  # fmt: skip
    for name, row in found.items():
        print(f"{name:24} {row['seconds']:8.4f} s {row['characters_a_second']:14,.0f} characters a second")
    paths.reports().mkdir(exist_ok=True)
    (paths.reports() / "bench-reading.json").write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
