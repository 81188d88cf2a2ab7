"""null_calls.py HEADER OUT: for each pointer that a function of lineside.h takes, a call where that one is NULL and all
else is as it should be; and each call with a portal that is gone. A parameter of no known kind ends this, so that no
function is left out."""

import pathlib
import re
import sys

COMMENT = re.compile(r"//[^\n]*")
FUNCTION = re.compile(r"^LINESIDE_C_API ([^;]*?)\b(lineside_\w+)\(([^;]*)\);", re.DOTALL | re.MULTILINE)
PARAMETER = re.compile(r"^(.*?)(\w+)(\[\w+\])?$")
VALUES = {"int32_t": "1", "int64_t": "0", "uint64_t": "1", "size_t": "1"}
ROOM = {"int64_t*": "&whole", "int32_t*": "&half", "size_t*": "&size", "char*": "text"}
HANDLES = ("portal", "queue", "completion", "watch", "server")
# Structures that stand for themselves, where a request's NULL is one with nothing set.
STREAMING = ("record_import", "data_export", "alert_rule_backtest", "call_compare", "client_send")
NEEDED_STRUCTURES = {("lineside_money_format", "money")} | {
    (f"lineside_{name}{form}", "request") for name in STREAMING for form in ("", "_async")}
# Of a portal that is gone: nothing to fail yet, or nothing that any view could do.
ASKS_NOTHING = {f"lineside_{name}" for name in (
    "portal_free", "portal_as", "watch_open", "server_start", "client_send", "client_send_async")}
SIZES = {("lineside_money_format", "size"): "LINESIDE_MONEY_SIZE", ("lineside_time_format", "size"): "LINESIDE_TIME_SIZE"}


def parameters(text):
    for part in " ".join(text.split()).split(", "):
        if part != "void":
            spelled, name, array = PARAMETER.match(part).groups()
            yield spelled.strip() + ("*" if array else ""), name


def value(function, spelled, name):
    """What is passed where it is not the one to be NULL."""
    if spelled in VALUES:
        return SIZES.get((function, name), VALUES[spelled])
    if spelled == "lineside_portal*" and function.startswith("lineside_client_send"):
        return "v->client"
    if spelled.removeprefix("const ") in {f"lineside_{handle}*" for handle in HANDLES}:
        return "v->" + spelled.removeprefix("const ")[len("lineside_"):-1]
    if spelled.endswith("**"):
        return "&out"
    if spelled in ROOM and function != "lineside_text_free":
        return ROOM[spelled]
    if spelled == "const char*":
        return '"x"'
    if spelled == "const lineside_money*":
        return "&v->money"
    if (function, name) in NEEDED_STRUCTURES:
        return "&v->" + function.removeprefix("lineside_").removesuffix("_async")
    if spelled.startswith("const lineside_"):
        return "&seen" if name == "seen" else "NULL"
    if spelled.endswith("*"):
        return "NULL"  # what is freed or asked to stop
    sys.exit(f"{function}: what is a right `{spelled} {name}`?")


def is_needed(function, spelled, name):
    if spelled.startswith("const lineside_") and name != "seen":
        return (function, name) in NEEDED_STRUCTURES
    return True


def block(call, listed, missing=None):
    """`call`, with what it needs: a place for its answer, which is freed, or a value that was seen."""
    seen = next((spelled for i, (spelled, name) in enumerate(listed) if name == "seen" and i != missing), "")
    if seen:
        return f"{{ static {seen[:-1]} seen; {call} }}\n"
    answer = next((spelled[:-1] for i, (spelled, _) in enumerate(listed) if spelled.endswith("**") and i != missing), "")
    if not answer:
        return call + "\n"
    named = "lineside_text" if answer == "char*" else answer[:-1]
    freed = f" {named}_free(out);" if not answer.startswith("const ") else ""
    return f"{{ {answer} out = NULL; {call}{freed} }}\n"


def with_null(returned, function, listed):
    for missing, (spelled, name) in enumerate(listed):
        if spelled.endswith("*"):
            arguments = [f"({s})NULL" if i == missing else value(function, s, n) for i, (s, n) in enumerate(listed)]
            call = f"{function}({', '.join(arguments)})"
            if returned != "lineside_error*":
                yield f"ALLOWED({call})\n"
            elif is_needed(function, spelled, name):
                yield block(f'NEEDED("{name}", {call})', listed, missing)
            else:
                yield block(f"OPTIONAL({call})", listed, missing)


def calls(header):
    functions = [(r.strip(), f, list(parameters(text))) for r, f, text in FUNCTION.findall(header)]
    yield "#ifdef NEEDED\n"
    for returned, function, listed in functions:
        yield from with_null(returned, function, listed)
    yield "#endif\n#ifdef AT_ONCE\n"
    for returned, function, listed in functions:
        if ("lineside_portal*", "portal") in listed and function not in ASKS_NOTHING:
            arguments = ["v->gone" if n == "portal" else value(function, s, n) for s, n in listed]
            when = "LATER" if function.endswith("_async") else "AT_ONCE"
            yield block(f"{when}({function}({', '.join(arguments)}))", listed)
    yield "#endif\n"


def main():
    header = COMMENT.sub("", pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
    pathlib.Path(sys.argv[2]).write_text("".join(calls(header)), encoding="utf-8")


if __name__ == "__main__":
    main()
