"""cpp.py DOXYGEN DOXYFILE PROJECT OUTPUT: makes the reference of C++ and C anew. Prints what Doxygen warns of, and the
operations and functions that it did not find; then the exit status is 1.
"""

import pathlib
import re
import shutil
import subprocess
import sys

OPERATION = re.compile(r"^LINESIDE_OPERATION\((\w+),", re.MULTILINE)
FUNCTION = re.compile(r"^LINESIDE_C_API [^(;]*?(\w+)\(", re.MULTILINE)
DOCUMENTED = re.compile(r'<td class="memname">[^\n]*?(\w+)\s*</td>')


def missing(declared, wanted, page):
    names = wanted.findall(declared.read_text(encoding="utf-8"))
    if not names:
        yield f"{declared.name} declares nothing"
    found = set(DOCUMENTED.findall(page.read_text(encoding="utf-8")))
    for name in names:
        if name not in found and f"async_{name}" not in found:
            yield f"{name} of {declared.name} is not in the reference"


def main():
    doxygen, doxyfile = sys.argv[1:3]
    project, output = pathlib.Path(sys.argv[3]), pathlib.Path(sys.argv[4])
    shutil.rmtree(output, ignore_errors=True)
    output.mkdir(parents=True)
    # What the filter says when it fails is not in Doxygen's exit status.
    ran = subprocess.run([doxygen, doxyfile], cwd=output, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if ran.returncode != 0 or ran.stdout:
        print(ran.stdout)
        return 1
    problems = [
        *missing(project / "include/lineside/operations.def", OPERATION, output / "classlineside_1_1portal.html"),
        *missing(project / "capi/include/lineside.h", FUNCTION, output / "lineside_8h.html"),
    ]
    print("\n".join(problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
