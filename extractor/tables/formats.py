"""Which form a report follows: by the columns of table 2, else by its rows, by table 3, by the year it names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache

from extractor.tables.find import Match
from extractor.tables.labels import chinese
from extractor.tables.page import Page
from models.form import load_forms

_YEAR = re.compile(r"20(?:19|2\d)(?=\s?年)")
_ONLY_2019 = frozenset({"other_services", "procurement"})


@cache
def _own_columns(first: bool | None) -> dict[str, tuple[tuple[str, ...], ...]]:
    """For each form the heads of columns that no other form has; a head that lost its last character counts."""
    heads: dict[str, list[tuple[str, ...]]] = {}
    for form in load_forms():
        blocks = form.tables["t2"].blocks
        used = blocks if first is None else blocks[:1] if first else blocks[1:]
        columns = {c.id: tuple(chinese(t) for t in c.texts) for b in used for c in b.columns}
        heads[form.id] = [tuple(_stems(texts)) for texts in columns.values()]
    return {
        form: tuple(tuple(t for t in texts if not _met_elsewhere(t, form, heads)) for texts in columns)
        for form, columns in heads.items()
    }


def _stems(texts: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(s for t in texts for s in (t, t[:-1] if len(t) > 5 else t)))


def _met_elsewhere(text: str, form: str, heads: Mapping[str, list[tuple[str, ...]]]) -> bool:
    return any(text in other for f, columns in heads.items() if f != form for texts in columns for other in texts)


def columns_say(page: Page, matches: Sequence[Match], first: bool | None = None) -> str | None:
    """The form whose column heads are there: of the whole table 2, of its first block, or of the others."""
    votes: Counter[str] = Counter()
    if not matches:
        return None
    text = page.hanzi[matches[0].t0 : matches[-1].t1]
    for form, cores in _own_columns(first).items():
        votes[form] = sum(any(c in text for c in column) for column in cores)
    votes = +votes
    best = votes.most_common(2)
    if not best or (len(best) == 2 and best[0][1] == best[1][1]):
        return None
    return best[0][0]


def rows_say(items: Sequence[Match], requests: Sequence[Match]) -> str | None:
    """The form that the rows met speak for."""
    ids = {m.word.id for m in items if m.word.role == "row"}
    if ids & _ONLY_2019:
        return "2019"
    rows = {m.word.id for m in requests if m.word.role in ("row", "group")}
    if any(r.startswith("other.") for r in rows):
        return "2021"
    return "2019" if "other" in rows and {"new", "carried_out"} <= rows else None


def year_says(page: Page) -> str | None:
    """The form of the year that the report names most often."""
    years = Counter(int(m[0]) for m in _YEAR.finditer(page.text))
    if not years:
        return None
    year = max(years, key=lambda y: (years[y], -y))
    return next((f.id for f in load_forms() if f.from_year <= year and (f.to_year is None or year <= f.to_year)), None)
