"""Each check accepts a clean tree and names the file of a planted violation: a check that cannot fail checks nothing."""

import json
import pathlib
import shutil
import tempfile
import unittest

import check_docs
import check_floors
import check_format
import check_handlers
import check_libraries
import check_quotes
import check_tidy
import check_words

ARCHITECTURE = """
| floor | part | files | may include |
|---|---|---|---|
| 5 | face | `capi/include/lineside_abi.hpp` | header |
| 4 | capi | `capi/src/` | header, doors, values |
| 4 | header | `capi/include/lineside.h` | |
| 3 | portal | `src/portal/` | doors, store, rules, values |
| 3 | doors | `include/lineside/engine.hpp` | values |
| 2 | store | `src/store/` | rules, values |
| 1 | rules | `src/rules/` | values |
| 0 | values | `include/lineside/` | |

| library | headers | only in |
|---|---|---|
| SQLite | `sqlite3.h` | `src/store/` |
| date | `date/` | `src/rules/calendar` |
"""
TEMPLATE = "# 0000: Words\n\n- Status: accepted\n- Date: 2026-01-01\n\n## Context\n\n## Decision\n"
CLEAN = {
    "docs/architecture.md": ARCHITECTURE,
    "docs/adr/0000-template.md": TEMPLATE,
    "docs/index.md": "[template](adr/0000-template.md)\n",
    "CMakePresets.json": '{"configurePresets": [{"name": "dev"}], "workflowPresets": [{"name": "dev"}]}',
    "include/lineside/money.hpp": "#pragma once\n\n#include <lineside/time.hpp>\n\n#include <string>\n",
    "include/lineside/time.hpp": "#pragma once\n\n#include <boost/system/result.hpp>\n",
    "include/lineside/engine.hpp": "#pragma once\n\n#include <lineside/money.hpp>\n",
    "src/rules/calendar.hpp": "#pragma once\n",
    "src/rules/calendar.cpp": '#include "rules/calendar.hpp"\n\n#include <date/tz.h>\n',
    "src/store/schema.cpp": '#include "rules/calendar.hpp"\n\n#include <sqlite3.h>\n',
    "capi/include/lineside.h": "#include <stdint.h>\n",
    "capi/include/lineside_abi.hpp": "#pragma once\n\n#include <lineside.h>\n\n#include <string>\n",
    "capi/src/call.hpp": "#pragma once\n",
    "capi/src/call.cpp": '#include "call.hpp"\n\n#include <lineside.h>\n#include <lineside/engine.hpp>\n',
    "src/portal/launch.hpp": "#pragma once\nusing done_t = any_completion_handler<void(int, list<list<int>>)>;\n",
    "src/portal/engine.cpp": "void f(done_t done) {\n    done_t next = std::move(done);\n"
                             "    run([done = std::move(next)] {}, op{.done = std::move(done)});\n    if (done == next) {\n    }\n}\n",
}


class Planted(unittest.TestCase):
    def setUp(self):
        self.root = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.root)
        for name, content in CLEAN.items():
            self.plant(name, content)

    def plant(self, name, content):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)

    def fails(self, check, name, content, about):
        """The check passes, then names the file once `content` is planted there."""
        self.assertEqual([], check.check(self.root))
        self.plant(name, content)
        problems = check.check(self.root)
        self.assertTrue(any(name in p and about in p for p in problems), problems)

    def test_floors_arrow_up(self):
        self.fails(check_floors, "src/rules/x.cpp", '#include "store/schema.hpp"\n', "store/schema.hpp")
        self.plant("src/store/schema.hpp", "")
        self.assertIn("src/rules/x.cpp:1: rules may not include store/schema.hpp (store)", check_floors.check(self.root))

    def test_floors_value_includes_door(self):
        self.fails(check_floors, "include/lineside/time.hpp", "#include <lineside/engine.hpp>\n", "doors")

    def test_floors_include_relative_to_own_folder(self):
        self.fails(check_floors, "src/rules/x.cpp", '#include "calendar.hpp"\n', "calendar.hpp")

    def test_floors_folder_without_row(self):
        self.fails(check_floors, "src/attic/x.cpp", "", "no floor")

    def test_floors_table_that_points_up(self):
        upside_down = ARCHITECTURE.replace("`src/rules/` | values", "`src/rules/` | store, values")
        self.fails(check_floors, "docs/architecture.md", upside_down, "not below")

    def test_floors_table_with_unknown_part(self):
        self.fails(check_floors, "docs/architecture.md", ARCHITECTURE.replace("| rules, values", "| cellar, values"), "no part")

    def test_floors_c_functions_reach_below_the_portal(self):
        self.fails(check_floors, "capi/src/call.cpp", '#include "store/schema.hpp"\n', "store/schema.hpp")
        self.plant("src/store/schema.hpp", "")
        self.assertIn("capi/src/call.cpp:1: capi may not include store/schema.hpp (store)", check_floors.check(self.root))

    def test_floors_c_face_includes_cpp(self):
        self.fails(check_floors, "capi/include/lineside_abi.hpp", "#include <lineside/money.hpp>\n", "values")

    def test_libraries_cpp_in_c_header(self):
        for header in ("lineside/money.hpp", "boost/asio.hpp", "sys/types.h"):
            self.setUp()
            self.fails(check_libraries, "capi/include/lineside.h", f"#include <{header}>\n", header)

    def test_libraries_json_in_public_header(self):
        for header in ("boost/json.hpp", "openssl/ssl.h", "sqlite3.h", "date/tz.h", "boost/beast/http.hpp", "zlib.h"):
            self.setUp()
            self.fails(check_libraries, "include/lineside/time.hpp", f"#include <{header}>\n", header)

    def test_libraries_internal_header_in_public_header(self):
        self.fails(check_libraries, "include/lineside/time.hpp", '#include "rules/calendar.hpp"\n', "rules/calendar.hpp")

    def test_libraries_sqlite_outside_store(self):
        self.fails(check_libraries, "src/portal/engine.cpp", "#  include <sqlite3.h>\n", "SQLite")

    def test_libraries_date_outside_calendar(self):
        self.fails(check_libraries, "src/rules/rollup.cpp", "#include <date/date.h>\n", "date")

    def test_handlers_named_elsewhere(self):
        self.fails(check_handlers, "src/store/x.hpp", "any_completion_handler<void()> f();\n", "may be named only")

    def test_handlers_in_a_comment_is_no_name(self):
        self.plant("src/store/x.hpp", "// any_completion_handler\n")
        self.assertEqual([], check_handlers.check(self.root))

    def test_handlers_assigned(self):
        for body in ("done = std::move(other);", "this->done = std::move(other);", "x.done = {};", "if (x)\n  done = y;"):
            self.setUp()
            self.fails(check_handlers, "src/portal/x.cpp", "void f(done_t& done) {\n" + body + "\n}\n", "construct")

    def test_words(self):
        for name, line in (("src/rules/x.cpp", "// TO" + "DO"), ("docs/x.md", "This is for " + "now."),
                           ("scripts/x", "cd /ho" + "me/someone"), ("src/rules/x.cpp", '"/tm' + 'p/x"'),
                           ("tests/unit/x.cpp", "std::this_thread::sleep" + "_for(1s);"),
                           ("tests/x.py", "time.sle" + "ep(1)")):
            self.setUp()
            self.fails(check_words, name, line + "\n", line.strip())

    @unittest.skipIf(check_format.find_clang_format() is None, "clang-format is not installed")
    def test_format(self):
        self.plant(".clang-format", "BasedOnStyle: LLVM\nIndentWidth: 4\nColumnLimit: 120\n")
        for name in [n for n in CLEAN if n.startswith("src/portal")]:
            (self.root / name).unlink()
        self.fails(check_format, "src/rules/x.cpp", "int   x ;\n", "not formatted")

    @unittest.skipIf(check_tidy.find_clang_tidy() is None, "clang-tidy is not installed")
    def test_tidy(self):
        rules = pathlib.Path(__file__).resolve().parents[2] / ".clang-tidy"
        self.plant(".clang-tidy", rules.read_text())
        source = self.root / "src/rules/x.cpp"
        command = {"directory": str(self.root), "file": str(source), "command": f"c++ -std=c++20 -c {source}"}
        self.plant("compile_commands.json", json.dumps([command]))
        self.plant("src/rules/x.cpp", "double half(int x) { return x * 0.5; }\n")
        self.assertEqual([], check_tidy.check(self.root, self.root))
        self.plant("src/rules/x.cpp", "double half(int x) { return x / 2; }\n")
        self.assertIn("bugprone-integer-division", "".join(check_tidy.check(self.root, self.root)))

    def test_docs_dead_link(self):
        self.fails(check_docs, "README.md", "[x](docs/nowhere.md)\n", "docs/nowhere.md")

    def test_docs_missing_command(self):
        self.fails(check_docs, "README.md", "```sh\nscripts/nothing --fast\n```\n", "scripts/nothing")

    def test_docs_missing_preset(self):
        self.fails(check_docs, "README.md", "```sh\ncmake --workflow --preset fast\n```\n", "preset fast")
        self.plant("README.md", "```sh\ncmake --workflow --preset dev\ncmake --preset dev\n```\n")
        self.assertEqual([], check_docs.check(self.root))

    def test_docs_unlisted_decision(self):
        self.fails(check_docs, "docs/adr/0001-x.md", TEMPLATE.replace("0000", "0001"), "not listed")

    def test_docs_decision_off_template(self):
        self.fails(check_docs, "docs/adr/0001-x.md", "# 0001: Words\n\n## Context\n", "the sections are")

    def test_docs_decision_with_anothers_number(self):
        self.fails(check_docs, "docs/adr/0001-x.md", TEMPLATE, "the first line is")

    def quote(self, *lines, of="examples/hello/hello.c"):
        return f"<!-- {of} -->\n```c\n" + "".join(line + "\n" for line in lines) + "```\n"

    def plant_lesson(self):
        self.plant("examples/hello/hello.c", "int main(void) {\n    if (1) {\n        f();\n    }\n}\n")
        self.plant("docs/x.md", self.quote("int main(void) {", "    if (1) {", "        f();", "    }", "}"))

    def test_quotes_stale(self):
        self.plant_lesson()
        self.fails(check_quotes, "docs/y.md", self.quote("int main(void) {", "}"), "hello.c is not what it says")
        check_quotes.write(self.root)
        self.assertEqual((self.root / "docs/x.md").read_text(), (self.root / "docs/y.md").read_text())
        self.assertEqual([], check_quotes.check(self.root))

    def test_quotes_part_with_a_line_left_out(self):
        self.plant_lesson()
        self.plant("docs/z.md", self.quote("if (1) {", "    f();", "}", of="part of examples/hello/hello.c"))
        self.fails(check_quotes, "docs/y.md", self.quote("if (1) {", "}", of="part of examples/hello/hello.c"), "not what")
        check_quotes.write(self.root)
        self.assertEqual((self.root / "docs/z.md").read_text(), (self.root / "docs/y.md").read_text())

    def test_quotes_part_that_is_not_there(self):
        self.plant_lesson()
        self.fails(check_quotes, "docs/y.md", self.quote("g();", of="part of examples/hello/hello.c"), "no part")

    def test_quotes_of_nothing(self):
        self.plant_lesson()
        self.fails(check_quotes, "docs/y.md", self.quote("f();", of="examples/hello/gone.c"), "there is no")
        self.plant("docs/y.md", "<!-- examples/hello/hello.c -->\nNo block.\n")
        self.assertIn("no fenced block", "".join(check_quotes.check(self.root)))

    def test_quotes_of_a_lesson_are_missing(self):
        self.plant_lesson()
        self.fails(check_quotes, "examples/hello/hello.py", "f()\n", "no document quotes it")


if __name__ == "__main__":
    unittest.main()
