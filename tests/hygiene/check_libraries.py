"""Each library stays where the second table of docs/architecture.md puts it; public headers show Asio and System only, and
those of the C library nothing but the standard library."""

import re

import source_tree as tree

PUBLIC = re.compile(r"^(lineside/|boost/asio/|boost/asio\.hpp$|boost/system/|[a-z0-9_]+$)")
PUBLIC_IN_C = re.compile(r"^(lineside\.h|stddef\.h|stdint\.h|[a-z_]+)$")


def check(root):
    rows = tree.table(tree.text(root, "docs/architecture.md"), "library", "headers", "only in")
    problems = []
    for name in tree.files(root, "include", "src", "capi", "bindings", suffixes=tree.CPP):
        for number, kind, path in tree.includes(root, name):
            if name.startswith("capi/include/"):
                if kind != "<" or not PUBLIC_IN_C.match(path):
                    problems.append(f"{name}:{number}: a header of the C library may not include {path}")
                continue
            if name.startswith("include/"):
                if kind != "<" or not PUBLIC.match(path):
                    problems.append(f"{name}:{number}: a public header may not include {path}")
                continue
            for library, headers, places in rows:
                if path.startswith(tuple(tree.code_words(headers))) and not name.startswith(
                        tuple(tree.code_words(places))):
                    problems.append(f"{name}:{number}: {library} may only be used in {places}")
    return problems


if __name__ == "__main__":
    tree.main(check)
