"""Block types from the exported model: numpy and ONNX Runtime, nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.grid import GridBlock
from models.layout.features import encode, fingerprint, place_figures, sight
from models.layout.labels import BLOCK_TYPES, BlockType
from models.registry import RECORD, BrokenInstallation, load, read_record

WINDOW, OVERLAP = 600, 100  # blocks read at a time; each block's type is taken where it stands further from an edge


class BlockClassifier:
    """A loaded version of the layout model. Calls do not change it: one may serve many threads."""

    def __init__(self, folder: Path, full: bool = False) -> None:
        """``folder`` of a version (its digests are the registry's affair); ``full`` takes the unquantised model."""
        import onnxruntime

        record = read_record(folder)
        if record.get("features") != fingerprint() or record.get("labels") != list(BLOCK_TYPES):
            raise BrokenInstallation(
                f"{folder / RECORD} is of a layout model for features {record.get('features')}",
                f"features {fingerprint()} and the labels of this version of the software",
                "train the layout model again (nianbao train layout), or install matching weights",
            )
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        path = folder / ("model.onnx" if full else "model.int8.onnx")
        self._session: Any = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        self.version: str = folder.name

    def classify(self, text: str, blocks: Sequence[GridBlock]) -> list[tuple[BlockType, float]]:
        """The type of each block of the text's grid with its probability."""
        chances = self.probabilities(text, blocks)
        best = chances.argmax(1).tolist()
        scores = chances.max(1).tolist() if len(blocks) else []
        return [(BLOCK_TYPES[i], score) for i, score in zip(best, scores, strict=True)]

    def probabilities(self, text: str, blocks: Sequence[GridBlock]) -> NDArray[np.float32]:
        """[len(blocks), len(BLOCK_TYPES)], rows add up to 1. Time and memory grow linearly with the blocks."""
        if not blocks:
            return np.zeros((0, len(BLOCK_TYPES)), np.float32)
        total = blocks[-1].line + 1
        parts = [self._window(text, blocks, *w, total) for w in windows(len(blocks))]
        return np.concatenate(parts)

    def _window(
        self, text: str, blocks: Sequence[GridBlock], start: int, end: int, keep: int, until: int, total: int
    ) -> NDArray[np.float32]:
        """Probabilities of the blocks ``keep:until``, read with the blocks ``start:end`` around them."""
        encoded = encode(text, blocks[start:end], total)
        place = place_figures(encoded.place, start, len(blocks))
        seen = sight(encoded.edges, place)[None]
        chances = self.run(encoded.grams, encoded.text, encoded.which[None], seen)
        return chances[keep - start : until - start]

    def run(
        self, grams: NDArray[Any], text: NDArray[np.float32], which: NDArray[Any], seen: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """The network itself: grams [U, K], text [U, T], which [1, N], seen [1, N, S] → probabilities [N, types]."""
        inputs = {"grams": grams.astype(np.int32), "text": text, "which": which.astype(np.int64), "sight": seen}
        logits = self._session.run(None, inputs)[0][0]
        powers = np.exp(logits - logits.max(1, keepdims=True))
        out: NDArray[np.float32] = powers / powers.sum(1, keepdims=True)
        return out


def windows(count: int) -> Iterator[tuple[int, int, int, int]]:
    """(start, end, keep, until) of each window over ``count`` blocks; the kept ranges cover every block once."""
    if count <= WINDOW:
        yield 0, count, 0, count
        return
    keep = 0
    while keep < count:
        start = max(keep - OVERLAP // 2, 0)
        end = min(start + WINDOW, count)
        until = count if end == count else end - OVERLAP // 2
        yield start, end, keep, until
        keep = until


def load_classifier(version: str | None = None) -> BlockClassifier:
    """A version of the layout model (the current one by default), its files checked; loaded once a process."""
    return _loaded(load("layout", version))


@lru_cache(maxsize=4)
def _loaded(folder: Path) -> BlockClassifier:
    return BlockClassifier(folder)
