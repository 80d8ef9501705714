"""/v1/forms: the statutory forms as data, so that a page can draw their tables with rows, columns and labels."""

from __future__ import annotations

from functools import cache

from fastapi import APIRouter

from models import form as forms
from service.asked import Id
from service.dependencies import Reader
from service.problems import ONE, refusal, responses
from service.shapes import Form, FormBlock, FormIdentity, FormLabel, FormMetric, FormTable

router = APIRouter(prefix="/v1/forms", tags=["forms"])


@router.get("/{id}", summary="One statutory form", responses=responses(*ONE))
def read(_caller: Reader, id: Id) -> Form:
    """Its tables in the order of print, the sums that it demands, and the quantities that prose can claim.

    A report's `format` is the id. Reports before 2019 have no form.
    """
    if id not in forms.FORM_IDS:
        raise refusal("not_found")
    return _shape(id)


@cache
def _shape(id: str) -> Form:
    form = forms.load_form(id)
    english = {metric.expression: metric.en for metric in form.metrics.values() if metric.expression}
    return Form(
        id=form.id,
        tables=[_table(table, english) for table in form.tables.values()],
        identities=[
            FormIdentity(rule=one.rule, left=list(one.left), right=list(one.right), zh=one.zh, en=one.en)
            for one in form.identities
        ],
        metrics=[
            FormMetric(concept=m.concept, expression=m.expression, zh=m.zh, en=m.en)
            for m in form.metrics.values()
            if m.expression
        ],
    )


def _table(table: forms.TableForm, english: dict[str, str]) -> FormTable:
    return FormTable(
        id=table.id,
        rows=_labels(table.rows, table.id, english),
        single_rows=_labels(table.single_rows, table.id, english),
        columns=_labels(table.columns, table.id, english),
        groups=_labels(table.groups, table.id, english),
        blocks=[
            FormBlock(
                article=block.article,
                rows=_labels(block.rows, table.id, english),
                columns=_labels(block.columns, table.id, english),
            )
            for block in table.blocks
        ],
        words=table.words,
    )


def _labels(labels: tuple[forms.Label, ...], table: str, english: dict[str, str]) -> list[FormLabel]:
    return [FormLabel(id=one.id, text=one.text, en=_english(one.id, table, english), group=one.group) for one in labels]


def _english(label: str, table: str, english: dict[str, str]) -> str:
    """What the row's total is called where prose can claim it; else its name."""
    known = english.get(f"{table}.{label}.total") or english.get(f"{table}.{label}.*.total")
    return known or label.rpartition(".")[2].replace("_", " ")
