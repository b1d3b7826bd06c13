"""The committed tables: facts alone, and what the documents give where they are at hand."""

import re
import shutil
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest

from analysis import kpi
from analysis.base import paths
from analysis.coding import checkability, codings, decisions
from analysis.continuity import link_model
from analysis.documents import manifest
from analysis.extraction import extract
from analysis.tables import store
from analysis.tables.schemas import PRIVATE, TABLES
from analysis.topics import assign, topic_model, validity

COMMITTED = sorted(set(TABLES) - PRIVATE)
SENTENCE = re.compile(r"[぀-ヿ一-鿿、。・]{40}")
MISSING = [document.doc_id for document in manifest.missing()]
needs_documents = pytest.mark.skipif(bool(MISSING), reason=f"documents not at hand: {', '.join(MISSING)}")


@pytest.fixture
def processed(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("IP_PLAN_PROCESSED", str(tmp_path))
    return tmp_path


def same(name: str, folder: Path) -> bool:
    return store.path(name, folder).read_bytes() == store.path(name, paths.committed()).read_bytes()


@pytest.mark.parametrize("name", COMMITTED)
def test_a_committed_table_holds_to_its_schema(name):
    assert len(store.read(name, paths.committed())) > 0 or name == "revisions"  # none of the documents was replaced


@pytest.mark.parametrize("name", COMMITTED)
def test_a_committed_table_holds_no_sentence(name):
    assert SENTENCE.search(store.path(name, paths.committed()).read_text(encoding="utf-8")) is None


def test_every_reference_leads_somewhere():
    measures = store.read("measures", paths.committed())
    known = set(measures["measure_id"])
    for name, column in (
        ("features", "measure_id"), ("assignments", "measure_id"), ("links", "from_id"), ("links", "to_id"),
        ("candidates", "from_id"), ("candidates", "to_id"),
        ("statuses", "measure_id"), ("figures", "measure_id"), ("ledger", "item"), ("measures", "repeats"),
    ):  # fmt: skip
        assert set(store.read(name, paths.committed())[column].drop_nulls()) <= known, (name, column)
    assert set(store.read("features", paths.committed())["measure_id"]) == known
    assert set(store.read("assignments", paths.committed())["measure_id"]) == known


def test_every_line_has_one_role():
    lines = dict(store.read("documents", paths.committed()).select("doc_id", "lines").iter_rows())
    for doc_id, rows in store.read("ledger", paths.committed()).sort("first_line").group_by("doc_id"):
        spans = list(rows.select("first_line", "last_line").iter_rows())
        assert spans[0][0] == 1
        assert spans[-1][1] == lines[doc_id[0]]
        assert all(before[1] + 1 == after[0] for before, after in pairwise(spans))


@pytest.fixture(scope="module")
def extracted(tmp_path_factory) -> tuple[Path, dict[str, pl.DataFrame], list[manifest.Document]]:
    """The folder of the tables that the documents give, the tables, and the documents that are missing."""
    folder = tmp_path_factory.mktemp("extracted")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IP_PLAN_PROCESSED", str(folder))
        return folder, *extract.extract()


@needs_documents
def test_the_documents_give_the_committed_tables_byte_for_byte(extracted, tmp_path):
    folder, tables, missing = extracted
    assert missing == []
    figures = store.read("figures", folder)
    store.write("figures", kpi.tied(figures, kpi.ties(figures)), tmp_path)  # as 04_kpi does
    assert same("figures", tmp_path)
    assert [name for name in tables if name not in {*PRIVATE, "figures"} and not same(name, folder)] == []


def test_the_facts_give_the_same_topics_links_and_series(processed):
    measures, features, figures = (store.read(name, paths.committed()) for name in ("measures", "features", "figures"))
    store.write("topic_model", store.read("topic_model", paths.committed()))
    _, new = topic_model.current(measures, features)
    assert not new  # the committed model is the one of the committed codings
    assignments, *_ = store.all_made(assign.TABLES, assign.tables, measures, features)
    commitments = store.read("commitments", paths.committed())
    store.write("checkability", checkability.table(commitments, store.read("mentions", paths.committed())))
    store.write("validity", validity.table(measures, features, commitments))
    roadmap, decided = store.read("roadmap", paths.committed()), decisions.table(measures)
    read = codings.table(measures)
    found = link_model.link(measures, features, assignments, roadmap, decided, read)
    for name, frame in zip(("candidates", "links", "statuses"), found, strict=True):
        store.write(name, frame)
    store.all_made(kpi.TABLES, kpi.tables, figures)
    written = [file.stem for file in processed.iterdir()]
    assert len(written) == 14
    assert [name for name in written if not same(name, processed)] == []


@needs_documents
def test_rows_of_a_document_that_is_not_at_hand_stay(extracted, processed, monkeypatch):
    folder, whole, _ = extracted
    shutil.copytree(folder, processed, dirs_exist_ok=True)
    absent = [document for document in manifest.documents() if document.edition == 2023]
    monkeypatch.setattr(manifest, "missing", lambda: absent)
    again, missing = extract.extract()
    assert missing == absent
    assert all(again[name].equals(whole[name]) for name in whole)


def test_without_any_document_the_committed_tables_stay(processed, monkeypatch):
    for name in COMMITTED:
        store.write(name, store.read(name, paths.committed()))
    monkeypatch.setattr(manifest, "missing", manifest.documents)
    found, missing = extract.extract()
    assert missing == manifest.documents()
    assert len(found["texts"]) == 0
    assert [name for name in COMMITTED if not same(name, processed)] == []
