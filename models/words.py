"""Chinese words: jieba's dictionary and way of segmenting, in one pass and with the words of this kind of report.

The likeliest words are sought as jieba seeks them (a path through all words that could stand somewhere), with the
same outcome, but without its lists of candidates and its generators: a third of the time that reading prose took
went there. jieba's whole dictionary takes more than half a second to load and its cache file lies in a shared folder.
Rare words do not help here, so only those counted a hundred times are read from the dictionary that jieba ships
(MIT licence), and the words of this kind of report are added. Unknown words fall apart into characters; the hidden
Markov model that would guess them is left out, so that the same text always has the same words.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

NONE, BEGIN, MIDDLE, END, SINGLE = range(5)
WORD_POSITIONS = 5

_IMPOSSIBLE = -math.inf
_RUN = re.compile(r"[\u4e00-\u9fd5a-zA-Z0-9+#&._%\-]+")  # what jieba seeks words in; any other character stands alone
_LATIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
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


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """Logarithms of the words' shares: of characters that are words, and of longer words and of what begins one
    (``_IMPOSSIBLE`` where it is none itself). ``unknown`` is that of a character that is no word."""

    single: dict[str, float]
    longer: dict[str, float]
    unknown: float


@cache
def _lexicon() -> _Lexicon:
    """The word list, made once a process (about 0.1 s)."""
    counts: dict[str, int] = {}
    text = resources.files("jieba").joinpath("dict.txt").read_text(encoding="utf-8")
    common = [(w, int(n)) for w, n in _COMMON.findall("\n" + text) if len(w) <= _LONGEST]
    for word, count in (*common, *((w, _DOMAIN_COUNT) for w in _DOMAIN.split())):
        counts[word] = max(count, counts.get(word, 0))
    unknown = -math.log(sum(counts.values()))
    weights = {word: math.log(count) + unknown for word, count in counts.items()}
    longer = {word[:i]: _IMPOSSIBLE for word in counts for i in range(2, len(word))}
    longer |= {word: weight for word, weight in weights.items() if len(word) > 1}
    return _Lexicon({word: weight for word, weight in weights.items() if len(word) == 1}, longer, unknown)


def cut(text: str) -> list[str]:
    """The words of a text in order; joined they are the text."""
    out: list[str] = []
    at = 0
    for length in _lengths(text):
        out.append(text[at : at + length])
        at += length
    return out


def _lengths(text: str) -> list[int]:
    """The lengths of the words of a text in order."""
    out: list[int] = []
    at = 0
    for run in _RUN.finditer(text):
        out += [1] * (run.start() - at)
        _walk(run[0], _likeliest(run[0]), out)
        at = run.end()
    return out + [1] * (len(text) - at)


def _likeliest(run: str) -> list[int]:
    """For each place of a run, the length of the first word of the likeliest words from there to the end.

    Of equally likely ones the longest. One loop over places and words, as it is done for every character of a report.
    """
    lexicon = _lexicon()
    single, longer = lexicon.single.get, lexicon.longer.get
    size = len(run)
    best = [0.0] * (size + 1)  # the weight of the likeliest words from a place on
    lengths = [1] * size
    closed = run + "\0"  # no word goes on over the end
    for at in range(size - 1, -1, -1):
        weight = single(run[at], _IMPOSSIBLE) + best[at + 1]
        end = at + 2
        while (own := longer(closed[at:end])) is not None:
            if own != _IMPOSSIBLE and (whole := own + best[end]) >= weight:
                weight, lengths[at] = whole, end - at
            end += 1
        best[at] = weight if weight != _IMPOSSIBLE else lexicon.unknown + best[at + 1]
    return lengths


def _walk(run: str, lengths: list[int], out: list[int]) -> None:
    """Append the lengths of a run's words; letters and digits that are no words stay together."""
    at, size = 0, len(run)
    while at < size:
        end = at + lengths[at]
        if end == at + 1 and run[at] in _LATIN:
            while end < size and lengths[end] == 1 and run[end] in _LATIN:
                end += 1
        out.append(end - at)
        at = end


def positions(text: str) -> NDArray[np.uint8]:
    """Each character's place in its word (BEGIN, MIDDLE, END or SINGLE); white space stands in no word (NONE).

    Words run on over white space: a word that a line break tears is still one.
    """
    solid = "".join(text.split())
    lengths = np.array(_lengths(solid), dtype=np.int64)
    inside = np.full(len(solid), MIDDLE, dtype=np.uint8)
    ends = np.cumsum(lengths)
    starts = ends - lengths
    inside[ends - 1] = END
    inside[starts] = BEGIN
    inside[starts[lengths == 1]] = SINGLE
    if len(solid) == len(text):
        return inside
    out = np.zeros(len(text), dtype=np.uint8)
    out[~np.fromiter(map(str.isspace, text), np.bool_, len(text))] = inside
    return out
