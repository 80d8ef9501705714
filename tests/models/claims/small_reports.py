"""Tiny marked reports for tests that train: a handful of sentences with invented names and drawn numbers."""

from __future__ import annotations

import random
from typing import Any

from models.claims.data import Sample
from models.synthesis.markup import Mark, Marked

_BODIES = ("云溪县", "云溪县水务局", "青禾镇人民政府", "白石市", "白石市教育局")


def sample(seed: int, index: int) -> Sample:
    """One report: a title, narrative blocks with headings and claims, and a glued table row."""
    rng = random.Random(f"{seed}:{index}:small")
    issuer, year = rng.choice(_BODIES), rng.randint(2019, 2024)
    report = Marked()
    _block(report, Marked(f"{issuer}{year}年政府信息公开工作年度报告"), "title")
    _block(report, _put(Marked(), "一、总体情况", "heading"), "heading")
    for _ in range(rng.randint(2, 5)):
        _block(report, rng.choice((_received, _none, _published, _grown, _earlier))(rng, year), "paragraph")
    row = Marked("规章")
    for value in (rng.randint(0, 9) for _ in range(3)):
        _put(row, str(value), "cell", value=value)
    _block(report, row, "row")
    _block(report, Marked("第二十条第（五）项"), "label")
    return Sample(report.text, tuple(report.marks), year, issuer)


def _block(report: Marked, part: Marked, block_type: str) -> None:
    report.join(part, "block", type=block_type).add("\n\n")


def _put(part: Marked, text: str, mark: str, **data: Any) -> Marked:
    part.marks.append(Mark(len(part.text), len(part.text) + len(text), mark, data))
    return part.add(text)


def _claim(part: Marked, text: str, kind: str, *concepts: str, approx: bool = False, scope: str = "own") -> Marked:
    return _put(part, text, "claim", kind=kind, approx=approx, scope=scope, concepts=list(concepts))


def _received(rng: random.Random, year: int) -> Marked:
    part = _put(Marked(), "（二）依申请公开", "heading").add(f"。{year}年共收到政府信息公开申请")
    _claim(part, str(rng.randint(1, 400)), "count", "requests_new").add("件，予以公开")
    return _claim(part, str(rng.randint(1, 99)), "count", "granted").add("件。")


def _none(rng: random.Random, year: int) -> Marked:
    return _claim(Marked("本年度"), "未发生行政复议", "zero", "review").add("，各项工作平稳。")


def _published(rng: random.Random, year: int) -> Marked:
    approx = rng.random() < 0.5
    part = _claim(Marked("在门户网站主动公开信息"), str(rng.randint(1, 99) * 100), "count", approx=approx)
    return part.add("余条" if approx else "条").add("，落实三审三校制度，公开12345热线。")


def _grown(rng: random.Random, year: int) -> Marked:
    return _claim(Marked("按时答复率"), "100", "ratio").add("%。")


def _earlier(rng: random.Random, year: int) -> Marked:
    part = Marked(f"{year - 1}年收到政府信息公开申请")
    return _claim(part, str(rng.randint(1, 400)), "count", "requests_new", scope="other_year").add("件。")


KNOWN, NEW = "收到政府信息公开申请", "来牍入册"


def in_other_words(made: Sample) -> Sample:
    """The report with its requests received told in words that no other report has."""
    places = [i for i in range(len(made.text)) if made.text.startswith(KNOWN, i)]
    moved = Marked(made.text, list(made.marks)).substitute((i, i + len(KNOWN), NEW) for i in places)
    return Sample(moved.text, tuple(moved.marks), made.year, made.issuer)
