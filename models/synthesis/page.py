"""The page around a report: crumbs, portal bars, meta lines, index blocks, the title, footers and signatures."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable

from models.synthesis import page_words as words
from models.synthesis.facts import Facts
from models.synthesis.markup import Marked
from models.synthesis.page_title import Title, draw_title


def noise(text: str, kind: str = "noise") -> Marked:
    """Lines of one block type."""
    out = Marked()
    for i, line in enumerate(text.split("\n")):
        if i:
            out.add("\n")
        if line.strip():
            out.add(line, "block", type=kind)
        else:
            out.add(line)
    return out


def chance(rng: random.Random, p: float) -> bool:
    return rng.random() < p


def publishing_day(rng: random.Random, year: int) -> dt.date:
    """Reports of a year are due by the end of January after it; stragglers come until April."""
    return dt.date(year + 1, 1, 4) + dt.timedelta(days=int(rng.triangular(0, 85, 22)))


def print_day(rng: random.Random, day: dt.date) -> str:
    shape = rng.randrange(6)
    if shape == 0:
        return f"{day.year}年{day.month}月{day.day}日"
    if shape == 1:
        return f"{day:%Y/%m/%d}"
    if shape == 2:
        return f"{day.year}- {day:%m}- {day:%d} {rng.randint(8, 17)}: {rng.randint(10, 59)}"
    clock = f" {rng.randint(8, 17):02d}:{rng.randint(0, 59):02d}" if chance(rng, 0.5) else ""
    return f"{day:%Y-%m-%d}{clock}" + (":07" if clock and chance(rng, 0.2) else "")


def _crumbs(rng: random.Random) -> Marked:
    steps = [words.CRUMB_STEPS[0], *rng.sample(words.CRUMB_STEPS[1:], rng.randint(1, 4))]
    tail = rng.choice(("", "", "正文", "年报详情"))
    glue = rng.choice(words.CRUMB_GLUES)
    return noise(rng.choice(words.CRUMB_LEADS) + glue.join([*steps, tail] if tail else steps))


def _portal(rng: random.Random, facts: Facts) -> Marked:
    lines = rng.sample(words.PORTAL_BARS, rng.randint(1, 3))
    if chance(rng, 0.3):
        lines.append(rng.choice(words.SLOGANS))
    if chance(rng, 0.2):  # the server's clock: a year that is not the report's
        day = dt.date(facts.year + rng.choice((-1, 1, 2, 3)), rng.randint(1, 12), rng.randint(1, 28))
        lines.insert(
            0, f"{rng.choice(('今天是', ''))}{day.year}年{day.month}月{day.day}日 星期{rng.choice('一二三四五')}"
        )
    return noise("\n".join(lines))


def _navigation(rng: random.Random) -> Marked:
    items = rng.sample(words.NAV_WORDS, rng.randint(3, 12))
    if chance(rng, 0.4):
        at = rng.randint(0, len(items))
        items[at:at] = rng.choice(words.NAV_TRAPS)
    glue = rng.choice(("\n", "\n", "\n\n", " | ", "  ", "|", "\t"))
    return noise(glue.join(items))


def _pipes(rng: random.Random) -> Marked:
    """What is left of a layout table."""
    return noise(rng.choice(("| | | |", "|" * rng.randint(40, 160), "| " * rng.randint(20, 90) + "|", "---|---|---")))


def _dated(rng: random.Random, label: str, day: dt.date, glue: str, kind: str = "meta") -> Marked:
    out = Marked()
    text = print_day(rng, day)
    out.add(label + glue)
    out.add(text, "published", iso=day.isoformat())
    out.mark(0, len(out.text), "block", type=kind)
    return out


def _meta_pieces(rng: random.Random, facts: Facts, day: dt.date) -> list[Marked]:
    colon = rng.choice((":", "：", ": ", "： "))
    source = rng.choice((facts.issuer, facts.we, f"{facts.place}政府网", ""))
    pieces = [noise(rng.choice(words.SOURCE_LABELS) + colon + source, "meta")]
    if chance(rng, 0.88):
        pieces.append(_dated(rng, rng.choice(words.DATE_LABELS), day, colon))
    else:
        pieces.append(noise(rng.choice(words.DATE_LABELS) + colon, "meta"))
    if chance(rng, 0.6):
        views = rng.choice(("", "", str(rng.randint(1, 2400)), f"{rng.randint(2, 900)}人", f"{rng.randint(2, 900)}次"))
        pieces.append(noise(rng.choice(words.VIEW_LABELS) + colon + views, "meta"))
    pieces += [noise(x, "meta") for x in rng.sample(words.FONT_BITS, rng.randint(0, 1))]
    pieces += [noise(x, "meta") for x in rng.sample(words.TOOL_BITS, rng.choice((0, 0, 1, 1, 2)))]
    if chance(rng, 0.15):
        pieces.append(noise(rng.choice(words.AUTHORS), "meta"))
    rng.shuffle(pieces)
    return pieces


def joined(parts: list[Marked], glue: str) -> Marked:
    out = Marked()
    for i, part in enumerate(parts):
        if i:
            out.add(glue)
        out.join(part)
    return out


def _meta_line(rng: random.Random, facts: Facts, day: dt.date) -> Marked:
    pieces = _meta_pieces(rng, facts, day)
    out = joined(pieces, rng.choice((" ", "  ", "     ", "\u3000", " | ", "\n", "\n\n", "\t")))
    if chance(rng, 0.07):  # label and value on lines of their own
        at = out.text.find("：") if "：" in out.text else out.text.find(":")
        if 0 <= at < len(out.text) - 1:
            out = out.substitute([(at + 1, at + 1, "\n\n")])
    return joined([out, out], "\n") if chance(rng, 0.06) else out


def _index_fields(rng: random.Random, facts: Facts, day: dt.date) -> list[tuple[str, Marked]]:
    number = f"{rng.randint(10**8, 10**9)}/{day.year}-{rng.randint(1, 4000):05d}"
    if chance(rng, 0.3):
        number = f"{rng.randint(10**6, 10**7)}-{rng.choice('0123')}/{day:%Y-%m%d}-{rng.randint(1, 99):03d}"
    date = Marked().add(print_day(rng, day), "published", iso=day.isoformat())
    fields = [
        (rng.choice(words.INDEX_LABELS), Marked().add(number)),
        (rng.choice(("分类", "主题分类", "分 类", "信息分类")), Marked().add(rng.choice(words.CATEGORIES))),
        (rng.choice(("发布机构", "发文机关", "公开责任部门")), Marked().add(facts.issuer)),
        (rng.choice(("公开日期", "发布日期", "成文日期", "生成日期")), date),
        (rng.choice(words.SYMBOL_LABELS), Marked().add(rng.choice(words.EMPTY_SYMBOLS))),
        (
            rng.choice(("有效性", "时效", "关键词", "文件下载", "主题词")),
            Marked().add(rng.choice(("", "", "有效", "年报"))),
        ),
    ]
    return fields[: rng.randint(3, 6)]


def _index_block(rng: random.Random, facts: Facts, day: dt.date, summary: str) -> Marked:
    """索引号 … in four shapes: pipe rows, plain lines, bullets, values without labels."""
    shape = rng.choices(range(5), (45, 30, 15, 4, 12))[0]
    rows: list[Marked] = []
    for label, value in _index_fields(rng, facts, day):
        row = Marked()
        if shape == 0:
            row.add(f"{label} | ").join(value).add(" |")
        elif shape == 1:
            row.add(f"{label}{rng.choice((': ', '：', ':'))}").join(value)
        elif shape == 2:
            row.add(f"• {label}:").join(value)
        elif shape == 3:
            row.join(value)
        else:
            row.add(f"{label}\t").join(value)
        if row.text.strip():
            row.mark(0, len(row.text), "block", type="meta")
            rows.append(row)
    glue = {0: rng.choice((" ", " ", "\n")), 1: rng.choice(("\n", "  ")), 4: rng.choice(("\t", "\n"))}.get(shape, "\n")
    out = joined(rows, glue)
    if shape == 0 and chance(rng, 0.3):
        out.add("\n").join(noise("---|---|---", "meta"))
    if summary and chance(rng, 0.1):
        out.add("\n").join(noise("内容概述 | " + summary.replace("\n", " "), "meta"))
    return out


def _crawler_header(rng: random.Random, facts: Facts, day: dt.date, title: Title) -> Marked:
    """The key-value lines that a crawler writes before the text it saved; ends in a rule line."""
    colon = rng.choice((": ", "：", ":"))
    first = Marked().add("标题" + colon)
    first.join(title.line(suffix=_suffix(rng, facts)))
    first.mark(0, len(first.text), "block", type="meta")
    path = f"{rng.choice(('zwgk', 'xxgk', 'zfxxgknb'))}/{day:%Y%m}/t{day:%Y%m%d}_{rng.randint(1000, 99999)}.htm"
    rest = [
        _dated(rng, "发布时间", day, colon),
        noise("文号" + colon, "meta"),
        noise("发布机构" + colon + facts.issuer, "meta"),
        noise("栏目" + colon + rng.choice(words.COLUMN_NAMES), "meta"),
        noise(f"{rng.choice(('原文链接', '来源', '网址'))}{colon}https://www.example.gov.cn/{path}", "meta"),
        noise(f"采集时间{colon}{day.year + rng.randint(0, 2)}-12-{rng.randint(10, 28)}T21:41:07", "meta"),
    ]  # fmt: skip
    kept = [r for r in rest if chance(rng, 0.7)]
    rule = "=" * rng.randint(4, 24)
    end = [noise(rng.choice((f"{rule} 正文 {rule}", "--- 正文 ---", f"{rule}正文{rule}")))] if chance(rng, 0.85) else []
    return joined([first, *kept, *end], "\n")


def _suffix(rng: random.Random, facts: Facts) -> str:
    return rng.choice(words.TITLE_SUFFIXES).format(p=facts.place) if chance(rng, 0.25) else ""


def write_head(rng: random.Random, facts: Facts, summary: str = "") -> Marked:
    """Everything that stands before the report's first paragraph, title included; may be empty.

    ``summary`` is the report's first paragraph, which some index blocks repeat word for word.
    Marks: block (noise, meta, title), title, issuer, year, published.
    """
    day = publishing_day(rng, facts.year)
    shape = rng.choices(("bare", "title", "page", "crawler"), (34, 28, 32, 6))[0]
    if shape == "bare":
        return noise(rng.choice(words.COLUMN_NAMES[:3])) if chance(rng, 0.06) else Marked()
    title = draw_title(rng, facts)
    sep = rng.choice(("\n", "\n", "\n\n"))
    if shape == "title":
        out = title.print(rng, sep)
        if chance(rng, 0.1):
            stamp = Marked().add("（").join(_dated(rng, "", day, "")).add("）")
            out.add(sep).join(stamp)
        return out
    if shape == "crawler":
        return joined([_crawler_header(rng, facts, day, title), *_maybe_title(rng, title, sep)], "\n")
    return joined(_page_parts(rng, facts, day, title, summary, sep), sep)


def _maybe_title(rng: random.Random, title: Title, sep: str) -> list[Marked]:
    return [title.print(rng, sep)] if chance(rng, 0.5) else []


def _page_parts(rng: random.Random, facts: Facts, day: dt.date, title: Title, summary: str, sep: str) -> list[Marked]:
    parts: list[Marked] = []
    above: list[tuple[float, Callable[[], Marked]]] = [
        (0.12, lambda: title.line(suffix=_suffix(rng, facts), block=True)),
        (0.35, lambda: _portal(rng, facts)),
        (0.3, lambda: _navigation(rng)),
        (0.55, lambda: _crumbs(rng)),
        (0.06, lambda: _pipes(rng)),
        (0.4, lambda: _index_block(rng, facts, day, summary)),
        (0.15, lambda: noise(rng.choice(words.COLUMN_NAMES))),
    ]
    parts += [make() for p, make in above if chance(rng, p)]
    heading = title.print(rng, sep)
    meta = _meta_line(rng, facts, day) if chance(rng, 0.75) else None
    if meta is not None and chance(rng, 0.15):
        return [*parts, meta, heading]
    parts.append(heading)
    if meta is not None:
        parts.append(meta)
        if chance(rng, 0.15):  # page title above the meta line, the document's own title below it
            parts.append(title.print(rng, sep))
    return parts


def write_signature(rng: random.Random, facts: Facts) -> Marked:
    """Issuer and date at the end of a report; either can be missing."""
    day = publishing_day(rng, facts.year)
    date = f"{day.year}年{day.month}月{day.day}日"
    lines = rng.choice(([facts.issuer, date], [facts.issuer, date], [date], [facts.issuer]))
    pad = rng.choice(("", "", "                    ", "\u3000\u3000\u3000\u3000"))
    return joined([Marked().add(pad).add(x, "block", type="signature") for x in lines], "\n")


def write_tail(rng: random.Random, facts: Facts) -> Marked:
    """Everything after the report: signature, editors, downloads, footers, spam; may be empty."""
    parts: list[Marked] = []
    if chance(rng, 0.22):
        parts.append(write_signature(rng, facts))
    if chance(rng, 0.1):
        colon = rng.choice((": ", "：", ":"))
        people = [
            f"{x}{colon}{rng.choice(words.FOOT_NAMES)}" for x in rng.sample(words.FOOT_EDITORS, rng.randint(1, 3))
        ]
        parts.append(noise(rng.choice(("   ", " ", "\n")).join(people)))
    if chance(rng, 0.08):
        name = f"{facts.issuer}{facts.year}年政府信息公开工作年度报告"
        parts.append(noise(rng.choice(words.ATTACHMENTS).format(t=name)))
    if chance(rng, 0.2):
        parts.append(noise("\n".join(rng.sample(words.FOOT_LINES, rng.randint(1, 3)))))
    if chance(rng, 0.05):
        parts.append(noise("\n".join(rng.sample(words.RELATED, 2))))
    if chance(rng, 0.06):
        parts.append(noise(_address(rng, facts)))
    if chance(rng, 0.02):
        spam = [rng.choice(words.SPAM_PLACES) for _ in range(rng.randint(12, 40))]
        parts.append(noise("|".join(spam) + "\n" + " ".join(rng.sample(words.SPAM_WORDS, 4))))
    return joined(parts, rng.choice(("\n", "\n\n")))


def _address(rng: random.Random, facts: Facts) -> str:
    phone = f"0{rng.randint(310, 999)}-{rng.randint(2000000, 8999999)}"
    return (
        f"主办：{facts.issuer}  地址：{facts.place}新华大道{rng.randint(1, 300)}号  电话：{phone}\n"
        f"{rng.choice('蜀皖湘赣鲁')}ICP备{rng.randint(10**7, 10**8)}号-1  公安备案{rng.randint(10**13, 10**14)}号"
    )
