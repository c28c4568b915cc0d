"""Adds up the results of test runs (*.trx in a folder; what else failed, a line each in "failed"), lists what was skipped, and prints the totals as the last line."""

import pathlib
import sys
import xml.etree.ElementTree as xml

VSTEST = "{http://microsoft.com/schemas/VisualStudio/TeamTest/2010}"

passed, failed, skipped = 0, [], []
results = pathlib.Path(sys.argv[1])
if (results / "failed").exists():
    failed += (results / "failed").read_text().splitlines()
for file in sorted(results.rglob("*.trx")):
    for result in xml.parse(file).iter(VSTEST + "UnitTestResult"):
        name = result.get("testName")
        match result.get("outcome"):
            case "Passed":
                passed += 1
            case "NotExecuted":
                reason = result.findtext(f"{VSTEST}Output/{VSTEST}ErrorInfo/{VSTEST}Message") or result.findtext(f"{VSTEST}Output/{VSTEST}StdOut") or ""
                skipped.append(f"{name}: {reason.strip()}")
            case _:
                failed.append(name)

for name in skipped:
    print(f"SKIPPED {name}")
for name in failed:
    print(f"FAILED {name}")
print(f"{passed} passed, {len(failed)} failed, {len(skipped)} skipped")
sys.exit(0 if passed > 0 and not failed else 1)
