"""Where the token classifier reads: runs of blocks that hold prose or glued rows.

The same function cuts synthetic reports for training and real ones for reading.
"""

from __future__ import annotations

from collections.abc import Iterable

READ = frozenset({"heading", "paragraph", "item", "row"})
PASSED_OVER = frozenset({"page_number"})


def stretches(blocks: Iterable[tuple[int, int, str]]) -> list[tuple[int, int]]:
    """Maximal runs of blocks to read, as half-open places of the text.

    ``blocks`` are (start, end, type) in reading order. What stands between the blocks of a run (line breaks, blank
    lines, page numbers) belongs to it; a block of any other type ends it.
    """
    out: list[tuple[int, int]] = []
    open_run: tuple[int, int] | None = None
    for start, end, kind in blocks:
        if kind in READ:
            open_run = (open_run[0] if open_run else start, end)
        elif kind not in PASSED_OVER and open_run:
            out.append(open_run)
            open_run = None
    return [*out, open_run] if open_run else out
