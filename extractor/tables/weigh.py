"""How much a reading of the tables leaves to be desired: to choose between ways to read the whole page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from extractor.document import Table
from extractor.tables.labels import columns_of

SURE = 0.94
WRONG_COLUMN = 0.5
BLANK_ITEM = 0.2


def defects(tables: Iterable[Table]) -> float:
    """What cells lack in confidence, and half a cell for each column of table 3 that does not add up; 0 at best.

    A cell of table 2 that prints nothing counts a little: its number may have gone elsewhere.
    """
    out = 0.0
    for table in tables:
        out += sum(max(0.0, SURE - c.confidence) for c in table.cells if c.status != "blank")
        out += BLANK_ITEM * sum(c.status == "blank" for c in table.cells if table.id == "t2")
        if table.id == "t3":
            out += WRONG_COLUMN * wrong_columns({c.id: c.value for c in table.cells})
    return round(out, 6)


def wrong_columns(values: Mapping[str, float | None]) -> int:
    """How many of table 3's columns have results that miss their total, or carry over another number."""
    rows = list(dict.fromkeys(i[3:].rsplit(".", 1)[0] for i in values))
    results = [r for r in rows if r in ("granted", "partial", "other") or "." in r]
    wrong = 0
    for column in columns_of("t3"):

        def of(names: Iterable[str], column: str = column) -> float:
            return sum(values.get(f"t3.{r}.{column}") or 0.0 for r in names)

        wrong += abs(of(results) - of(["result_total"])) > 1e-6
        wrong += abs(of(["new", "carried_in"]) - of(["result_total", "carried_out"])) > 1e-6
    return wrong
