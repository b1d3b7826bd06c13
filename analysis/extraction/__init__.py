"""Documents → tables: which layout a document has, parsers, figures with their meaning, roadmap rows, text features.

Here: what lines say. Not here: how lines come out of files (`documents`), what an indicator's values add up to (`kpi`).
"""
