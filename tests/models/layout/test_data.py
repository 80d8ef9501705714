"""Examples: every block gets the type of the place it shares most with, and the set on disk is the set in memory."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from models.grid import segment
from models.layout.batches import shuffled, whole
from models.layout.data import UNKNOWN, DataSet, Example, Sample, example, itemised, label, make, synthetic
from models.layout.labels import BLOCK_TYPES, INDEX
from models.synthesis.report import synthesize

Samples = Callable[[int, int], Sample]


def types(text: str, places: list[tuple[int, int, str]]) -> list[str]:
    return ["?" if n == UNKNOWN else BLOCK_TYPES[n] for n in label(segment(text), places)]


def test_a_block_has_the_type_of_the_place_it_lies_in() -> None:
    assert types("规章\t0\n一、概述\n", [(0, 2, "label"), (3, 4, "value"), (5, 9, "heading")]) == [
        "label",
        "value",
        "heading",
    ]


def test_the_largest_share_of_a_block_decides() -> None:
    assert types("规章000", [(0, 2, "label"), (2, 5, "value")]) == ["value"]


def test_one_place_over_many_lines_types_each() -> None:
    assert types("上半句\n下半句。\n", [(0, 8, "paragraph")]) == ["paragraph", "paragraph"]


def test_a_block_that_no_place_touches_is_unknown() -> None:
    assert types("一\n二\n三", [(0, 1, "noise"), (4, 5, "value")]) == ["noise", "?", "value"]


def test_synthetic_reports_leave_no_block_without_a_type() -> None:
    for index in range(20):
        one = synthetic(3, index)
        assert UNKNOWN not in label(segment(one.text), one.places)


def examples(samples: Samples, count: int = 6) -> list[Example]:
    return [example(samples(2, i)) for i in range(count)]


def test_a_set_comes_back_from_disk_as_it_was(samples: Samples, tmp_path: Path) -> None:
    data = DataSet.of(make(samples, 2, 6))
    data.save(tmp_path / "set.npz")
    again = DataSet.load(tmp_path / "set.npz")
    assert again.digest == data.digest
    for one, other in zip(data.examples, again.examples, strict=True):
        assert np.array_equal(one.labels, other.labels)
        assert np.array_equal(one.encoded.grams, other.encoded.grams)
        assert np.array_equal(one.encoded.place, other.encoded.place)


def test_other_reports_have_another_digest(samples: Samples) -> None:
    assert DataSet.of(make(samples, 2, 6)).digest != DataSet.of(make(samples, 3, 6)).digest


def test_batches_of_one_seed_are_the_same(samples: Samples) -> None:
    data = examples(samples)
    for one, other in zip(shuffled(data, "1:0"), shuffled(data, "1:0"), strict=True):
        assert torch.equal(one.grams, other.grams)
        assert torch.equal(one.sight, other.sight)
        assert torch.equal(one.labels, other.labels)


def test_a_batch_keeps_every_block_with_its_label(samples: Samples) -> None:
    data = examples(samples)
    (batch,) = whole(data)
    for i, one in enumerate(data):
        n = int(batch.lengths[i])
        assert n == len(one.labels)
        assert batch.labels[i, :n].tolist() == one.labels.tolist()
        assert (batch.labels[i, n:] == UNKNOWN).all()
        assert np.array_equal(batch.text[batch.which[i, :n]].numpy(), one.encoded.text[one.encoded.which])


def test_every_block_type_has_a_number_of_its_own() -> None:
    assert [INDEX[name] for name in BLOCK_TYPES] == list(range(14))


def test_prose_that_opens_like_a_list_is_an_item_and_a_line_that_goes_on_is_not() -> None:
    text = "一是健全制度，明确\n专人负责。\n本机关加强管理。\n(一)主动公开。全年公开信息。"
    marks = [INDEX[name] for name in ("paragraph", "item", "paragraph", "paragraph")]
    fixed = itemised(text, segment(text), np.array(marks))
    assert [BLOCK_TYPES[n] for n in fixed] == ["item", "paragraph", "paragraph", "paragraph"]


def test_a_synthetic_heading_in_a_piece_of_its_own_is_a_heading_also_with_its_text_beside_it() -> None:
    beside = 0
    for index in range(8, 20):
        report = synthesize(77, index)
        headings = {(m.start, m.end) for m in report.marks if m.kind == "heading"}
        blocks = segment(report.text)
        kinds = label(blocks, synthetic(77, index).places)
        for block, kind in zip(blocks, kinds.tolist(), strict=True):
            if (block.start, block.end) in headings:
                assert kind == INDEX["heading"], report.text[block.start : block.end]
                beside += block.pieces > 1
    assert beside
