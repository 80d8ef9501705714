"""The two families that ordinary synthesis never writes: only on request, with gold like all else."""

from __future__ import annotations

import hashlib
from collections import Counter
from functools import cache

from models.grid import segment
from models.layout.data import UNKNOWN, label, of_report
from models.layout.labels import BLOCK_TYPES
from models.synthesis.prose.families import FAMILIES, withheld
from models.synthesis.report import WITHHELD_FAMILIES, Options, Synthetic, synthesize
from models.synthesis.tables import STYLES, WITHHELD

OWN_WORDS = ("来呈", "批讫", "旧管", "留册", "照准", "节准", "查无", "卡组")


def digest(reports: list[Synthetic]) -> str:
    return hashlib.sha256(repr([(r.text, r.gold, r.marks, r.meta) for r in reports]).encode()).hexdigest()


@cache
def showing() -> tuple[Synthetic, ...]:
    return tuple(synthesize(425, i, Options(shows=WITHHELD_FAMILIES, damage=(), fault_rate=0)) for i in range(60))


def places(made: Synthetic, family: str) -> list[tuple[int, int]]:
    return [(m.start, m.end) for m in made.marks if m.kind == "withheld" and m.data["family"] == family]


def test_ordinary_synthesis_writes_nothing_of_them() -> None:
    reports = [synthesize(424, i) for i in range(40)]
    assert not any(word in r.text for r in reports for word in OWN_WORDS)
    assert not any(m.kind == "withheld" for r in reports for m in r.marks)
    assert WITHHELD.name not in STYLES
    assert not set(withheld()) & set(FAMILIES)


def test_the_same_request_gives_the_same_bytes_and_no_request_those_of_before() -> None:
    asked = [synthesize(425, i, Options(shows=WITHHELD_FAMILIES)) for i in range(6)]
    plain = [synthesize(425, i) for i in range(6)]
    assert digest(asked) == digest([synthesize(425, i, Options(shows=WITHHELD_FAMILIES)) for i in range(6)])
    assert digest(plain) == digest([synthesize(425, i, Options(shows=())) for i in range(6)])
    assert digest(asked) != digest(plain)


def test_every_card_names_its_row_and_column_and_gives_the_cell_its_value() -> None:
    types: Counter[str] = Counter()
    for made in showing():
        blocks = segment(made.text)
        kinds = label(blocks, of_report(made).places).tolist()
        for start, end in places(made, "cards"):
            inside = [(b, k) for b, k in zip(blocks, kinds, strict=True) if start <= b.start < end]
            assert all(k != UNKNOWN for _, k in inside)
            types.update(BLOCK_TYPES[k] for _, k in inside)
        for mark in (m for m in made.marks if m.kind == "cell" and m.start < m.end):
            printed = made.text[mark.start : mark.end]
            assert not printed.isdigit() or int(printed) == mark.data["value"]
    assert min(types[k] for k in ("caption", "label", "header", "value")) > 50
    assert abs(types["header"] - types["value"]) < 0.02 * types["value"]


def test_what_the_register_states_agrees_with_the_table() -> None:
    stated: Counter[str] = Counter()
    sentences = set()
    for made in showing():
        cells = made.gold["cells"]
        for start, end in places(made, "register"):
            sentences.add("".join(c for c in made.text[start:end] if not c.isdigit()))
            claims = [c for c in made.gold["claims"] if start <= c["start"] < end]
            assert claims
            for claim in claims:
                stated.update(claim["metrics"])
                for metric in claim["metrics"]:
                    if metric in cells and cells[metric] is not None and claim["scope"] == "own":
                        assert claim["value"] == cells[metric]
    assert len(stated) >= 11
    assert len(sentences) > 80
