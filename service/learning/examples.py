"""Examples for /openapi.json: annotations, training runs, versions of the models. Tests hold them to the shapes."""

from __future__ import annotations

import json
from typing import Any

from service.examples import DOCUMENT, TEXT

_WHEN = "2024-03-01T08:30:00Z"
_GOLD = {
    "id": "chenglan-2023",
    "year": 2023,
    "headings": [{"level": 1, "text": "一、总体情况", "start": 25, "end": 31, "kind": "overview"}],
    "claims": [
        {
            "start": 45, "end": 46, "surface": "3", "value": 3, "unit": "件", "kind": "count", "approx": False,
            "metrics": ["t3.new.total"], "scope": "own",
        }
    ],
    "text": TEXT,
}  # fmt: skip
_FILE = {"type": "string", "format": "binary"}
ANNOTATIONS_BODY: dict[str, Any] = {
    "required": True,
    "content": {
        "application/x-ndjson": {
            "schema": {"type": "string"},
            "examples": {"jsonl": {"summary": "Our own", "value": json.dumps(_GOLD, ensure_ascii=False) + "\n"}},
        },
        "application/json": {
            "schema": {"type": ["array", "object"]},
            "examples": {"jsonl": {"summary": "Our own, or a Label Studio export", "value": [_GOLD]}},
        },
        "text/plain": {
            "schema": {"type": "string"},
            "examples": {"conll": {"summary": "CoNLL, one character a line", "value": "收\tO\n3\tB-claim=count\n"}},
        },
        "application/octet-stream": {"schema": _FILE},
        "multipart/form-data": {
            "schema": {"type": "object", "required": ["file"], "properties": {"file": _FILE}},
        },
    },
}
CORRECTIONS_BODY = {"documents": [DOCUMENT["id"]], "checked": ["heading", "claim", "cell"]}
RUN_BODY = {"task": "claims", "seed": 1}
PROMOTE_BODY = {"force": "表格更好，标题的下降可以接受", "author": "王敏"}

_SAID = {"zh": "按 UTF-16 码元计数", "en": "counted in UTF-16 code units"}
_IMPORT: dict[str, Any] = {
    "added": ["chenglan-2023"],
    "merged": [],
    "same": [],
    "repairs": [
        {
            "place": "annotations#1 chenglan-2023", "layer": "claim", "label": "count", "given_start": 46,
            "given_end": 47, "start": 45, "end": 46, "why": _SAID,
        }
    ],
    "remarks": [],
    "refusals": [],
    "conflicts": [],
    "dataset": {"train": 14, "dev": 3, "test": 3},
}  # fmt: skip
_ADVICE = {
    "items": [
        {
            "document_id": DOCUMENT["id"],
            "name": "chenglan-2023",
            "title": DOCUMENT["title"],
            "issuer": "澄岚县林业局",
            "year": 2023,
            "score": 2.585,
            "reasons": [
                {
                    "kind": "arithmetic",
                    "weight": 3.0,
                    "zh": "3 处数据不一致（claim_vs_table 3）",
                    "en": "3 numbers do not agree (claim_vs_table 3)",
                    "line": 12,
                }
            ],
        }
    ],
    "considered": 31,
    "stored": 37,
    "known": 5,
}
_JUDGED = {"verdict": "better", "allows": True, "against": "1", "date": _WHEN, "stands": True}
_JUDGEMENT: dict[str, Any] = {
    **_JUDGED,
    "reasons": ["count (own) rose: F1 0.8100 → 0.9500, 95% range of the difference +0.0800 … +0.2000"],
    "parts": [
        {
            "name": "own",
            "documents": 3,
            "unit": "passage",
            "changes": {"found": 14, "lost": 0, "invented": 0, "withdrawn": 1},
        }
    ],
    "labels": [
        {
            "part": "own", "label": "count", "count": 100, "old": 0.81, "new": 0.95, "low": 0.08, "high": 0.2,
            "verdict": "rose", "against": False,
        }
    ],
    "changes": [
        {
            "part": "own", "document": "chenglan-2023", "what": "found", "label": "count", "start": 45, "end": 46,
            "quote": "3",
        }
    ],
}  # fmt: skip
_RUN: dict[str, Any] = {
    "id": "j5f0c7d1e9b8a4c62a3d4e5f60718293b",
    "task": "claims",
    "model": "claims-run1",
    "start": "1",
    "status": "running",
    "error": None,
    "settings": {"seed": 1},
    "phase": "learning",
    "done": 120,
    "total": 480,
    "loss": 0.0123,
    "scores": {"synthesis": 0.981, "dev": 0.94},
    "judged": None,
    "created_at": _WHEN,
    "started_at": _WHEN,
    "finished_at": None,
}
_OVER = {
    **_RUN,
    **dict.fromkeys(("phase", "done", "total", "loss", "scores")),
    "status": "done",
    "judged": _JUDGED,
    "finished_at": _WHEN,
    "annotated": {"train": 14, "dev": 3},
    "before": {"dev": {"spans_f1": 0.86}},
    "after": {"dev": {"spans_f1": 0.95}},
    "epochs": [{"annotated_epoch": 1, "seconds": 88.2, "measure": 0.95, "dev": {"spans_f1": 0.95}}],
    "judgement": _JUDGEMENT,
}
_WAITS = {**_RUN, **dict.fromkeys(("phase", "done", "total", "loss", "scores", "started_at")), "status": "queued"}
_MODEL: dict[str, Any] = {
    "id": "claims-run1",
    "task": "claims",
    "version": "run1",
    "serves": True,
    "own": True,
    "damaged": False,
    "date": "2024-03-01",
    "start": "1",
    "annotated": 14,
    "scores": {"dev": {"spans_f1": 0.95}},
    "judged": _JUDGED,
    "forced": [],
}
_EVENT = {
    "date": _WHEN,
    "task": "claims",
    "what": "promoted",
    "version": "run1",
    "instead_of": "1",
    "verdict": "better",
    "forced": "",
}
_DETAIL = {
    **_MODEL,
    "labels": [{"label": "count", "f1": 0.997, "precision": 0.996, "recall": 0.999, "count": 7644}],
    "command": 'POST /v1/training-runs {"task": "claims", "seed": 1}',
    "seconds": 402.5,
    "judgement": _JUDGEMENT,
}
_JOB = {
    "id": "j5f0c7d1e9b8a4c62a3d4e5f60718293c",
    "kind": "judge",
    "status": "queued",
    "total": None,
    "done": 0,
    "failed": 0,
    "error": None,
    "params": {"order": {"task": "claims", "version": "run1"}},
    "result": None,
    "created_at": _WHEN,
    "started_at": None,
    "finished_at": None,
}
_TOTALS = {"train": {"documents": 14, "claims": 210, "headings": 90}, "dev": {"documents": 3}, "test": {"documents": 3}}

EXAMPLES: dict[tuple[str, str], tuple[int, Any]] = {
    ("post", "/v1/annotations"): (201, _IMPORT),
    ("get", "/v1/annotations"): (200, {"totals": _TOTALS}),
    ("get", "/v1/annotations/next"): (200, _ADVICE),
    ("post", "/v1/annotations/corrections"): (201, {**_IMPORT, "repairs": []}),
    ("post", "/v1/training-runs"): (202, _WAITS),
    ("get", "/v1/training-runs"): (200, {"items": [_RUN], "next": None}),
    ("get", "/v1/training-runs/{id}"): (200, _OVER),
    ("delete", "/v1/training-runs/{id}"): (202, {**_RUN, "status": "cancelling"}),
    ("get", "/v1/models"): (200, {"items": [_MODEL], "serving": {"claims": "run1"}, "events": [_EVENT]}),
    ("get", "/v1/models/{version}"): (200, _DETAIL),
    ("post", "/v1/models/{version}/judgement"): (202, _JOB),
    ("post", "/v1/models/{version}/promote"): (200, _MODEL),
    ("post", "/v1/models/{task}/rollback"): (200, {**_EVENT, "what": "rolled back", "version": "1", "verdict": ""}),
}
