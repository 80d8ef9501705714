"""What the forms say a block may be: cheap tests of a text against every label, head and title of the forms.

A *key* is the normalised text without white space and pipes; a *stem* is a key without the numbering before it and
the punctuation around it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from operator import add

from models.form import Form, indicators, load_forms, old_sections
from models.text import simplify

NUMBERING = re.compile(
    r"(?P<chapter>[一二三四五六七八九十]{1,3}[、.．,:\s])|(?P<bracket>[(（]?[一二三四五六七八九十]{1,3}[)）])|"
    r"(?P<point>\d{1,2}[、.．](?!\d))|(?P<ring>[(（]\d{1,2}[)）]|[①-⑳])|(?P<one_is>[一二三四五六七八九十]{1,2}[是要])|"
    r"(?P<first>第[一二三四五六七八九十]{1,2}[,、，])|(?P<article>第二十条)"
)
NUMBERING_KINDS = ("chapter", "bracket", "point", "ring", "one_is", "first", "article")
_EDGE = "()[]《》“”\"':,。;、.·- "
_WORDS = """
nav: 首页 当前位置 所在位置 网站地图 无障碍 登录 打印 关闭 收藏 分享 扫一扫 备案 版权 主办 承办 技术支持 上一篇
nav: 下一篇 下载 责任编辑 审核 字号 字体 阅读 浏览
meta: 索引号 发布机构 发布时间 发布日期 成文日期 来源 文号 主题 有效性 更新时间 作者 发文 生成日期 日期 公开方式
meta: 信息分类 名称 点击
title: 年度报告 工作报告 信息公开年报 公开工作年报 工作年度
caption: 表1 表2 表3 表一 表二 表三 表四 附表 单位: 表格如下 情况表 统计表 见下表 ##
note: 勾稽 钩稽 注: 备注 说明: 第一项加第二项 等于第三项
narrative: 我局 我市 我区 我县 我办 本机关 全年 加强 推进 工作 落实 严格 进一步
"""


def _by_kind(listing: str) -> dict[str, tuple[str, ...]]:
    out: dict[str, tuple[str, ...]] = {}
    for line in listing.strip().splitlines():
        kind, words = line.split(": ", 1)
        out[kind] = (*out.get(kind, ()), *words.split())
    return out


WORDS = _by_kind(_WORDS)


def key(text: str) -> str:
    """The text without white space and pipes."""
    return "".join(text.split()).replace("|", "")


def stem(squeezed: str) -> str:
    """The key without its numbering and without punctuation at its edges."""
    match = NUMBERING.match(squeezed)
    if match and match.lastgroup != "article":
        squeezed = squeezed[match.end() :]
    return squeezed.strip(_EDGE)


def _grams(text: str) -> set[str]:
    return set(map(add, text, text[1:]))


@dataclass(frozen=True, slots=True)
class Family:
    """Texts of one kind, made for quick tests of a key: is it one, a part of one, does it open or end with one."""

    whole: frozenset[str]
    stems: frozenset[str]
    joined: str
    opens: tuple[str, ...]
    grams: frozenset[str]

    @classmethod
    def of(cls, texts: list[str]) -> Family:
        keys = sorted({key(simplify(t)) for t in texts})
        stems = sorted({s for s in map(stem, keys) if len(s) > 1})
        grams = frozenset(g for s in stems for g in _grams(s))
        return cls(frozenset(keys), frozenset(stems), "\n" + "\n".join(keys) + "\n", tuple(keys), grams)

    def facts(self, squeezed: str, bare: str, grams: set[str]) -> tuple[float, ...]:
        """Six figures in 0..1; their names are ``FAMILY_FACTS``."""
        exact, same_stem = squeezed in self.whole, bare in self.stems
        inside = len(squeezed) > 1 and squeezed in self.joined
        begins = inside and "\n" + squeezed in self.joined
        opens = not exact and squeezed.startswith(self.opens)
        share = len(grams & self.grams) / len(grams) if grams else 0.0
        return (float(exact), float(same_stem), float(begins), float(inside), float(opens), share)


FAMILY_FACTS = ("is", "stem", "begins", "inside", "opens", "share")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The families of texts that tell block types apart."""

    sections: Family
    rows: Family
    heads: Family

    def facts(self, squeezed: str) -> tuple[float, ...]:
        """The facts of each family, in the order of ``FACTS``."""
        bare = stem(squeezed)
        grams = _grams(bare[:60])
        return (
            *self.sections.facts(squeezed, bare, grams),
            *self.rows.facts(squeezed, bare, grams),
            *self.heads.facts(squeezed, bare, grams),
        )


FACTS = tuple(f"{family}_{fact}" for family in ("section", "row", "head") for fact in FAMILY_FACTS)


def _rows(form: Form) -> list[str]:
    out: list[str] = []
    for table in form.tables.values():
        labels = [*table.rows, *table.single_rows, *(r for b in table.blocks for r in b.rows)]
        labels += table.groups if table.rows else ()
        out += [text for label in labels for text in label.texts]
    return out


def _heads(form: Form) -> list[str]:
    out: list[str] = ["信息内容", "指标名称", "计量单位", "统计数", "小计"]
    for table in form.tables.values():
        labels = [*table.columns, *(c for b in table.blocks for c in b.columns)]
        labels += table.groups if not table.rows else ()
        out += [text for label in labels for text in label.texts]
        out += [block.article for block in table.blocks]
        out += [table.words[w] for w in ("applicants", "organisations", "over") if w in table.words]
    return out


@cache
def lexicon() -> Lexicon:
    """The lexicon of all forms; made once."""
    forms = load_forms()
    sections = [t for s in (*(s for f in forms for s in f.sections), *old_sections()) for t in s.titles]
    rows = [t for f in forms for t in _rows(f)] + [i.name for i in indicators()]
    heads = [t for f in forms for t in _heads(f)]
    return Lexicon(Family.of(sections), Family.of(rows), Family.of(heads))
