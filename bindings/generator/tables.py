"""lineside.h as tables of macros: bindings/swig/records.def."""


def records_def(header, by_hand):
    lines = [
        f"// The structures, enumerations and operations of lineside.h as tables. {by_hand}",
        "// LINESIDE_ENUMERATION(name, function that gives the texts of its constants, constants...)",
        "// LINESIDE_CONSTANT(name, text)",
        "// LINESIDE_RECORD(name, has a struct_size, members...)",
        "// LINESIDE_MEMBER(record, name, meaning, holding, is unset where NULL, member with its count, of what)",
        "// LINESIDE_REVISION(record)",
        "// LINESIDE_OPERATION(name, function, request, answer), LINESIDE_COMMAND(name, function, request)",
        "",
    ]
    for e in header.enumerations.values():
        lines.append(f"LINESIDE_ENUMERATION({e.name}, {f'lineside_{e.name}_name' if e.has_names else 'nullptr'},")
        lines += [f'    LINESIDE_CONSTANT({c.name}, "{c.text}")' for c in e.constants]
        lines.append(")")
    for s in header.structures.values():
        lines.append(f"LINESIDE_RECORD({s.name}, {str(s.sized).lower()},")
        for m in s.members:
            count = {"listed": f"{m.name}_count", "column": "size"}.get(m.holding, m.name)
            if m.meaning == "bytes":
                count = f"{m.name}_size"
            of = f"enumeration::{m.of}" if m.meaning == "constant" else f"record::{m.of}" if m.of else "nowhere"
            lines.append(
                f"    LINESIDE_MEMBER({s.name}, {m.name}, {m.meaning}, {m.holding}, {str(m.unset).lower()}, "
                f"{count}, {of})"
            )
        lines.append(")")
    lines += [f"LINESIDE_REVISION({name})" for name in header.structures if name in header.revised]
    for o in header.operations.values():
        if o.answer:
            lines.append(f"LINESIDE_OPERATION({o.name}, {o.function}, {o.request}, {o.answer})")
        else:
            lines.append(f"LINESIDE_COMMAND({o.name}, {o.function}, {o.request})")
    return "\n".join(lines) + "\n"
