"""What names can say in tools that keep names only, and what is said where a name means nothing."""

from __future__ import annotations

from models.annotations.draft import Region
from models.annotations.record import Json, Layer
from models.annotations.said import Refusal, Said, quoted

ADDED: dict[str, Layer] = {"about": "claim", "scope": "claim", "approx": "claim", "section": "heading"}
EXPRESSED = {
    "heading": frozenset({"level", "kind"}),
    "claim": frozenset({"approx", "scope", "metrics"}),
    "cell": frozenset({"id"}),
}


def more_labels(region: Region) -> list[str]:
    """The names that say a region's attributes, beside the one that says what it is."""
    said = region.attributes
    if region.layer == "heading":
        return [f"section={said['kind']}"] if said.get("kind") else []
    if region.layer != "claim":
        return []
    out = [f"about={metric}" for metric in said["metrics"]]
    out += [f"scope={said['scope']}"] if said["scope"] != "own" else []
    return [*out, "approx"] if said["approx"] else out


def said_by(label: str) -> Json | None:
    """What such a name says; None where it is none of them."""
    name, _, value = label.partition("=")
    if label == "approx":
        return {"approx": True}
    if name not in ADDED or not value:
        return None
    said: dict[str, Json] = {"about": {"metrics": [value]}, "scope": {"scope": value}, "section": {"kind": value}}
    return said[name]


def unknown_label(place: str, label: object) -> Refusal:
    """A name that the project does not know."""
    return Refusal(
        place,
        Said(f"未知标签 {quoted(str(label))}", f"the label {quoted(str(label))} is unknown"),
        Said(
            "claim=count、heading=2、cell=t3.new.total、block=title 等，或 count、zero、ratio、delta、money、heading",
            "claim=count, heading=2, cell=t3.new.total, block=title …, or count, zero, ratio, delta, money, heading",
        ),
        Said(
            "在导出文件中改名，或在工具中改用规定的标签",
            "rename it in the export, or use the project's labels in the tool",
        ),
    )


def stray_label(place: str, label: str, layer: Layer) -> Refusal:
    """A name that says something of a heading or a claim, on a stretch where there is none."""
    return Refusal(
        place,
        Said(
            f"标签 {quoted(label)} 处没有 {layer}",
            f"{quoted(label)} says something of a {layer}, but there is none here",
        ),
        Said(f"同一范围内有 {layer} 标签", f"a label of a {layer} on the very same stretch"),
        Said("补标或删除该标签", "add that label, or take this one away"),
    )
