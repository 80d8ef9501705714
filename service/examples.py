"""Examples for /openapi.json: one request in each form, an answer, and each error. Tests hold them to the models."""

from __future__ import annotations

import hashlib
from typing import Any

from extractor.document import Message
from extractor.reading import MAX_BYTES, EmptyError, too_large
from service.errors import MEDIA_TYPE, Problem, of_reading, problem

TEXT = "澄岚县林业局2023年政府信息公开工作年度报告\n\n一、总体情况\n\n全年收到政府信息公开申请3件。"

REQUEST_BODY: dict[str, Any] = {
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


def _response(what: str, *problems: Problem) -> dict[str, Any]:
    examples = {p.code: {"value": p.model_dump()} for p in problems}
    return {
        "description": what,
        "content": {MEDIA_TYPE: {"schema": Problem.model_json_schema(), "examples": examples}},
    }


def _said(status: int, code: str, zh: str, en: str) -> Problem:
    return problem(status, code, Message(zh, en))


PROBLEMS: dict[int | str, dict[str, Any]] = {
    400: _response(
        "The bytes cannot be decoded, or are no JSON",
        _said(400, "undecodable", "字节序列不属于任何可识别的编码。", "The bytes are in no known encoding."),
        _said(400, "invalid_json", "请求体不是有效的 JSON。", "The body is no valid JSON."),
    ),
    413: _response("The body is over the limit", of_reading(too_large(50 * 1024 * 1024, MAX_BYTES))),
    415: _response(
        "No text, or a media type that is not read",
        _said(415, "binary", "输入是二进制内容（PDF），不是文本。", "The input is binary (PDF), not text."),
        _said(415, "unsupported_media_type", "不支持该 Content-Type。", "This Content-Type is not read."),
    ),
    422: _response(
        "Nothing to read, or fields that do not fit",
        of_reading(EmptyError()),
        _said(422, "invalid_request", "字段不符合要求（text）。", "These fields do not fit: text."),
    ),
    500: _response(
        "The software failed on this text",
        _said(500, "crashed", "处理该文本时程序出错。", "The software failed on this text."),
    ),
}
