"""Side by side: our search for candidates and what a user would pick instead, on the same rows in one run.

    python tests/benchmarks/bench_links.py [ROWS …]

Every method starts from lists of terms and ends with each row's best partners both ways, in a process of its own, so
that its peak memory is its own. With the usual numbers of rows docs/benchmark-links.md and .png are written, with
others the table is only printed. Ctrl-C stops it and leaves both as they were.
"""

import importlib
import itertools
import json
import math
import os
import platform
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import altair as alt
import numpy as np
import polars as pl
import vl_convert
from scipy.sparse import csr_matrix, vstack
from sklearn.feature_extraction.text import TfidfTransformer

from analysis.continuity import blocking
from analysis.report.charts import base as charts
from analysis.report.charts import render
from analysis.tables import store

ROOT = Path(__file__).resolve().parents[2]
SPEED = "## Candidates: time and memory"
ROWS = [1_000, 3_000, 10_000, 30_000, 100_000]
SEED = 20261120
LIMIT = 120  # seconds of processor time for a peer, so that the load of the machine leaves nothing out
OURS_LIMIT = 600
OVER = "left out: over the limit of {} s"
COUNT = 15  # best partners each way
CHUNK = 500  # rows that rapidfuzz compares with all others at a time
PERMUTATIONS, THRESHOLD = 128, 0.2  # of MinHash LSH
Lines = list[dict[str, Any]]


# The rows: bags of terms, and a second list in which each is found again, changed and in another place.


def fictitious(rows: int, generator: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Row and term of each entry, and the terms: sixty or so of 50,000 a row, as frequent as Zipf's law has it."""
    terms = np.array([f"w{number:x}" for number in range(50_000)])
    share = 1 / np.arange(1, len(terms) + 1)
    entries = generator.choice(len(terms), 75 * rows, p=share / share.sum())
    return np.repeat(np.arange(rows), 75), entries, terms


def real(rows: int, generator: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The same from the plans' measures: a random half each of the terms of two of them."""
    features = store.read("features").sort("measure_id")["terms"]
    terms = np.array(sorted(set(features.explode())))
    places = {term: place for place, term in enumerate(terms.tolist())}
    bags = [np.array([places[term] for term in bag]) for bag in features.to_list()]
    chosen = generator.integers(len(bags), size=2 * rows)
    entries = np.concatenate([bags[number] for number in chosen])
    owners = np.repeat(np.arange(2 * rows) // 2, [len(bags[number]) for number in chosen])
    half = generator.random(len(entries)) < 0.5
    return owners[half], entries[half], terms


VARIANTS = {"fictitious words": fictitious, "words of the plans": real}


def make(variant: str, rows: int, file: Path) -> None:
    """Save both lists of rows as .npz. Of a row's terms up to 35 in 100 are dropped, and as many replaced."""
    generator = np.random.default_rng([SEED, rows])
    owners, entries, terms = VARIANTS[variant](rows, generator)
    change = generator.uniform(0.05, 0.35, rows)[owners]
    status = generator.random(len(entries))
    kept, replaced = status >= 2 * change, status < change
    drawn = np.where(replaced, generator.choice(entries, len(entries)), entries)
    partner = generator.permutation(rows)  # of each first row among the second
    here = matrix(owners, entries, rows, len(terms))
    there = matrix(partner[owners[kept | replaced]], drawn[kept | replaced], rows, len(terms))
    parts = {f"{side}_{name}": getattr(one, name) for side, one in (("a", here), ("b", there)) for name in
             ("indptr", "indices")}  # fmt: skip
    np.savez(file, terms=terms, partner=partner, **parts)


def matrix(owners: np.ndarray, entries: np.ndarray, rows: int, width: int) -> csr_matrix:
    """Ones where a row has a term."""
    made = csr_matrix((np.ones(len(entries)), (owners, entries)), shape=(rows, width))
    made.sum_duplicates()
    made.data[:] = 1.0
    return made


def sides(saved: Any) -> list[csr_matrix]:
    shapes = {"shape": (len(saved["partner"]), len(saved["terms"]))}
    return [
        csr_matrix(
            (np.ones(len(saved[f"{side}_indices"])), saved[f"{side}_indices"], saved[f"{side}_indptr"]), **shapes
        )
        for side in "ab"
    ]


def bags(saved: Any, side: str) -> list[list[str]]:
    words = saved["terms"][saved[f"{side}_indices"]].tolist()
    pointers = saved[f"{side}_indptr"].tolist()
    return [words[start:end] for start, end in itertools.pairwise(pointers)]


# The methods: from the saved rows to pairs (row, row, similarity).


def weighted(saved: Any) -> list[csr_matrix]:
    both = csr_matrix(TfidfTransformer(sublinear_tf=True).fit_transform(vstack(sides(saved), format="csr")))
    half = len(saved["partner"])
    return [both[:half], both[half:]]


def ours(saved: Any) -> blocking.Pairs:
    return blocking.best(*weighted(saved), COUNT, common=1.0)


def ours_without_common(saved: Any) -> blocking.Pairs:
    return blocking.best(*weighted(saved), COUNT, common=blocking.COMMON)


def nearest_neighbors(saved: Any) -> blocking.Pairs:
    from sklearn.neighbors import NearestNeighbors

    one, other = weighted(saved)
    found = []
    for left, right in ((one, other), (other, one)):
        model = NearestNeighbors(n_neighbors=COUNT, metric="cosine", algorithm="brute", n_jobs=-1).fit(right)
        distances, places = model.kneighbors(left)
        found.append((np.repeat(np.arange(left.shape[0]), COUNT), places.ravel(), 1 - distances.ravel()))
    (i, j, values), (later, earlier, mirrored) = found
    return union(np.append(i, earlier), np.append(j, later), np.append(values, mirrored))


def rapidfuzz_ratio(saved: Any) -> blocking.Pairs:
    from rapidfuzz import fuzz

    return rapidfuzz(saved, fuzz.ratio)


def rapidfuzz_sets(saved: Any) -> blocking.Pairs:
    from rapidfuzz import fuzz

    return rapidfuzz(saved, fuzz.token_set_ratio)


def rapidfuzz(saved: Any, scorer: Callable[..., float]) -> blocking.Pairs:
    from rapidfuzz import process

    one, other = ([" ".join(sorted(bag)) for bag in bags(saved, side)] for side in "ab")
    found = []
    best, places = np.zeros((0, len(other)), np.float32), np.zeros((0, len(other)), np.int64)  # of each column
    for start in range(0, len(one), CHUNK):
        scores = process.cdist(one[start : start + CHUNK], other, scorer=scorer, dtype=np.float32, workers=-1)
        chosen = np.argpartition(-scores, COUNT, axis=1)[:, :COUNT]
        numbers = np.arange(start, start + len(scores))
        found.append((np.repeat(numbers, COUNT), chosen.ravel(), np.take_along_axis(scores, chosen, 1).ravel()))
        best = np.vstack([best, scores])
        places = np.vstack([places, np.broadcast_to(numbers[:, None], scores.shape)])
        leading = np.argpartition(-best, COUNT, axis=0)[:COUNT]
        best, places = np.take_along_axis(best, leading, 0), np.take_along_axis(places, leading, 0)
    found.append((places.ravel(), np.tile(np.arange(len(other)), COUNT), best.ravel()))
    return union(*(np.concatenate(parts) for parts in zip(*found, strict=True)))


def minhash_lsh(saved: Any) -> blocking.Pairs:
    from datasketch import MinHash, MinHashLSH

    one, other = (
        MinHash.bulk([[term.encode() for term in bag] for bag in bags(saved, side)], num_perm=PERMUTATIONS, seed=1)
        for side in "ab"
    )
    index = MinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS)
    for number, row in enumerate(other):
        index.insert(number, row, check_duplication=False)
    prints = np.array([row.hashvalues for row in other])
    found = []
    for number, row in enumerate(one):
        near = np.array(sorted(index.query(row)), dtype=np.int64)
        found.append((np.full(len(near), number), near, (prints[near] == row.hashvalues).mean(axis=1)))
    i, j, values = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return blocking._closest(i, j, values, COUNT)


def union(i: np.ndarray, j: np.ndarray, values: np.ndarray) -> blocking.Pairs:
    _, first = np.unique(np.stack([i, j], axis=1), axis=0, return_index=True)
    first = first[values[first] > 0]
    return i[first], j[first], values[first]


LSH = "MinHash LSH (datasketch)"
METHODS: dict[str, Callable[[Any], blocking.Pairs]] = {
    "candidates, exact": ours,
    f"candidates, columns of over {blocking.COMMON:.0%} of rows left out": ours_without_common,
    "NearestNeighbors (scikit-learn)": nearest_neighbors,
    "rapidfuzz, ratio": rapidfuzz_ratio,
    "rapidfuzz, token sets": rapidfuzz_sets,
    LSH: minhash_lsh,
}
LIBRARIES = {
    "NearestNeighbors (scikit-learn)": "sklearn.neighbors",
    "rapidfuzz, ratio": "rapidfuzz.process",
    "rapidfuzz, token sets": "rapidfuzz.process",
    LSH: "datasketch",
}
GROWTH = {LSH: 1.5}  # the others' time grows with the square of the rows


# Measuring.


def one(name: str, file: Path, out: Path, limit: int) -> None:
    """Run a method in this process; saves its pairs and prints its figures, or why it cannot run."""
    with np.load(file) as opened:
        saved = dict(opened)
    try:
        importlib.import_module(LIBRARIES.get(name, "analysis.continuity.blocking"))  # before the clock starts
    except ImportError as error:
        print(json.dumps({"note": f"not installed ({error.name})"}))
        return
    start, busy = time.perf_counter(), time.process_time()
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(busy) + limit, resource.RLIM_INFINITY))  # ended by SIGXCPU
    i, j, values = METHODS[name](saved)
    figures = {"seconds": time.perf_counter() - start, "processor": time.process_time() - busy, "megabytes": peak()}
    np.savez(out, i=i, j=j, values=values)
    print(json.dumps(figures))


def peak() -> float:
    """MiB. Linux hands a parent's ru_maxrss on to its children, so that the program's own mark is better."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024
    except (OSError, StopIteration):
        unit = 2**20 if sys.platform == "darwin" else 2**10
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def measure(name: str, file: Path, out: Path, limit: int) -> dict[str, Any]:
    """The figures of a method, or a note."""
    command = [sys.executable, __file__, "run", name, str(file), str(out), str(limit)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode == -signal.SIGXCPU:
        return {"note": OVER.format(limit)}
    if done.returncode:
        return {"note": f"failed: {(done.stderr.strip().splitlines() or ['no message'])[-1]}"}
    return dict(json.loads(done.stdout.splitlines()[-1]))


def expected(lines: Lines, name: str, rows: int) -> float:
    """Processor seconds, from the largest number of rows measured; endless where fewer rows were too many."""
    earlier = [line for line in lines if line["method"] == name]
    if not earlier:
        return 0.0
    if "seconds" not in earlier[-1]:
        return float("inf")
    return float(earlier[-1]["processor"] * (rows / earlier[-1]["rows"]) ** GROWTH.get(name, 2))


def recall(file: Path, out: Path, exact: Path | None) -> dict[str, float]:
    """The share of rows whose first partner is the true one, and of the exact pairs that were found."""
    with np.load(file) as opened:
        partner = opened["partner"]
    with np.load(out) as found:
        i, j, values = found["i"], found["j"], found["values"]
    first = blocking._rank(i, j, values) == 0
    result = {"first": float((partner[i[first]] == j[first]).sum() / len(partner))}
    if exact:
        with np.load(exact) as known:
            wanted = known["i"] * len(partner) + known["j"]
        result["exact"] = float(np.isin(wanted, i * len(partner) + j).mean())
    return result


def run(sizes: list[int], lines: Lines) -> None:
    """Measure all methods, adding a line for each to `lines`."""
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        file, exact, out = (Path(scratch) / f"{name}.npz" for name in ("rows", "exact", "pairs"))
        for variant in VARIANTS:
            own: Lines = []
            for rows in sizes:
                make(variant, rows, file)
                exact.unlink(missing_ok=True)
                for name, method in METHODS.items():
                    limit = OURS_LIMIT if method in (ours, ours_without_common) else LIMIT
                    place = exact if method is ours else out
                    if expected(own, name, rows) > limit:
                        measured: dict[str, Any] = {"note": OVER.format(limit)}
                    else:
                        measured = measure(name, file, place, limit)
                    if "seconds" in measured:
                        measured |= recall(file, place, exact if exact.exists() else None)
                    own.append({"variant": variant, "rows": rows, "method": name} | measured)
                    lines.append(own[-1])
                    print(row(own[-1]), flush=True)


# The page.

COLUMNS = {
    "seconds": "time [s]",
    "processor": "processor time [s]",
    "megabytes": "memory [MiB]",
    "first": "true partner first",
    "exact": "best pairs found",
}
FORMS = {"seconds": "{:.1f}", "processor": "{:.1f}", "megabytes": "{:.0f}", "first": "{:.3f}", "exact": "{:.3f}"}


def row(line: dict[str, Any]) -> str:
    cells = [FORMS[key].format(line[key]) if key in line else "–" for key in COLUMNS]
    return f"| {line['rows']:,} | {line['method']} | " + " | ".join(cells) + f" | {line.get('note', '')} |"


def markdown(lines: Lines) -> str:
    page = [
        "Written by `make bench`. Two lists of as many rows each: every row of the second is one of the first in",
        "another place, with 5 to 35 in 100 of its terms replaced and as many dropped. Each method starts from the",
        f"terms and ends with every row's {COUNT} best partners, both ways; it ran once, in a process of its own.",
        "",
        "- **True partner first**: the share of rows whose first partner is the row they were made into. Among many",
        "  rows some are more like another than like the changed copy of themselves.",
        "- **Best pairs found**: the share of the exact search's pairs (cosine of TF-IDF weights) that are found.",
        "  Methods with another measure of likeness look for other pairs.",
        "- **Processor time**: that of all cores together, which says more than the time that passed where other",
        "  programs run beside. **Memory**: the process's peak, with libraries and rows.",
        f"- Peers are left out where they take, or would take by their time for fewer rows, more than {LIMIT} s of",
        "  processor time.",
        "",
        f"Measured on {machine()}. {beside(lines)}",
    ]
    for variant in VARIANTS:
        page += [
            "",
            f"### {variant.capitalize()}",
            "",
            "| rows a side | method | " + " | ".join(COLUMNS.values()) + " | |",
        ]
        page.append("|---:|---|" + "---:|" * len(COLUMNS) + "---|")
        page += [row(line) for line in lines if line["variant"] == variant]
    page += ["", "![Processor time and memory by rows a side](benchmark-links.png)", ""]
    return "\n".join(page)


def beside(lines: Lines) -> str:
    """What the passed time is worth: how much of a core the method got that has one thread."""
    alone = [line for line in lines if line["method"] == LSH and "seconds" in line]
    share = sum(line["processor"] for line in alone) / max(sum(line["seconds"] for line in alone), 1e-9)
    if share > 0.9:
        return "Little else ran beside."
    return f"Other programs ran beside: {LSH}, which has one thread, got {share:.0%} of a core."


def machine() -> str:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{cores} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}"


COLOURS = [charts.BLUE, "#8cb9e0", charts.RED, charts.GREY, "#4a4a4a", charts.ORANGE]


def picture(lines: Lines, file: Path) -> None:
    """Time and memory as curves over the number of rows, a column for each kind of rows."""
    render.register_font()
    data = pl.DataFrame([line for line in lines if "seconds" in line], infer_schema_length=None)
    legend = alt.Legend(orient="bottom", columns=2, labelLimit=400)
    scale = alt.Scale(domain=list(METHODS), range=COLOURS)
    colour = alt.Color("method:N", title=None, legend=legend, scale=scale)
    ticks = alt.Axis(values=sorted(set(data["rows"])), format="~s")
    panels = [
        alt.Chart(data.filter(pl.col("variant") == variant), title=variant if key == "processor" else "")
        .mark_line(point=True)
        .encode(
            x=alt.X("rows:Q", title="rows a side", scale=alt.Scale(type="log"), axis=ticks),
            y=alt.Y(f"{key}:Q", title=COLUMNS[key], scale=alt.Scale(type="log")),
            color=colour,
        )
        .properties(width=340, height=230)
        for key in ("processor", "megabytes")
        for variant in VARIANTS
    ]
    chart = alt.concat(*panels, columns=2)
    file.write_bytes(vl_convert.vegalite_to_png(chart.to_json(validate=False), scale=1.2))


def main(sizes: list[int]) -> None:
    lines: Lines = []
    try:
        run(sizes, lines)
    except KeyboardInterrupt:
        print("\nStopped; docs/benchmark-links.md is as it was.", file=sys.stderr)
        sys.exit(130)
    if sizes != ROWS:
        return
    file = ROOT / "docs/benchmark-links.md"
    before = file.read_text(encoding="utf-8").split(SPEED)[0]  # above it is what bench_codings.py writes
    file.write_text(f"{before}{SPEED}\n\n{markdown(lines)}", encoding="utf-8", newline="\n")
    picture(lines, ROOT / "docs/benchmark-links.png")


if __name__ == "__main__":
    if sys.argv[1:2] == ["run"]:
        one(sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4]), int(sys.argv[5]))
    else:
        main([int(argument) for argument in sys.argv[1:]] or ROWS)
