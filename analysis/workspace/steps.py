"""Steps that need not run again: what each notebook's last good run was asked, read and made.

Beside the reports, in reports/.steps, stand a record for each report and notebook and the files that it made, named by
their checksum. A step is taken from there where all that it read is as it was then: its notebook and parameters, the
tables, documents and curated files, the code that it loaded, the versions of the libraries, and the commit where it
asked for that. What it read its kernel tells (`kernel`).

Where only code of what is shown has changed, it runs again on the tables that it made then. A chart whose description
is the same is not drawn again.
"""

import json
import os
import shutil
import sys
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from analysis.base import checkout, files, paths
from analysis.workspace.publish import Staging

FOLDER = ".steps"
SHOWN = ("exhibits", "charts", "templates")  # folders of analysis/report whose code makes no table
DRAWS = "analysis/report/charts/render.py"
GIT = "git"  # in a trace: the step asked for the commit
# what every kernel loads before a trace begins
OWN = ("analysis/workspace/kernel.py", "analysis/workspace/__init__.py")


@dataclass(frozen=True)
class Step:
    """A good run of a notebook. Files are told by their checksums, those that were not there by none."""

    asked: dict[str, Any]
    read: dict[str, str | None]  # by path: code, curated files, documents
    tables: dict[str, str | None]  # by name: as they stood before it ran
    commit: str | None  # where it asked for that, else ""
    made: dict[str, str]  # by path in the staging folder
    began: str
    seconds: float


class Steps:
    """The steps of one report, as they are known (unless all are to be made `fresh`) and as they are kept."""

    def __init__(self, report: str, staging: Staging, fresh: bool = False, keeps: bool = True) -> None:
        self.report, self.staging, self.fresh, self.keeps = report, staging, fresh, keeps
        self.checksums: dict[str, str | None] = {}

    def asked(self, notebook: Path, parameters: dict[str, Any]) -> dict[str, Any]:
        """Return what a step is told to do, and with what: all that is known of it before it runs."""
        return {
            "notebook": files.checksum(notebook),
            "parameters": json.loads(json.dumps(parameters)),
            "libraries": self.libraries,
            "files": self.there,
            "settings": {name: value for name, value in sorted(os.environ.items()) if name.startswith("IP_PLAN_")},
        }

    @cached_property
    def libraries(self) -> str:
        """A checksum of Python's version and of the names, with versions, of what is installed."""
        names = {entry for folder in sys.path if Path(folder).is_dir() for entry in os.listdir(folder)}
        installed = sorted(name for name in names if name.endswith(".dist-info"))
        return files.checksum(json.dumps([sys.version, *installed]).encode())

    @cached_property
    def there(self) -> str:
        """A checksum of the names of documents and curated files: a step may look whether there is one."""
        folders = (paths.raw(), paths.curated())
        names = sorted(str(file) for folder in folders for file in folder.rglob("*") if not file.name.startswith("."))
        return files.checksum(json.dumps(names).encode())

    @cached_property
    def commit(self) -> str | None:
        return checkout.commit()

    def last(self, name: str) -> Step | None:
        """Return the last good run of a notebook, None where all is to be made fresh, or what it made is damaged."""
        try:
            step = None if self.fresh else Step(**json.loads(self._record(name).read_text(encoding="utf-8")))
            whole = step is not None and all(files.checksum(_kept(known)) == known for known in step.made.values())
        except (OSError, ValueError, TypeError, AttributeError):  # never ran, or the record is damaged
            return None
        return step if whole else None

    def changed(self, step: Step, asked: dict[str, Any]) -> set[str] | None:
        """Return what has changed of the files that a step read; None where it is asked or told something else."""
        if step.asked != asked or step.commit not in ("", self.commit):
            return None
        return {path for path, known in step.read.items() if self.checksum(path) != known}

    def only_shown(self, changed: set[str] | None) -> bool:
        """Return whether only code of what is shown has changed, on which no table rests."""
        folders = [paths.CHECKOUT / "analysis/report" / name for name in SHOWN]
        return changed is not None and all(any(Path(p).is_relative_to(f) for f in folders) for p in changed)

    def fits(self, step: Step, tables: dict[str, str]) -> bool:
        """Return whether the tables that a step read are those at hand, by name with their checksums."""
        return all(tables.get(name) == known for name, known in step.tables.items())

    def take(self, step: Step) -> None:
        """Put what the step made into the staging folder."""
        _copy(step.made, self.staging.folder)

    def put_tables(self, step: Step, tables: dict[str, str]) -> bool:
        """Put the tables that a step made into their place; not where it would then read what it made itself in place
        of an earlier version. Return whether they are there."""
        made = _tables(step)
        if any(tables[name] != made.get(f"processed/{name}", tables[name]) for name in step.tables if name in tables):
            return False
        _copy(made, self.staging.folder)
        return True

    def set_before(self, name: str, step: Step, holds: bool, asked: dict[str, Any]) -> bool:
        """Put what a step made into the folder `before` of a notebook that runs again, as far as it may be taken from
        there: all of it where its tables hold, else charts, whose descriptions tell. Return whether there is any."""
        draws = str(paths.CHECKOUT / DRAWS)
        same = step.asked["libraries"] == asked["libraries"] and step.read.get(draws, "") == self.checksum(draws)
        made = {path: known for path, known in step.made.items() if "/figures/" not in path and holds}
        made |= {path: known for path, known in step.made.items() if "/figures/" in path and same}
        _copy(made, self.before(name))
        return bool(made)

    def before(self, name: str) -> Path:
        """Return where a notebook finds what it need not make again."""
        return self.staging.folder / "before" / name

    def tables(self) -> dict[str, str]:
        """Return the checksums of the tables as they stand now, by name."""
        return {table.name: files.checksum(table) for table in sorted(self.staging.processed.glob("*.jsonl"))}

    def keep(
        self, name: str, asked: dict[str, Any], before: dict[str, str], began: float, seconds: float, held: Step | None
    ) -> None:
        """Keep a step that ran well: `before` are the tables and `began` the time when it started, `held` the step on
        whose tables it ran, which read for it what they rest on.

        It is not kept where something that it read changed meanwhile.
        """
        if not self.keeps:
            return
        opened, written = self._traced(name)
        read = {path for path in opened if _matters(path, self.staging.folder)} | set(held.read if held else ())
        tables = {Path(path).name for path in opened if Path(path).parent == self.staging.processed}
        tables |= set(held.tables if held else ())
        places = [*map(Path, written), *self._reported(written), self.staging.notebooks / f"{name}.ipynb"]
        if any(_changed(path, began) for path in read):
            self._record(name).unlink(missing_ok=True)
            return
        made = {str(place.relative_to(self.staging.folder)): _put(place) for place in places if self._is_made(place)}
        made |= _tables(held) if held else {}  # in their place another notebook's version may stand meanwhile
        step = Step(
            asked, {path: self.checksum(path) for path in sorted(read)},
            {table: before.get(table) for table in sorted(tables)},
            self.commit if GIT in opened or (held and held.commit != "") else "",
            dict(sorted(made.items())), self.staging.began, seconds,
        )  # fmt: skip
        files.write(self._record(name), json.dumps(asdict(step), ensure_ascii=False, indent=1) + "\n")

    def checksum(self, path: str) -> str | None:
        """Return the checksum of a file, None where there is none; each file is read once a run."""
        if path not in self.checksums:
            self.checksums[path] = files.checksum(Path(path)) if Path(path).is_file() else None
        return self.checksums[path]

    def trace(self, name: str) -> Path:
        """Return where the kernel of a notebook writes down what it opens."""
        return self.staging.folder / f"{name}.trace"

    def _traced(self, name: str) -> tuple[set[str], set[str]]:
        """The paths of files that a notebook read, but for what it had written itself, and of those that it wrote."""
        opened, written = {str(paths.CHECKOUT / own) for own in OWN}, set()
        for line in self.trace(name).read_text(encoding="utf-8").splitlines():
            kind, path = line[0], line[1:]
            if kind == "w":
                written.add(path)
            elif path not in written:
                opened.add(path)
        return opened, written

    def _reported(self, written: set[str]) -> Iterable[Path]:
        """All files of the report where a notebook wrote any of them: processes of its own may have written others."""
        own = (self.staging.log_file, self.staging.notebooks)
        report = [file for file in self.staging.report.rglob("*") if not any(map(file.is_relative_to, own))]
        return report if any(str(file) in written for file in report) else []

    def _is_made(self, place: Path) -> bool:
        return place.is_file() and place.is_relative_to(self.staging.folder)

    def _record(self, name: str) -> Path:
        return paths.reports() / FOLDER / self.report / f"{name}.json"


def tidy() -> None:
    """Take away the kept files that no record names. Call it under the lock."""
    folder = paths.reports() / FOLDER
    used = set()
    for record in folder.glob("*/*.json"):
        with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
            used |= set(json.loads(record.read_text(encoding="utf-8"))["made"].values())
    for file in folder.glob("files/*"):
        if file.name not in used:
            with suppress(OSError):  # the next run may take it away
                file.unlink(missing_ok=True)


def _tables(step: Step) -> dict[str, str]:
    """What a step made of tables."""
    return {path: known for path, known in step.made.items() if path.startswith("processed/")}


def _copy(made: dict[str, str], folder: Path) -> None:
    """Put kept files into a folder, by path with their checksums."""
    for path, known in made.items():
        with files.replacing(folder / path) as part:  # in one step: other notebooks run meanwhile
            shutil.copyfile(_kept(known), part)


def _kept(checksum: str) -> Path:
    return paths.reports() / FOLDER / "files" / checksum


def _put(file: Path) -> str:
    """Keep a file; its checksum."""
    checksum = files.checksum(file)
    if not _kept(checksum).exists() or files.checksum(_kept(checksum)) != checksum:  # else damaged for good
        files.write(_kept(checksum), file.read_bytes())
    return checksum


def _matters(path: str, staging: Path) -> bool:
    """Whether a file is the workspace's or its code's: libraries are told by their versions."""
    file = Path(path)
    inside = file.is_relative_to(paths.root().resolve()) or file.is_relative_to(paths.CHECKOUT)
    elsewhere = file.is_relative_to(staging) or file.is_relative_to(paths.reports().resolve())
    return inside and not elsewhere and not {"site-packages", ".venv", ".git"} & set(file.parts)


def _changed(path: str, began: float) -> bool:
    return Path(path).is_file() and Path(path).stat().st_mtime >= began
