"""What the service answers of annotations, training runs and versions of the models."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from models.annotations.record import Layer
from models.gate.verdict import Change, Verdict
from models.registry import Task
from service.shapes import JobStatus, Number, Shape

Figures = dict[str, float]


class Said(Shape):
    """One or more sentences in both languages."""

    zh: str
    en: str


class Refused(Shape):
    """Why something was not taken in: what was met, what was expected, what to do."""

    place: str
    met: Said
    expected: Said
    todo: Said


class Repaired(Shape):
    """A label whose offsets were counted in a known wrong way: where it was said to be, and where it is."""

    place: str
    layer: Layer
    label: str
    given_start: int
    given_end: int
    start: int
    end: int
    why: Said


class Import(Shape):
    """What became of annotations that were sent. With refusals (unless ``keep_good``) or conflicts nothing was added.

    ``added``, ``merged`` and ``same`` are ids in the dataset; ``dataset`` counts its documents by split.
    """

    added: list[str]
    merged: list[str]
    same: list[str]
    repairs: list[Repaired]
    remarks: list[Said]
    refusals: list[Refused]
    conflicts: list[Refused]
    dataset: dict[str, int]


class Dataset(Shape):
    """The annotations that the service has: documents and labels of each split."""

    totals: dict[str, dict[str, int]]


class Reason(Shape):
    """Why a report is worth annotating. ``line`` (from 1) is where it shows first, null for the whole report."""

    kind: str
    weight: float
    zh: str
    en: str
    line: int | None


class Advised(Shape):
    """A stored report in its rank."""

    document_id: str
    name: str
    title: str | None
    issuer: str | None
    year: int | None
    score: float
    reasons: list[Reason]


class Advice(Shape):
    """The reports to annotate next. ``considered`` of ``stored`` reports were weighed; ``known`` of those are in the
    dataset already and are left out."""

    items: list[Advised]
    considered: int
    stored: int
    known: int


class Judged(Shape):
    """What the gate said. ``stands`` is false where another version serves than the one it was compared with."""

    verdict: Verdict
    allows: bool
    against: str
    date: str
    stands: bool


class JudgedPart(Shape):
    """Reports that were compared on. ``changes``: how many items were found, lost, invented, withdrawn."""

    name: str
    documents: int
    unit: str
    changes: dict[Change, int]


class JudgedLabel(Shape):
    """F1 of both versions on a label, with the 95% range of the difference. ``against``: it is why the gate says no."""

    part: str
    label: str
    count: int
    old: float
    new: float
    low: float
    high: float
    verdict: Literal["rose", "same", "fell"]
    against: bool


class JudgedChange(Shape):
    """An item that the two versions read differently: now found, lost, invented, or no longer invented (withdrawn)."""

    part: str
    document: str
    what: Change
    label: str
    start: int
    end: int
    quote: str


class Judgement(Judged):
    """The comparison in full. Of many changes the first of each part and sort are listed."""

    reasons: list[str]
    parts: list[JudgedPart]
    labels: list[JudgedLabel]
    changes: list[JudgedChange]


class Run(Shape):
    """A training run. ``model`` is the version that it makes; ``phase``, ``done`` of ``total``, ``loss`` and ``scores``
    (after the last epoch, by part) say how far it is, and are null where it is not under way."""

    id: str
    task: Task
    model: str
    start: str = Field(description="The version that it starts from.")
    status: JobStatus
    error: str | None
    settings: dict[str, Number]
    phase: str | None
    done: int | None
    total: int | None
    loss: float | None
    scores: Figures | None
    judged: Judged | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


class RunDetail(Run):
    """With scores before and after by part, those of each epoch, and what the gate says."""

    annotated: dict[str, int] | None = Field(description="Annotated reports by split.")
    before: dict[str, Figures] | None
    after: dict[str, Figures] | None
    epochs: list[dict[str, Any]]
    judgement: Judgement | None


class Forced(Shape):
    """A promotion that the gate did not allow, and the reason that was given."""

    date: str
    instead_of: str
    verdict: str
    reason: str


class Model(Shape):
    """A version of a model. ``scores`` are the main figures by part; null values: its record does not say."""

    id: str
    task: Task
    version: str
    serves: bool
    own: bool = Field(description="Trained here; false: it came with the software.")
    damaged: bool = Field(description="Its record cannot be read.")
    date: str | None
    start: str | None = Field(description="The version that its training started from.")
    annotated: int | None = Field(description="Annotated reports that it was trained on.")
    scores: dict[str, Figures]
    judged: Judged | None
    forced: list[Forced]


class LabelScore(Shape):
    """Scores on a label in held-out synthesis."""

    label: str
    f1: float
    precision: float | None
    recall: float | None
    count: int | None


class ModelDetail(Model):
    """With the scores of each label, what it was trained by, and what the gate says."""

    labels: list[LabelScore]
    command: str | None
    seconds: float | None
    judgement: Judgement | None


class ModelEvent(Shape):
    """A promotion or a way back. ``forced`` is the reason where the gate did not allow it."""

    date: str
    task: Task
    what: str
    version: str
    instead_of: str
    verdict: str
    forced: str


class Models(Shape):
    """Every version of both models, which of them serve, and what changed that (the latest first)."""

    items: list[Model]
    serving: dict[Task, str]
    events: list[ModelEvent]
