"""What every room needs: paths, errors and exit codes, files, Japanese text, translation, files that people keep.

Here: what knows no table and no document. Not here: anything that says measure, edition or link.
"""
