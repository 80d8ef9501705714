"""Claim families that templates cannot say: whole chains of outcomes, and published totals with their parts."""

from __future__ import annotations

from models.synthesis.numbers import log_int, spread
from models.synthesis.prose.scribe import Bindings, Bound, Scribe

_OPENINGS = (
    "{t}{receive_new}{request}<requests_new;U>，[上年结转|上年度结转|结转上年|{last}年结转|去年结转]<requests_carried_in;U>",
    "{t}[新收|新收到|本年新收|收到][{request}|申请]<requests_new;U>[，|、][上年结转|上年转结]<requests_carried_in;U>",
    "{t}[共|]受理{request}<requests_handled;U>（新收<requests_new;U>，[上年|]结转<requests_carried_in;U>）",
    "{t}{receive_new}{request_of}<requests_new;U>",
    "{t}{all}{shut}{request}<results;U>",
    "{t}{receive}{request}<requests_new;U>，{shut}<results;U>",
    "[本年度|{year}年]办理结果[如下|为|]",
    "[本年度|{year}年]办理结果总计<results;U>",
)
# A number received that is then told apart down to what is carried over counts what was carried in as well.
_HANDLED = "{t}{all}[受理|受理|办理|处理|承办]{request}<requests_handled;U>"
_STARTS = (
    "。其中，",
    "。其中：",
    "，其中",
    "，其中：",
    "；",
    "，",
    "（",
    "。",
    "，[分别|]为",
    "。[从办理结果看|办理结果为|经审查]，",
    "：",
)
_OUTCOMES = {
    "granted": ("予以公开", "同意公开", "公开", "准予公开", "已公开"),
    "partial": ("部分公开", "予以部分公开", "部分公开（区分处理）", "予以部份公开", "同意部分公开"),
    "granted_or_partial": ("予以公开及部分公开", "予以公开或部分公开", "予以公开和部分公开", "全部公开和部分公开"),
    "denied": ("不予公开", "不予公开", "决定不予公开", "不同意公开", "依法不予公开"),
    "unavailable": ("无法提供", "无法提供", "信息无法提供", "因不掌握等原因无法提供", "本机关无法提供"),
    "rejected": ("不予处理", "不予处理", "决定不予处理", "依法不予处理"),
    "other": ("其他处理", "其他处理", "作其他处理", "其它处理", "以其他方式处理"),
    "other.no_correction": ("逾期未补正", "逾期不补正", "申请人逾期不补正", "未按期补正"),
    "other.no_fee": ("逾期不缴费", "逾期未缴费"),
    "other.other": ("其他处理", "其他"),
    "carried_out": (
        "结转下年度继续办理", "结转下年度", "结转{next}年", "转下年度办理", "尚在办理", "转入下年度",
    ),
}  # fmt: skip
_REASONS = {
    "denied.state_secret": ("国家秘密", "属于国家秘密", "涉及国家秘密"),
    "denied.law_forbidden": ("法律行政法规禁止公开", "其他法律行政法规禁止公开"),
    "denied.safety_stability": ("危及“三安全一稳定”", "可能危及三安全一稳定"),
    "denied.third_party": ("保护第三方合法权益", "涉及第三方合法权益", "第三方不同意公开"),
    "denied.internal_affairs": ("三类内部事务信息", "属于三类内部事务信息", "内部事务信息"),
    "denied.process_info": ("四类过程性信息", "属于过程性信息"),
    "denied.enforcement_file": ("行政执法案卷", "属于行政执法案卷信息"),
    "denied.admin_query": ("行政查询事项", "属于行政查询事项"),
    "unavailable.not_held": ("本机关不掌握相关政府信息", "本机关不掌握", "不掌握相关信息"),
    "unavailable.needs_creation": ("没有现成信息需要另行制作", "需另行制作"),
    "unavailable.unclear": ("补正后申请内容仍不明确", "补正后仍不明确"),
    "rejected.complaint": ("信访举报投诉类申请", "信访举报投诉类"),
    "rejected.repeat": ("重复申请", "属于重复申请"),
    "rejected.publication": ("要求提供公开出版物", "公开出版物"),
    "rejected.massive": ("无正当理由大量反复申请", "大量反复申请"),
    "rejected.confirm": ("要求行政机关确认或重新出具已获取信息", "要求确认或重新出具已获取信息"),
}
_TAILS = ("", "", "，{handled}", "[。«fees_amount?|没有行政事业性收费»|]", "，{act}")


def request_chain(s: Scribe, full: bool) -> bool:
    """Receipts, each kind of outcome and what is carried over, in one sentence. False where there was none."""
    if not s.known("requests_handled"):
        return False
    r = s.rng
    concepts = _outcome_list(s, full)
    handled = "carried_out" in concepts and len(concepts) > 3 and r.random() < 0.3
    s.say(_HANDLED if handled else r.choice(_OPENINGS))
    start = r.choice(_STARTS)
    s.say(start)
    gap = r.choice(("，", "，", "，", "、", "；", "，"))
    number_first = r.random() < 0.16
    shares = r.random() < 0.08
    suffix = r.choice(("", "", "", "", "", "的", "的有", "答复", "决定", "的申请", "的答复", "情况"))
    prefix = r.choice(("", "", "", "", "", "", "依法", "作出", "答复", "属于"))
    for i, concept in enumerate(concepts):
        if i:
            s.say(gap)
        _outcome(s, concept, number_first, (prefix, suffix), shares and concept != "carried_out")
    if start == "（":
        s.say("）")
    s.say(r.choice(_TAILS))
    return True


def _outcome_list(s: Scribe, full: bool) -> list[str]:
    r = s.rng
    merged = r.random() < 0.14
    head = ["granted_or_partial"] if merged else ["granted", "partial"]
    concepts = [*head, "denied", "unavailable", "rejected"]
    if s.known("other.no_correction") is not None and r.random() < 0.3:
        concepts += ["other.no_correction", *(["other.no_fee"] if r.random() < 0.3 else []), "other.other"]
    else:
        concepts += ["other"]
    if r.random() < 0.65:
        concepts += ["carried_out"]
    if r.random() < 0.55:
        concepts = [c for c in concepts if s.known(c)]
    if not full and len(concepts) > 2:
        keep = set(r.sample(range(len(concepts)), r.randint(2, len(concepts))))
        concepts = [c for i, c in enumerate(concepts) if i in keep]
    return concepts or ["results"]


def _outcome(s: Scribe, concept: str, number_first: bool, around: tuple[str, str], share: bool) -> None:
    r = s.rng
    word = r.choice(_OUTCOMES.get(concept, ("办结",)))
    rows = [k for k in _REASONS if k.startswith(concept + ".")]
    some = [k for k in rows if s.known(k)]
    style = r.random()
    if rows and len(some) == 1 and style < 0.22:
        s.say(f"{word}（{r.choice(_REASONS[some[0]])}）<{some[0]};U>")
    elif rows and len(some) == 1 and style < 0.36:
        s.say(f"{word}<{concept},{some[0]};U>（[均为|均属|为|系]{r.choice(_REASONS[some[0]])}）")
    elif rows and len(some) > 1 and style < 0.4:
        parts = [f"{r.choice(_REASONS[k])}<{k};U>" for k in some]
        s.say(f"{word}<{concept};U>（[其中|其中：|]{r.choice(('、', '，')).join(parts)}）")
    elif number_first:
        s.say(f"<{concept};U>{word}")
    else:
        prefix, suffix = around if concept != "carried_out" else ("", "")
        s.say(f"{prefix}{word}{suffix}<{concept};U>")
    if share:
        left, right = r.choice((("，占[比|]", ""), ("（", "）"), ("（占", "）"), ("，占办结总数的", "")))
        s.say(f"{left}<%{concept}/results;%;rf>{right}")


_PUB_OPENINGS = (
    "{t}{all}{pub}{what}<$t;{u}>", "{t}[通过|在|依托]{channel}{pub}{what}<$t;{u}>", "{channel}{all}{pub}{what}<$t;{u}>",
    "{t}{all}{pub}<$t;{u}>{what}",
    "{t}[{we}|]政府信息公开[单位|平台]{all}{pub}{what}<$t;{u}>", "{what}[总数|共计|共]<$t;{u}>",
)  # fmt: skip
_PUB_STARTS = (
    "，其中", "，其中：", "。其中：", "。其中，", "（", "（其中：", "，包括", "，包括：", "，分别为：",
    "。主要[类别|内容]有：",
    "，其中{channel}", "：", "（其中", "，涉及", "。具体为：", "，其中包括：", "，按类别分，",
)  # fmt: skip
_PUB_ITEMS = (
    "{category}<$p;{u}>", "{category}信息<$p;{u}>", "{category}类信息<$p;{u}>", "发布{category}<$p;{u}>",
    "{category}：<$p;{u}>",
    "{channel}<$p;{u}>", "{category}[信息|]共<$p;{u}>", "公开{category}[信息|]<$p;{u}>", "{category}（<$p;{u}>）",
)  # fmt: skip


def publication_chain(s: Scribe) -> bool:
    """A total of things published and its 2 to 26 parts; half of them close with 其他 so that the parts must add up."""
    r = s.rng
    k = min(26, max(2, round(r.gammavariate(2.2, 2.4))))
    total = log_int(r, max(8, 3 * k), r.choice((300, 3000, 20000)))
    closed = r.random() < 0.72
    told = total if closed else total - log_int(r, 1, max(2, total // 4))
    parts = [1 + p for p in spread(r, told - k, _skewed(s, k))]
    unit = r.choice(("条", "条", "条", "篇", "件", "份", "个"))
    group = s.new_group()
    opening, start = r.choice(_PUB_OPENINGS), r.choice(_PUB_STARTS)
    if not closed and start in ("（", "：", "，分别为：", "，包括："):
        start = "，其中"
    s.say(opening.replace("{u}", unit), {"t": Bound(total, (), "own", "total", group, closed)})
    s.say(start)
    _parts(s, parts, unit, group, closed)
    s.say("）" if start.startswith("（") else "")
    return True


def _parts(s: Scribe, parts: list[int], unit: str, group: int, closed: bool) -> None:
    r = s.rng
    item, gap = r.choice(_PUB_ITEMS), r.choice(("，", "；", "、", "、", "，"))
    nested = r.randrange(len(parts)) if r.random() < 0.12 else -1
    for i, part in enumerate(parts):
        bound: Bindings = {"p": Bound(part, (), "own", "part", group, closed)}
        last = i == len(parts) - 1
        source = "{rest}<$p;{u}>" if last and closed and r.random() < 0.6 else item
        s.say((gap if i else "") + source.replace("{u}", unit), bound)
        if i == nested and part >= 2 and not source.endswith("）"):
            _nested(s, part, unit)


def _nested(s: Scribe, whole: int, unit: str) -> None:
    """The parts of a part, in brackets. They carry no sum mark: a number has one role in one sum."""
    first = s.rng.randint(1, whole - 1)
    s.say(f"（{{category}}<={first};{unit}>、{{category}}<={whole - first};{unit}>）")


def _skewed(s: Scribe, k: int) -> list[float]:
    return [s.rng.gammavariate(0.8, 1.0) + 0.02 for _ in range(k)]
