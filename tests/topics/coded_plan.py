"""A fictitious plan in two editions, with a codebook of topics; `coding_fixtures` records what coders say of it."""

import polars as pl

from analysis.extraction import text_features

CODEBOOK = """
codebook_id = "topics"
version = "1"
title = "What a measure is about"
unit = "measure"
rules = []

[[variable]]
variable_id = "topic"
question = "What is it mainly about?"

[[variable.category]]
category_id = "light"
name_en = "Lighthouses"
name_ja = "灯台"
definition = "Lights for ships."
sub_categories = [
    { category_id = "light-old", name_en = "Old lights", name_ja = "古灯", definition = "Those that are kept." },
    { category_id = "light-new", name_en = "New lights", name_ja = "新灯", definition = "Those that are built." },
]

[[variable.category]]
category_id = "books"
name_en = "Libraries"
name_ja = "図書館"
definition = "Books for all."

[[variable.category]]
category_id = "none"
name_en = "None"
name_ja = "該当なし"
definition = "Nothing of this."

[[variable]]
variable_id = "second_topic"
question = "And?"
categories_of = "topic"
optional = true

[[variable]]
variable_id = "sub_topic"
question = "Which part?"
sub_categories_of = "topic"
"""
TEXTS = {
    "2030-0001": "灯台の明かりを改良し、航路の安全を高める。",
    "2030-0002": "古い灯台を保存し、見学の機会を増やす。",
    "2030-0003": "図書館の閲覧室を広げ、読書の習慣を育てる。",
    "2030-0004": "移動図書館の車両を増やし、読書を広める。",
    "2031-0001": "灯台を航路に沿って建てる。",
    "2031-0002": "図書館で読書の会を開く。",
    "2031-0003": "灯台の見学の機会を増やす。",
    "2031-0004": "図書館の車両を改良する。",
}
TOPICS = {"2030-0001": "light", "2030-0002": "light", "2030-0003": "books", "2030-0004": "books",
          "2031-0001": "light", "2031-0002": "books", "2031-0003": "light", "2031-0004": "books"}  # fmt: skip
PACKETS = "packet_id,codebook,version,role,coder,kind,model,model_version,prompt_hash,date,seed,edition,against\n"
ROWS = "packet_id,unit_id,topic,second_topic,sub_topic,text_hash,why\n"

Plan = tuple[pl.DataFrame, pl.DataFrame]


def tables_of(texts: dict[str, str]) -> Plan:
    """Measures and features of texts by measure; each edition is a document, each half of its measures a section."""
    ids = list(texts)
    measures = pl.DataFrame(
        {
            "measure_id": ids,
            "doc_id": [f"plan{key[:4]}" for key in ids],
            "edition": [int(key[:4]) for key in ids],
            "part": "body",
            "section": [f"{(int(key[-1]) + 1) // 2}" for key in ids],
            "section_title": "灯台と本",
            "first_line": [int(key[-4:]) for key in ids],
            "repeated": False,
            "repeats": pl.Series([None] * len(ids), dtype=pl.String),
            "ministries": [["甲省"]] * len(ids),
        }
    )
    return measures, text_features.table([(key, text, "") for key, text in texts.items()])
