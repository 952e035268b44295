"""Adds up what all runners of tests/run counted, prints one line for each and the sum last; fails if anything failed."""

import pathlib
import re
import sys
import xml.etree.ElementTree

SUM = re.compile(r"^(\d+) passed, (\d+) failed, (\d+) skipped$", re.M)


def googletest_counts(output):
    """Passed, failed and skipped of a GoogleTest program, or None where the output is not one's."""
    ran = re.search(r"^\[==========\] (\d+) tests? from .* ran\.", output, re.M)
    if not ran:
        return None

    def number(label):
        found = re.search(r"^\[  " + label + r" *\] (\d+) tests?", output, re.M)
        return int(found.group(1)) if found else 0

    return number("PASSED"), number("FAILED"), number("SKIPPED")


def case_counts(case):
    """One entry of ctest: its GoogleTest cases, or itself."""
    passed = case.get("status") == "run" and case.find("failure") is None
    if case.find("skipped") is not None or case.get("status") in ("disabled", "notrun"):
        return 0, 0, 1
    counts = googletest_counts(case.findtext("system-out") or "")
    if counts is None:
        return (1, 0, 0) if passed else (0, 1, 0)
    if not passed and counts[1] == 0:  # it crashed, or failed after its tests
        return counts[0], 1, counts[2]
    return counts


def add(first, second):
    return tuple(a + b for a, b in zip(first, second))


def report(name, counts):
    print(f"{name:20} {counts[0]:6} passed {counts[1]:4} failed {counts[2]:4} skipped")


def main():
    logs = pathlib.Path(sys.argv[1])
    total = (0, 0, 0)
    for path in sorted(logs.glob("*.xml")):
        counts = (0, 0, 0)
        for case in xml.etree.ElementTree.parse(path).iter("testcase"):
            counts = add(counts, case_counts(case))
        report(path.stem, counts)
        total = add(total, counts)
    for path in sorted(logs.glob("mixed-[rl]*.log")):  # GoogleTest programs that ran outside ctest
        counts = googletest_counts(path.read_text(errors="replace")) or (0, 1, 0)
        report(path.stem, counts)
        total = add(total, counts)
    for path in sorted(logs.glob("*.result")):
        counts = tuple(int(number) for number in SUM.search(path.read_text()).groups())
        report(path.stem, counts)
        total = add(total, counts)
    print(f"{total[0]} passed, {total[1]} failed, {total[2]} skipped")
    return total[1] != 0 or total[0] == 0


sys.exit(main())
