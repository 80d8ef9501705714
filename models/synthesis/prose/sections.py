"""The other pieces of prose: introduction, statements before tables, sections 五 and 六, reports before 2019."""

from __future__ import annotations

from functools import partial
from random import Random

from models.synthesis.facts import Facts
from models.synthesis.markup import Marked
from models.synthesis.prose.families import write_claim
from models.synthesis.prose.headings import draw_style, open_heading
from models.synthesis.prose.narrative import scribe, write_body, write_headed, write_line
from models.synthesis.prose.scribe import Scribe
from models.synthesis.prose.style import ProseOptions, draw_options, typeset

_LEADS = {"2": ("documents", "documents", "publication"), "3": ("requests",), "4": ("disputes",)}


def write_intro(rng: Random, facts: Facts, options: ProseOptions | None = None) -> Marked:
    """The paragraph before 一、: legal basis, the six titles inline, period, address. Numbers, but no claims."""
    s = scribe(rng, facts, options)
    pieces = ["[|||编制说明：|前言：]{basis}{by}"]
    for piece, chance in (("{contents}", 0.45), ("{span}", 0.7), ("{website}", 0.25), ("{contact}", 0.6)):
        if rng.random() < chance:
            pieces.append(piece)
    if rng.random() < 0.15:
        for piece in pieces:
            write_line(s, "paragraph", partial(s.say, piece))
    else:
        write_line(s, "paragraph", partial(s.say, "".join(pieces)))
    return typeset(rng, s.out, s.options)


def write_lead(
    rng: Random, facts: Facts, section: int | str | None = None, options: ProseOptions | None = None
) -> Marked:
    """One to three claim sentences that stand before the table of section 2, 3 or 4, also “t2” … (drawn where None)."""
    s = scribe(rng, facts, options)
    write_line(s, "paragraph", partial(_lead_body, s, str(section or rng.choice(tuple(_LEADS))).removeprefix("t")))
    return typeset(rng, s.out, s.options)


def _lead_body(s: Scribe, section: str) -> None:
    if s.rng.random() < 0.25:
        s.say("{sentence}")
    _statements(s, *(s.rng.choice(_LEADS[section]) for _ in range(s.rng.choice((1, 1, 1, 2, 3)))))
    if s.rng.random() < 0.12 or not s.out.text:
        s.say("[具体情况[如下|见下表]：|[该部分以表格形式报告。|]表格如下：|详见下表。]")


def write_problems(rng: Random, facts: Facts, options: ProseOptions | None = None) -> Marked:
    """Section 五: what is lacking and what will be done; says 未能 and 没有 without claiming a zero."""
    s = scribe(rng, facts, options)
    style = draw_style(rng)
    if rng.random() < 0.5:
        for i, (head, rule) in enumerate((("problems_head", "lacks"), ("remedies_head", "remedies"))):
            write_headed(s, style, partial(open_heading, s, style, i, head), partial(s.say, f"{{{rule}}}"))
        return typeset(rng, s.out, s.options)
    write_line(s, "paragraph", partial(s.say, "{lacks}" if rng.random() < 0.5 else "{lacks}{remedies}"))
    if rng.random() < 0.6:
        for i in range(rng.randint(2, 4)):
            write_headed(s, style, partial(open_heading, s, style, i, "step"), partial(s.say, "{remedies}"))
    else:
        write_line(s, "paragraph", partial(s.say, "{remedies}{sentence}"))
    return typeset(rng, s.out, s.options)


def write_other(rng: Random, facts: Facts, options: ProseOptions | None = None) -> Marked:
    """Section 六: nothing to report, fees for handling requests (nought or money), or further notes."""
    s = scribe(rng, facts, options)
    kind = rng.random()
    if kind < 0.38:
        write_line(s, "paragraph", partial(s.say, "{nothing}"))
    elif kind < 0.75:
        write_line(s, "paragraph", partial(_fees, s))
    else:
        style = draw_style(rng)
        for i in range(rng.randint(1, 3)):
            body = partial(write_body, s, "extra", 1) if i else partial(_fees, s)
            write_headed(s, style, partial(open_heading, s, style, i, "note_head"), body)
    return typeset(rng, s.out, s.options)


def _fees(s: Scribe) -> None:
    if write_claim(s, "other"):
        s.say("[。|。|，且[无|没有]其他需要报告的事项。|。{nothing}]")
    else:
        s.say("{nothing}")


_OLD = {
    "overview": ("extra", "management"), "disclosure": ("disclosure", "platform"), "requests": ("requests",),
    "disputes": ("disputes",),
}  # fmt: skip


def write_old_report_sections(rng: Random, facts: Facts, options: ProseOptions | None = None) -> dict[str, Marked]:
    """The free sections of a report of 2018 or before: section kind → body. The facts' claims keep their concepts."""
    options = options or draw_options(rng)
    out = {kind: _old_section(scribe(rng, facts, options), kind, topics) for kind, topics in _OLD.items()}
    return out | {"problems": write_problems(rng, facts, options)}


def _old_section(s: Scribe, kind: str, topics: tuple[str, ...]) -> Marked:
    if kind == "disputes":
        write_line(s, "paragraph", partial(_statements, s, "disputes", "other"))
    elif s.rng.random() < 0.5:
        style = draw_style(s.rng)
        for i, topic in enumerate(topics * s.rng.randint(1, 2)):
            write_headed(s, style, partial(open_heading, s, style, i, topic), partial(write_body, s, topic, 2))
    else:
        for topic in topics:
            write_line(s, "paragraph", partial(write_body, s, topic, 2))
    return typeset(s.rng, s.out, s.options)


def _statements(s: Scribe, *places: str) -> None:
    for place in places:
        if write_claim(s, place):
            s.out.text += "。"
