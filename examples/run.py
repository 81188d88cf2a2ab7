"""run.py EXPECTED PROGRAM...: runs a lesson with a folder of its own as the last argument and compares what it prints."""

import difflib
import pathlib
import subprocess
import sys
import tempfile

expected = pathlib.Path(sys.argv[1]).read_text()
with tempfile.TemporaryDirectory() as folder:
    lesson = subprocess.run([*sys.argv[2:], folder], capture_output=True, text=True)
print(lesson.stderr, end="", file=sys.stderr)
print("".join(difflib.unified_diff(expected.splitlines(True), lesson.stdout.splitlines(True), "expected", "printed")))
sys.exit(lesson.returncode or lesson.stdout != expected)
