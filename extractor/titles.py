"""Section titles of the forms: which section a heading's words name."""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz import fuzz, process

from models.form import load_forms, old_sections

SURE = 82.0


@lru_cache(maxsize=1)
def _titles() -> dict[str, str]:
    """Every title and variant of every form → section kind; titles of today's forms win over old ones."""
    out: dict[str, str] = {}
    for section in [s for f in load_forms() for s in f.sections] + list(old_sections()):
        for title in section.titles:
            out.setdefault(_plain(title), section.kind)
    return out


def _plain(text: str) -> str:
    return re.sub(r"[\s、,，.。:：;；()（）“”\"]", "", text).replace("资讯", "信息").replace("讯息", "信息")


@lru_cache(maxsize=4096)
def section_kind(title: str) -> tuple[str | None, float]:
    """The kind of section that a title (without numbering) names, and how alike they are (0–100)."""
    plain = _plain(title)
    if not 2 <= len(plain) <= 40:
        return None, 0.0
    exact = _titles().get(plain)
    if exact:
        return exact, 100.0
    found = process.extractOne(plain, _titles().keys(), scorer=fuzz.ratio, score_cutoff=SURE)
    return (_titles()[found[0]], float(found[1])) if found else (None, 0.0)


@lru_cache(maxsize=1)
def numbered_titles() -> re.Pattern[str]:
    """Numbered section titles as they stand in running text (normalised): ``二、主动公开政府信息情况``."""
    names = sorted({re.escape(t.replace("（", "(").replace("）", ")")) for t in _raw_titles()}, key=len, reverse=True)
    return re.compile(rf"[一二三四五六]\s?[、.．]\s?(?:{'|'.join(names)})")


def _raw_titles() -> list[str]:
    sections = [s for f in load_forms() for s in f.sections] + list(old_sections())
    return [t for s in sections for t in s.titles if len(t) >= 2]
