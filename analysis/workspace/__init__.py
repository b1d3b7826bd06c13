"""What moves files: fetch and add documents, run the notebooks, publish report and tables, all or nothing.

Here: processes, locks, the network. Not here: what the notebooks compute.
"""
