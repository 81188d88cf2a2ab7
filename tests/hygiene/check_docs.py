"""The documents keep their promises: links and commands exist, decisions follow the template and are listed."""

import json
import re

import source_tree as tree

LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
FENCE = re.compile(r"^```(?:sh|bash|console)\n(.*?)^```", re.DOTALL | re.MULTILINE)
COMMAND = re.compile(r"^\s*\$?\s*(?:\./)?((?:scripts|\.ci)/[\w.-]+)")
PRESET = re.compile(r"--(workflow|build)?\s*--preset[ =](\w[\w-]*)")
TITLE = re.compile(r"\A# (\d{4}): \S")


def headings(markdown):
    return re.findall(r"^## .*$", markdown, re.MULTILINE)


def check_links(root, name):
    here = (root / name).parent
    for link in LINK.findall(tree.text(root, name)):
        if "://" not in link and not link.startswith("mailto:") and not (here / link).exists():
            yield f"{name}: the link to {link} leads nowhere"


def check_commands(root, name, presets):
    for block in FENCE.findall(tree.text(root, name)):
        for line in block.splitlines():
            command = COMMAND.match(line)
            if command and not (root / command.group(1)).is_file():
                yield f"{name}: there is no {command.group(1)}"
            elif command and not (root / command.group(1)).stat().st_mode & 0o111:
                yield f"{name}: {command.group(1)} is not executable"
            for kind, preset in PRESET.findall(line):
                if preset not in presets[(kind or "configure") + "Presets"]:
                    yield f"{name}: there is no {kind or 'configure'} preset {preset}"


def check_decisions(root):
    template = headings(tree.text(root, "docs/adr/0000-template.md"))
    index = tree.text(root, "docs/index.md")
    numbers = {}
    for name in tree.files(root, "docs/adr", suffixes=(".md",)):
        file, markdown = name.removeprefix("docs/adr/"), tree.text(root, name)
        number = TITLE.match(markdown)
        if not re.match(r"\d{4}-[a-z0-9-]+\.md$", file):
            yield f"{name}: an ADR is called NNNN-words-in-lower-case.md"
        elif not number or number.group(1) != file[:4]:
            yield f"{name}: the first line is '# {file[:4]}: The decision in one sentence'"
        elif numbers.setdefault(file[:4], name) != name:
            yield f"{name}: {numbers[file[:4]]} has this number"
        if headings(markdown) != template:
            yield f"{name}: the sections are {', '.join(template)}, as in the template"
        for line in ("- Status: ", "- Date: "):
            if line not in markdown:
                yield f"{name}: no line '{line}'"
        if f"(adr/{file})" not in index:
            yield f"{name}: not listed in docs/index.md"


def check(root):
    data = json.loads(tree.text(root, "CMakePresets.json"))
    presets = {kind: {preset["name"] for preset in data.get(kind, [])}
               for kind in ("configurePresets", "buildPresets", "workflowPresets")}
    problems = list(check_decisions(root))
    for name in tree.files(root, suffixes=(".md",)):
        problems += check_links(root, name)
        problems += check_commands(root, name, presets)
    return problems


if __name__ == "__main__":
    tree.main(check)
