"""What lineside.h says, in the words and types of Python."""

import re
import textwrap

# Requests that are opened or asked otherwise than as an operation.
OTHER_REQUESTS = ("engine_options", "client_options", "server_options", "credential", "watch_request", "raw_request")
OTHER_ANSWERS = (
    "watch_update",
    "raw_answer",
    "import_progress",
    "rejected_row",
    "served_request",
    "client_attempt",
    "alert_event",
    "mail",
    "text_message",
)


def called(m):
    """A member's name in Python: a timedelta needs no unit."""
    return m.name.removesuffix("_ms") if m.meaning == "length" else m.name


def camel(name):
    return "".join(part.capitalize() for part in name.split("_"))


class Words:
    """Names, comments, types and defaults."""

    def __init__(self, header):
        self.enumerations, self.structures = header.enumerations, header.structures
        self.operations, self.revised = header.operations, header.revised
        self.by_function = {o.function: o.name for o in self.operations.values()}
        self.answers = self.reachable([o.answer for o in self.operations.values() if o.answer] + list(OTHER_ANSWERS))
        requests = [o.request for o in self.operations.values() if o.request != "text"] + list(OTHER_REQUESTS)
        self.nested = set().union(
            *(
                self.reachable([m.of for m in self.structures[name].members if m.meaning == "record"])
                for name in requests
            )
        )

    def reachable(self, names):
        seen, left = set(), list(names)
        while left:
            name = left.pop()
            if name not in seen:
                seen.add(name)
                left += [m.of for m in self.structures[name].members if m.meaning == "record"]
        return seen

    def words(self, doc):
        """A comment of the header in Python's words."""
        doc = re.sub(r"lineside_(\w+)", self.word_of, doc)
        doc = re.sub(r"LINESIDE_(\w+)", self.constant_of, doc)
        return doc.replace("NULL", "None").replace("\\", "\\\\")

    def word_of(self, found):
        name = found[1]
        if name in self.by_function:
            return self.by_function[name]
        if name == "call_options.if_match":
            return "if_match"
        return camel(name) if name in self.structures or name in self.enumerations else f"lineside_{name}"

    def constant_of(self, found):
        for e in sorted(self.enumerations, key=len, reverse=True):
            if found[1].startswith(f"{e.upper()}_"):
                return f"{camel(e)}.{found[1].removeprefix(e.upper() + '_')}"
        return found[0]

    def member_words(self, m):
        """What is left to say once the type and the default are said."""
        parts = [p.strip() for p in re.split(r";\s+", m.doc)]
        said = re.compile(r"^(lineside_\w+|NULL: unset|0: unset|default: .*|`default`)\.?$")
        doc = "; ".join(p for p in parts if p and not said.match(p))
        return self.words(doc).rstrip(".")

    def python_type(self, m, use):
        """`use`: answer, both or request."""
        one = {
            "text": "str",
            "truth": "bool",
            "time": "datetime",
            "length": "timedelta",
            "money": "Money",
            "range": "TimeRange",
            "bytes": "bytes",
        }.get(m.meaning)
        if m.meaning == "number":
            one = "float" if m.type == "double" else "int"
        elif m.meaning == "constant":
            one = camel(m.of) if use != "request" else f"{camel(m.of)} | str"
        elif m.meaning == "record":
            one = camel(m.of)
        elif m.meaning == "range" and use == "request":
            one = "TimeRange | tuple[datetime, datetime]"
        elif m.name in ("path", "evidence_path") and use == "request":
            one = "str | PathLike[str]"
        if m.holding == "column":
            one = "tuple[Money, ...]" if m.meaning == "money" else "memoryview"
        elif m.holding == "listed":
            one = f"tuple[{one}, ...]" if use == "answer" else f"Sequence[{one}]"
        return f"{one} | None" if self.may_be_none(m, use) else one

    @staticmethod
    def may_be_none(m, use):
        if m.unset or (m.meaning == "bytes" and use != "answer"):
            return True
        if use == "answer":
            return False
        if m.holding == "pointed" and m.default is None:
            return True
        return use == "request" and m.meaning == "time" and m.holding == "in_place"

    def python_default(self, m, use):
        if self.may_be_none(m, use):
            return "None"
        if m.holding == "listed":
            return "()"
        if m.meaning == "constant":
            e = self.enumerations[m.of]
            given = m.default.removeprefix(f"LINESIDE_{m.of.upper()}_") if m.default else e.constants[0].name
            return f"{camel(m.of)}.{given.upper()}"
        if m.meaning == "text":
            return f'"{m.default}"' if isinstance(m.default, str) else '""'
        if m.meaning == "truth":
            return str(bool(m.default))
        if m.meaning == "time":
            return "EPOCH"
        if m.meaning == "length":
            return f"timedelta(milliseconds={m.default or 0})"
        return "0.0" if m.type == "double" else f"{m.default or 0:_}"

    @staticmethod
    def quoted(doc, indent):
        """A docstring, or nothing."""
        if not doc:
            return []
        pad = " " * indent
        body = textwrap.wrap(doc, 118 - indent - 3)
        if len(body) == 1 and len(body[0]) + indent + 6 <= 120 and not body[0].endswith('"'):
            return [f'{pad}"""{body[0]}"""']
        return [f'{pad}"""{body[0]}', *(pad + line for line in body[1:]), f'{pad}"""']
