"""Every regular expression of the software takes time that grows with the text, not with its square."""

from __future__ import annotations

import importlib
import pkgutil
import re
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import extractor
import models

SIZE = 20_000
LIMIT = 0.2
_PROBE = 2_000
_SUSPECT = LIMIT / 50  # of a probe ten times shorter: what grows with the square passes it long before the limit
_NEEDS_TRAINING = ("torch", "transformers")
_UNITS = (
    *"10a政一(（)）.,，。、：:|\t\n-—/<>《》“”年件第条万余其中是\u3000\u200b〔[]表注共区ā ",
    "  ", " \n", "1 ", "1,", "1.", "1年", "一、", "（一）", "(1)", "第1条", "2023年", "2023-", "www.", "http://",
    "ab.", "a/", "1|", "| ", "|-", "<a ", "&nb", "其中", "政府信息公开", "年度报告", "规章", "十", "个", "1%",
    "12月", "-1", "（（", "一是", "a1", "年 ", "0 0 ", "1\n", "\r", "局", "县", "关于", "的", "— ", "1/",
)  # fmt: skip


def _patterns(value: object, name: str) -> Iterator[tuple[str, re.Pattern[str]]]:
    if isinstance(value, re.Pattern):
        if isinstance(value.pattern, str):
            yield name, value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from _patterns(one, f"{name}[{key!r}]")
    elif isinstance(value, list | tuple | set | frozenset):
        for i, one in enumerate(value):
            yield from _patterns(one, f"{name}[{i}]")


@cache
def _sources() -> str:
    roots = [Path(next(iter(package.__path__))) for package in (extractor, models)]
    return "\n".join(path.read_text(encoding="utf-8") for root in roots for path in sorted(root.rglob("*.py")))


def _uses(name: str, pattern: re.Pattern[str]) -> list[Callable[[str], Any]]:
    """The ways in which the software applies a pattern; one in a container is applied to the whole of short texts."""
    variable = name.rsplit(".", 1)[-1]
    if "[" in name:
        return [pattern.match] if re.search(rf"\b{variable.split('[')[0]}\b.*\.match\(", _sources()) else []
    called = set(re.findall(rf"\b{variable}\.(\w+)\(", _sources()))
    uses: list[Callable[[str], Any]] = [pattern.fullmatch] if "fullmatch" in called else []
    if "match" in called:
        uses.append(pattern.match)
    if called - {"fullmatch", "match"} or not called:
        uses.append(lambda text: sum(1 for _ in pattern.finditer(text)))
    return uses


@cache
def _all() -> dict[str, re.Pattern[str]]:
    found: dict[str, re.Pattern[str]] = {}
    for package in (extractor, models):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            try:
                loaded = importlib.import_module(module.name)
            except ModuleNotFoundError as error:
                if error.name not in _NEEDS_TRAINING:
                    raise
                continue
            for name, value in vars(loaded).items():
                for path, pattern in _patterns(value, f"{module.name}.{name}"):
                    if pattern not in found.values():
                        found[path] = pattern
    return found


def _seconds(use: Callable[[str], Any], unit: str, size: int) -> float:
    """For the unit repeated, with an end that nothing matches: a match that fails late is the dear one."""
    text = (unit * (size // len(unit) + 1))[:size] + "\x02"
    begun = time.perf_counter()
    use(text)
    return time.perf_counter() - begun


def test_there_are_patterns_to_test() -> None:
    assert len(_all()) > 60


@pytest.mark.parametrize("name", sorted(_all()))
def test_a_pattern_takes_linear_time(name: str) -> None:
    pattern = _all()[name]
    units = dict.fromkeys((*_UNITS, *re.findall("[\u4e00-\u9fff]{1,6}", pattern.pattern)[:6]))
    for use in _uses(name, pattern):
        suspects = [unit for unit in units if _seconds(use, unit, _PROBE) > _SUSPECT]
        for unit in suspects:
            took = min(_seconds(use, unit, SIZE) for _ in range(2))
            assert took < LIMIT, f"{unit!r} repeated takes {took:.2f} s"
