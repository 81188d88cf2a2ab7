"""The report counts what is a decision, names the side that nothing took, and believes no mark that is not true."""

import unittest

import report

SOURCE = """\
int f(bool a, bool b) {
    if (a && b)
        return 1;
    while (true) {
        if (b) // unreachable: nobody calls it so
            return 2;
    }
    switch (kind) {
    case kind::one: return 3;
    case kind::two: return 4;
    }
    if constexpr (wide)
        return 5;
}
"""


def judge(*branches, source=SOURCE):
    return report.judge("area", "f.cpp", source, branches)


class Report(unittest.TestCase):
    def test_a_side_that_nothing_took_is_named_with_its_place_and_line(self):
        judged = judge((2, 9, 3, 1), (2, 14, 3, 0), source=SOURCE.replace(" // unreachable: nobody calls it so", ""))
        self.assertEqual((judged.sides, judged.taken), (4, 3))
        self.assertEqual(judged.missed, ["f.cpp:2:14: never false: if (a && b)"])
        self.assertFalse(judged.excused or judged.wrong)

    def test_instantiations_of_one_place_are_one_branch(self):
        judged = judge((2, 9, 3, 0), (2, 9, 0, 1), (5, 13, 0, 1))
        self.assertEqual((judged.sides, judged.taken, judged.missed), (4, 3, []))

    def test_constants_are_no_branches(self):
        self.assertEqual(judge((4, 12, 0, 0), (12, 19, 0, 0)).sides, 0)

    def test_a_case_is_one_side_and_the_way_past_all_of_them_is_none(self):
        judged = judge((8, 13, 0, 9), (9, 5, 9, 0), (10, 5, 0, 9))
        self.assertEqual((judged.sides, judged.taken), (2, 1))
        self.assertEqual(judged.missed, ["f.cpp:10:5: never true: case kind::two: return 4;"])

    def test_a_mark_excuses_its_line_and_the_report_repeats_the_reason(self):
        judged = judge((5, 13, 0, 4))
        self.assertEqual((judged.sides, judged.taken, judged.missed, judged.wrong), (2, 1, [], []))
        self.assertEqual(judged.excused, ["f.cpp:5:13: never true: unreachable: nobody calls it so"])
        self.assertIn("nobody calls it so", report.render([judged]))

    def test_a_mark_on_what_is_reached_is_wrong(self):
        self.assertEqual(len(judge((5, 13, 1, 4)).wrong), 1)
        self.assertEqual(len(judge((2, 9, 1, 4)).wrong), 1)

    def test_what_only_a_race_takes_is_excused_and_may_be_taken(self):
        raced = SOURCE.replace("unreachable: nobody calls it so", "raced: it ended in between")
        self.assertEqual(judge((5, 13, 0, 4), source=raced).excused,
                         ["f.cpp:5:13: never true: raced: it ended in between"])
        lucky = judge((5, 13, 1, 4), source=raced)
        self.assertFalse(lucky.missed or lucky.excused or lucky.wrong)

    def test_almost_all_is_not_all(self):
        self.assertEqual(report.percent(9999, 10000), "99.9 %")
        self.assertEqual(report.percent(10000, 10000), "100.0 %")

    def test_headings_name_the_areas_and_every_file_is_of_one(self):
        self.assertEqual(list(report.listed("# About.\n\n# auth\na.cpp\nb.hpp\n\n# money\nc.cpp\n")),
                         [("auth", "a.cpp"), ("auth", "b.hpp"), ("money", "c.cpp")])


if __name__ == "__main__":
    unittest.main()
