"""Say whether this year's plan is still to be added, and how; exit code 1 where it is. CI asks each June.

python .ci/due.py [YEAR]    # bare Python; what it prints is the summary of the job
"""

import sys
import tomllib
from datetime import date
from pathlib import Path

MANIFEST = Path(__file__).resolve().parent.parent / "data/raw/manifest.toml"
DUE = """## The plan of {year} is due

The program is decided each June, and `data/raw/manifest.toml` has no decided full plan of {year}{draft}. Look for it on
the site of the Intellectual Property Strategy Headquarters (知的財産戦略本部), then:

```
python -m analysis add plan.pdf --edition {year} --title 知的財産推進計画{year} --dry-run
python -m analysis add plan.pdf --edition {year} --title 知的財産推進計画{year}{replace}
make report EDITION={year} BASELINE={before}
```

docs/add-an-edition.md says what to look at and what to curate."""


def notice(year: int, documents: list[dict[str, object]]) -> str | None:
    """Return what there is to do, None where the year's plan is there as it was decided."""
    plans = [one for one in documents if one["edition"] == year and one["kind"] == "full"]
    if any(one["status"] == "decided" for one in plans):
        return None
    others = [int(str(one["edition"])) for one in documents if one["kind"] == "full" and one["edition"] != year]
    return DUE.format(
        year=year,
        draft=", only a draft" if plans else "",
        replace=" --replace" if plans else "",
        before=max(others, default=year - 1),
    )


if __name__ == "__main__":
    asked = int(sys.argv[1]) if len(sys.argv) > 1 else date.today().year
    told = notice(asked, tomllib.loads(MANIFEST.read_text(encoding="utf-8"))["document"])
    print(told or f"The plan of {asked} is in the manifest.")
    sys.exit(1 if told else 0)
