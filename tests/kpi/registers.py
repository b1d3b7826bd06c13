"""The register of indicators of a test module: its REGISTER, in an empty workspace."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from analysis.kpi import register


@pytest.fixture(autouse=True)
def register_file(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Yield the file with the REGISTER of the module, with an empty cache before and after."""
    monkeypatch.setenv("IP_PLAN_ROOT", str(tmp_path))
    file = tmp_path / "data" / "curated" / "indicators.toml"
    file.parent.mkdir(parents=True)
    file.write_text(request.module.REGISTER, encoding="utf-8")
    register._read.cache_clear()
    yield file
    register._read.cache_clear()
