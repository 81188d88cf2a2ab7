"""A header as Doxygen is to read it; a filter, run with the header's name. Doxygen finds no comments in what a macro
becomes, so in portal.hpp the rows of operations.def are the member functions they become, with their comments, and in
operation.hpp the types. It finds no scope for a specialization in Boost's namespace, so there is none. The first
comment of lineside.h is of the file.
"""

import pathlib
import re
import sys

TABLE = re.compile(r"^#define LINESIDE_OPERATION\(.*?^#undef LINESIDE_OPERATION$", re.DOTALL | re.MULTILINE)
SPECIALIZATION = re.compile(r"^template <>\nstruct boost::.*?;\n", re.MULTILINE)
SECTION = re.compile(r"// --- (.*)")
ROW = re.compile(r"LINESIDE_OPERATION\((.*)\)$")


def columns(row):
    """The macro's arguments: commas within brackets are part of one."""
    found, depth = [""], 0
    for character in row:
        depth += (character in "<({") - (character in ">)}")
        if character == "," and depth == 0:
            found.append("")
        else:
            found[-1] += character
    return [" ".join(column.split()) for column in found]


def function(name, request, answer, access, retry, verb, path):
    """Of portal.hpp; the comment of the row stands above."""
    http = path.strip('"')
    return [
        "    ///",
        f"    /// Answers `{answer}`. Who may ask: `{access}`. Repeating: `{retry}`. HTTP: `{verb} /v1{http}`.",
        "    template <class Token = default_token>",
        f"    auto async_{name}({request} request, call_options options, Token&& token = {{}});",
    ]


def structure(name, request, answer, *_):
    """Of operation.hpp."""
    return [f"/// portal::async_{name} as a type.", f"struct {name} {{", f"    using request = {request};",
            f"    using answer = {answer};", "};"]


def rows(table):
    """Section, comment and columns of each."""
    section, comment, row = "", [], ""
    for line in table.splitlines():
        if begins := SECTION.match(line):
            section = begins[1]
        elif line.startswith("///"):
            comment.append("    " + line)
        elif row or line.startswith("LINESIDE_OPERATION("):
            row += line.strip() + " "
            if whole := ROW.match(row.strip()):
                yield section, comment, columns(whole[1])
                comment, row = [], ""
    if row or comment:
        raise SystemExit(f"operations.def: a row without an end or a comment without a row: {row}{comment}")


def members(table):
    lines, open_section = [], ""
    for section, comment, row in rows(table):
        if section != open_section:
            lines += ["    /// @}"] * bool(open_section) + ["", f"    /// @name {section}", "    /// @{"]
            open_section = section
        lines += ["", *comment, *function(*row)]
    return "\n".join([*lines, "    /// @}"])


def types(table):
    return "\n".join(line for _, _, row in rows(table) for line in structure(*row))


def main(header):
    text = header.read_text(encoding="utf-8")
    if header.name == "lineside.h":
        text = text.replace("\n/// ", "\n/// @file\n/// ", 1)
    # The first use of the table declares what users see.
    if shown := {"portal.hpp": members, "operation.hpp": types}.get(header.name):
        table = (header.parent / "operations.def").read_text(encoding="utf-8")
        text = TABLE.sub(lambda _: shown(table), text, count=1)
    sys.stdout.write(SPECIALIZATION.sub("", TABLE.sub("", text)))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
