"""Every way in for what others wrote, as a function of bytes: it may raise nothing but a WorkspaceError.

`tests/extraction/test_hostile.py` calls these with what hypothesis makes up and with the corpus. `make fuzz` has
atheris look for more: `python tests/fuzz.py ENTRY SECONDS` (`list` names the entries, `slow` replays what takes
long). What breaks one is written to the working directory; put it, made small, into tests/corpus/ENTRY/ under a name
that says what it is, and mend the cause.
"""

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import polars as pl

if __name__ == "__main__" and len(sys.argv) == 3:  # atheris watches which branches of the package an input takes
    import atheris

    with atheris.instrument_imports(include=["analysis"]):
        pass

from layouts import LAYOUTS

from analysis import __main__ as cli
from analysis import kpi
from analysis.base import paths
from analysis.base.errors import WorkspaceError
from analysis.base.japanese import split_lines
from analysis.coding import codings, decisions, delivery
from analysis.continuity import model_parameters, sentence_vectors, vocabulary
from analysis.documents import corrections, manifest, pdf_pages
from analysis.documents.document import dump, load, of_pages
from analysis.export import export, sanitise
from analysis.extraction import detect_layout
from analysis.kpi import statistics, table_maps
from analysis.report import parameters
from analysis.report.exhibits import agreement
from analysis.tables import ministries, scope, store
from analysis.tables.schemas import TABLES
from analysis.topics import topic_model
from analysis.workspace import add_edition, run
from analysis.workspace.add_edition import Wanted

REPO = Path(__file__).resolve().parent.parent
CORPUS = REPO / "tests" / "corpus"
# Of what plans and summaries are made; a byte each, so that few bytes make much of a document.
PIECES = [
    "\n", "\n\n", "\n\n\n\n", " ", "　", "\t", "、", "。", "・ ", "・", "- ", "- ・ ", "● ", "→", "# ", "## ",
    "(", ")", "（", "）", "「", "」", "【", "】", "<", ">", "①", "②", "III. ", "1. ", "１．", "(1) ",
    "10. 工程表", "目次", "\t12", "……3", "(施策の方向性)", "（現状と課題）", "<KPI>", "(KPIについて)",
    "(短期)", "(短期・中期)", "（長期）", "短期", "(総務省)", "(内閣府(知財)、", "総務省、", "文部科学省",
    "灯台庁", "【再掲】", "次の", "以下の", "灯台", "灯りを", "整備を推進する", "が課題である", "必要である",
    "今後、", "¹", "²", " 1", "12", "3 ", "※", "図表1", "（出典）", "https://x.jp", "2025年度", "令和7年",
    "までに", "3,000", "5億円", "10%", "件", "人", "から", "約", "増加", "目標", "(2019年)", "|", "- 3 -",
    "\x0c", "\r", "\ufeff", "\u2028", "\x00", "９", "⻘", "\uf0b7", "👩‍👧", "a", "Z", "1" * 400, "(別紙)",
    "前述", "参照)", "にて検討", "現状", "具体的施策", "事例", "のうち", "前年", "それぞれ", "=", "@", "**",
    "http",
]  # fmt: skip


def text_of(content: bytes) -> str:
    """A document by its pieces (first byte even), or the bytes as UTF-8, which every text that is read is."""
    if content[:1] and content[0] % 2 == 0:
        return "".join(PIECES[byte % len(PIECES)] for byte in content[1:])
    return content[1:].decode("utf-8", errors="replace")


# --- documents --------------------------------------------------------------------------------------------------


def reader(layout: str) -> Callable[[bytes], None]:
    def read(content: bytes) -> None:
        text = text_of(content)
        if text.strip():
            added(text.encode(), layout)

    return read


def added(content: bytes, layout: str | None = None) -> None:
    """What `analysis add` would find; that it accounts for every line is checked."""
    file = paths.root() / "document"
    file.write_bytes(content)
    found = add_edition.read(file, Wanted(2031, layout=layout))
    add_edition.summary(found)
    ledger = found.rows["ledger"].sort("first_line")
    count = len(split_lines(found.content.decode()))
    assert ledger["first_line"].to_list() == [1, *(last + 1 for last in ledger["last_line"].to_list()[:-1])]
    assert ledger["last_line"][-1] == count
    measures = found.rows["measures"]
    assert measures.is_empty() or (measures["first_line"].min() >= 1 and measures["last_line"].max() <= count)
    for format in export.FORMATS:
        exported(measures.with_columns(text=found.rows["texts"]["text"]), format)


def exported(frame: pl.DataFrame, format: str) -> None:
    """That an export holds the rows, and no cell of a spreadsheet is a formula."""
    content = export._bytes(frame, format)
    if format == "jsonl":
        assert [json.loads(line) for line in content.decode().splitlines()] == frame.to_dicts()
    elif format == "csv":
        texts = [name for name, kind in frame.schema.items() if kind == pl.String or isinstance(kind, pl.List)]
        found = pl.read_csv(content, infer_schema=False, columns=texts).cast(pl.String).fill_null("")
        assert not any(found[name].str.head(1).is_in(list(sanitise.FORMULA_STARTS)).any() for name in texts)


def page(content: bytes) -> None:
    """A PDF, without the process around its reader; what PDFium itself cannot bear is for that process."""
    found = pdf_pages.assembled(json.loads(json.dumps(pdf_pages.extract(content))), Path("document"))
    made = of_pages(found.pages)
    assert load(dump(made).splitlines()) == made
    detect_layout.guesses([("markdown_plan", made), ("pdf_text_plan", made)])


# --- what people keep -------------------------------------------------------------------------------------------


def curated(name: str, load: Callable[[], object]) -> Callable[[bytes], None]:
    """A file of data/curated as these bytes, loaded."""

    def read(content: bytes) -> None:
        file = paths.curated() / name
        before = file.read_bytes() if file.exists() else None
        file.write_bytes(content)
        try:
            forget()
            load()
        finally:
            file.unlink() if before is None else file.write_bytes(before)
            forget()

    return read


def forget() -> None:
    """What was loaded once is loaded anew."""
    for function in (ministries._read, kpi.register._read, vocabulary._longest_first):
        function.cache_clear()


def listed(content: bytes) -> None:
    """The manifest; what it says stays inside the workspace."""
    before = paths.manifest().read_bytes()
    paths.manifest().write_bytes(content)
    try:
        for document in manifest.documents():
            assert manifest.path(document).resolve().parent == paths.raw().resolve()
            assert document.address is None or document.address.startswith("https://")
    finally:
        paths.manifest().write_bytes(before)


def measures_of_none() -> pl.DataFrame:
    return store.empty("measures")


def parameter(content: bytes) -> None:
    """A parameter of the notebooks as the command line gives it."""
    text = content.decode("utf-8", errors="surrogateescape")
    for name, value in cli._parameters([text]).items():
        for default in (1, 0.5, True, "text", [1], {}, None, ()):
            try:
                fitted = parameters.fit(name, value, default)
            except WorkspaceError:
                continue
            assert default is None or type(fitted) is type(default)
            json.dumps(fitted, allow_nan=False).encode()  # what a notebook is given
            str(fitted).encode()


def notebook(content: bytes) -> None:
    (paths.notebooks() / "01_clean.ipynb").write_bytes(content)
    run.parameters_of("01_clean")


def table(content: bytes) -> None:
    """A processed table as these bytes; the first says which."""
    names = sorted(TABLES)
    name = names[content[0] % len(names)] if content else "links"
    folder = paths.root() / "tables"
    folder.mkdir(exist_ok=True)
    store.path(name, folder).write_bytes(content[1:])
    for format in export.FORMATS:
        exported(store.read(name, folder), format)


def statistic(content: bytes) -> None:
    """A table of a statistic, read by the map that is proposed for it."""
    grid = statistics.grid(content, "x")
    file = paths.root() / "map.toml"
    file.write_text(table_maps.proposed(grid, "x", "", "2030-01-01"), encoding="utf-8")
    table_maps.mapped(grid, table_maps.read(file), "x", {"who": "A"})


ENTRIES: dict[str, Callable[[bytes], None]] = {
    "document": added,
    **{layout: reader(layout) for layout in LAYOUTS},
    "pdf": page,
    "manifest": listed,
    "ministries": curated("ministries.toml", lambda: [ministries.written(n, "en") for n in ministries.register()]),
    "topics": curated("codebooks/topics.toml", topic_model.topics),
    "indicators": curated("indicators.toml", kpi.indicators),
    "observations": curated("observations.csv", kpi.observations),
    "hand_checks": curated("hand_checks.csv", agreement.hand_checks),
    "scope": curated("scope.csv", scope.deferrals),
    "delivery": curated("status.csv", lambda: delivery.delivery(measures_of_none())),
    "renamings": curated("renamings.csv", lambda: vocabulary.meanings()("灯台法", 2019)),
    "corrections": curated("corrections.csv", lambda: corrections.applied("ip2026", ["灯台"])),
    "packets": curated("codings/packets.csv", codings.everything),
    "links": curated("codings/links.csv", lambda: (codings.everything(), decisions.table(measures_of_none()))),
    "codebook": curated("codebooks/links.toml", codings.everything),
    "thesaurus": curated("thesaurus.toml", lambda: vocabulary.subjects_of(["灯台守"], ["灯"])),
    "continuity": curated(
        "continuity.toml",
        lambda: [
            (model_parameters.link_model(None, both), model_parameters.agreement_with_codings("near", both))
            for both in (False, True)
        ],
    ),
    "vectors": curated("vectors.csv", lambda: sentence_vectors.of(["0" * 16])),
    "statistic": statistic,
    "parameter": parameter,
    "notebook": notebook,
    "table": table,
}


def workspace(root: Path) -> None:
    """A workspace with the manifest and what people keep, for the entries to work in."""
    for folder in ("data/raw", "data/processed", "notebooks", "reports"):
        (root / folder).mkdir(parents=True)
    shutil.copytree(REPO / "data/curated", root / "data/curated")
    (root / "data/curated/corrections.csv").unlink()
    shutil.copy(REPO / "data/raw/manifest.toml", root / "data/raw")
    os.environ["IP_PLAN_ROOT"] = str(root)


def main(name: str, seconds: str) -> None:
    def once(content: bytes) -> None:
        with suppress(WorkspaceError):
            ENTRIES[name](content)

    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as found:
        workspace(Path(folder) / "workspace")
        known = [str(CORPUS / name)] if (CORPUS / name).is_dir() else []
        options = [f"-max_total_time={seconds}", "-timeout=25", "-rss_limit_mb=2048", "-max_len=2048"]
        atheris.Setup([sys.argv[0], *options, found, *known], once)
        atheris.Fuzz()


def slow() -> None:
    """What takes as long as a document may take, through the command line, in the bounds of time and memory."""
    import hostile
    from test_hostile import Replay, fault

    with tempfile.TemporaryDirectory() as folder:
        workspace(Path(folder) / "workspace")
        replay, file = Replay(Path(folder) / "workspace"), Path(folder) / "document"
        for name in hostile.SLOW:
            file.write_bytes(hostile.FILES[name]())
            found = replay("add", str(file), "--edition", "2031", "--dry-run")
            wrong = fault(found)
            print(
                f"{found['seconds']:6.1f} s {found['bytes'] / 1e6:6.0f} MB  {name:24} {wrong or found['err'].strip()}"
            )
            if wrong:
                sys.exit(1)


if __name__ == "__main__":
    if sys.argv[1:] == ["list"]:
        print(*ENTRIES)
    elif sys.argv[1:] == ["slow"]:
        slow()
    else:
        main(*sys.argv[1:3])
