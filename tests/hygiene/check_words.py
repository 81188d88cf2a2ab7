"""No machine's paths, no unfinished business, no sleeping tests."""

import re

import source_tree as tree

# Written in pieces, so that this file keeps its own rules.
UNFINISHED = re.compile(r"\b(?:" + "|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X"]) + r")\b|\bfor " + r"now\b", re.IGNORECASE)
MACHINE = re.compile(r"(?<![\w.$}>-])/(?:" + "|".join(["ho" + "me", "ro" + "ot", "wo" + "rk", "Use" + "rs", "tm" + "p"]) + r")/")
SLEEP = re.compile(r"\b(?:sleep" + r"_for|sleep" + r"_until|u" + r"sleep|nano" + r"sleep)\b|\btime\.sle" + r"ep\b")
DATA = ("tests/fixtures/", "tests/fuzz/corpus/", "LICENSE")


def check(root):
    problems = []
    for name in tree.files(root):
        if name.startswith(DATA) or name.endswith(tree.BINARY):
            continue
        for number, line in enumerate(tree.text(root, name).splitlines(), 1):
            if UNFINISHED.search(line):
                problems.append(f"{name}:{number}: unfinished business: {line.strip()}")
            if MACHINE.search(line):
                problems.append(f"{name}:{number}: a path of one machine: {line.strip()}")
            if name.startswith("tests/") and SLEEP.search(line):
                problems.append(f"{name}:{number}: a test waits for what happens, not for time to pass: {line.strip()}")
    return problems


if __name__ == "__main__":
    tree.main(check)
