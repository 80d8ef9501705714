"""The one list of stages, and the extractor that runs them. The order is checked when the pipeline is built."""

from __future__ import annotations

import gc
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol

from extractor.document import Document

_NO_CHARACTERS = re.compile("[\x00\ud800-\udfff]")


class Stage(Protocol):
    """A pure function of a document (and of the models and forms it was built with) that adds layers to it."""

    @property
    def name(self) -> str: ...

    @property
    def needs(self) -> tuple[str, ...]: ...

    @property
    def makes(self) -> tuple[str, ...]: ...

    def __call__(self, document: Document) -> Document: ...


class PipelineError(ValueError):
    """The stages are in an order in which one of them lacks a layer that it needs."""


class Extractor:
    """Runs the stages over a text. Safe to share between threads: nothing is kept from one report to the next."""

    def __init__(self, stages: Sequence[Stage], versions: tuple[tuple[str, str], ...] = ()) -> None:
        _check_order(stages)
        self.stages = tuple(stages)
        self.versions = versions

    def __call__(self, text: str, id: str = "") -> Document:
        """Every layer of one report. Offsets are code points of ``text`` as given.

        NUL and lone surrogates, which no encoder takes, are read as U+FFFD: one character for one, offsets stay.
        """
        document = Document(text=_NO_CHARACTERS.sub("\ufffd", text), id=id, versions=self.versions)
        for stage in self.stages:
            document = stage(document)
        return document.having(text=text)


def _check_order(stages: Sequence[Stage]) -> None:
    made = {"text"}
    for stage in stages:
        lacking = [n for n in stage.needs if n not in made]
        if lacking:
            raise PipelineError(
                f"stage {stage.name!r} needs {lacking}, which no stage before it makes; move it behind their makers"
            )
        made.update(stage.makes)


def collect_seldom() -> None:
    """For processes that do nothing but read reports: collect garbage seldom.

    A report makes many small objects and hardly a cycle (measured: 5 to 10% of the time).
    """
    gc.set_threshold(50_000, 20, 50)


def load() -> Extractor:
    """The extractor with the models that serve. Raises BrokenInstallation where weights are missing or damaged.

    The same object until another version is promoted or rolled back, then a new one: asked at every report, which
    costs a look at two files, it follows without a restart. One that is held on to stays as it is.
    """
    from models import registry

    return _built(registry.stamp())


@lru_cache(maxsize=1)
def _built(_stamp: tuple[tuple[str, int, int], ...]) -> Extractor:
    from extractor.stages.blocks import BlockStage
    from extractor.stages.claims import ClaimStage
    from extractor.stages.confidence import ConfidenceStage
    from extractor.stages.genre import GenreStage
    from extractor.stages.headings import HeadingStage
    from extractor.stages.indicators import IndicatorStage
    from extractor.stages.links import LinkStage
    from extractor.stages.metadata import MetadataStage
    from extractor.stages.prose import ProseStage
    from extractor.stages.reconcile import ReconcileStage
    from extractor.stages.tables import TableStage
    from models import registry
    from models.claims.tag import ClaimTagger
    from models.layout.detect import GridLayoutModel

    layout, claims = registry.current("layout"), registry.current("claims")
    stages: list[Stage] = [
        BlockStage(GridLayoutModel.load(layout)),
        MetadataStage(),
        TableStage(),
        IndicatorStage(),
        ProseStage(ClaimTagger.load(claims)),
        HeadingStage(),
        GenreStage(),
        ClaimStage(),
        LinkStage(),
        ReconcileStage(),
        ConfidenceStage(),
    ]
    return Extractor(stages, (("layout", layout), ("claims", claims)))
