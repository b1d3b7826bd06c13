"""Print environment.yml for conda users: the direct dependencies of pyproject.toml at the lock's versions."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def environment() -> str:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {_key(name) for name in [*project["dependencies"], *project["optional-dependencies"]["dev"]]}
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pins = [line.removesuffix("\\").strip() for line in lock.splitlines() if re.match(r"[a-z0-9]", line)]
    chosen = sorted(pin for pin in pins if _key(pin.split("==")[0]) in wanted)
    lines = [
        "# The packages of requirements.lock for conda users; written by `make lock` (.ci/environment.py).",
        f"name: {project['name']}",
        "channels: [conda-forge]",
        "dependencies:",
        f"  - python{project['requires-python']},<{_beyond(project['classifiers'])}",
        "  - make",
        "  - pip",
        "  - pip:",
        *(f"      - {pin}" for pin in chosen),
        "      - --editable .",
    ]
    return "\n".join(lines) + "\n"


def _beyond(classifiers: list[str]) -> str:
    """The first version of Python behind those that are declared: nobody has tried the lock with it."""
    minors = [int(match[1]) for text in classifiers if (match := re.fullmatch(r".* :: 3\.(\d+)", text))]
    return f"3.{max(minors) + 1}"


def _key(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    print(environment(), end="")
