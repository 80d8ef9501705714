"""``python -m models.proof FOLDER``: the proof that fine-tuning learns, from nothing to table and figure.

All work is done in FOLDER; given again, the command goes on where it was stopped. Needs the extra ``train``.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from models import registry
from models.proof.experiment import conduct
from models.proof.plan import Plan
from models.proof.show import curve, figure, table
from models.registry import replace_text

TABLE, FIGURE = "learning-curve.md", "learning-curve.svg"


def main(arguments: list[str] | None = None) -> None:
    """Conduct the experiment, write ``learning-curve.md`` and ``learning-curve.svg`` into FOLDER, print the table."""
    parser = argparse.ArgumentParser(prog="python -m models.proof", description=__doc__)
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("--jobs", type=int, default=2, help="processes of one thread each (default: 2)")
    given = parser.parse_args(arguments)
    os.environ[registry.ROOT_VARIABLE] = str(given.folder / "models")  # nothing is promoted there: the shipped serve
    write(Plan(given.folder, {task: registry.current(task) for task in registry.TASKS}), given.jobs)


def write(plan: Plan, jobs: int) -> None:
    """Conduct a plan and write its results."""
    conduct(plan, jobs, lambda done: print(done, file=sys.stderr, flush=True))
    curves = [curve(plan, task) for task in plan.start]
    replace_text(plan.folder / TABLE, table(curves))
    replace_text(plan.folder / FIGURE, figure(curves))
    print(table(curves))


if __name__ == "__main__":
    main()
