"""Metadata: title, issuer, year and date of publication, read from the head of the page."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from extractor.document import Document, Metadata, Span
from models.text import View, normalise, squeeze, squeezed

HEAD_BLOCKS = 80
MAX_TITLE = 70
_TITLE = re.compile(
    r"(?P<title>[^。;!?:《》|]{0,48}(?:信息公开|政务公开|年度|年)[^。;,!?:《》|]{0,16}(?:报告|年报)"
    r"(?:[(〔\[]20\d\d年?度?[)〕\]]|[-—–]{1,2}20\d\d年?)?)"
)
_LEAD = re.compile(r"^(?:标题|名称|题名|信息名称)[:：]?")
_YEAR = re.compile(r"(?<!\d)(20[0-4]\d)(?!\d)")
_ANY_YEAR = re.compile(r"(?<![\d〔\[(.])(20[0-4]\d)(?!\d|号|[〕\].])")
_GENERIC = ("办公室", "办公厅", "人民政府", "政府", "委员会", "办事处", "街道办事处", "管委会", "管理委员会")
_YEAR_PART = re.compile(r"[(〔\[]?20\d\d年?度?[)〕\]]?(?:年度?)?")
_TOPIC = re.compile(r"(?:人民政府)?(?:政府信息公开|政务信息公开|信息公开|政务公开|政府信息)")
_PERIOD = re.compile(r"(20[0-4]\d)年?1月1日")
_ORGANISATION = re.compile(
    r"(?:政府|办公室|办公厅|局|厅|委员会|委|处|所|院|中心|街道|镇|乡|市|区|县|州|盟|旗|省|海关|部|会|支队|大队|队|站|社|署)$"
)
_PUBLISHED = re.compile(
    r"(发布时间|发布日期|公开日期|公布日期|发文日期|发布于|成文日期|生成日期|(?<![集新印问改])日期|(?<![集新印问改])时间)[^\d]{0,6}"
    r"(20\d\d)\s?[-年./]\s?(\d{1,2})\s?[-月./]\s?(\d{1,2})"
)
_ORDER = ("发布时间", "发布日期", "公开日期", "公布日期", "发文日期", "发布于", "成文日期", "生成日期", "日期", "时间")
_NO_TITLE = re.compile(r"通知|解读|格式|模板|指南|要点|方案|办法|附件|下载|根据|按照|现将|编制|规定|要求|现发布")


@dataclass(frozen=True, slots=True)
class _Candidate:
    title: str
    issuer: str | None
    year: int | None
    span: Span
    pieces: int


class MetadataStage:
    """Finds the title among the first blocks, joined over up to three lines, and reads issuer and year from it."""

    name = "metadata"
    needs = ("blocks",)
    makes = ("metadata",)

    def __call__(self, document: Document) -> Document:
        found = _best(_candidates(document))
        year = found.year if found else None
        metadata = Metadata(
            title=found.title if found else None,
            issuer=found.issuer if found else None,
            year=year or _year_of_period(document.text) or _year_of_text(document.text),
            format=None,
            published=_published(document),
        )
        return document.having(metadata=metadata)


def _candidates(document: Document) -> list[_Candidate]:
    """Every title in the head of the page: one block, or two or three that follow each other, joined."""
    blocks = document.blocks[:HEAD_BLOCKS]
    ends = next((i for i, b in enumerate(blocks) if b.type == "paragraph" and b.span.end - b.span.start > 120), None)
    blocks = blocks if ends is None else blocks[: ends + 3]
    pieces = [_piece(document.text, b.span) for b in blocks]
    named = ["报" in p.text or "告" in p.text for p in pieces]
    out: list[_Candidate] = []
    for i in range(len(blocks) if ends is None else ends + 1):
        if not any(named[i : i + 3]):
            continue
        for count in (1, 2, 3):
            part = pieces[i : i + count]
            if len(part) < count or blocks[i + count - 1].line - blocks[i].line > 2 * count + 2:
                break
            span = Span(blocks[i].span.start, blocks[i + count - 1].span.end)
            if candidate := _title_in(document.text, part, span):
                out.append(candidate)
                break
    return out


def _piece(text: str, span: Span) -> View:
    """The head of a block without white space, and the crawler's label ``标题:`` left out."""
    view = squeeze(normalise(text, span.start, min(span.end, span.start + MAX_TITLE * 2)))
    lead = _LEAD.match(view.text)
    return View(view.text[lead.end() :], view.offsets[lead.end() :]) if lead else view


def _title_in(text: str, pieces: list[View], span: Span) -> _Candidate | None:
    parts = [p.text for p in pieces]
    before = "".join(parts[:-1])
    if len(parts) > 1 and (len(parts[0]) > 45 or any(c in before for c in "。;:!?>|")):
        return None
    joined = (before + parts[-1])[: MAX_TITLE * 2]
    m = _TITLE.match(joined)
    if m is None or len(m["title"]) < 8 or _NO_TITLE.search(m["title"]) or m.end() <= len(before):
        return None
    rest = joined[m.end() :]
    if rest and len(parts) == 1 and rest[0] not in "-—_(〔[" and not (len(rest) > 30 and span.end - span.start > 200):
        return None
    offsets = [o for p in pieces for o in p.offsets]
    printed = "".join(text[o] for o in offsets[m.start("title") : m.end("title")])
    return _Candidate(
        printed, _as_printed(issuer_of(m["title"]), m["title"], printed), year_of(m["title"]), span, len(parts)
    )


def _as_printed(name: str | None, title: str, printed: str) -> str | None:
    """The issuer in the script of the page, where it stands in the title as one piece."""
    at = title.find(name) if name else -1
    return name if name is None or at < 0 else printed[at : at + len(name)]


def issuer_of(title: str) -> str | None:
    """The body that a title names: what stands before its year and topic, or between them."""
    topic = _TOPIC.search(title)
    head = title[: topic.start()] if topic else title
    if topic and topic.group().startswith("人民政府"):
        head += "人民政府"
    name = _YEAR_PART.sub("", head)
    name = re.sub(r"^(?:关于|印发|公布)+|(?:关于|的|度|年度|工作)+$", "", name).strip("-—:·、")
    return name if len(name) >= 2 else None


def year_of(text: str) -> int | None:
    m = _YEAR.search(text)
    return int(m.group(1)) if m else None


def _best(candidates: list[_Candidate]) -> _Candidate | None:
    """The title nearest to the text among those that say most (issuer and year)."""
    if not candidates:
        return None
    most = max((c.issuer is not None) + (c.year is not None) for c in candidates)
    best = [c for c in candidates if (c.issuer is not None) + (c.year is not None) == most]
    return _widened(best[-1], candidates)


def _widened(best: _Candidate, candidates: list[_Candidate]) -> _Candidate:
    """A title whose first line is lost to a line break: prefer the joined candidate that contains it."""
    if best.issuer and best.issuer not in _GENERIC and len(best.issuer) > 2 and _ORGANISATION.search(best.issuer):
        return best
    for c in candidates:
        inside = c.span.start <= best.span.start and best.span.end <= c.span.end
        if inside and c.pieces > best.pieces and _ORGANISATION.search(c.issuer or ""):
            return c
    return best


def _year_of_period(text: str) -> int | None:
    m = _PERIOD.search(squeezed(text, 0, 4000))
    return int(m.group(1)) if m else None


def _year_of_text(text: str) -> int | None:
    """The year that the text names most often; document numbers (〔2021〕30号) do not count."""
    years = Counter(_ANY_YEAR.findall(squeezed(text, 0, 12000)))
    return int(max(years, key=lambda y: (years[y], y))) if years else None


def _published(document: Document) -> str | None:
    """The date in a meta line of the page's head, ISO 8601."""
    end = document.blocks[min(HEAD_BLOCKS, len(document.blocks)) - 1].span.end if document.blocks else 0
    dates = list(_PUBLISHED.finditer(normalise(document.text, 0, min(end, 6000)).text))
    for m in sorted(dates, key=lambda m: _ORDER.index(m[1])):
        year, month, day = int(m[2]), int(m[3]), int(m[4])
        if 1 <= month <= 12 and 1 <= day <= 31:
            return f"{year:04d}-{month:02d}-{day:02d}"
    return None
