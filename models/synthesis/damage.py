"""Damage that scraping, content systems and hijackers do to the characters of a report. Gold stays right throughout.

Every kind of damage is one function from a marked text to a marked text. After each, claims whose number was
touched are dropped, claims that lost their unit say so, and groups of a sum that lost a part are marked ``lost``.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import replace

from models.synthesis import page_words as words
from models.synthesis.damage_script import add_pinyin, to_taiwan, to_traditional
from models.synthesis.markup import Mark, Marked
from models.synthesis.page_layout import space_numbers
from models.text import normalise

_PROSE = ("paragraph", "item")
_DEBRIS = (
    "</strong>",
    "?/strong>",
    "&nbsp;",
    "&nbsp;&nbsp;",
    "?;?",
    "⠂ ⠼/span>",
    "<br/>",
    "</p>",
    "?。?",
    "????",
    "&ldquo;",
    "</span>",
)
_GARBAGE = "槓循蜜鬧溷蓀篚憊朧攙隴姘"
_DATE_UNIT = re.compile(r"(?<=[0-9])[年月日号〕]")
_CJK = re.compile(r"[\u4e00-\u9fff]{2}")


def prose_places(doc: Marked) -> list[tuple[int, int]]:
    """Where running text stands, in order, without overlaps."""
    out: list[tuple[int, int]] = []
    for m in doc.of("block"):
        if m.data["type"] in _PROSE and m.end > m.start:
            start = max(m.start, out[-1][1]) if out else m.start
            if start < m.end:
                out.append((start, m.end))
    return out


def _guarded(doc: Marked) -> set[int]:
    """Places that random edits leave alone: numbers of claims and sums, cells, headings and what follows them."""
    out: set[int] = set()
    for m in doc.marks:
        if m.kind in ("claim", "sum", "cell", "heading", "title", "issuer", "year", "published"):
            out.update(range(m.start, m.end + 1))
    return out


def _spots(rng: random.Random, doc: Marked, count: int) -> list[int]:
    """Random places between two Chinese characters of running text."""
    guarded = _guarded(doc)
    places = prose_places(doc)
    if not places:
        return []
    sizes = [e - s for s, e in places]
    found: set[int] = set()
    for s, e in rng.choices(places, sizes, k=count * 2):
        at = rng.randint(s, e)
        if s < at < e and at not in guarded and _CJK.match(doc.text, at - 1):
            found.add(at)
    return sorted(found)[:count]


def lose_units(rng: random.Random, doc: Marked) -> Marked:
    """年, 月, 日, 〕 and units of counts lost after digits; sometimes the digits themselves."""
    rate, digits = rng.choice((0.4, 0.8, 1.0)), rng.random() < 0.3
    edits: list[tuple[int, int, str]] = []
    marks = list(doc.marks)
    taken: set[int] = set()
    for i, m in enumerate(marks):
        if m.kind != "claim" or m.data["kind"] == "zero" or m.start in taken:
            continue
        taken.add(m.start)
        unit = m.data.get("unit") or ""
        if digits and rng.random() < 0.4:
            edits.append((m.start, m.end, ""))
        elif unit not in ("", "%") and doc.text.startswith(unit, m.end) and rng.random() < rate:
            edits.append((m.end, m.end + len(unit), ""))
            marks[i] = replace(m, data={**m.data, "unit": "", "maimed": True})
    gone = {p for a, b, _ in edits for p in range(a, b)}
    for s, e in prose_places(doc):
        for d in _DATE_UNIT.finditer(doc.text, s, e):
            if d.start() not in gone and rng.random() < rate:
                edits.append((d.start(), d.end(), ""))
    return Marked(doc.text, marks).substitute(edits)


def space_out(rng: random.Random, doc: Marked) -> Marked:
    """Spaces around the numbers of the prose."""
    before, after = rng.choice(((True, True), (True, False), (False, True)))
    return space_numbers(doc, prose_places(doc), before, after)


def double(rng: random.Random, doc: Marked) -> Marked:
    """Characters and words printed twice."""
    spots = _spots(rng, doc, rng.randint(2, 8))
    return doc.substitute([(at, at, doc.text[at - rng.choice((1, 1, 2)) : at]) for at in spots])


def break_words(rng: random.Random, doc: Marked) -> Marked:
    """Line breaks in the middle of words."""
    glue = rng.choice(("\n", "\n", "\n\n"))
    return doc.substitute([(at, at, glue) for at in _spots(rng, doc, rng.randint(1, 6))])


def add_debris(rng: random.Random, doc: Marked) -> Marked:
    """Pieces of mark-up and broken encodings between the words."""
    return doc.substitute([(at, at, rng.choice(_DEBRIS)) for at in _spots(rng, doc, rng.randint(2, 9))])


def add_garbage(rng: random.Random, doc: Marked) -> Marked:
    """Characters strewn in against scraping."""
    spots = _spots(rng, doc, rng.randint(2, 8))
    return doc.substitute([(at, at, "".join(rng.sample(_GARBAGE, rng.randint(1, 2)))) for at in spots])


def add_invisible(rng: random.Random, doc: Marked) -> Marked:
    """Invisible characters around numbers, kept or turned into question marks."""
    sign = rng.choice(("?", "?", "\u200b", "\ufeff"))
    spans = sorted({(m.start, m.end) for m in doc.marks if m.kind == "claim" and m.data["kind"] != "zero"})
    edits: list[tuple[int, int, str]] = []
    for a, b in spans:
        if rng.random() < 0.7:
            edits += [(a, a, sign), (b, b, sign)]
    edits += [(at, at, "\u200b") for at in _spots(rng, doc, 6)]
    return doc.substitute(sorted(set(edits)))


def lose_stops(rng: random.Random, doc: Marked) -> Marked:
    """Full stops lost or printed as ASCII points."""
    new = rng.choice(("", "", ".", "。。"))
    stops = [i for s, e in prose_places(doc) for i in range(s, e) if doc.text[i] == "。" and rng.random() < 0.25]
    return doc.substitute([(i, i + 1, new) for i in stops])


def lose_first(rng: random.Random, doc: Marked) -> Marked:
    """The first character of some paragraphs lost."""
    guarded = _guarded(doc)
    firsts = [s for s, e in prose_places(doc) if e - s > 12 and "\u4e00" <= doc.text[s] <= "\u9fff"]
    return doc.substitute([(s, s + 1, "") for s in firsts if s not in guarded and rng.random() < 0.3])


def hijack(rng: random.Random, doc: Marked) -> Marked:
    """A word replaced by a brand throughout the text, as on mirrors of expired domains."""
    word = rng.choice([w for w in ("关于", "关于", "依申请公开", "有关", "人民政府") if w in doc.text] or ["关于"])
    brand = rng.choice(words.BRANDS)
    hits = [m.start() for m in re.finditer(word, doc.text)]
    if word == "依申请公开":  # what the number is about went with the word
        doc = Marked(doc.text, [_vague(m, doc.text, hits) for m in doc.marks])
    guarded = {i for m in doc.marks if m.kind in ("cell", "title") for i in range(m.start, m.end)}
    return doc.substitute([(h, h + len(word), brand) for h in hits if h not in guarded])


def _vague(mark: Mark, text: str, hits: list[int]) -> Mark:
    if mark.kind != "claim" or not mark.data.get("concepts"):
        return mark
    near = any(mark.start - 40 < h < mark.end + 20 for h in hits)
    return replace(mark, data={**mark.data, "optional": True}) if near else mark


def nbsp(rng: random.Random, doc: Marked) -> Marked:
    """Spaces that do not break; before cells sometimes a question mark that was one."""
    text = "".join("\u00a0" if c == " " and rng.random() < 0.8 else c for c in doc.text)
    out = Marked(text, doc.marks)
    if rng.random() < 0.6:
        return out
    pad = rng.choice(("\u00a0", "\u00a0", "? "))
    cells = {m.start for m in out.of("cell") if m.end > m.start and m.start and text[m.start - 1] in "\n|\t\u00a0"}
    return out.substitute([(at, at, pad) for at in sorted(cells) if rng.random() < 0.8])


def crlf(rng: random.Random, doc: Marked) -> Marked:
    """Line ends of two characters."""
    return doc.substitute([(i, i + 1, "\r\n") for i, c in enumerate(doc.text) if c == "\n"])


_HALF = str.maketrans({"（": "(", "）": ")", "：": ":", "，": ",", "；": ";", "？": "?", "！": "!", "“": '"', "”": '"'})


def half_width(rng: random.Random, doc: Marked) -> Marked:
    """Punctuation of half width throughout, as many archives store it."""
    return Marked(doc.text.translate(_HALF), doc.marks)


def traditional(rng: random.Random, doc: Marked) -> Marked:
    return to_traditional(doc)


def taiwan(rng: random.Random, doc: Marked) -> Marked:
    return to_taiwan(doc)


KINDS: dict[str, Callable[[random.Random, Marked], Marked]] = {
    "units": lose_units,
    "spaces": space_out,
    "doubled": double,
    "breaks": break_words,
    "debris": add_debris,
    "garbage": add_garbage,
    "invisible": add_invisible,
    "stops": lose_stops,
    "first": lose_first,
    "hijacked": hijack,
    "nbsp": nbsp,
    "halfwidth": half_width,
    "pinyin": add_pinyin,
    "traditional": traditional,
    "taiwan": taiwan,
    "crlf": crlf,
}
# one of these a report at most; the rest of the weight is "none"
_CHARACTERS = {
    "units": 0.05, "spaces": 0.04, "doubled": 0.03, "breaks": 0.025, "debris": 0.02,
    "garbage": 0.008, "invisible": 0.015, "stops": 0.015, "first": 0.01, "hijacked": 0.03,
}  # fmt: skip
_SCRIPTS = {"pinyin": 0.08, "traditional": 0.05, "taiwan": 0.01}


def draw_damage(rng: random.Random) -> tuple[str, ...]:
    """Names of the damage that one report takes, in the order it is done; mostly none."""
    out: list[str] = []
    for table in (_CHARACTERS, _SCRIPTS):
        names = [*table, ""]
        pick = rng.choices(names, [*table.values(), 1 - sum(table.values())])[0]
        out += [pick] if pick else []
    out += ["halfwidth"] if rng.random() < 0.28 else []
    out += ["nbsp"] if rng.random() < 0.05 else []
    out += ["crlf"] if rng.random() < 0.04 else []
    return tuple(out)


def damage(rng: random.Random, doc: Marked, kinds: tuple[str, ...]) -> Marked:
    """The text with every named damage done to it, in order. Raises KeyError for a name that is not in KINDS."""
    for kind in kinds:
        doc = _settle(doc, KINDS[kind](rng, doc))
    return doc


def _plain(text: str) -> str:
    """What a reader makes of a number's text."""
    return "".join(normalise(text).text.split()).replace("?", "")


def _settle(before: Marked, after: Marked) -> Marked:
    """Drop the marks that the damage made untrue. Both texts have the same marks in the same order."""
    kept: list[Mark] = []
    for old, new in zip(before.marks, after.marks, strict=True):
        if new.kind not in ("claim", "sum", "cell", "heading"):
            kept.append(new)
            continue
        was, now = before.text[old.start : old.end], after.text[new.start : new.end]
        same = was == now or _plain(was) == _plain(now)
        if new.kind == "claim":
            alive = bool(now) and (same or new.data["kind"] == "zero")
            kept += [new] if alive else []
        elif new.kind == "heading":
            kept += [new] if now else []
        else:
            lost = {} if same else {"lost": True} if new.kind == "sum" else {"uncertain": True}
            kept.append(replace(new, data={**new.data, **lost}) if lost else new)
    return Marked(after.text, kept)
