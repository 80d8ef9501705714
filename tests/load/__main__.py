"""All measurements, one after the other: ``python -m tests.load``, or a small round of them with ``--quick``."""

from __future__ import annotations

import sys

from tests.load import extract, kill, lists, memory

ALL = (extract, memory, kill, lists)
# Small enough for the tests: they show that the measurements work, and nothing about speed.
QUICK = (
    ("--clients", "3", "--seconds", "2", "--reports", "12", "--processes", "1"),
    ("--requests", "60", "--processes", "1"),
    ("--writes", "12", "--kills", "2"),
    ("--reports", "60", "--rounds", "3"),
)


def main() -> int:
    quick = "--quick" in sys.argv[1:]
    return max(one.main(QUICK[number] if quick else ()) for number, one in enumerate(ALL))


if __name__ == "__main__":
    sys.exit(main())
