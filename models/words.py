"""Chinese words: jieba's segmentation with a word list of its own, made in memory and never cached on disk.

jieba's whole dictionary takes more than half a second to load and its cache file lies in a shared folder. Rare words
do not help here, so only those counted a hundred times are read from the dictionary that jieba ships
(MIT licence), and the words of this kind of report are added. Unknown words fall apart into characters; the hidden
Markov model that would guess them stays off, so that the same text always has the same words.
"""

from __future__ import annotations

import math
import re
from functools import cache
from pathlib import Path

import jieba
import numpy as np
from numpy.typing import NDArray

NONE, BEGIN, MIDDLE, END, SINGLE = range(5)
WORD_POSITIONS = 5

_COMMON = re.compile(r"\n(\S+) (\d{3,}) ")
_LONGEST = 4
_DOMAIN = """
政府信息 信息公开 依申请公开 主动公开 政务公开 不予公开 部分公开 予以公开 无法提供 不予处理 其他处理 政府信息公开
行政复议 行政诉讼 复议后起诉 行政许可 行政处罚 行政强制 规范性文件 行政事业性收费 政府集中采购 信息处理费
结转 上年结转 年度报告 办结 办结率 未收到 未发生 未产生 规章 公开指南 公开目录 申请人 自然人 法人 其他组织
商业企业 科研机构 社会公益组织 法律服务机构 不掌握 另行制作 补正 逾期 征求意见 政策解读 新媒体 公众号 门户网站
公开栏 纠正 维持 尚未审结 制发件数 废止件数 现行有效 总体情况 监督保障 平台建设 信息管理
"""
_DOMAIN_COUNT = 3000


class _Words(jieba.Tokenizer):  # type: ignore[misc]  # jieba has no types
    """A jieba tokenizer that holds the reduced word list from the start, its logarithms taken once."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.FREQ, self.total = _prefixes(text)
        self.initialized = True
        self._rarest = -math.log(self.total)
        self._weights = {word: math.log(count) + self._rarest for word, count in self.FREQ.items() if count > 1}

    def calc(self, sentence: str, DAG: dict[int, list[int]], route: dict[int, tuple[float, int]]) -> None:  # noqa: N803
        """jieba's search for the likeliest words, from the end: ``route[i]`` is the best weight from i on and where
        its first word ends. As jieba's own, but it takes no logarithm anew."""
        weights, rarest = self._weights, self._rarest
        route[len(sentence)] = (0.0, 0)
        for i in range(len(sentence) - 1, -1, -1):
            best = (-math.inf, i)
            for end in DAG[i]:
                weight = weights.get(sentence[i : end + 1], rarest) + route[end + 1][0]
                if weight >= best[0]:
                    best = (weight, end)
            route[i] = best


def _prefixes(text: str) -> tuple[dict[str, int], int]:
    """jieba's own table: each word with its count, each beginning of a word with 0; and the sum of the counts."""
    table: dict[str, int] = {}
    words = [(w, int(n)) for w, n in _COMMON.findall("\n" + text) if len(w) <= _LONGEST]
    words += [(w, _DOMAIN_COUNT) for w in _DOMAIN.split()]
    for word, count in words:
        table[word] = max(count, table.get(word, 0))
        for i in range(1, len(word)):
            table.setdefault(word[:i], 0)
    return table, sum(table.values())


@cache
def tokenizer() -> jieba.Tokenizer:
    """The tokenizer, made once a process (about 0.15 s)."""
    return _Words((Path(jieba.__file__).parent / "dict.txt").read_text(encoding="utf-8"))


def cut(text: str) -> list[str]:
    """The words of a text in order; joined they are the text."""
    return list(tokenizer().cut(text, HMM=False))


def positions(text: str) -> NDArray[np.uint8]:
    """Each character's place in its word (BEGIN, MIDDLE, END or SINGLE); white space stands in no word (NONE).

    Words run on over white space: a word that a line break tears is still one.
    """
    solid = "".join(text.split())
    lengths = np.fromiter(map(len, cut(solid)), dtype=np.int64)
    inside = np.full(len(solid), MIDDLE, dtype=np.uint8)
    ends = np.cumsum(lengths)
    starts = ends - lengths
    inside[ends - 1] = END
    inside[starts] = BEGIN
    inside[starts[lengths == 1]] = SINGLE
    if len(solid) == len(text):
        return inside
    out = np.zeros(len(text), dtype=np.uint8)
    out[[not c.isspace() for c in text]] = inside
    return out
