"""`python -m tests.simulation --seeds A-B`: runs hostile worlds; a failing seed is printed."""

from __future__ import annotations

import argparse
import sys
import time

from tests.simulation.running import outcomes
from tests.simulation.worlds import LARGE, SMALL


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seeds", default="1-100", help="from-to, both included")
    parser.add_argument("--large", action="store_true", help="3,000 people in each")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--tail", type=int, default=0, help="lines of a failing trace to show")
    args = parser.parse_args()
    first, _, last = args.seeds.partition("-")
    seeds = range(int(first), int(last or first) + 1)
    began, failed, turns, sent, deaths, count = time.monotonic(), 0, 0, 0, 0, 0
    for outcome in outcomes(seeds, LARGE if args.large else SMALL, args.jobs):
        count += 1
        turns, sent = turns + outcome.turns, sent + outcome.sent
        deaths += outcome.deaths
        if outcome.faults:
            failed += 1
            print(f"seed {outcome.seed} FAILED: {len(outcome.faults)} faults")
            print("\n".join(f"    {fault}" for fault in outcome.faults[:8]))
            print("\n".join(outcome.latest[-args.tail :] if args.tail else []), flush=True)
        if count % 10 == 0 or args.large:
            print(
                f"  {count} worlds, {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True
            )
    print(
        f"{count} worlds, {failed} failed; {turns} messages heard, {sent} texts sent, "
        f"{deaths} crashes, {time.monotonic() - began:.0f} s"
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
