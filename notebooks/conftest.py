"""nbval compares what kernels say with what stands in git: both in short."""

import os
import shutil

from analysis.base import paths
from analysis.report.notebook import LENGTH

os.environ[LENGTH] = "short"


def pytest_configure() -> None:
    """Give each of several processes (pytest-xdist) tables of its own: notebooks write what others read meanwhile.

    So each notebook starts from the tables that are committed, and needs none to run before it.
    """
    if worker := os.environ.get("PYTEST_XDIST_WORKER"):
        own = paths.processed() / worker
        own.mkdir()
        for table in paths.processed().glob("*.jsonl"):
            shutil.copy(table, own)
        os.environ["IP_PLAN_PROCESSED"] = str(own)
