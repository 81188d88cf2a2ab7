"""lineside.h as data: its enumerations, structures and operations with their comments, and what each member means."""

import dataclasses
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]

ENUMERATION = re.compile(r"((?:^///[^\n]*\n)+)^enum lineside_(\w+) \{(.*?)\}", re.DOTALL | re.MULTILINE)
STRUCTURE = re.compile(r"((?:^///[^\n]*\n)+)^(?:typedef )?struct lineside_(\w+) \{(.*?)^\}", re.DOTALL | re.MULTILINE)
FUNCTION = re.compile(r"((?:^///[^\n]*\n)+)^LINESIDE_C_API lineside_error\* lineside_(\w+)\(", re.MULTILINE)
OPERATION = re.compile(r"^LINESIDE_C_(?:OPERATION|COMMAND)\((\w+), (\w+), (\w+)(?:, (\w+))?\)", re.MULTILINE)
REPEATING = re.compile(r"^LINESIDE_OPERATION\((\w+),[^\"]*, (safe|idempotent|keyed),", re.MULTILINE)
MATCHED = re.compile(r"has_revision<operation::(\w+)> = true")
REVISION = re.compile(r"lineside_(\w+)_revision\(const")
ENTRY = re.compile(r"((?:^\s*///[^\n]*\n)*)^\s*LINESIDE_(\w+)\s*(?:=\s*\d+)?\s*,?[ \t]*(?:///<([^\n]*))?", re.MULTILINE)
DECLARATION = re.compile(r"^((?:\s*///?[^\n]*\n)*)\s*([^/;]+);[ \t]*(?:///<([^\n]*))?", re.MULTILINE)
NAME_PAIR = re.compile(r'\{(\w+)::(\w+), "([^"]*)"\}')
POINTER = re.compile(r"^(const )?(\w+)( ?\*)?( ?const ?\*)? ?(\w+)$")
UNITS = {
    "": 1,
    "ms": 1,
    "seconds": 1_000,
    "minutes": 60_000,
    "hour": 3_600_000,
    "hours": 3_600_000,
    "KiB": 1 << 10,
    "MiB": 1 << 20,
    "GiB": 1 << 30,
}

# Integers of 32 bits that are numbers; all others without an enumeration are truths.
NUMBERS = {"code", "http_status", "cause_code", "offset_s", "descriptor", "evidence_descriptor"}
# What only callbacks and C need, beside callbacks themselves.
LEFT_OUT = {"struct_size", "context", "clock_context", "log_tag", "read_size"}
HANDLES = {"lineside_queue", "lineside_delivery_hooks"}


@dataclasses.dataclass
class Constant:
    name: str
    text: str
    doc: str


@dataclasses.dataclass
class Enumeration:
    name: str
    doc: str
    constants: list
    has_names: bool


@dataclasses.dataclass
class Member:
    name: str
    type: str  # without const and pointers
    meaning: str  # text truth number time length constant money range record bytes
    holding: str  # in_place pointed listed column
    of: str  # the enumeration or structure
    unset: bool  # NULL (0 of a constant) is "unset", and not a default
    default: object  # a number, a text, a constant; None: there is none
    doc: str


@dataclasses.dataclass
class Structure:
    name: str
    doc: str
    members: list
    sized: bool

    def has(self, name):
        return any(m.name == name for m in self.members)

    def member(self, name):
        return next(m for m in self.members if m.name == name)


@dataclasses.dataclass
class Operation:
    name: str
    function: str
    request: str
    answer: str  # "" is none
    keyed: bool  # must be told apart by a key when it is made again
    matched: bool  # looks at `if_match`
    doc: str


def prose(comment):
    """The text of a comment's lines."""
    lines = [line.strip().removeprefix("///") for line in comment.splitlines() if line.strip().startswith("///")]
    return " ".join(" ".join(lines).split())


def meanings(root):
    """The names of members that are instants, lengths of time and truths in the C++ headers."""
    cpp = "\n".join(path.read_text(encoding="utf-8") for path in sorted((root / "include/lineside").glob("*.hpp")))
    instants = set(re.findall(r"\binstant>? (\w+)", cpp))
    lengths = set(re.findall(r"\b(?:duration|std::chrono::\w+)>? (\w+)", cpp))
    return instants | {"gone"}, lengths


def default_in(comment):
    """What a member is where it says nothing: a number, a text or a constant, as far as the comment names one."""
    found = re.search(r"(?:default|NULL): (?:`([^`]*)`|\"([^\"]*)\"|(LINESIDE_\w+)|([\d,.:]+)(?: (\w+))?)", comment)
    if not found:
        return None
    if found[1] is not None:
        return found[1]
    if found[2] is not None:
        return found[2]
    if found[3]:
        return found[3]
    number = found[4].rstrip(".,")
    if not re.fullmatch(r"[\d,]+", number):
        return number
    unit = found[5] or ""
    return int(number.replace(",", "")) * UNITS.get(unit, 1)


def declarations(body):
    for above, declaration, beside in DECLARATION.findall(body):
        declaration = " ".join(declaration.split())
        name = re.search(r"(\w+)(?:\)\([^)]*\))?$", declaration)[1]
        yield name, declaration, f"{prose(above)} {beside.strip()}".strip()


def structure(name, comment, body, times, lengths, enumerations):
    declared = list(declarations(body))
    names = {n for n, _, _ in declared}
    sized = "struct_size" in names
    members = []
    for member, declaration, doc in declared:
        parts = POINTER.match(declaration)
        if member in LEFT_OUT or parts is None or parts[2] in HANDLES or parts[2].endswith("_callback"):
            continue
        if any(member == f"{other}_count" or member == f"{other}_size" for other in names):
            continue
        type_name, one = parts[2], bool(parts[3])
        listed = f"{member}_count" in names
        column = name == "series" and one and type_name != "char"
        constant = re.search(r"lineside_(\w+)", doc)
        constant = constant[1] if constant and constant[1] in enumerations and type_name == "int32_t" else ""
        pointed = one and type_name != "char" and not listed and not column
        of = ""
        if f"{member}_size" in names:
            meaning = "bytes"
        elif type_name == "char":
            meaning = "text"
        elif type_name == "lineside_money":
            meaning = "money"
        elif type_name == "lineside_time_range":
            meaning = "range"
        elif type_name.startswith("lineside_"):
            meaning, of = "record", type_name.removeprefix("lineside_")
        elif constant:
            meaning, of = "constant", constant
        elif type_name == "int64_t" and member in times and not column:
            meaning = "time"
        elif type_name == "int64_t" and (member in lengths or member.endswith("_ms")) and not column:
            meaning = "length"
        elif type_name == "int32_t" and member not in NUMBERS:
            meaning = "truth"
        else:
            meaning = "number"
        holding = "listed" if listed else "column" if column else "pointed" if pointed else "in_place"
        default = default_in(doc)
        unset = ("NULL: " in doc and default is None) if (one or listed) else "0: unset" in doc
        members.append(Member(member, type_name, meaning, holding, of, unset, default, doc))
    return Structure(name, prose(comment), members, sized)


@dataclasses.dataclass
class Header:
    """All by their names, in the order of the header."""

    enumerations: dict
    structures: dict
    operations: dict
    revised: set  # structures that have a revision


def read(root=ROOT):
    header = (root / "capi/include/lineside.h").read_text(encoding="utf-8")
    times, lengths = meanings(root)
    texts = {}
    for path in sorted((root / "src/model").glob("*.cpp")):
        for enumeration, enumerator, text in NAME_PAIR.findall(path.read_text(encoding="utf-8")):
            texts.setdefault((enumeration, enumerator), text)  # the first table is that of the names
    enumerations = {}
    for comment, name, body in ENUMERATION.findall(header):
        if name in ("code", "completion_kind"):
            continue
        entries = []
        for above, constant, beside in ENTRY.findall(re.sub(r"\{|\}", "", body).replace(", LINESIDE", ",\nLINESIDE")):
            short = constant.removeprefix(f"{name.upper()}_").lower()
            doc = (prose(above) + " " + beside.strip()).strip()
            entries.append(Constant(short, texts.get((name, short), short), doc))
        enumerations[name] = Enumeration(name, prose(comment), entries, f"lineside_{name}_name(int32_t" in header)
    structures = {}
    for comment, name, body in STRUCTURE.findall(header):
        if name in ("allocator", "call_options", "completion", "delivery_hooks", "time_range", "money"):
            continue
        structures[name] = structure(name, comment, body, times, lengths, enumerations)
    docs = {name: prose(comment) for comment, name in FUNCTION.findall(header)}
    table = (root / "capi/src/operations.def").read_text(encoding="utf-8")
    rows = (root / "include/lineside/operations.def").read_text(encoding="utf-8")
    keyed = {name for name, repeating in REPEATING.findall(rows) if repeating == "keyed"}
    matched = set(MATCHED.findall((root / "src/portal/revised.hpp").read_text(encoding="utf-8")))
    operations = {
        operation: Operation(
            operation, function, request, answer, operation in keyed, operation in matched, docs[function]
        )
        for operation, function, request, answer in OPERATION.findall(table)
        if operation != "operation"
    }
    revised = set(REVISION.findall(header))
    return Header(enumerations, structures, operations, revised)
