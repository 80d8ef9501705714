"""/v1/annotations: annotated reports into the service's dataset, and which reports to annotate next."""

from __future__ import annotations

import hashlib
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Depends, Query, Request, Response

from models.annotations.dataset import Dataset as Folder
from models.annotations.formats import Format
from models.annotations.manifest import totals_of
from models.annotations.reconcile import Prefer
from service import bodies
from service.asked import CorrectionsRequest, KeepGood, Once, Predictions, Preferred, TheFormat
from service.bodies import FORM, JSON, NDJSON, TEXT, described, json_body
from service.dependencies import Reader, Reading, Reviewer, State, TheState
from service.learning import gold, intake
from service.learning.examples import ANNOTATIONS_BODY, CORRECTIONS_BODY
from service.learning.intake import Taken
from service.learning.shapes import Advice, Dataset, Import
from service.once import REPLAYED, answered, once, recall, remembered
from service.problems import CHANGE, refusal, responses
from service.store import idempotency
from service.store.idempotency import Answer

router = APIRouter(prefix="/v1/annotations", tags=["learning"])
_OTHER = "application/octet-stream"
_REFUSED = ("annotations_refused", "annotations_conflict", "dataset_damaged")


@router.post(
    "",
    summary="Import annotations",
    status_code=201,
    response_model=Import,
    responses={
        **responses(
            "too_slow", "too_large", "text_too_long", "unsupported_media_type", "invalid_request", "invalid_multipart",
            "idempotency_mismatch", *_REFUSED,
        ),
        200: {"model": Import, "description": "The dataset has all of it already", "headers": REPLAYED},
    },
    openapi_extra={"requestBody": ANNOTATIONS_BODY},
)  # fmt: skip
async def take_in(
    request: Request,
    caller: Reviewer,
    state: TheState,
    format: TheFormat = None,
    keep_good: KeepGood = False,
    prefer: Preferred = None,
    predictions: Predictions = False,
    key: Once = None,
) -> Response:
    """A file as `nianbao annotate import` takes it: our own JSONL, Label Studio, doccano, CoNLL, a spaCy DocBin.

    Every label must stand where its quote says. Offsets counted in a known wrong way are put right (`repairs`); what
    nothing explains is refused, and then nothing is added unless `keep_good` is given. Annotations of a text that the
    dataset has are reconciled; contradictions are listed and nothing is added unless `prefer` decides.
    """
    kind = bodies.media_type(request, TEXT, JSON, *NDJSON, FORM, _OTHER)
    if kind == FORM:
        files = await bodies.files(request, state.settings)
    else:
        files = [("", await bodies.whole(request, state.settings))]
    digest = hashlib.sha256(repr((format, keep_good, prefer, predictions)).encode())
    for name, data in files:
        digest.update(f"{name}\0{len(data)}\0".encode("utf-8", "replace") + data)
    wanted = once(caller, key, digest.hexdigest())
    answer = await to_thread.run_sync(recall, state, wanted)
    if answer is not None:
        return answered(answer, replayed=True)
    work = (state, files, format, predictions, prefer, keep_good, wanted)
    return answered(await to_thread.run_sync(_take_in, *work, limiter=state.importing))


def _take_in(
    state: State, files: list[tuple[str, bytes]], format: Format | None, predictions: bool, prefer: Prefer | None,
    keep_good: bool, key: idempotency.Once | None,
) -> Answer:  # fmt: skip
    taken = intake.verify(files, format, predictions, state.settings)
    return _keep(state, taken, prefer, keep_good, key)


def _keep(state: State, taken: Taken, prefer: Prefer | None, keep_good: bool, key: idempotency.Once | None) -> Answer:
    """Add to the dataset first: sent again after a crash in between, everything is the same already."""
    made, code = intake.keep(taken, state.settings, prefer, keep_good)
    if code:
        raise refusal(code, report=made.model_dump(mode="json"))
    answer = Answer(201 if made.added or made.merged else 200, made.model_dump(mode="json"))
    return remembered(state, key, lambda _session: answer)[0]


@router.post(
    "/corrections",
    summary="Import corrections",
    status_code=201,
    response_model=Import,
    responses={
        **responses(*CHANGE, "idempotency_mismatch", *_REFUSED),
        200: {"model": Import, "description": "The dataset has all of it already", "headers": REPLAYED},
    },
    openapi_extra=described(CorrectionsRequest, CORRECTIONS_BODY),
)
def take_corrections(
    caller: Reviewer,
    asked: Annotated[CorrectionsRequest, Depends(json_body(CorrectionsRequest))],
    state: TheState,
    key: Once = None,
) -> Response:
    """Takes stored reports with corrections into the dataset; the corrections stay where they are.

    `checked` names the layers that somebody has gone through: they are taken whole, as read and corrected. What cannot
    be learned from is listed in `refusals`, and its report is left out: corrections of what the report itself says (the
    value is not the one printed), those of claims that the present models do not read, and blocks, which results do
    not hold. Claims are learned from only with headings: check both.
    """
    wanted = once(caller, key, f"corrections {asked.model_dump_json()}")
    answer = recall(state, wanted)
    if answer is not None:
        return answered(answer, replayed=True)
    with state.database.reading() as session:
        rows = gold.corrected(session, asked.documents)
        if asked.documents is not None and len(rows) < len(set(asked.documents)):
            raise refusal("not_found")
        taken = gold.take(session, rows, asked.checked)
    return answered(_keep(state, taken, asked.prefer, True, wanted))


@router.get("", summary="The dataset", responses=responses("dataset_damaged"))
def dataset(_caller: Reader, state: TheState) -> Dataset:
    """How many documents and labels each split has. Models learn from `train`; the gate compares on `test`."""
    return Dataset(totals=totals_of(Folder(state.settings.dataset_folder).entries))


@router.get("/next", summary="What to annotate next", responses=responses("invalid_request", "dataset_damaged"))
def advise(
    _caller: Reader,
    session: Reading,
    state: TheState,
    n: Annotated[int, Query(ge=1, le=100, description="Reports.")] = 20,
) -> Advice:
    """Stored reports by what they would teach: where the models are unsure, sums fail, model and form disagree.

    Of many reports those with most mismatches and the newest are considered. `nianbao annotate next` also weighs how
    sure the layout model was of each block, which results do not hold.
    """
    return state.adviser.advise(session, n)
