"""The process that trains: ``python -m service.learning.child FOLDER``. One core at the lowest priority, and it ends
when its parent does. What it has done stays on the disk, so that the next one goes on from there.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from pathlib import Path

from extractor.commands.train import finetuned, lacking
from models.annotations.dataset import MANIFEST, Dataset
from models.annotations.said import AnnotationError
from models.finetune import NothingToLearnError
from models.gate import judge as gate
from models.gate.holdout import hold_out
from models.registry import RECORD, BrokenInstallation, locked
from models.workplace import OtherRunError
from service.learning.orders import Order, end, tell
from service.logs import places

JUDGING = "judging"
_TELL_SECONDS = 0.5
_RUN = {"processes": 1, "resume": True}


def main(folder: Path) -> None:
    """Do what the folder's order says, and leave the outcome there."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    os.nice(19)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with locked(folder):  # one that was left behind may take a moment to end
        try:
            end(folder, _code(folder, Order.read(folder)))
        except Exception as error:
            # Its message may quote a report: type and place are told.
            end(folder, "internal", f"{type(error).__name__} {places(error)[-1]}")


def _end_with_parent() -> None:
    """Standard input ends with the parent, however that comes to its end."""
    while os.read(0, 1):
        pass
    os._exit(1)


def _code(folder: Path, order: Order) -> str:
    try:
        data = Dataset(Path(order.data))
        if order.start and not (order.out / RECORD).is_file():
            if lacking():
                return "training_missing"
            _train(order, data)
        _judge(folder, order, data)
    except NothingToLearnError:
        return "nothing_to_learn"
    except OtherRunError:
        return "version_taken"
    except AnnotationError:
        return "dataset_damaged"
    except BrokenInstallation:
        return "models_damaged"
    return ""


def _train(order: Order, data: Dataset) -> None:
    """Go on where a run was stopped; from the start, where annotations were added since."""
    run = {**_RUN, "command": order.command}
    try:
        finetuned(order.task, order.out, data, order.start, order.changes, run)
    except OtherRunError:
        finetuned(order.task, order.out, data, order.start, order.changes, {**run, "resume": False})


def _judge(folder: Path, order: Order, data: Dataset) -> None:
    own = data if (data.root / MANIFEST).is_file() else None
    said = 0.0

    def say(part: str, done: int, total: int) -> None:
        nonlocal said
        if done == total or time.monotonic() - said > _TELL_SECONDS:
            said = time.monotonic()
            tell(folder, f"{JUDGING}: {part}", done, total)

    tell(folder, JUDGING, 0, None)
    frozen = hold_out(order.task, order.gate_reports)
    gate.note(gate.judge(order.task, order.version, None, own, frozen=frozen, tell=say))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
