"""Two invented plans and codebooks for them, in a workspace of their own: what tests of coding share."""

import shutil
from pathlib import Path

import polars as pl
import pytest

from analysis.base import files
from analysis.tables import store

TEXTS = {
    "2030-0010": "港の倉庫を改修し、若手の陶芸家が無料で使える窯を三つ設ける。",
    "2030-0020": "陶芸の作品を海外の見本市に出す費用の半分を国が補助する。",
    "2030-0030": "川沿いの桜並木を守るため、樹木医の巡回を年に二度行う。",
    "2031-0010": "前年に設けた共同の窯について、利用の時間を夜間まで延ばす。",
    "2031-0020": "樹木医の育成に向け、講座の教材を改める。",
}
BOOK = """
codebook_id = "crafts"
version = "1"
title = "What an invented measure is about"
unit = "measure"
rules = ["Read the text."]

[[variable]]
variable_id = "theme"
question = "What is it about?"
category = [
    {category_id = "craft", name_en = "Craft", name_ja = "工芸", definition = "Pots.", sub_categories = [
        {category_id = "craft-kiln", name_en = "Kilns", name_ja = "窯", definition = "Places."},
        {category_id = "craft-sale", name_en = "Sales", name_ja = "販売", definition = "Markets."}]},
    {category_id = "trees", name_en = "Trees", name_ja = "樹木", definition = "What grows."},
]

[[variable]]
variable_id = "second_theme"
question = "And?"
categories_of = "theme"
optional = true

[[variable]]
variable_id = "detail"
question = "Which part?"
sub_categories_of = "theme"
"""
PAIRS = """
codebook_id = "fate"
version = "1"
title = "What became of it"
unit = "pair"
rules = ["Read both."]
most = 2

[[variable]]
variable_id = "relation"
question = "What is the later one?"
category = [
    {category_id = "same", name_en = "Same", name_ja = "同一", definition = "Goes on."},
    {category_id = "near", name_en = "Near", name_ja = "近い", definition = "Alike.", absent = true},
    {category_id = "none", name_en = "None", name_ja = "なし", definition = "Nothing.", absent = true},
]
"""


def measure(measure_id: str, text: str) -> dict[str, object]:
    year = int(measure_id[:4])
    return {
        "measure_id": measure_id, "doc_id": f"ip{year}", "edition": year, "part": "body",
        "section": "1", "section_title": "海辺の町", "subhead": "工芸", "first_line": int(measure_id[5:]),
        "last_line": int(measure_id[5:]), "page": None, "characters": len(text),
        "text_hash": files.checksum(text.encode())[:16], "horizon": [], "deadline": None, "deadline_years": [],
        "ministries": [], "repeated": False, "repeats": None, "repeat_changes": [], "confidence": 1.0, "doubts": [],
    }  # fmt: skip


def write_measures(texts: dict[str, str]) -> None:
    rows = [measure(*item) for item in texts.items()]
    store.write("measures", pl.DataFrame(rows, schema=store.empty("measures").schema))
    shown = [
        {"measure_id": key, "text": text, "repaired": None, "section_title": "海辺の町", "subhead": "工芸", "years": []}
        for key, text in texts.items()
    ]
    store.write("texts", pl.DataFrame(shown, schema=store.empty("texts").schema))
    store.write("roadmap", store.empty("roadmap"))


@pytest.fixture
def coded_plans(curated: Path) -> Path:
    """The folder of a workspace whose measures are TEXTS; its codebooks are crafts (measures) and fate (pairs)."""
    (curated.parent / "processed").mkdir()
    shutil.rmtree(curated / "codebooks", ignore_errors=True)
    (curated / "codebooks").mkdir()
    (curated / "codebooks/crafts.toml").write_text(BOOK, encoding="utf-8")
    (curated / "codebooks/fate.toml").write_text(PAIRS, encoding="utf-8")
    write_measures(TEXTS)
    return curated.parents[1]
