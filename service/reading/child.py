"""The process that reads reports: ``python -m service.reading.child FD``. It ends when its parent closes the socket."""

from __future__ import annotations

import os
import pickle
import signal
import sys
from multiprocessing.connection import Connection
from pathlib import Path

from extractor.pipeline import Extractor, collect_seldom, load
from extractor.result import dump, payload
from models.registry import BrokenInstallation
from service.reading.messages import Crashed, Hello, Order

_WARM_UP = "一、总体情况\n\n全年收到政府信息公开申请3件。"


def main(descriptor: int) -> None:
    """Say hello once the models are loaded, then answer orders until there are no more."""
    os.dup2(2, 1)  # what a library prints must not get lost, nor wait for somebody to read it
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer: it lets what is under way end
    channel = Connection(descriptor)
    try:
        extractor = load()
        extractor(_WARM_UP)  # what loads at first use is loaded now, not by the first report
    except BrokenInstallation as error:
        channel.send_bytes(pickle.dumps(error))
        return
    collect_seldom()
    channel.send_bytes(pickle.dumps(Hello(extractor.versions)))
    while True:
        try:
            order: Order = pickle.loads(channel.recv_bytes())
            channel.send_bytes(_read(extractor, order))
        except (EOFError, OSError):
            return


def _read(extractor: Extractor, order: Order) -> bytes:
    """The result as JSON, or a pickled Crashed behind a NUL, with which no JSON begins."""
    try:
        return dump(payload(extractor(order.report.text, order.id), order.report))
    except Exception as error:
        # The exception's message may quote the report: only its type and place go on.
        trace = error.__traceback__
        while trace and trace.tb_next:
            trace = trace.tb_next
        place = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "?"
        return b"\0" + pickle.dumps(Crashed(type(error).__name__, place))


if __name__ == "__main__":
    main(int(sys.argv[1]))
