"""The labelling configuration that Label Studio needs for our tasks, made from the labels that the project knows."""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

from models.annotations.build import FORMATS, kinds_of_sections
from models.annotations.record import CLAIM_KINDS, SCOPES
from models.form import FORM_IDS, load_form
from models.layout.labels import BLOCK_TYPES

OBJECT = "text"
BLANK = "空"
_KINDS = {"count": "数量", "zero": "零（无数字）", "ratio": "比率", "delta": "增减", "money": "金额"}
_TYPES = {
    "noise": "网页杂项", "meta": "元信息", "title": "标题", "heading": "章节标题",
    "paragraph": "正文", "item": "列表项",
    "caption": "表题", "header": "表头", "label": "行标签", "value": "数值", "row": "整行", "note": "注",
    "page_number": "页码", "signature": "落款",
}  # fmt: skip
_SCOPES = {"own": "本机关本年", "other_org": "其他机关或全市", "other_year": "其他年度"}
_COLOURS = {"heading": "#d35400", "claim": "#1e8449", "cell": "#2471a3", "block": "#7f8c8d"}
_LEVELS = ("一级", "二级", "三级", "四级", "五级", "六级")

# metric expression → what it is called, for every concept of every form
LINKS: dict[str, str] = {
    m.expression: m.zh for form in FORM_IDS for m in load_form(form).metrics.values() if m.expression is not None
}
# every control by name with the type of its results
CONTROLS = {
    **dict.fromkeys(("heading", "claim", "cell", "block"), "labels"),
    **dict.fromkeys(("section", "approx", "scope", "metrics", "document_format"), "choices"),
    **dict.fromkeys(("cell_id", "cell_value", "value", "unit", "metrics_more"), "textarea"),
    **dict.fromkeys(("document_year", "document_issuer", "document_title", "document_published"), "textarea"),
}


def config() -> str:
    """The configuration as XML, to be pasted under Settings → Labeling Interface → Code."""
    lines = ["<View>", "  <Style>.htx-text{ white-space: pre-wrap; }</Style>"]
    lines += _labels("heading", {f"heading={i}": name for i, name in enumerate(_LEVELS, 1)})
    lines += _labels("claim", {f"claim={k}": _KINDS[k] for k in CLAIM_KINDS})
    lines += _labels("cell", {"cell": "单元格"})
    lines += _labels("block", {f"block={t}": _TYPES[t] for t in BLOCK_TYPES})
    lines.append(f'  <Text name="{OBJECT}" value="${OBJECT}" granularity="symbol" saveTextResult="yes"/>')
    lines += _choices("section", "章节", {k: k for k in kinds_of_sections()}, "heading")
    lines += [_area("value", "数值", "claim"), _area("unit", "单位", "claim")]
    lines += _choices("approx", "约数", {"approx": "约"}, "claim")
    lines += _choices("scope", "范围", {s: _SCOPES[s] for s in SCOPES}, "claim")
    lines += _choices("metrics", "对应单元格", LINKS, "claim", many=True)
    lines += [_area("metrics_more", "其他单元格", "claim")]
    lines += [_area("cell_id", "单元格编号", "cell"), _area("cell_value", f"单元格数值（空白写 {BLANK}）", "cell")]
    lines += _choices("document_format", "表式", {f: f for f in FORMATS if f}, None)
    lines += [_area(f"document_{n}", zh, None) for n, zh in (("title", "标题"), ("issuer", "发布机关"))]
    lines += [_area(f"document_{n}", zh, None) for n, zh in (("year", "年度"), ("published", "发布日期"))]
    return "\n".join([*lines, "</View>", ""])


def _labels(name: str, values: dict[str, str]) -> list[str]:
    """A label group. Values are what results hold, so that predictions find their labels; hints say them in Chinese."""
    look = f"background={quoteattr(_COLOURS[name])}"
    inside = [f"    <Label value={quoteattr(value)} hint={quoteattr(zh)} {look}/>" for value, zh in values.items()]
    return [f'  <Labels name="{name}" toName="{OBJECT}">', *inside, "  </Labels>"]


def _choices(name: str, zh: str, values: dict[str, str], layer: str | None, many: bool = False) -> list[str]:
    how = ' choice="multiple" layout="select"' if many else ' choice="single"'
    inside = [f"    <Choice value={quoteattr(value)} hint={quoteattr(seen)}/>" for value, seen in values.items()]
    head = f'  <Choices name="{name}" toName="{OBJECT}"{how}{_when(layer)}>'
    return [f"  <Header value={quoteattr(zh)}/>", head, *inside, "  </Choices>"]


def _area(name: str, zh: str, layer: str | None) -> str:
    most = "" if name == "metrics_more" else ' maxSubmissions="1"'
    return (
        f'  <TextArea name="{name}" toName="{OBJECT}" placeholder={quoteattr(zh)} editable="true"{most}{_when(layer)}/>'
    )


def _when(layer: str | None) -> str:
    """A control of one region, seen where a label of this group is selected; one of the whole document without."""
    return f' perRegion="true" whenTagName="{layer}" visibleWhen="region-selected"' if layer else ""
