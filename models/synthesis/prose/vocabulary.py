"""Words for the slots of templates: the project's own phrases and random words of jieba's dictionary.

jieba (MIT licence) ships a frequency list; its nouns and verbs of two to four characters fill the places where a
reader must not rely on a known word: topics, columns, campaigns, titles. Words of the domain itself are left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from random import Random

import yaml

from models.synthesis.prose.grammar import Choice, alternatives, claiming_rules

_TAGS = {"n": "nouns", "nz": "nouns", "vn": "nouns", "v": "verbs", "a": "qualities", "l": "phrases", "i": "phrases"}
_NUMERALS = frozenset("零〇一二两三四五六七八九十百千万亿半几双")
_DOMAIN = (
    "申请",
    "复议",
    "诉讼",
    "起诉",
    "结转",
    "办结",
    "公开",
    "规章",
    "许可",
    "处罚",
    "强制",
    "收费",
    "采购",
    "废止",
    "受理",
    "信访",
)
_UNFIT = frozenset(
    "睾毒淫奸娼妓嫖赌尸杀屠死狱匪寇娘屁屎尿裸性艳恐暴乱反叛独台藏疆党军共国爱妻妾婊骂凶战仇恨鬼魔炸枪弹癌囚刑罪血骗"
)


@dataclass(frozen=True, slots=True)
class Words:
    nouns: tuple[str, ...]
    verbs: tuple[str, ...]
    qualities: tuple[str, ...]
    phrases: tuple[str, ...]


@cache
def words() -> Words:
    """The dictionary's words by kind, in the dictionary's order (read once, about 0.3 s)."""
    kinds: dict[str, list[str]] = {"nouns": [], "verbs": [], "qualities": [], "phrases": []}
    path = resources.files("jieba").joinpath("dict.txt")
    for line in path.read_text(encoding="utf-8").splitlines():
        word, count, tag = line.split(" ")
        kind = _TAGS.get(tag)
        if kind and 2 <= len(word) <= 4 and int(count) >= 60 and not _odd(word):
            kinds[kind].append(word)
    return Words(*(tuple(kinds[k]) for k in ("nouns", "verbs", "qualities", "phrases")))


def _odd(word: str) -> bool:
    return bool(_NUMERALS.intersection(word) or _UNFIT.intersection(word)) or any(d in word for d in _DOMAIN)


def load_yaml(name: str) -> dict[str, object]:
    """A data file of this package."""
    text = resources.files("models").joinpath("synthesis", "prose", name).read_text(encoding="utf-8")
    data: dict[str, object] = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return data


@cache
def rule_sources() -> dict[str, str]:
    """Every rule of the vocabulary files: name → its alternatives as one template."""
    out: dict[str, str] = {}
    for name in ("words.yaml", "filler.yaml", "headings.yaml", "sections.yaml"):
        for key, value in load_yaml(name).items():
            out[key] = "|".join(value) if isinstance(value, list) else str(value)
    return out


@cache
def claiming() -> frozenset[str]:
    """The rules that hold claims."""
    return claiming_rules(rule_sources())


@cache
def rule(name: str) -> Choice:
    """A rule's alternatives, parsed. KeyError: no such rule."""
    return alternatives(rule_sources()[name], claiming())


def noun(rng: Random) -> str:
    return rng.choice(words().nouns)


@cache
def _themes() -> tuple[str, ...]:
    return tuple(rule_sources()["theme"].split("|"))


def topic(rng: Random) -> str:
    """A subject of two to eight characters, known to such reports or not: 耕地保护, 渠道疏浚, 农机具."""
    if rng.random() < 0.55:
        return rng.choice(_themes())
    nouns = words().nouns
    first = rng.choice(nouns)
    return first + rng.choice(nouns) if len(first) < 4 and rng.random() < 0.6 else first
