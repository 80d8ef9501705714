"""Training data on disk, so that a run taken up again need not write its reports anew."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from models.claims.data import Labelled, Sample, Source, digest_of, join, labelled, make
from models.encoding import Encoded

_OWN = ("targets", "claim_ids", "attributes")


def fetch(
    path: Path, source: Source, seed: int, count: int, extra: Sequence[Sample], processes: int, *, noisy: bool = True
) -> tuple[Labelled, str]:
    """``count`` reports of ``source`` and the ``extra`` samples, read from ``path`` if they are there, else made and
    kept; with the SHA-256 of all texts and marks."""
    if path.exists():
        return load(path)
    data, digest = make(source, seed, count, noisy=noisy, processes=processes)
    if extra:
        data = join([data, *(labelled(sample) for sample in extra)])
        digest = hashlib.sha256(digest.encode() + b"".join(map(digest_of, extra))).hexdigest()
    save(path, data, digest)
    return data, digest


def save(path: Path, data: Labelled, digest: str) -> None:
    """Write whole or not at all."""
    arrays = {name: getattr(data.encoded, name) for name in Encoded.__dataclass_fields__}
    own = {name: getattr(data, name) for name in _OWN}
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    with new.open("wb") as stream:
        np.savez(stream, digest=np.array(digest), **arrays, **own)
    new.replace(path)


def load(path: Path) -> tuple[Labelled, str]:
    """What ``save`` wrote."""
    with np.load(path) as stored:
        encoded = Encoded(**{name: stored[name] for name in Encoded.__dataclass_fields__})
        return Labelled(encoded, *(stored[name] for name in _OWN)), str(stored["digest"])
