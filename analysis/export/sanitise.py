"""Sanitise tables for spreadsheets and pages: lists joined, control characters taken out, formulas disarmed."""

import re

import polars as pl

# A spreadsheet takes a cell that begins so for a formula; Japanese ones take the full-width characters, too.
FORMULA_STARTS = "=+-@＝＋－＠\t\r\n"
# What neither a spreadsheet nor a page can hold; Polars reads a lone surrogate of JSON as U+0000.
CONTROL = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]"
JOINT = "; "  # between the items of a list


def flat(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with its lists joined to texts, and without control characters."""
    lists = [name for name, kind in frame.schema.items() if isinstance(kind, pl.List)]
    frame = frame.with_columns(pl.col(name).cast(pl.List(pl.String)).list.join(JOINT) for name in lists)
    return frame.with_columns(pl.col(pl.String).str.replace_all(CONTROL, ""))


def printable(text: str) -> str:
    """Return the text without control characters."""
    return re.sub(CONTROL, "", text)


def disarmed(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with an apostrophe before every text that a spreadsheet would take for a formula."""
    return frame.with_columns(
        pl.col(pl.String).str.replace(f"^[{FORMULA_STARTS.replace('-', chr(92) + '-')}]", "'${0}")
    )
