"""The types that the layout model gives to blocks, in the fixed order that its outputs use."""

from __future__ import annotations

from typing import Literal, get_args

BlockType = Literal[
    "noise",  # navigation, crumbs, advertisements, scripts, footers
    "meta",  # index number, dates of publication, source, counters
    "title",
    "heading",  # alone on its line, any level, numbered or not
    "paragraph",  # narrative, run-in headings and hard-wrapped lines included
    "item",  # a list item that opens with 一是 or 1. but is no heading
    "caption",
    "header",  # heads of columns and of groups of columns
    "label",  # labels of rows and of groups of rows, whole or torn
    "value",
    "row",  # label and values in one block
    "note",
    "page_number",
    "signature",
]

BLOCK_TYPES: tuple[BlockType, ...] = get_args(BlockType)
INDEX: dict[str, int] = {name: i for i, name in enumerate(BLOCK_TYPES)}
