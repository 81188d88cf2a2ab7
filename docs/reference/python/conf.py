"""The Python package as HTML, from its docstrings: cmake --build build/dev --target reference"""

import pkgutil

from sphinx.pycode import ModuleAnalyzer

import lineside

project = "lineside"
version = release = lineside.__version__
extensions = ["sphinx.ext.autodoc"]
html_theme = "alabaster"
html_show_copyright = False
html_show_sourcelink = False
html_copy_source = False
# Docstrings are written for people who read them as they are: backticks are code.
default_role = "code"
add_module_names = False
python_use_unqualified_type_names = True
maximum_signature_line_length = 100
toc_object_entries = False
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
# A name that leads nowhere is a warning, and so an error. The standard library has pages of its own.
nitpicky = True
ELSEWHERE = r"(asyncio|collections\.abc|os)\..*|PathLike|datetime(\..*)?|timedelta|(decimal\.)?Decimal"
INSIDE = r"Timeout|(lineside\._base\.)?T|(lineside\._types\.)?(Readable|Writable)"
nitpick_ignore_regex = [("py:class", ELSEWHERE), ("py:class", INSIDE)]


def read_all_as_one():
    """What is public says that its module is `lineside`; so there Sphinx looks for members' comments and order."""
    whole = ModuleAnalyzer.for_module("lineside")
    whole.analyze()
    for number, module in enumerate(pkgutil.iter_modules(lineside.__path__), 1):
        if module.name in ("_core", "_native"):
            continue
        part = ModuleAnalyzer.for_module(f"lineside.{module.name}")
        part.analyze()
        whole.attr_docs.update(part.attr_docs)
        whole.tagorder.update({name: number * 1_000_000 + at for name, at in part.tagorder.items()})


def clear_module(app, what, name, thing, options, lines):
    """The pages say themselves what a module is."""
    if what == "module":
        lines.clear()


def signature_of(app, what, name, thing, options, signature, returned):
    """Nobody makes a constant."""
    return ("", None) if isinstance(thing, type) and issubclass(thing, lineside.Constant) else None


def setup(app):
    read_all_as_one()
    app.connect("autodoc-process-docstring", clear_module)
    app.connect("autodoc-process-signature", signature_of)
