"""What becomes of measures from edition to edition: similarity, candidate pairs, links, statuses, turnover, survival.

Here: the link model and what beats it. Not here: the files of codings and decisions (`coding`), charts (`report`).
"""
