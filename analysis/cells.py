"""What the cells of a table become in a spreadsheet: lists as text, nothing that breaks a file, nothing that runs."""

import polars as pl

# A spreadsheet takes a cell that begins so for a formula; Japanese ones take the full-width signs too.
FORMULA_SIGNS = "=+-@＝＋－＠\t\r\n"
# What no spreadsheet can hold; Polars reads a lone surrogate of JSON as U+0000.
CONTROL = r"[\x00-\x08\x0B\x0C\x0E-\x1F\x7F\x{FFFE}\x{FFFF}]"
JOINT = "; "  # between the items of a list


def flat(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with its lists joined to texts, and without control characters."""
    lists = [name for name, kind in frame.schema.items() if isinstance(kind, pl.List)]
    frame = frame.with_columns(pl.col(name).cast(pl.List(pl.String)).list.join(JOINT) for name in lists)
    return frame.with_columns(pl.col(pl.String).str.replace_all(CONTROL, ""))


def disarmed(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with an apostrophe before every text that a spreadsheet would take for a formula."""
    return frame.with_columns(pl.col(pl.String).str.replace(f"^[{FORMULA_SIGNS.replace('-', chr(92) + '-')}]", "'${0}"))
