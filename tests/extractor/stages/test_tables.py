"""The table stage."""

from __future__ import annotations

from extractor.document import Document
from extractor.stages.tables import TableStage

TEXT = (
    "第二十条第（六）项\n信息内容\t本年处理决定数量\n行政处罚\t9\n行政强制\t1\n"
    "第二十条第（八）项\n信息内容\t本年收费金额\n行政事业性收费\t0\n"
)


def test_the_stage_adds_tables_and_the_format_and_leaves_the_text_alone() -> None:
    before = Document(text=TEXT)
    after = TableStage()(before)
    assert after.text == TEXT
    assert before.tables == ()
    cell = after.cell("t2.penalty.processed")
    assert cell is not None
    assert cell.value == 9
    assert after.metadata.format == "2021"


def test_a_text_without_tables_keeps_the_document_as_it_is() -> None:
    before = Document(text="本页没有表格。")
    assert TableStage()(before) == before
