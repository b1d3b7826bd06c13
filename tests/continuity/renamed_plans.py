"""Two editions of an invented plan that differ in names only: what tests of renamed bodies and programmes share."""

import polars as pl

from analysis.extraction import text_features

Row = tuple[str, list[str]]  # text, bodies in charge
OLD, NEW = "観光庁", "来訪交流庁"
PROGRAMME, RENAMED = "灯台守育成支援事業", "沿岸見張人養成事業"
OTHERS = ["総務省", "環境省", "財務省", "外務省"]
TEXTS = [
    "離島の灯台に泊まり込みの実習室を設け、灯台守育成支援事業として夜間の当直を若者に体験させる。",
    "霧の夜に鳴らす笛の規格を見直し、音の届く距離を測るための器械を全国の港に配る。",
    "古い海図の写しを集めて目録を作り、図書室と学校で自由に見られるよう複製を進める。",
    "渡し船の時刻を一枚の表にまとめ、旅の案内所と駅に貼り出すとともに音声でも案内する。",
    "元船員が講師となる出前授業を続け、灯台守育成支援事業の修了者にも語り手を頼む。",
    "港町の祭りと点灯式を同じ夜に行う町を選び、案内板と足もとの灯りの設置を支える。",
    "国産の硝子を用いた灯器について、塩害への強さを確かめる試験を長い年月にわたり続ける。",
    "浜に寄せた流木を集めて細工物を作る職人を募り、灯台守育成支援事業の宿舎で腕を磨かせる。",
    "鳥が灯りに当たるのを防ぐ覆いを開発し、渡りの季節に岬の灯台で効き目を調べる。",
    "島の診療所へ通う船を月に四度に増やし、波の高い日に備えて控えの船員を置く。",
]


def edition(year: int, rows: list[Row]) -> pl.DataFrame:
    """Measures with their features and texts, as `proposed` takes them."""
    ids = [f"{year}-{number:04d}" for number in range(1, len(rows) + 1)]
    measures = pl.DataFrame({
        "measure_id": ids, "edition": year, "ministries": [bodies for _, bodies in rows], "repeated": False,
        "text": [text for text, _ in rows],
    })  # fmt: skip
    features = text_features.table([(key, text, "") for key, (text, _) in zip(ids, rows, strict=True)])
    return measures.join(features, on="measure_id", maintain_order="left")


def plan() -> list[Row]:
    """The earlier edition: the old body is in charge of each measure, with one of the others."""
    return [(text, [OLD, OTHERS[number % 4]]) for number, text in enumerate(TEXTS)]


def renamed(rows: list[Row], old: str = OLD, new: str = NEW, count: int | None = None) -> list[Row]:
    """The rows with one body in another's place, in all or in the first `count`."""
    count = len(rows) if count is None else count
    return [
        (text, [new if body == old else body for body in bodies] if number < count else bodies)
        for number, (text, bodies) in enumerate(rows)
    ]


def reworded(rows: list[Row], old: str = PROGRAMME, new: str = RENAMED) -> list[Row]:
    """The rows with one name in another's place in their texts."""
    return [(text.replace(old, new), bodies) for text, bodies in rows]
