"""One reader a layout. A reader turns the lines of a document into paragraphs and measures.

To add a layout: write `read(lines: list[str]) -> Reading` in a file of its own and name it here.
"""
