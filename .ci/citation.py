"""Write CITATION.cff (how to cite the software) and .zenodo.json (its record in the archive) from pyproject.toml,
and the date of the version from CHANGELOG.md."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TITLE = "IP plan workspace"
MESSAGE = "If you use the software or its tables, please cite it."


def files() -> dict[str, str]:
    """Return the content of both files by name."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    released = _released(project["version"])
    return {"CITATION.cff": _cff(project, released), ".zenodo.json": _zenodo(project, released)}


def _released(version: str) -> str:
    """Return the day on which a version was released, as its heading in CHANGELOG.md has it."""
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    heading = re.search(rf"^## {re.escape(version)} — (\d{{4}}-\d\d-\d\d)$", changelog, re.MULTILINE)
    if heading is None:
        raise SystemExit(f"CHANGELOG.md has no heading of version {version}: write ## {version} — YEAR-MM-DD")
    return heading[1]


def _cff(project: dict[str, Any], released: str) -> str:
    values = {
        "cff-version": "1.2.0",
        "message": MESSAGE,
        "type": "software",
        "title": TITLE,
        "abstract": project["description"],
        "authors": project["authors"],
        "version": project["version"],
        "date-released": released,
        "license": project["license"],
        "keywords": project["keywords"],
    }
    # a value of JSON is one of YAML, too
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()]
    return "\n".join(["# Written by .ci/citation.py from pyproject.toml and CHANGELOG.md.", *lines]) + "\n"


def _zenodo(project: dict[str, Any], released: str) -> str:
    values = {
        "title": f"{TITLE} {project['version']}",
        "description": project["description"],
        "upload_type": "software",
        "version": project["version"],
        "publication_date": released,
        "license": project["license"],
        "access_right": "open",
        "creators": project["authors"],
        "keywords": project["keywords"],
        "language": "eng",
    }
    return json.dumps(values, ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    for name, text in files().items():
        (ROOT / name).write_text(text, encoding="utf-8", newline="\n")
