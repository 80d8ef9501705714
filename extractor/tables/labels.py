"""The words of the statutory tables, as they are looked for: Chinese characters only, with their numbering apart.

Everything comes from the forms (``models/forms``). Reading only Chinese characters makes a label whole again where
it is torn over lines, cells, quotes and brackets, and leaves the numbers that stand inside it where they are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from models.form import Label, TableForm, load_forms

Role = Literal["row", "group", "column", "article", "header"]

_NUMERAL = "[一二三四五六七八九]"
_NUMBERING = re.compile(rf"^(?:({_NUMERAL})、|[（(]({_NUMERAL})[）)]?|({_NUMERAL})[)）]|(\d)[.、．])")
_NOT_CHINESE = re.compile(r"[^\u4e00-\u9fff]")
# words of other regions for the same thing, as long as the word they stand for
SYNONYMS = (("资讯", "信息"), ("讯息", "信息"), ("档案", "文件"), ("其它", "其他"))


@dataclass(frozen=True, slots=True)
class Word:
    """A label to look for. ``core``: its Chinese characters; ``number``: the numeral before it ("" without)."""

    id: str
    role: Role
    core: str
    number: str = ""
    form: str = ""


def chinese(text: str) -> str:
    """The Chinese characters of a text, with the synonyms of other regions set to the statutory word."""
    out = _NOT_CHINESE.sub("", text)
    for other, own in SYNONYMS:
        out = out.replace(other, own)
    return out


def split_number(label: str) -> tuple[str, str]:
    """The numeral of a label and its Chinese characters: ``（六）其他处理`` → ("六", "其他处理")."""
    found = _NUMBERING.match(label)
    if not found:
        return "", chinese(label)
    number = next(g for g in found.groups() if g)
    return number, chinese(label[found.end() :])


def _words(label: Label, role: Role, form: str = "", id: str | None = None) -> list[Word]:
    number = split_number(label.text)[0]
    cores = dict.fromkeys(split_number(t)[1] for t in label.texts)
    return [Word(label.id if id is None else id, role, core, number, form) for core in cores if core]


def _unique(words: list[Word]) -> tuple[Word, ...]:
    """Longest first, so that a label is found before the shorter one inside it."""
    return tuple(sorted(dict.fromkeys(words), key=lambda w: (-len(w.core), w.core, w.id, w.form)))


@cache
def vocabulary(table: str) -> tuple[Word, ...]:
    """Every word of a table in all forms."""
    out: list[Word] = []
    for form in load_forms():
        out += _of_items(form.tables[table], form.id) if table == "t2" else _of_table(form.tables[table])
    return _unique(out)


def _of_items(table: TableForm, form: str) -> list[Word]:
    out = [Word("info", "header", "信息内容")]
    for block in table.blocks:
        article = chinese(block.article)
        number = article[-2]
        out += [Word(number, "article", a) for a in (article, article.replace("条第", "条"))]
        for row in block.rows:
            out += _words(row, "row")
        for column in block.columns:
            out += _words(column, "column", form, f"{block.rows[0].id}.{column.id}")
    return out


def _of_table(table: TableForm) -> list[Word]:
    out: list[Word] = []
    for row in (*table.rows, *table.single_rows):
        out += _words(row, "row")
    for group in table.groups:
        out += _words(group, "group")
    for column in table.columns:
        out += _words(column, "column")
    for text in table.words.values():
        out.append(Word("note" if "勾稽" in text else "head", "header", chinese(text)))
    if table.id == "t3":
        out += [Word("note", "header", "勾稽关系"), Word("note", "header", "钩稽关系")]
        out.append(Word("subtotal", "column", "小计"))
    # a group printed as one row has the group's own words: the reader tells which of the two it is
    return [w for w in out if not (w.role == "row" and w.id == "other")]


@cache
def characters(table: str) -> frozenset[str]:
    """The characters that the words of a table are written with: a stray piece of a torn label has no others."""
    words = {c for w in vocabulary(table) for c in w.core + w.number}
    return frozenset(words | set("一二三四五六七八九"))


@cache
def rows_of(table: str, single_other: bool) -> tuple[str, ...]:
    """Row ids of table 3 in printed order, with the one row （六）其他处理 or with the three of 2021."""
    form = load_forms()[0 if single_other else -1]
    return tuple(r.id for r in form.tables[table].rows)


@cache
def columns_of(table: str) -> tuple[str, ...]:
    """Column ids of tables 3 and 4 in printed order."""
    return tuple(c.id for c in load_forms()[-1].tables[table].columns)
