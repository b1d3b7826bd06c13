"""Read a nation's intellectual property plans: measures, topics, continuity and KPI trends."""

import sys

__version__ = "0.1.0"

# jsonschema would load this package to check IRIs, of which notebooks and charts have none: 0.6 s a process.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
