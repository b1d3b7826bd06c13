"""Run the notebooks and commit their outputs: `make notebooks`.

Outputs hold facts alone and nothing of the machine, so that a run changes only what its results change.
"""

from pathlib import Path

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parent.parent


def execute(file: Path) -> None:
    """Run one notebook from its first cell and save it with its outputs, without times and versions."""
    notebook = nbformat.read(file, as_version=4)
    NotebookClient(notebook, timeout=600, kernel_name="python3", record_timing=False).execute()
    notebook.metadata.language_info = {"name": "python"}
    nbformat.write(notebook, file)


if __name__ == "__main__":
    for found in sorted((ROOT / "notebooks").glob("0*.ipynb")):
        execute(found)
        print(found.name)
