"""nbval compares what kernels say with what stands in git: both in short."""

import os

from analysis.report.notebook import LENGTH

os.environ[LENGTH] = "short"
