"""The grammar of IRIs is built when one is checked, and then checks as it always did."""

import subprocess
import sys

from conftest import REPO

CODE = """
import sys, analysis, nbformat, jsonschema
early = "lark" in sys.modules
check = jsonschema.Draft7Validator({"format": "iri"}, format_checker=jsonschema.Draft7Validator.FORMAT_CHECKER).is_valid
print(early, [check("https://example.org/灯台"), check("灯 台"), check("https://example.org/灯台")])
print("lark" in sys.modules, hasattr(sys.modules["rfc3987_syntax"], "syntax_parser"))
"""


def test_an_iri_is_checked_by_a_grammar_that_nobody_waited_for():
    done = subprocess.run([sys.executable, "-c", CODE], cwd=REPO, capture_output=True, text=True, check=True)
    assert done.stdout == "False [True, False, True]\nTrue True\n"
