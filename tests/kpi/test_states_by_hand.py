"""The state and direction of every indicator, worked out by hand from the documents' own values.

Each row: the state; the latest value with its time and the target with its year, as the documents say them (None where
they say none); the ratio and the growth a year as arithmetic on values read by eye, not on tables.
"""

import pytest

from analysis.kpi import direction, pace
from analysis.tables import store

YEAR_AND_MARCH = 2 / 12  # March of a calendar year
BY_HAND = {
    # ---- judged: ratio = observed over required growth
    "intangible_share": (
        "reached", (52, 2025), (50, 2035),  # 20 points more than in 2020: 32
        ((52 - 32) / 5) / ((50 - 32) / 15), (52 / 32) ** (1 / 5) - 1,
    ),
    "content_abroad": (
        "accelerate", (6.1, 2024), (20, 2033),  # 34.8 % more than in 2020: 4.5252
        ((6.1 / 4.5252) ** (1 / 4) - 1) / ((20 / 4.5252) ** (1 / 13) - 1), (6.1 / 4.5252) ** (1 / 4) - 1,
    ),
    "gii_rank": ("limited", (12, 2025), (4, 2035), ((13 - 12) / 3) / ((13 - 4) / 13), 1 - (12 / 13) ** (1 / 3)),
    "cool_japan": (
        "on_track", (30.7, 2024), (50, 2033),  # the growth stated, 13.42 %, since 30.7/27.1 allows it
        0.1342 / ((50 / 27.1) ** (1 / 10) - 1), 30.7 / 27.1 - 1,
    ),
    "food_exports": (
        "limited", (1.7, 2025), (5, 2030),  # 12.8 % stated
        0.128 / ((5 / 1.5) ** (1 / 6) - 1), 1.7 / 1.5 - 1,
    ),
    # ---- a target, and one value or none
    "ai_use": ("no_year", (55.2, 2025), (100, None), None, None),
    "content_games": ("one_observation", (3.4, 2024), (12, 2033), None, None),
    "content_towns": ("one_observation", (23, 2025), (200, 2033), None, None),
    "metadata": ("one_observation", (3216.3179, 2026 + YEAR_AND_MARCH), (5000, 2030), None, None),
    "archives_linked": ("no_observation", None, (80, 2030), None, None),  # 67 has no date
    "content_anime": ("no_observation", None, (6, 2033), None, None),
    "content_live_action": ("no_observation", None, (0.5, 2033), None, None),
    "content_manga": ("no_observation", None, (1, 2033), None, None),
    "content_music": ("no_observation", None, (0.7, 2033), None, None),
    "cosmetics_total": ("no_observation", None, (2, 2033), None, None),
    "doctorates_multiple": ("no_observation", None, (3, 2040), None, None),
    "japan_lovers": ("no_observation", None, (10, 2033), None, None),
    "metadata_complete": ("no_observation", None, (100, 2030), None, None),
    "patent_exam": ("no_observation", None, (14, 2033), None, None),
    "patent_first": ("no_observation", None, (10, 2023), None, None),
    "rd_investment": ("no_observation", None, (180, 2030), None, None),
    "secretariats": ("no_observation", None, (5, 2030), None, None),
    "small_applicants": ("no_observation", None, (14000, 2025), None, None),
    "startups_contracts": ("no_observation", None, (3, None), None, None),
    "terms_missing": ("no_observation", None, (0, 2030), None, None),
    "trademark_exam": ("no_observation", None, (9, 2026), None, None),
    "trademark_first": ("no_observation", None, (7.5, 2026), None, None),
    # ---- no number to reach
    "adr_cases": ("no_number", (0, 2024), None, None, -1.0),  # 2 to 0, where more is wished
    "ai_research": ("no_number", (3235, 2024), None, None, 3235 / 2734 - 1),
    "doctorates": ("no_number", (123, 2022), None, None, 0.0),  # 124 before: the plan calls it level
    "foreign_researchers": ("no_number", (2766, 2025 + 5 / 12), None, None, 2766 / (2766 - 290) - 1),
    "foreign_specialists": ("no_number", (22923, 2025 + 5 / 12), None, None, 22923 / (22923 - 3003) - 1),
    "ip_classes": ("no_number", (6, 2025), None, None, None),
    "ip_schools": ("no_number", (65, 2025), None, None, 65 / 48 - 1),
    "ip_training": ("no_number", (15063, 2024), None, None, 15063 / 17083 - 1),
    "patent_use_others": ("no_number", (19.2, 2024), None, None, None),
    "patent_use_ru11": ("no_number", (25.2, 2024), None, None, None),
    "patent_use_top": ("no_number", (45.7, 2024), None, None, None),
    # from some 6 to less than 1 in 15 months; fewer are better
    "pirate_visits": ("no_number", (1, 2026 + YEAR_AND_MARCH), None, None, 1 - (1 / 6) ** (12 / 15)),
    "startups_a_year": ("no_number", (22, 2025), None, None, 22 / 18 - 1),
    "startups_applied": ("no_number", (655, 2026 + YEAR_AND_MARCH), None, None, None),
    "startups_supported": ("no_number", (144, 2026 + YEAR_AND_MARCH), None, None, None),
    # ---- followed, with neither way wished: no direction, however they move
    "europeana": ("no_target", (6142.6763, 2026 + YEAR_AND_MARCH), None, None, None),
    "high_awards": ("watched", (42, 2023), None, None, None),
    "secrets_cleared": ("watched", (38, 2025), None, None, None),
    "secrets_consulted": ("watched", (74, 2025), None, None, None),
    "seizures": ("watched", (31760, 2025), None, None, None),
    # ---- context
    "cosmetics_exports": ("no_target", (0.5, 2024), None, None, 0.5 / 0.6 - 1),
    "cosmetics_makers": ("no_target", (1.0, 2024), None, None, 0.0467),  # as the table says: 1.0 and 1.0 are rounded
    "fashion_makers": ("no_target", (2.1, 2024), None, None, 2.1 / 1.8 - 1),
    "food_subsidiaries": ("no_target", (8.7, 2024), None, None, 8.7 / 7.3 - 1),
    "textile_exports": ("no_target", (1.1, 2024), None, None, 1.1 / 1.0 - 1),
    # damage by online piracy, where less is better: 2.0 in 2022 was five times that of 2019 (0.4)
    "piracy_damage": ("no_target", (5.7, 2025), None, None, 1 - (5.7 / 0.4) ** (1 / 6)),
    "piracy_games": ("no_target", (0.5, 2025), None, None, 1 - (0.5 / 0.1) ** (1 / 3)),
    "piracy_goods": ("no_target", (4.7, 2025), None, None, None),
    "piracy_music": ("no_target", (0.3, 2025), None, None, 1 - (0.3 / 0.1) ** (1 / 3)),
    "piracy_publications": ("no_target", (2.6, 2025), None, None, 1 - (2.6 / 0.8) ** (1 / 3)),
    "piracy_total": ("no_target", (10.4, 2025), None, None, None),
    "piracy_video": ("no_target", (2.3, 2025), None, None, 1 - (2.3 / 0.9) ** (1 / 3)),
    "visitors": ("no_target", (4000, 2025), None, None, None),
    "visitors_spending": ("no_target", (9.4549, 2025), None, None, 9.4549 / 8.1 - 1),
}  # fmt: skip


@pytest.fixture(scope="module")
def progress() -> dict[str, dict[str, object]]:
    return {row["indicator_id"]: row for row in store.read("progress").iter_rows(named=True)}


def test_every_indicator_is_worked_out(progress: dict[str, dict[str, object]]) -> None:
    assert set(BY_HAND) == set(progress)


@pytest.mark.parametrize("indicator", sorted(BY_HAND))
def test_the_state_is_that_worked_out_by_hand(progress: dict[str, dict[str, object]], indicator: str) -> None:
    state, last, target, ratio, growth = BY_HAND[indicator]
    row = progress[indicator]
    assert row["state"] == state
    for end, known in (("last", last), ("target", target)):
        value, year = known or (None, None)
        assert row[f"{end}_value"] == (None if value is None else pytest.approx(value))
        assert row[f"{end}_year"] == (None if year is None else pytest.approx(year))
    assert row["ratio"] == (None if ratio is None else pytest.approx(ratio, abs=0.001))
    if ratio is not None and state in pace.PACED:
        assert pace.grade(ratio) == state
    if growth is None:
        assert row["direction"] is None
    else:  # none of the indicators that move is near a limit
        bounds = ((direction.IMPROVING, "improving"), (direction.MODERATE, "moderate"), (0.0, "stagnant"))
        assert row["direction"] == next((way for bound, way in bounds if growth >= bound), "deteriorating")
