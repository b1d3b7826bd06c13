"""Fixtures of the topics' tests: a workspace with a codebook of topics, and what coders say of a fictitious plan."""

from collections.abc import Callable
from pathlib import Path

import pytest
from coded_plan import CODEBOOK, PACKETS, ROWS, TEXTS, TOPICS, Plan, tables_of

Coded = Callable[..., None]


@pytest.fixture
def coded(tmp_path, monkeypatch) -> Coded:
    """Record what coders say, in place of what was said before: topics by measure, by coder; adjudicator's by `third`.

    A topic may be 'light/books' (with a second one) or 'light/light-old' (with another sub-topic
    than light-new).
    """
    monkeypatch.setenv("IP_PLAN_ROOT", str(tmp_path))
    monkeypatch.setenv("IP_PLAN_PROCESSED", str(tmp_path / "processed"))
    (tmp_path / "data/curated/codebooks").mkdir(parents=True)
    (tmp_path / "data/curated/codings").mkdir()
    (tmp_path / "data/curated/codebooks/topics.toml").write_text(CODEBOOK, encoding="utf-8")
    (tmp_path / "data/curated/ministries.toml").write_text('[[body]]\nname="甲省"\nname_en="A"\nkind="ministry"\n')

    def record(*coders: dict[str, str], third: dict[str, str] | None = None) -> None:
        packets, rows = PACKETS, ROWS
        for n, topics in enumerate([*coders, *([third] if third else [])]):
            role = "coder" if n < len(coders) else "adjudicator"
            packets += f"p{n},topics,1,{role},coder {n},person,,,,2030-01-0{n + 1},,2030,\n"
            for key, said in topics.items():
                topic, _, more = said.partition("/")
                second, sub = ("", more) if "-" in more else (more, "light-new" if topic == "light" else "")
                rows += f"p{n},{key},{topic},{second},{sub},0123456789abcdef,\n"
        folder = tmp_path / "data/curated/codings"
        (folder / "packets.csv").write_text(packets, encoding="utf-8")
        (folder / "topics.csv").write_text(rows, encoding="utf-8")

    return record


@pytest.fixture
def plan(coded) -> Plan:
    """Measures and features of a fictitious plan in two editions, coded by two who agree."""
    coded(TOPICS, TOPICS)
    return tables_of(TEXTS)


@pytest.fixture
def codebook(tmp_path) -> Path:
    return tmp_path / "data/curated/codebooks/topics.toml"
