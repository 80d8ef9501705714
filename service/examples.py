"""Examples for /openapi.json: requests in each form, and answers. Tests hold them to the models."""

from __future__ import annotations

import hashlib
from typing import Any

TEXT = "澄岚县林业局2023年政府信息公开工作年度报告\n\n一、总体情况\n\n全年收到政府信息公开申请3件。"

REPORT_BODY: dict[str, Any] = {
    "required": True,
    "content": {
        "text/plain": {
            "schema": {"type": "string"},
            "examples": {"report": {"summary": "UTF-8, UTF-16 or GB18030", "value": TEXT}},
        },
        "application/json": {
            "schema": {
                "type": "object",
                "required": ["text"],
                "additionalProperties": False,
                "properties": {"text": {"type": "string"}, "id": {"type": "string", "maxLength": 200}},
            },
            "examples": {"report": {"summary": "With an id", "value": {"text": TEXT, "id": "chenglan-2023"}}},
        },
    },
}

RESULT: dict[str, Any] = {
    "document": {
        "id": "chenglan-2023",
        "title": "澄岚县林业局2023年政府信息公开工作年度报告",
        "issuer": "澄岚县林业局",
        "year": 2023,
        "format": None,
        "published": None,
        "sha256": hashlib.sha256(TEXT.encode()).hexdigest(),
    },
    "sections": [
        {
            "level": 1,
            "ordinal": "一",
            "title": "总体情况",
            "kind": "overview",
            "heading": {"text": "一、总体情况", "start": 25, "end": 31, "score": 0.99, "why": "layout model"},
            "start": 25,
            "end": 48,
            "children": [],
        }
    ],
    "tables": [],
    "claims": [
        {
            "id": "c1",
            "kind": "count",
            "surface": "3",
            "start": 45,
            "end": 46,
            "value": 3,
            "unit": "件",
            "approx": False,
            "scope": "own",
            "metrics": ["t3.new.total"],
            "confidence": 0.98,
            "sentence": {"start": 33, "end": 48},
            "concepts": ["requests_new"],
            "why": "token classifier",
        }
    ],
    "findings": [
        {
            "id": "f1",
            "kind": "claim_vs_table",
            "status": "unverifiable",
            "severity": "info",
            "message": "正文称“3”，但表三不在文中，无法核对。",
            "message_en": "The prose says 3, but table 3 is not in the text: it cannot be checked.",
            "claim": "c1",
            "cells": ["t3.new.total"],
            "expected": None,
            "found": 3,
            "evidence": [{"start": 45, "end": 46}],
            "why": "no_table",
            "confidence": 0.99,
            "cause": "gap",
        }
    ],
    "model": {"layout": "layout-1", "claims": "claims-1", "schema_version": "1.0"},
    "warnings": [],
}

DOCUMENT_BODY: dict[str, Any] = {
    "required": True,
    "content": {
        **REPORT_BODY["content"],
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file"],
                "properties": {"file": {"type": "string", "format": "binary"}},
            }
        },
        "application/x-ndjson": {
            "schema": {"type": "string"},
            "examples": {
                "reports": {"summary": "A report a line", "value": '{"text": "…", "id": "a"}\n{"text": "…"}\n'}
            },
        },
    },
}
_ID = "d" + RESULT["document"]["sha256"][:24]
_WHEN = "2024-03-01T08:30:00Z"
DOCUMENT: dict[str, Any] = {
    "id": _ID,
    "name": "chenglan-2023",
    "sha256": RESULT["document"]["sha256"],
    "encoding": "utf-8",
    "characters": len(TEXT),
    "created_at": _WHEN,
    "title": RESULT["document"]["title"],
    "issuer": "澄岚县林业局",
    "year": 2023,
    "format": None,
    "published": None,
    "status": "agrees",
    "findings": {"match": 0, "mismatch": 0, "unverifiable": 1, "open": 0},
}
_EXTRACTION = {
    **RESULT["model"],
    "software": "0.1.0",
    "created_at": _WHEN,
    "current": True,
}
REVIEW_BODY = {"decision": "confirmed", "note": "与原件核对，表格有误", "author": "王敏"}
CELL_BODY = {"value": 3, "note": "原件为3", "author": "王敏"}
CLAIM_BODY = {"metrics": ["t3.new.total"], "note": "", "author": "王敏"}
_REVIEW: dict[str, Any] = {
    **REVIEW_BODY,
    "created_at": _WHEN,
    "withdrawn_at": None,
    "status": "unverifiable",
    "expected": None,
    "found": 3,
}
_CLAIM_ID = "c8a4e1f0b2d37c65a"
_FINDING: dict[str, Any] = {
    **{name: value for name, value in RESULT["findings"][0].items() if name != "id"},
    "id": f"{_ID}.f1b0c5d2e9a87f364",
    "document_id": _ID,
    "issuer": "澄岚县林业局",
    "year": 2023,
    "local_id": "f1",
    "claim_id": _CLAIM_ID,
    "decision": "confirmed",
    "review": _REVIEW,
    "changed_since_review": False,
}
_REOPENED = {**_FINDING, "decision": "open", "review": None}


def _annotation(kind: str, target: str, original: Any, corrected: Any) -> dict[str, Any]:
    plain = {"kind": kind, "target": target, "original": original, "corrected": corrected}
    return {**plain, "note": "", "author": "王敏", "created_at": _WHEN, "withdrawn_at": None}


_CELL_NOTE = _annotation(
    "cell", "t3.new.total", {"cells": {"t3.new.total": 8}, "raw": "8"}, {"cells": {"t3.new.total": 3}}
)
_CELL: dict[str, Any] = {
    "id": "t3.new.total",
    "table": "t3",
    "value": 3,
    "value_read": 8,
    "raw": "8",
    "start": 120,
    "end": 121,
    "status": "read",
    "confidence": 0.99,
    "correction": _CELL_NOTE,
}
_GOLD_CLAIM = {name: RESULT["claims"][0][name] for name in ("start", "end", "surface", "value", "unit", "kind")}
_CLAIM: dict[str, Any] = {
    "id": _CLAIM_ID,
    "claim": RESULT["claims"][0],
    "correction": _annotation("claim", _CLAIM_ID, {"claims": [_GOLD_CLAIM]}, {"claims": [_GOLD_CLAIM]}),
}
_STATISTICS = {
    "documents": {"open": 4, "reviewed": 2, "agrees": 31},
    "findings": [{"year": 2023, "kind": "claim_vs_table", "status": "mismatch", "decision": "open", "count": 4}],
}
_EXPORTED_CELL = {
    "document_id": _ID,
    "name": "chenglan-2023",
    "title": RESULT["document"]["title"],
    "issuer": "澄岚县林业局",
    "year": 2023,
    "format": "2021",
    "table": "t3",
    "cell": "t3.new.total",
    "value": 3,
    "value_read": 8,
    "corrected": True,
    "raw": "8",
}
_EXPORTED_FINDING = {**{name: _EXPORTED_CELL[name] for name in ("document_id", "issuer", "year")}, "status": "mismatch"}
_EXPORTED_TABLE = {"document_id": _ID, "issuer": "澄岚县林业局", "year": 2023, "t3.new.total": 3}
JOB_BODY = {"kind": "export", "what": "cells", "format": "xlsx", "year": 2023}
_JOB: dict[str, Any] = {
    "id": "j5f0c7d1e9b8a4c62a3d4e5f60718293a",
    "kind": "export",
    "status": "running",
    "total": 190000,
    "done": 52000,
    "failed": 0,
    "error": None,
    "params": JOB_BODY,
    "result": None,
    "created_at": _WHEN,
    "started_at": _WHEN,
    "finished_at": None,
}
_LABEL = {"id": "total", "text": "总计", "en": "total", "group": None}
_FORM: dict[str, Any] = {
    "id": "2021",
    "tables": [
        {
            "id": "t4",
            "rows": [],
            "single_rows": [],
            "columns": [{**_LABEL, "id": "maintain", "text": "结果维持", "en": "maintain"}, _LABEL],
            "groups": [{**_LABEL, "id": "review", "text": "行政复议", "en": "reviews"}],
            "blocks": [],
            "words": {"over": "行政诉讼"},
        }
    ],
    "identities": [
        {
            "rule": "outcome_total",
            "left": ["t4.review.maintain"],
            "right": ["t4.review.total"],
            "zh": "各类结果之和应等于总计",
            "en": "outcomes add up to the total",
        }
    ],
    "metrics": [{"concept": "reviews", "expression": "t4.review.total", "zh": "行政复议", "en": "reviews"}],
}
_HEALTH = {"status": "ok", "version": "0.1.0", "model": {"layout": "layout-1", "claims": "claims-1"}}

# (method, path) → (status, answer): put into /openapi.json as they stand.
EXAMPLES: dict[tuple[str, str], tuple[int, Any]] = {
    ("post", "/v1/extract"): (200, RESULT),
    ("post", "/v1/documents"): (201, DOCUMENT),
    ("get", "/v1/documents"): (200, {"items": [DOCUMENT], "next": "cDE3"}),
    ("get", "/v1/documents/{id}"): (200, DOCUMENT),
    ("get", "/v1/documents/{id}/text"): (200, TEXT),
    ("get", "/v1/documents/{id}/extraction"): (200, RESULT),
    ("post", "/v1/documents/{id}/extraction"): (200, DOCUMENT),
    ("get", "/v1/documents/{id}/extractions"): (200, [_EXTRACTION]),
    ("get", "/v1/findings"): (200, {"items": [_FINDING], "next": None}),
    ("get", "/v1/findings/{id}"): (200, _FINDING),
    ("patch", "/v1/findings/{id}"): (200, _FINDING),
    ("delete", "/v1/findings/{id}/review"): (200, _REOPENED),
    ("get", "/v1/findings/{id}/reviews"): (200, [_REVIEW]),
    ("get", "/v1/documents/{id}/findings"): (200, [_FINDING]),
    ("get", "/v1/statistics"): (200, _STATISTICS),
    ("get", "/v1/documents/{id}/cells"): (200, [_CELL]),
    ("patch", "/v1/documents/{id}/cells/{cell}"): (200, _CELL),
    ("delete", "/v1/documents/{id}/cells/{cell}/correction"): (200, {**_CELL, "value": 8, "correction": None}),
    ("get", "/v1/documents/{id}/claims"): (200, [_CLAIM]),
    ("patch", "/v1/documents/{id}/claims/{claim}"): (200, _CLAIM),
    ("delete", "/v1/documents/{id}/claims/{claim}/correction"): (200, {**_CLAIM, "correction": None}),
    ("get", "/v1/documents/{id}/annotations"): (200, [_CELL_NOTE]),
    ("get", "/v1/me"): (200, {"name": "local", "role": "admin", "keys_required": False}),
    ("get", "/v1/exports/findings.{format}"): (200, [_EXPORTED_FINDING]),
    ("get", "/v1/exports/cells.{format}"): (200, [_EXPORTED_CELL]),
    ("get", "/v1/exports/tables.{format}"): (200, [_EXPORTED_TABLE]),
    ("get", "/v1/exports/annotations.ndjson"): (200, {"id": _ID, "cells": {"t3.new.total": 3}, "text": TEXT}),
    ("get", "/v1/forms/{id}"): (200, _FORM),
    ("post", "/v1/jobs"): (202, {**_JOB, "status": "queued", "total": None, "done": 0, "started_at": None}),
    ("get", "/v1/jobs"): (200, {"items": [_JOB], "next": None}),
    ("get", "/v1/jobs/{id}"): (200, _JOB),
    ("delete", "/v1/jobs/{id}"): (202, {**_JOB, "status": "cancelling"}),
    ("get", "/v1/jobs/{id}/result"): (200, "document_id,name,title\r\n"),
    ("get", "/v1/jobs/{id}/failures"): (200, [{"line": 3, "name": "", "code": "invalid_json"}]),
    ("get", "/livez"): (200, {"status": "ok"}),
    ("get", "/readyz"): (200, _HEALTH),
    ("get", "/healthz"): (200, _HEALTH),
    ("get", "/metrics"): (200, 'nianbao_reports_total{outcome="read"} 12.0\n'),
}
