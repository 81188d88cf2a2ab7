"""The values and constants of the Python package."""

from .python_words import Words, called, camel

# What else a class can do, by its structure.
MIXINS = {
    "account": "AccountView",
    "series": "SeriesView",
    "summary": "SummaryView[SummaryRow]",
    "watch_update": "WatchUpdateView[LiveCall, SummaryRow]",
}


class Values(Words):
    """Writes lineside._values."""

    def module(self, by_hand):
        out = [
            f'"""The values and constants of Lineside. {by_hand}"""',
            "",
            "from __future__ import annotations",
            "",
            "from collections.abc import Sequence",
            "from datetime import datetime, timedelta",
            "from os import PathLike",
            "from typing import TYPE_CHECKING, Any",
            "",
            "from ._base import EPOCH, Constant, Money, Page, TimeRange",
            "from ._dataclass import Value, dataclass",
            "from ._views import AccountView, SeriesView, SummaryView, WatchUpdateView",
            "",
        ]
        for e in self.enumerations.values():
            out += ["", f"class {camel(e.name)}(Constant):", *self.quoted(self.words(e.doc), 4), ""]
            for c in e.constants:
                out.append(f'    {c.name.upper()} = "{c.text}"')
                out += self.quoted(self.words(c.doc), 4)
            out.append("")
        classes = {}
        for s in self.structures.values():
            if s.name.endswith("_page"):
                classes[s.name] = "Page"
            elif s.name in self.answers or s.name in self.nested:
                classes[s.name] = camel(s.name)
                out += self.dataclass(s)
        revised = [name for name in self.structures if name in self.revised]
        out += [
            "",
            f"Revised = {' | '.join(camel(name) for name in revised)}",
            '"""What has a revision: see `if_match`."""',
            "",
            "# What the core calls them.",
            "ENUMERATIONS: dict[str, type[Constant]] = {",
        ]
        out += [f'    "{e}": {camel(e)},' for e in self.enumerations]
        out += ["}", "RECORDS: dict[str, type[Any]] = {"]
        out += [f'    "{s}": {name},' for s, name in classes.items()]
        out += ["}", "REVISED: dict[type[Any], str] = {"]
        out += [f'    {camel(name)}: "{name}",' for name in revised]
        out += ["}", "", "__all__ = ["]
        out += [
            f'    "{name}",'
            for name in sorted({camel(e) for e in self.enumerations} | set(classes.values()) - {"Page"})
        ]
        out += ["]"]
        return "\n".join(out) + "\n"

    def held_type(self, m, use):
        """A constant may be given as a text, but is held as what it is."""
        held = self.python_type(m, use)
        return held.replace(f"{camel(m.of)} | str", camel(m.of)) if m.meaning == "constant" else held

    def given_type(self, m, use):
        kind = camel(m.of)
        return self.held_type(m, use).replace(kind, f"{kind} | str") if m.meaning == "constant" else self.python_type(m, use)

    def dataclass(self, s):
        use = "answer" if not s.sized else "both" if s.name in self.answers else "request"
        base = MIXINS.get(s.name, "Value")
        out = [
            "",
            "@dataclass(frozen=True, slots=True, repr=False, eq=False)",
            f"class {camel(s.name)}({base}):",
            *self.quoted(self.words(s.doc), 4),
            "",
        ]
        for m in s.members:
            default = f" = {self.python_default(m, use)}" if s.sized else ""
            out.append(f"    {called(m)}: {self.held_type(m, use)}{default}")
            out += self.quoted(self.member_words(m), 4)
        constants = [m for m in s.members if m.meaning == "constant"] if s.sized else []
        if constants:
            out += ["", "    _constants = {"]
            out += [f'        "{called(m)}": {camel(m.of)},' for m in constants]
            out += ["    }", "", "    if TYPE_CHECKING:", "", "        def __init__(", "            self,"]
            out += [
                f"            {called(m)}: {self.given_type(m, use)} = {self.python_default(m, use)}," for m in s.members
            ]
            out += ["        ) -> None: ..."]
        if s.name == "summary":
            out += ["", "    _row = SummaryRow"]
        if not s.members:
            out.append("    pass")
        return [*out, ""]
