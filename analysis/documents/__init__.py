"""Documents as pages of lines: the manifest, PDF and text files in one document model, corrections, source lines.

Here: what stands where in a file, and how characters are repaired. Not here: what the lines mean (`extraction`), how
documents are fetched and added (`workspace`).
"""
