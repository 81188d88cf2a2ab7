"""What documents quote is what files say. A fenced block under `<!-- examples/hello/hello.cpp -->` is that file, one
under `<!-- part of examples/hello/hello.c -->` its lines from the block's first to the block's last. Each file of a
lesson is quoted somewhere. check_quotes.py ROOT --write puts into the blocks what the files say.
"""

import pathlib
import re
import sys

import source_tree as tree

QUOTE = re.compile(r"^<!-- (?P<part>part of )?(?P<file>[\w./-]+/[\w.-]+) -->\n(?P<fence>```\w*\n(?P<text>.*?)^```$)?",
                   re.DOTALL | re.MULTILINE)
LESSON = re.compile(r"examples/[^/]+/[^/]+$")


def part(source, first, last):
    """The lines from `first` to `last`, without the indentation of `first`; None where they are not there just once."""
    lines = source.splitlines()
    begins = [n for n, line in enumerate(lines) if line.lstrip() == first]
    if len(begins) != 1:
        return None
    indent = lines[begins[0]][:-len(first)]
    found = []
    for line in lines[begins[0]:]:
        found.append(line.removeprefix(indent))
        if found[-1] == last:
            return "".join(line + "\n" for line in found)
    return None


def wanted(root, quote):
    """What the block should hold, or None; and what is wrong with it as it is, or ''."""
    file = quote["file"]
    if not (root / file).is_file():
        return None, f"there is no {file} to quote"
    if quote["fence"] is None:
        return None, f"no fenced block follows the name of {file}"
    text = tree.text(root, file)
    if quote["part"]:
        lines = quote["text"].splitlines() or [""]
        text = part(text, lines[0], lines[-1])
        if text is None:
            return None, f"{file} has no part that begins once with '{lines[0]}' and ends with '{lines[-1]}'"
    return text, "" if text == quote["text"] else f"the quote of {file} is not what it says; --write mends it"


def check(root):
    problems = []
    quoted = set()
    for name in tree.files(root, suffixes=(".md",)):
        for quote in QUOTE.finditer(tree.text(root, name)):
            quoted.add(quote["file"])
            _, wrong = wanted(root, quote)
            if wrong:
                problems.append(f"{name}: {wrong}")
    for name in tree.files(root, "examples"):
        if LESSON.match(name) and name not in quoted:
            problems.append(f"{name}: no document quotes it")
    return problems


def write(root):
    def renewed(quote):
        text, _ = wanted(root, quote)
        whole = quote[0]
        if text is None:
            return whole
        begin, end = (at - quote.start() for at in quote.span("text"))
        return whole[:begin] + text + whole[end:]

    for name in tree.files(root, suffixes=(".md",)):
        before = tree.text(root, name)
        after = QUOTE.sub(renewed, before)
        if after != before:
            (root / name).write_text(after, encoding="utf-8")


if __name__ == "__main__":
    if "--write" in sys.argv[2:]:
        write(pathlib.Path(sys.argv[1]).resolve())
    tree.main(check)
