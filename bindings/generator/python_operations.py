"""The operations of the Python package, as blocking methods and as coroutines."""

import re
import textwrap

from .python_words import Words, called, camel


class Operations(Words):
    """Writes lineside._operations and lineside._async_operations."""

    def answer_type(self, o):
        if not o.answer:
            return "None"
        if o.answer.endswith("_page"):
            return f"Page[{self.item_type(o)}]"
        return camel(o.answer)

    def item_type(self, o):
        return camel(self.structures[o.answer].member("items").of)

    def parameters(self, members, entity=False):
        """(name, type, default) of each that a method takes."""
        for m in members:
            use = "both" if entity and m.meaning == "time" else "request"
            if m.name == "report_progress":
                yield "progress", "Progress", "None"
            elif m.name == "report_rejected":
                yield "on_rejected", "Callable[[RejectedRow], None] | None", "None"
            else:
                yield called(m), self.python_type(m, use), self.python_default(m, use)

    @staticmethod
    def value(m):
        if m.name == "report_progress":
            return "is_wanted(progress)"
        if m.name == "report_rejected":
            return "MOST_REJECTED if on_rejected else 0"
        return called(m)

    @staticmethod
    def call_of(arguments, indent=8):
        """Arguments in parentheses, over as many lines as they need."""
        pad = " " * (indent + 4)
        body = textwrap.wrap(", ".join(arguments) + ",", 118 - len(pad), break_long_words=False, break_on_hyphens=False)
        return "\n".join(["(", *(pad + line for line in body), " " * indent + ")"])

    @staticmethod
    def terms(o):
        """How a call can be made: (name, type, default), and how it is handed on."""
        yield ("timeout", "Timeout", "None"), "timeout"
        if o.keyed:
            yield ("idempotency_key", "str", '""'), "key=idempotency_key"
        if o.matched:
            yield ("if_match", "Revised | str", '""'), "if_match=if_match"

    @staticmethod
    def signature(name, taken, rest, answer, word="def"):
        """A method: what is taken by its place, too, and what by name alone."""
        lines = [f"    {word} {name}(", *(f"        {one}," for one in taken)]
        if rest:
            lines.append("        *,")
            lines += [f"        {n}: {t} = {d}," for n, t, d in rest]
        return [*lines, f"    ) -> {answer}:"]

    def method(self, o, awaits):
        word, call = ("async def", "await self._run") if awaits else ("def", "self._run")
        answer = self.answer_type(o)
        given, taken = [], ["self"]
        entity = o.request in self.answers
        if o.request == "text":
            given = [("account", "str", '""')]
            request = '("text", account)'
        else:
            s = self.structures[o.request]
            given = list(self.parameters(s.members, entity))
            values = ", ".join(self.value(m) for m in s.members)
            request = f'("{o.request}", {values})' if s.members else f'("{o.request}",)'
        if entity:
            kind = camel(o.request)
            taken += [f"value: {kind} | None = None", "/"]
        elif given:
            taken.append("{}: {} = {}".format(*given.pop(0)))
        lines = self.signature(o.name, taken, [*given, *(t for t, _ in self.terms(o))], answer, word)
        lines += self.quoted(self.words(o.doc) + (" Takes the value, or its members." if entity else ""), 8)
        if entity:
            request = f'whole("{o.request}", {kind}, value, ({values}))'
        told = [n for n, _, _ in given if n in ("progress", "on_rejected")]
        extra = [f"{n}={n}" for n in told]
        arguments = self.call_of([f'"{o.name}"', request, *(handed for _, handed in self.terms(o)), *extra])
        if answer == "None":
            lines.append(f"        {call}{arguments}")
        else:
            lines += [f"        answer: {answer} = {call}{arguments}", "        return answer"]
        return [*lines, ""]

    def iterator(self, o, awaits):
        """Goes through all pages of a list."""
        s = self.structures[o.request]
        name = re.sub(r"^(list|query)_", "", o.name)
        given = [p for p in self.parameters(s.members) if p[0] not in ("cursor", "limit")]
        page = next(p for p in self.parameters(s.members) if p[0] == "limit")
        rest = [*given, ("page_size", "int", page[2]), ("timeout", "Timeout", "None")]
        item = self.item_type(o)
        taken = ["self"]
        if given:
            taken.append("{}: {} = {}".format(*rest.pop(0)))
        kind = "AsyncIterator" if awaits else "Iterator"
        lines = self.signature(name, taken, rest, f"{kind}[{item}]", "async def" if awaits else "def")
        lines += self.quoted(
            f"All that {o.name} lists, page by page as they are looked at. `timeout` is of each page.", 8
        )
        names = [f"{n}={n}" for n, _, _ in given]
        asked = self.call_of([*names, "cursor=cursor", "limit=page_size", "timeout=timeout"], 12)
        lines += [
            '        cursor = ""',
            "        while True:",
            f"            page = {'await ' if awaits else ''}self.{o.name}{asked}",
            *(
                ["            for item in page.items:", "                yield item"]
                if awaits
                else ["            yield from page.items"]
            ),
            "            if not page.next:",
            "                return",
            "            cursor = page.next",
            "",
        ]
        return lines

    def opener(self, name, request, function, doc, first):
        """A class method that opens an engine or a client."""
        s = self.structures[request]
        given = [p for p in self.parameters(s.members) if p[0] not in first]
        extra = (
            [("mailer", "Mailer", "None"), ("texter", "Texter", "None"), ("clock", "Clock", "None")]
            if request == "engine_options"
            else [("log", "bool", "False"), ("refresh", "Refresh", "None"), ("traceparent", "Traceparent", "None")]
        )
        n, t, d = {"database": ("path", "str | PathLike[str]", '""'), "base_url": ("url", "str", None)}[first[0]]
        taken = ["cls", f"{n}: {t}" + (f" = {d}" if d else "")]
        lines = ["    @classmethod", *self.signature(name, taken, [*given, *extra], "Self")]
        lines += self.quoted(doc, 8)
        values = ", ".join(
            "database_of(path)" if m.name == "database" else "url" if m.name == "base_url" else m.name
            for m in s.members
        )
        tail = ", mailer, texter, clock" if request == "engine_options" else ", log, refresh, traceparent"
        lines += [f"        return cls._{function}" + self.call_of([f'("{request}", {values})' + tail]), ""]
        return lines

    def serve(self):
        s = self.structures["server_options"]
        rest = list(self.parameters(s.members))
        taken = ["self", "{}: {} = {}".format(*rest.pop(0))]
        lines = self.signature("serve", taken, [*rest, ("log", "bool", "False")], "Server")
        lines += self.quoted(
            "Puts this portal on HTTP and WebSocket, on threads of its own from here on: a server over a "
            "client is a proxy. The server keeps the portal open. `log`: each request goes to the logger "
            "lineside.server. Errors: invalid_argument (options, certificate, key), unavailable (the "
            "address is in use).",
            8,
        )
        values = ", ".join(m.name for m in s.members)
        lines += ["        return self._serve" + self.call_of([f'("server_options", {values})', "log"]), ""]
        return lines

    def portal_class(self, awaits):
        name = "AsyncOperations" if awaits else "Operations"
        form = "coroutines" if awaits else "blocking methods"
        lines = [
            "",
            f"class {name}(Handle):",
            f'    """Every operation of a portal, as {form}."""',
            "",
            "    __slots__ = ()",
            "",
        ]
        lines += [
            f"    {'async ' if awaits else ''}def _run(",
            "        self,",
            "        operation: str,",
            "        request: Request,",
            "        timeout: Timeout,",
            "        *,",
            '        key: str = "",',
            '        if_match: Revised | str = "",',
            "        progress: Progress = None,",
            "        on_rejected: Callable[[RejectedRow], None] | None = None,",
            "    ) -> Any:",
            "        raise NotImplementedError",
            "",
        ]
        lines += self.opener(
            "open",
            "engine_options",
            "open_engine",
            "Opens a database in the process, and creates or migrates it where needed; without a path it lies in "
            "memory. "
            "The portal is the operator's: it sees every account. One engine owns a file at a time. What an operation "
            "acknowledged survives a kill of the process. `mailer` and `texter` are how it reaches people: they run "
            "on the "
            "thread of the operation, and what they raise makes it fail with Unavailable. `clock` is the time it goes "
            "by instead of the system's: for tests. Errors: invalid_argument, "
            "unavailable (in use by another engine), precondition_failed (written by a newer Lineside), storage.",
            ("database",),
        )
        lines += self.opener(
            "connect",
            "client_options",
            "open_client",
            "A portal far away: over HTTPS, at a server. Asks nothing yet. Calls after 408, 429, 502, 503, 504 and "
            "lost "
            "connections are made again where a second time comes to the same. `log`: each attempt goes to the logger "
            "lineside.client. `refresh` gives another token when the server no longer knows the present one, or None; "
            "it is asked on a thread of the client. `traceparent` gives the W3C Trace Context of the next call, or None, "
            "on the thread that calls. Errors: invalid_argument.",
            ("base_url",),
        )
        lines += self.serve()
        for o in self.operations.values():
            lines += self.method(o, awaits)
            if o.answer.endswith("_page") and self.structures[o.request].has("cursor"):
                lines += self.iterator(o, awaits)
        return lines

    def module(self, awaits, by_hand):
        text = "\n".join(self.portal_class(awaits))
        known = {camel(e) for e in self.enumerations} | {camel(s) for s in self.structures} | {"Revised"}
        used = [
            n for n in sorted(known, key=str.lower) if re.search(rf"\b{n}\b", text) and n not in ("Money", "TimeRange")
        ]
        what = "for asyncio" if awaits else "for programs that wait"
        kind = "AsyncIterator" if awaits else "Iterator"
        head = [
            f'"""Every operation of a portal, {what}. {by_hand}"""',
            "",
            "from __future__ import annotations",
            "",
            f"from collections.abc import {', '.join(sorted([kind, 'Callable', 'Sequence']))}",
            "from datetime import datetime, timedelta",
            "from os import PathLike",
            "from typing import TYPE_CHECKING, Any, Self",
            "",
            "from ._base import (",
            "    EPOCH,",
            "    MOST_REJECTED,",
            "    Money,",
            "    Page,",
            "    Request,",
            "    Timeout,",
            "    TimeRange,",
            "    database_of,",
            "    whole,",
            ")",
            "from ._handle import Handle",
            "from ._types import Clock, Mailer, Progress, Refresh, Texter, Traceparent, is_wanted",
            "from ._values import (",
            *(f"    {n}," for n in used),
            ")",
            "",
            "if TYPE_CHECKING:",
            "    from ._server import Server",
            "",
            "",
        ]
        return "\n".join(head) + text
