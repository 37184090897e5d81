"""``python -m tools.swarm [--signers N] [--documents N] [--kills S]``. Exit 0: each signed once, nobody asked twice."""

from __future__ import annotations

import argparse
import sys
from collections import Counter

from tools.swarm.run import Plan, archived, swarm
from tools.swarm.verdict import asked, problems


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.swarm", description=__doc__)
    parser.add_argument("--signers", type=int, default=50)
    parser.add_argument("--documents", type=int, default=1)
    parser.add_argument("--kills", type=float, default=7.0, help="seconds between two kills; 0: none")
    parser.add_argument("--patience", type=float, default=3600.0, help="seconds that anybody goes on trying")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    plan = Plan(options.signers, options.documents, options.kills, seed=options.seed, patience=options.patience)
    with swarm(plan) as told:
        print(f"{len(told.people)} persons, {len(told.documents)} documents in {told.seconds:.0f} s; "
              f"killed {dict(told.killed)}; ways {dict(Counter(told.ways.values()))}")  # fmt: skip
        repeated = sum(m.caller.repeated for m in told.members)
        refusals = Counter(code for m in told.members for code in m.refusals)
        print(f"requests sent again {repeated}; refused and tried again {dict(refusals)}")
        later = sum((m.caller.later for m in told.members), Counter[str]())
        print(f"not answered or put off {dict(later)}")
        print(f"asked again because the device had timed out {dict(asked(told).again)}")
        for failure in told.failures:
            print(f"  NO {failure}")
        if not told.failures:
            archived(told)
        found = problems(told)
        for text in found:
            print(f"  NO {text}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
