"""Ends audit-canary.sh: two audits side by side, exit code 0 where the canary gives itself away and its twin does not. Only the standard library.
    canary.py FACTOR CANARY.json TWIN.json"""
import json
import pathlib
import sys

factor = sys.argv[1]
audits = {name: json.loads(pathlib.Path(path).read_text()) for name, path in zip(("canary", "twin"), sys.argv[2:4], strict=True)}


def lines(name, measure):
    """Only of what was planted: a weak model is red elsewhere, which says nothing of the shortcut."""
    found = [line for test in audits[name]["tests"] for line in test["lines"] if line["of"].startswith(f"{factor} ") and line["measure"] == measure]
    for line in found:
        print(f"{name}: {line['of']}: {line['measure']} {line['value']:.1%} ({line['lo']:.1%} to {line['hi']:.1%}) of {line['n']}, {line['state']}")
    return found


changes = {name: lines(name, "answers that change") for name in audits}
guesses = {name: [line["state"] for line in lines(name, "right guesses") if line["of"].endswith(" by label")] for name in audits}
if not all(changes.values()) or not all(guesses.values()):
    sys.exit(f"no lines of {factor} in one of the audits: was it one of the factors that pairs are made of?")
low, high = max(line["lo"] for line in changes["canary"]), max(line["hi"] for line in changes["twin"])
print(f"answers that change, worst line: canary at least {low:.1%}, twin at most {high:.1%}")
sys.exit(not ("red" in guesses["canary"] and "red" not in guesses["twin"] and low > high))
