"""How a number is printed in prose: plain, with separators, in 万, as a Chinese numeral, more or less exact."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

_DIGITS = "零一二三四五六七八九十"
_BEFORE = ("近", "近", "约", "超", "超过", "逾", "将近", "大约", "突破", "不少于", "至少", "接近", "达到近")
_BETWEEN = ("余", "余", "余", "余", "余", "多", "多")
_AFTER = ("以上", "左右", "上下", "次以上")


@dataclass(frozen=True, slots=True)
class Figure:
    """``before`` + ``surface`` (the claim's span) + ``between`` + unit + ``after``; ``value`` in plain units."""

    surface: str
    value: float
    before: str = ""
    between: str = ""
    after: str = ""

    @property
    def approx(self) -> bool:
        return bool(self.before or self.between or self.after)


def chinese(n: int) -> str:
    """1..99 as it is said before a measure word: 两, 十二, 三十五."""
    if n == 2:
        return "两"
    tens, ones = divmod(n, 10)
    if not tens:
        return _DIGITS[n]
    return ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")


def plain(value: float, separators: bool = False) -> str:
    """37 → 37, 36.4 → 36.4, with separators 1204 → 1,204."""
    if value == int(value):
        return f"{int(value):,}" if separators and value >= 1000 else str(int(value))
    return f"{value:.6f}".rstrip("0")


def draw_figure(rng: Random, value: float, flags: str, separators: bool = False) -> Figure:
    """Print a value that may be changed to fit its wording (only free numbers carry the flags a, A, w)."""
    surface = plain(value, separators)
    if "w" in flags and value >= 10000 and rng.random() < 0.5:
        surface, value = _wan(rng, value)
    elif "A" in flags or ("a" in flags and value >= 5 and rng.random() < 0.22):
        if value >= 10:
            step = 10 ** (len(str(int(value))) - (1 if value < 100 or rng.random() < 0.5 else 2))
            value = int(value // step * step)
        surface = plain(value, separators)
        return _loose(rng, surface, value)
    if "w" in flags and "万" in surface and rng.random() < 0.35:
        return _loose(rng, surface, value)
    return Figure(surface, value)


def _loose(rng: Random, surface: str, value: float) -> Figure:
    kind = rng.random()
    if kind < 0.55 and value >= 10:
        return Figure(surface, value, between=rng.choice(_BETWEEN))
    if kind < 0.9:
        return Figure(surface, value, before=rng.choice(_BEFORE))
    return Figure(surface, value, after=rng.choice(_AFTER[:3]))


def _wan(rng: Random, value: float) -> tuple[str, float]:
    unit, name = (10**8, "亿") if value >= 10**8 else (10**4, "万")
    digits = plain(round(value / unit, rng.choice((0, 1, 1, 2, 2)))) if value < 50 * unit else plain(value // unit)
    return f"{digits}{name}", float(round(float(digits) * unit))
