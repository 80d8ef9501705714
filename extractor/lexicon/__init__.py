"""Words as data: YAML lists that the rules read. Logic is code and stands elsewhere."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

import yaml


@cache
def lexicon(name: str) -> dict[str, Any]:
    """The lexicon file ``name.yaml``. Raises FileNotFoundError for an unknown name."""
    text = resources.files("extractor").joinpath("lexicon", f"{name}.yaml").read_text(encoding="utf-8")
    data: dict[str, Any] = yaml.safe_load(text)
    return data


@cache
def words(name: str, key: str) -> tuple[str, ...]:
    """One list of words of a lexicon file, longest first, so that the first that fits is the longest that fits."""
    return tuple(sorted(lexicon(name)[key], key=lambda w: (-len(w), w)))
