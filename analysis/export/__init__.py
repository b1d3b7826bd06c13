"""Tables to take away: JSON Lines, CSV with a data package, Parquet, one workbook; a report's RO-Crate; how to cite.

Here: the form of the files. Not here: what the tables hold and mean (`tables`), the report's page (`report`).
"""
