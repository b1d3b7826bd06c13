"""The tokenizer of Japanese: one for the whole process, since its dictionary is loaded once."""

from functools import cache

from sudachipy import Dictionary
from sudachipy.tokenizer import Tokenizer


@cache
def tokenizer() -> Tokenizer:
    """Return SudachiPy's tokenizer with its core dictionary."""
    return Dictionary(dict="core").tokenizer()
