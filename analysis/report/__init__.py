"""The annual report: exhibits (one figure, one file), the page that holds them, the pictures.

Here: what people see and read. Not here: what it rests on (`topics`, `continuity`, `kpi`), tables to take away
(`export`).
"""
