"""Write CITATION.cff (how to cite the software) and .zenodo.json (its record in the archive) from pyproject.toml."""

import json
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TITLE = "IP plan workspace"
MESSAGE = "If you use the software or its tables, please cite it."


def files() -> dict[str, str]:
    """Return the content of both files by name."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {"CITATION.cff": _cff(project), ".zenodo.json": _zenodo(project)}


def _cff(project: dict[str, Any]) -> str:
    values = {
        "cff-version": "1.2.0",
        "message": MESSAGE,
        "type": "software",
        "title": TITLE,
        "abstract": project["description"],
        "authors": project["authors"],
        "version": project["version"],
        "license": project["license"],
        "keywords": project["keywords"],
    }
    # a value of JSON is one of YAML, too
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()]
    return "\n".join(["# Written by .ci/citation.py from pyproject.toml.", *lines]) + "\n"


def _zenodo(project: dict[str, Any]) -> str:
    values = {
        "title": f"{TITLE} {project['version']}",
        "description": project["description"],
        "upload_type": "software",
        "version": project["version"],
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
