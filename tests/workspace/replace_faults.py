"""Replaces a document again and again, each time with a fault at another point, and tells what then stands on the disk.

`python tests/workspace/replace_faults.py FILE KIND [plain]`, in a workspace with a plan of 2031; faults as in
tests/faults.py.
"""

import json
import shutil
import sys
from pathlib import Path

from faults import Fault, counted, done, faulty

from analysis.base import paths
from analysis.workspace import add_edition, publish
from analysis.workspace.add_edition import Wanted


def snapshot(root: Path) -> dict[str, bytes]:
    return {str(file.relative_to(root)): file.read_bytes() for file in (root / "data").rglob("*") if file.is_file()}


def main() -> None:
    root, kind = paths.root(), sys.argv[2]
    found = add_edition.read(Path(sys.argv[1]), Wanted(2031, replace=True))
    spare = root.parent / "spare"
    shutil.copytree(root / "data", spare)
    old = snapshot(root)

    def afresh() -> None:
        for left in (*root.glob(".*"), root / "data"):
            shutil.rmtree(left, ignore_errors=True)
        shutil.copytree(spare, root / "data")

    def work() -> None:
        add_edition.record(found)

    def repair() -> None:
        with publish.exclusive():
            publish.repair()

    def seen(new: dict[str, bytes]) -> str:
        there = snapshot(root)
        return "old" if there == old else "new" if there == new else "mixed"

    done(work)
    new = snapshot(root)
    fault = Fault()
    fault.exchanges = sys.argv[3:] != ["plain"]
    afresh()
    for at in range(1, counted(fault, work) + 1):
        afresh()
        code, said = faulty(fault, kind, at, work)
        first = seen(new)
        done(repair)
        about = [file.name for file in root.glob(".*")]
        print(json.dumps({"at": at, "code": code, "said": said, "first": first, "then": seen(new), "about": about}))


if __name__ == "__main__":
    main()
