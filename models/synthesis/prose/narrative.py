"""Section 一: what the body did, under sub-headings of every make, its claims among sentences that claim nothing."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from random import Random

from models.synthesis.facts import Facts
from models.synthesis.markup import Mark, Marked
from models.synthesis.prose.families import write_claim
from models.synthesis.prose.figures import chinese
from models.synthesis.prose.headings import HeadingStyle, draw_style, inner_style, open_heading
from models.synthesis.prose.scribe import Scribe
from models.synthesis.prose.style import ProseOptions, draw_options, typeset

TOPICS: dict[str, tuple[str, ...]] = {
    "disclosure": ("publication", "publication", "publication", "documents", "platform"),
    "requests": ("requests", "requests", "requests", "requests", "disputes"),
    "management": ("documents", "documents", "publication", "supervision"),
    "platform": ("platform", "platform", "publication"),
    "supervision": ("supervision", "supervision", "disputes", "platform"),
    "extra": ("platform", "disputes", "publication", "documents", "supervision"),
}


def scribe(rng: Random, facts: Facts, options: ProseOptions | None) -> Scribe:
    """A writer for one piece of a report."""
    options = options or draw_options(rng)
    return Scribe(rng, facts, options, unit=options.unit)


def write_line(s: Scribe, kind: str, *writes: Callable[[], object]) -> None:
    """One line of the report, written by these in turn, with its block type; lines are parted by a line break."""
    if s.out.text:
        s.out.text += "\n"
    start = len(s.out.text)
    for write in writes:
        write()
    if len(s.out.text) > start:
        s.out.marks.append(Mark(start, len(s.out.text), "block", {"type": kind}))
    elif start:
        s.out.text = s.out.text[:-1]


def write_narrative(rng: Random, facts: Facts, options: ProseOptions | None = None) -> Marked:
    """The body of section 一 with marks claim, heading, sum and block. Withheld families are not used."""
    s = scribe(rng, facts, options)
    large = (s.known("requests_new") or 0) > 60
    size = rng.choices((1, 2, 3), (20, 45, 35) if large else (48, 40, 12))[0]
    if rng.random() < 0.85:
        write_line(s, "paragraph", partial(_lead, s))
    style = draw_style(rng)
    if size == 1 and rng.random() < 0.22:
        for topic in _topics(rng, size):
            write_line(s, "paragraph", partial(write_body, s, topic, size))
    elif rng.random() < 0.12:
        _points(s, size)
    else:
        for i, topic in enumerate(_topics(rng, size)):
            _subsection(s, style, i, topic, size)
    return typeset(rng, s.out, s.options)


def _topics(rng: Random, size: int) -> list[str]:
    topics = ["disclosure", "requests", "management", "platform", "supervision"]
    if size == 1 and rng.random() < 0.5:
        topics = [t for t in topics if t in ("disclosure", "requests") or rng.random() < 0.4]
    if rng.random() < 0.12 * size:
        topics.insert(rng.randint(0, len(topics)), "extra")
    if rng.random() < 0.06 * size:
        topics.insert(0, "extra")
    if rng.random() < 0.05:
        rng.shuffle(topics)
    return topics


def _lead(s: Scribe) -> None:
    s.say("{paragraph_open}")
    if s.rng.random() < 0.15 and write_claim(s, "requests", "publication"):
        s.say("{stop}")
    if s.rng.random() < 0.3:
        s.say("[现将[{year}年|][有关|具体|主要|][情况|工作情况]报告如下：|具体情况如下：|主要[做法|情况]如下。]")


def _subsection(s: Scribe, style: HeadingStyle, i: int, topic: str, size: int) -> None:
    nested = s.rng.random() < (0.02, 0.08, 0.3)[size - 1]
    heading, body = partial(open_heading, s, style, i, topic), partial(write_body, s, topic, size)
    if style.own_line:
        write_line(s, "heading", heading)
        if s.rng.random() < 0.012:  # a sub-section without a body
            return
        if not nested:
            for _ in range(1 + (s.rng.random() < 0.15 * size)):
                write_line(s, "paragraph", body)
    else:
        write_line(s, "paragraph", heading, body)
    if nested:
        _steps(s, inner_style(s.rng, style), topic, size)
    elif s.rng.random() < 0.1:
        _points(s, size, topic)


def _steps(s: Scribe, style: HeadingStyle, topic: str, size: int) -> None:
    """Sub-headings below a sub-heading, at times with a further level."""
    deeper = inner_style(s.rng, style) if style.system != "（1）" and s.rng.random() < 0.3 else None
    for i in range(s.rng.randint(2, 4)):
        _step(s, style, i, topic)
        if deeper is not None and s.rng.random() < 0.6:
            for k in range(s.rng.randint(2, 3)):
                _step(s, deeper, k, topic)


def _step(s: Scribe, style: HeadingStyle, i: int, topic: str) -> None:
    write_headed(s, style, partial(open_heading, s, style, i, "step"), partial(write_body, s, topic, 1))


def write_headed(s: Scribe, style: HeadingStyle, heading: Callable[[], object], body: Callable[[], object]) -> None:
    """A heading and its text: on two lines or run in, as the style has it."""
    if style.own_line:
        write_line(s, "heading", heading)
        write_line(s, "paragraph", body)
    else:
        write_line(s, "paragraph", heading, body)


_POINTS = ("{c}是", "{c}是", "{c}是", "{c}是", "第{c}，", "第{c}、", "{c}是要", "●", "——")
_SENTENCE_POINTS = ("{n}.", "{n}、", "（{n}）", "{m}")


def _points(s: Scribe, size: int, topic: str | None = None) -> None:
    """Items that are no headings: 一是 …, 第一，…, or a numeral before a whole sentence."""
    whole = s.rng.random() < 0.15
    make = s.rng.choice(_SENTENCE_POINTS if whole else _POINTS)
    topics = [topic] * s.rng.randint(2, 4) if topic else _topics(s.rng, size)
    for i, one in enumerate(topics):
        numeral = make.format(c="二" if i == 1 else chinese(i + 1), n=i + 1, m=chr(0x2460 + i))
        opening = (
            "{we}{act}，{act}，{act}[，{act}|]。" if whole else "[{act}|{act}，{act}|{V}{T}方面|{T}情况][。|，|，|：]"
        )
        write_line(s, "item", partial(s.say, numeral + opening), partial(write_body, s, one, 1))


def write_body(s: Scribe, topic: str, size: int) -> None:
    """Sentences of one paragraph: fillers and claims mixed, claims at times joined to chains, now and then of another
    topic."""
    r = s.rng
    claims = r.choices((0, 1, 2, 3, 5), ((18, 52, 22, 6, 2), (12, 34, 28, 18, 8), (8, 24, 28, 24, 16))[size - 1])[0]
    if topic == "requests":
        claims = max(1, claims + (r.random() < 0.4 and (s.known("requests_handled") or 0) > 0))
    if topic == "requests" and s.options.register:
        claims += 4  # such a report tells all of it in this manner
    fillers = r.choices((0, 1, 2, 3), ((40, 42, 14, 4), (20, 42, 26, 12), (12, 34, 32, 22))[size - 1])[0]
    if topic == "requests" and r.random() < 0.5:
        fillers = min(fillers, 1)
    plan = [True] * claims + [False] * (fillers or (claims == 0))
    if r.random() < 0.6:
        r.shuffle(plan)
    else:
        plan.sort()
    listed = len(plan) > 2 and r.random() < 0.2
    for i, is_claim in enumerate(plan):
        if listed:
            s.out.text += f"{'二' if i == 1 else chinese(i + 1)}是"
        if not is_claim:
            s.say("{sentence}")
        elif write_claim(s, r.choice(TOPICS[topic if r.random() < 0.92 else r.choice([*TOPICS])])):
            _end(s, i + 1 < len(plan) and plan[i + 1])
        elif i == len(plan) - 1 and not s.out.text.endswith("。"):
            s.say("{sentence}")


def _end(s: Scribe, claim_follows: bool) -> None:
    """The stop after a claim: full, or a comma where another claim follows; now and then it is lost."""
    roll = s.rng.random()
    if claim_follows:
        s.out.text += "，" if roll < 0.2 else "；" if roll < 0.35 else "。"
    elif roll < 0.985:
        s.out.text += "。"
