"""No #include points up or sideways: the table in docs/architecture.md is the rule."""

import source_tree as tree


class Part:
    def __init__(self, row, floor, name, paths, below):
        self.row, self.floor, self.name, self.paths, self.below = row, floor, name, paths, below


def read_parts(root):
    rows = tree.table(tree.text(root, "docs/architecture.md"), "floor", "part", "files", "may include")
    return [Part(i, int(floor), name, tree.code_words(paths), [b.strip() for b in below.split(",") if b.strip()])
            for i, (floor, name, paths, below) in enumerate(rows)]


C_HEADERS = ("lineside.h", "lineside_abi.hpp")


def target_of(root, name, kind, path):
    """The file of the project that an #include in the file `name` means; None where it is none of ours."""
    if kind == "<":
        if path in C_HEADERS:
            return f"capi/include/{path}"
        return f"include/{path}" if path.startswith("lineside/") else None
    for folder in ("capi/src/", "bindings/swig/"):
        if name.startswith(folder) and (root / folder / path).is_file():
            return folder + path
    return f"src/{path}"


def owner(parts, name):
    """The part whose path fits best; a path that ends in '/' is a folder, any other one a file."""
    best, length = None, -1
    for part in parts:
        for path in part.paths:
            fits = name.startswith(path) if path.endswith("/") else name == path
            if fits and len(path) > length:
                best, length = part, len(path)
    return best


def check(root):
    parts = read_parts(root)
    by_name = {part.name: part for part in parts}
    problems = []
    for part in parts:
        for below in part.below:
            if below not in by_name:
                problems.append(f"docs/architecture.md: {part.name} may include {below}, which is no part")
            elif by_name[below].row <= part.row or by_name[below].floor > part.floor:
                problems.append(f"docs/architecture.md: {part.name} may include {below}, which is not below it")
    for name in tree.files(root, "include", "src", "capi", "bindings", suffixes=tree.CPP):
        part = owner(parts, name)
        if part is None:
            problems.append(f"{name}: on no floor of docs/architecture.md")
            continue
        for number, kind, path in tree.includes(root, name):
            target = target_of(root, name, kind, path)
            if target is None:
                continue
            if not (root / target).is_file():
                problems.append(f"{name}:{number}: {path} is not in {target.removesuffix(path)}"
                                " (own headers by their path from include/, src/ or capi/src/)")
                continue
            other = owner(parts, target)
            if other is None or (other is not part and other.name not in part.below):
                to = other.name if other else "no part"
                problems.append(f"{name}:{number}: {part.name} may not include {path} ({to})")
    return problems


if __name__ == "__main__":
    tree.main(check)
