"""Boost 1.81's erased completion handler crashes when it is move-assigned: few files may name it, none may assign it."""

import re

import source_tree as tree

ERASED = "any_completion_handler"
ALLOWED = {"include/lineside/detail/initiate.hpp", "include/lineside/portal.hpp", "src/portal/launch.hpp"}
ALIAS = re.compile(r"\busing\s+(\w+)\s*=\s*([^;]+);")


def erased_types(sources):
    """The erased handler and every alias that stands for it, also through another alias."""
    names = {ERASED}
    while True:
        found = {alias for source in sources for alias, what in ALIAS.findall(source)
                 if re.search(rf"\b({'|'.join(names)})\b", what)} - names
        if not found:
            return names
        names |= found


def assignments(source, variable):
    """Line numbers where `variable` is assigned; constructing it, also as a capture or a named member, is fine."""
    for match in re.finditer(rf"\b{variable}\s*=(?!=)", source):
        before = source[:match.start()].rstrip()
        if before.endswith("->"):
            constructed = False
        elif before.endswith("."):
            constructed = before[:-1].rstrip().endswith(("{", ","))
        else:
            constructed = bool(re.search(r"[\w>&*\[,]$", before)) and not before.endswith("else")
        if not constructed:
            yield source.count("\n", 0, match.start()) + 1


def check(root):
    sources = {name: tree.without_comments(tree.text(root, name))
               for name in tree.files(root, "include", "src", suffixes=tree.CPP)}
    types = "|".join(sorted(erased_types(sources.values())))
    arguments = r"<(?:[^<>;{}]|<(?:[^<>;{}]|<[^<>;{}]*>)*>)*>"
    declared = re.compile(rf"\b(?:{types})\b\s*(?:{arguments})?\s*&{{0,2}}\s*(\w+)\s*[;,)({{=]")
    problems = []
    for name, source in sources.items():
        if name not in ALLOWED:
            for number, line in enumerate(source.splitlines(), 1):
                if re.search(rf"\b{ERASED}\b", line):
                    problems.append(f"{name}:{number}: {ERASED} may be named only in {', '.join(sorted(ALLOWED))}")
        for variable in sorted(set(declared.findall(source))):
            for number in assignments(source, variable):
                problems.append(f"{name}:{number}: {variable} is an erased handler: construct, swap or emplace it")
    return problems


if __name__ == "__main__":
    tree.main(check)
