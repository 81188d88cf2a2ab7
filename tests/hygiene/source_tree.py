"""What the checks share: finding files, reading #include lines, reporting."""

import pathlib
import re
import subprocess
import sys

CPP = (".cpp", ".hpp", ".h", ".def")
BINARY = (".zst", ".gz", ".db", ".png", ".bin")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def listed_by_git(root):
    """None: it is no checkout, and whoever has unpacked an archive may not have git at all."""
    if not (root / ".git").exists():
        return None
    git = subprocess.run(
        ["git", "-C", str(root), "ls-files", "--cached", "--others", "--exclude-standard"],
        capture_output=True, text=True)
    return git.stdout.splitlines() if git.returncode == 0 else None


def files(root, *folders, suffixes=None):
    """Files of the project under `folders` ('' is all), as paths relative to root with '/', sorted."""
    names = listed_by_git(root)
    if names is None:
        names = [p.relative_to(root).as_posix() for p in root.rglob("*") if p.is_file()]
    wanted = [name for name in sorted(set(names))
              if not name.startswith("build/") and "__pycache__" not in name and (root / name).is_file()]
    if folders:
        wanted = [name for name in wanted if name.startswith(tuple(f.rstrip("/") + "/" for f in folders))]
    if suffixes:
        wanted = [name for name in wanted if name.endswith(suffixes)]
    return wanted


def text(root, name):
    return (root / name).read_text(encoding="utf-8", errors="replace")


def includes(root, name):
    """(line number, '<' or '"', path) of each #include line."""
    for number, line in enumerate(text(root, name).splitlines(), 1):
        match = INCLUDE.match(line)
        if match:
            yield number, match.group(1), match.group(2)


def without_comments(source):
    """C++ source with comments and literals blanked out; line numbers stay."""
    pattern = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"', re.DOTALL)
    return pattern.sub(lambda m: re.sub(r"[^\n]", " ", m.group(0)), source)


def table(markdown, *headings):
    """Rows of the Markdown table that has exactly these headings, each row a list of cells."""
    lines = [line.strip() for line in markdown.splitlines()]
    for start, line in enumerate(lines):
        if line.startswith("|") and cells(line) == list(headings):
            rows = []
            for row in lines[start + 2:]:
                if not row.startswith("|"):
                    break
                rows.append(cells(row))
            return rows
    raise SystemExit(f"no table with the headings {', '.join(headings)}")


def cells(line):
    return [cell.strip() for cell in line.strip("|").split("|")]


def code_words(cell):
    return re.findall(r"`([^`]+)`", cell)


def main(check):
    """Runs `check(root)`, which gives the problems as a list of sentences."""
    root = pathlib.Path(sys.argv[1]).resolve()
    problems = check(root)
    for problem in problems:
        print(problem)
    sys.exit(1 if problems else 0)
