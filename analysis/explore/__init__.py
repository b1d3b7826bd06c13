"""Look around and decide, in JupyterLab: search, measure page, linked charts, explorer, review queue and review panel.

Here: what a person searches, sees and clicks. Not here: charts and pages of the report (`report`), the file of
decisions (`coding`).
"""
