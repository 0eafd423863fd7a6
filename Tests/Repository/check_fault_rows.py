#!/usr/bin/env python3
"""Whether every claimed row of the catalogue of faults was proven by tests that ran and passed.

    check_fault_rows.py LOGS STEP…

LOGS is the folder of deploy/test's logs; STEP names the logs to look into: unit, integration,
thorough. Rows whose place did not run are left out. Ends with 1 and names what is missing.
"""

import pathlib
import re
import sys

ROW = re.compile(r"[A-Z]-\d\d")


def swift_rows(log):
    """Rows of the tests that passed, by their names' beginnings."""
    names = re.findall(r'Test "([^":]*):[^\n]*" (?:with \d+ test cases? )?passed', log)
    return {row for name in names for row in ROW.findall(name)}


def python_rows(log):
    """Rows of the methods that ended with ok; a docstring, or what the test prints, may stand between
    a method's name and its result."""
    rows, name = set(), ""
    for line in log.splitlines():
        begun = re.match(r"(test_\w+) \([\w.]+\)", line)
        if begun:
            name = begun.group(1)
        if line == "ok" or line.endswith("... ok"):
            rows |= set(ROW.findall(name.upper().replace("_", "-")))
    return rows


def main():
    logs, steps = pathlib.Path(sys.argv[1]), sys.argv[2:]
    readers = {"unit": swift_rows, "integration": python_rows, "thorough": python_rows}
    proven = {
        step: readers[step]((logs / f"{step}.log").read_text(errors="replace")) for step in steps
    }
    if "thorough" in proven:  # the campaigns run every integration test again, longer
        proven["integration"] = proven["thorough"]
    missing, count = [], 0
    table = pathlib.Path(__file__).with_name("fault-rows.txt").read_text().splitlines()
    for line in table:
        if not line or line.startswith("#"):
            continue
        row, *places = line.split()
        for place in places:
            if place in proven:
                count += 1
                if row not in proven[place]:
                    missing.append(f"{row} ({place})")
    if missing:
        print("No test that ran and passed proves:", ", ".join(missing))
        return 1
    print(f"rows: {count} claims proven by tests that ran and passed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
