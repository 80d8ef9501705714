"""Numbers as reports print them: ``1.7万余`` → Amount(17000, approx); ``减4`` → −4; ``十二`` → 12.

The words are those met in disclosure reports; Chinese numerals are read by the library cn2an.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from models.text import simplify

NO_CHANGE = ("未增未减", "未增减", "无增减", "无增无减", "不增不减", "无变化", "没有变化", "持平", "不变")
MINUS_WORDS = ("减少了", "减少", "下降了", "下降", "降低", "减")
PLUS_WORDS = ("增加了", "增加", "增长了", "增长", "新增", "净增", "增")
_BEFORE = ("大约", "约为", "约", "近", "超过", "超", "逾", "不足", "不到", "达到", "共计", "共", "达")
_APPROX_BEFORE = frozenset({"大约", "约为", "约", "近", "超过", "超", "逾", "不足", "不到"})
_FACTORS = {"": 1, "十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000, "百万": 10**6, "千万": 10**7}

_DIGITS = r"(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
_ARABIC = re.compile(
    rf"(?P<sign>[+\-−–])?\s?{_DIGITS}\s?(?P<more1>余|多|几)?(?P<factor>百万|千万|十|百|千|万|亿)?(?P<more2>余|多|几)?"
)
_CHINESE = re.compile(r"(?P<digits>[〇零一二两三四五六七八九十百千万亿]+)(?P<more1>余|多|几)?")
_AFTER = re.compile(r"\s?(?P<unit>[%‰]|[\u4e00-\u9fff]{0,4}?)\s?(?P<more>以上|以下|左右|上下)?$")


@dataclass(frozen=True, slots=True)
class Amount:
    """A printed number. ``value`` = ``printed`` × ``factor`` (1.7万 → 17000 = 1.7 × 10000), signed.

    The unit stays as printed: ``523.15万元`` is 523.15 of the unit 万元 (its factor is 1), since tables print 万元
    in the heading or in the cell alike. ``approx`` is true for 余, 多, 近, 约, 以上, 以下 …
    """

    value: float
    printed: float
    factor: float = 1
    unit: str = ""
    approx: bool = False


@lru_cache(maxsize=4096)
def parse_number(surface: str) -> Amount | None:
    """The amount that a surface prints, with its unit where one follows; None where it is no number.

    Full-width and traditional characters, thousands separators, signs (+5, 减4, 未增未减) and Chinese numerals
    (两, 十二) are understood. Words around the number that are no part of an amount make the result None.
    Amounts are kept: the same small numbers come again in every report.
    """
    text = simplify(surface).strip()
    if not text:
        return None
    if text in NO_CHANGE:
        return Amount(0.0, 0.0)
    text, sign, approx = _lead(text)
    found = _ARABIC.match(text) or _CHINESE.match(text)
    if found is None:
        return None
    after = _AFTER.match(text, found.end())
    if after is None:
        return None
    return _amount(found, after["unit"], sign, approx or bool(after["more"]))


def _lead(text: str) -> tuple[str, int, bool]:
    """The text without the words before its number, the sign they give, and whether they make it approximate."""
    approx, sign = False, 1
    for words in (_BEFORE, MINUS_WORDS, PLUS_WORDS, _BEFORE):
        for word in words:
            if text.startswith(word) and len(text) > len(word):
                text = text[len(word) :].lstrip()
                approx = approx or word in _APPROX_BEFORE
                sign = -1 if words is MINUS_WORDS else sign
                break
    return text, sign, approx


def _amount(found: re.Match[str], unit: str, sign: int, approx: bool) -> Amount | None:
    parts = found.groupdict()
    printed = _decimal(parts["digits"])
    if printed is None:
        return None
    factor = _FACTORS[parts.get("factor") or ""]
    if (parts.get("factor") == "万" and unit == "元") or (parts.get("factor") == "亿" and unit == "元"):
        factor, unit = 1, f"{parts['factor']}元"
    if parts.get("sign") and parts["sign"] != "+":
        sign = -sign
    printed *= sign
    fuzzy = approx or bool(parts.get("more1")) or bool(parts.get("more2"))
    return Amount(float(printed * factor), float(printed), float(factor), unit, fuzzy)


def _decimal(digits: str) -> Decimal | None:
    if digits[0].isascii():
        return Decimal(digits.replace(",", ""))
    whole = _chinese(digits)
    return None if whole is None else Decimal(whole)


@lru_cache(maxsize=512)
def _chinese(digits: str) -> int | None:
    """A whole number in Chinese characters. The library is imported late: most reports need it for nothing."""
    import cn2an

    try:
        return int(cn2an.cn2an(digits.replace("〇", "零"), "smart"))
    except (ValueError, KeyError):
        return None
