"""Run the notebooks and commit their outputs: `make notebooks`.

Outputs are short (`analysis/report/notebook.py`): words of charts, first rows of long tables, each with its checksum.
They hold facts alone and nothing of the machine, so that a run changes only what its results change. The review
shows texts where they are at hand: it runs on a copy of the tables without them, and so does what explores. Widgets
live in a running kernel alone, under names drawn at random: words stand in their place.
"""

import os
import shutil
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from analysis.base import paths
from analysis.report.notebook import LENGTH
from analysis.tables.schemas import PRIVATE

WIDGET = "application/vnd.jupyter.widget-view+json"
NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"


def execute(file: Path, processed: Path) -> None:
    """Run one notebook from its first cell and save it with its outputs, without times and versions."""
    notebook = nbformat.read(file, as_version=4)
    client = NotebookClient(notebook, timeout=600, kernel_name="python3", record_timing=False, store_widget_state=False)
    client.execute(env=os.environ | {"IP_PLAN_PROCESSED": str(processed), LENGTH: "short"})
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(WIDGET, None)
    notebook.metadata.language_info = {"name": "python"}
    nbformat.write(notebook, file)
    print(file.name)


def committable(folder: Path) -> Path:
    """The folder, with a copy of the processed tables that hold no sentences."""
    for table in paths.processed().glob("*.jsonl"):
        if table.stem not in PRIVATE:
            shutil.copy(table, folder)
    return folder


if __name__ == "__main__":
    for notebook in sorted(NOTEBOOKS.glob("0*.ipynb")):
        execute(notebook, paths.processed())
    with tempfile.TemporaryDirectory() as copy:
        for name in ("review", "explore"):
            execute(NOTEBOOKS / f"{name}.ipynb", committable(Path(copy)))
