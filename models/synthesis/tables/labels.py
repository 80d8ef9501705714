"""The words of a table as one document prints them: statutory labels, their variants, and how they are damaged."""

from __future__ import annotations

import re
from random import Random

from models.form import Label
from models.synthesis.tables.damage import Damage, OrgLook

_NUMBER = re.compile(r"^(\d)\.")
_HALF = str.maketrans({"（": "(", "）": ")"})
_COMMAS = str.maketrans({"，": ",", "：": ":"})
_HALVES = {
    "商业企业": ("商业", "企业"), "科研机构": ("科研", "机构"), "社会公益组织": ("社会公益", "组织"),
    "法律服务机构": ("法律服务", "机构"), "结果维持": ("结果", "维持"), "结果纠正": ("结果", "纠正"),
    "其他结果": ("其他", "结果"), "尚未审结": ("尚未", "审结"), "其他": ("其他", ""), "总计": ("总计", ""),
}  # fmt: skip
_HEADS = {
    "本年新制作数量": ("本年新", "制作数量"), "本年新公开数量": ("本年新", "公开数量"),
    "本年制发件数": ("本年", "制发件数"),
    "本年废止件数": ("本年废止", "件数"), "现行有效件数": ("现行有效", "件数"),
    "对外公开总数量": ("对外公开", "总数量"),
    "上一年项目数量": ("上一年", "项目数量"), "处理决定数量": ("处理决", "定数量"),
    "本年处理决定数量": ("本年处理", "决定数量"),
}  # fmt: skip
_EXPLAINED = {
    "规章": "（填写本机关以政府令印发的规章数，没有制定权的填0）",
    "规范性文件": "（按制发机关统计，联合印发的由牵头单位填写，转发上级文件不计入）",
    "行政规范性文件": "（按制发机关统计，联合印发的由牵头单位填写，转发上级文件不计入）",
    "行政许可": "（以上年末公布的事项清单为准，不含子项）",
    "其他对外管理服务事项": "（指许可、处罚、强制以外直接面向企业群众的管理和服务事项）",
    "行政处罚": "（以权责清单所列处罚事项的数目为准）",
    "行政强制": "（含强制措施与强制执行两类）",
    "行政事业性收费": "（以财政部门目录清单为准，已停征的不计）",
    "政府集中采购": "（按采购合同的签订时间统计，含分散采购限额以上的项目）",
    "本年新制作数量": "（当年1月1日到12月31日新制定的）",
    "本年新公开数量": "（当年制定并已公开的，往年制定当年公开的也算）",
    "对外公开总数量": "（截至12月31日网站上仍可查到的全部数量）",
    "上一年项目数量": "（填2018年末的事项数）",
    "本年增/减": "（与上年末相比，减少的以负数填写，如减少6项填-6）",
    "处理决定数量": "（当年作出决定的件数，依申请和依职权都算）",
    "采购项目数量": "（当年完成采购的项目数）",
    "采购总金额": "（按中标金额合计，单位万元，保留2位小数）",
    "本年制发件数": "（当年新制定和修订的）",
    "本年废止件数": "（当年宣布废止和失效的）",
    "现行有效件数": "（截至当年12月31日仍然有效的）",
    "本年处理决定数量": "（当年作出决定的件数）",
}


class Words:
    """Draws each label as the document's damage has it."""

    def __init__(self, rng: Random, damage: Damage) -> None:
        self.rng = rng
        self.damage = damage

    def row(self, label: Label) -> str:
        """A row or group label."""
        rng, damage = self.rng, self.damage
        text = label.text
        if label.variants and rng.random() < self._alter_rate(label):
            # 档案 for 文件 is a word of another script: whole documents are put into it, not single labels
            text = rng.choice([v for v in label.variants if "档案" not in v])
        if text == label.text and damage.explained != "none":
            text += _EXPLAINED.get(text, "")
        text = text.replace("“三安全一稳定”", self._quoted("三安全一稳定"))
        text = _NUMBER.sub(lambda m: m[1] + damage.numbering, text)
        if len(text) > 8 and rng.random() < damage.truncated:
            text = text[: -rng.choice((1, 1, 1, 2))]
        if rng.random() < damage.broken:
            text = self._break(text)
        return self._wrap(self.punctuate(text), damage.wrapped)

    def column(self, label: Label) -> str:
        """A column head of table 2."""
        rng, look = self.rng, self.damage.head
        text = label.text
        if label.variants and rng.random() < 0.04:
            text = rng.choice([v for v in label.variants if v != "本年新"] or [text])
        if self.damage.explained == "all" and text in _EXPLAINED:
            return self.punctuate(text + _EXPLAINED[text])
        if look in ("space", "wrap") and text in _HEADS and rng.random() < 0.8:
            return (" " if look == "space" else "\n").join(_HEADS[text])
        if look == "cut" and rng.random() < 0.6:
            text = "本年新" if text.startswith("本年新") else text[:-1] if len(text) > 4 else text
        return self.punctuate(text)

    def split(self, label: Label, look: OrgLook) -> str:
        """An applicant of table 3 or an outcome of table 4; of ``two_rows`` the upper half."""
        text = label.text
        if look == "plain" or (look != "wide" and self.rng.random() < 0.12):
            return text
        if look == "wide":
            return " ".join(text)
        if look == "two_rows":
            return self.halves(label)[0]
        first, second = self.halves(label)
        if len(text) == 6 and self.rng.random() < 0.4:
            first, second = (text[:3], text[3:]) if self.rng.random() < 0.6 else (text[:2], f"{text[2:4]} {text[4:]}")
        if not second:
            return first
        return f"{first} {second}" if look == "space" else f"{first}\n{second}"

    def halves(self, label: Label) -> tuple[str, str]:
        """Upper and lower half of a head that stands on two lines; the lower may be empty."""
        return _HALVES.get(label.text, (label.text, ""))

    def article(self, text: str) -> str:
        """第二十条第（一）项 and its variants."""
        look = self.damage.article
        if look == "short":
            text = text.replace("条第", "条")
        elif look != "plain":
            text = text.replace("条第", f"条{' ' if look == 'space' else chr(0xA0) * 2}第")
        return self.punctuate(text)

    def note(self, text: str) -> str | None:
        """The 勾稽 note, None where the document lost it."""
        look = self.damage.note
        if look == "missing":
            return None
        if look == "open":
            text = text.lstrip("（")
        elif look == "other_word":
            text = text.replace("勾稽", "钩稽")
        elif look == "spaced":
            text = text.replace("：", "： ").replace("，", "， ")
        elif look == "cut":
            text = text[: -self.rng.randint(2, 8)]
        elif look == "wrap":
            at = self.rng.randint(8, len(text) - 8)
            text = f"{text[:at]}\n{text[at:]}"
        return self.punctuate(text)

    def punctuate(self, text: str) -> str:
        """Half-width brackets and commas where the document has them."""
        if self.damage.half_brackets:
            text = text.translate(_HALF)
        return text.translate(_COMMAS) if self.damage.half_commas else text

    def _alter_rate(self, label: Label) -> float:
        # 规范性文件 for 行政规范性文件 is common by itself
        return max(self.damage.altered, 0.15) if label.id == "normative" else self.damage.altered

    def _quoted(self, text: str) -> str:
        marks = self.damage.quotes
        return f"{marks[0]}{text}{marks[1]}" if marks else text

    def _break(self, text: str) -> str:
        """An opening bracket or a number lost, a bracket turned into a space."""
        if text.startswith("（"):
            return self.rng.choice((text[1:], text[0] + text[1:].replace("）", "", 1), text[text.index("）") + 1 :]))
        if _NUMBER.match(text) and len(text) > 5:
            return text[2:] if self.rng.random() < 0.5 else text[:1] + text[2:]
        if text[1:2] == "、":
            return self.rng.choice((f"{text[:1]} 、{text[2:]}", text[:1] + text[2:], f"{text[:2]} {text[2:]}"))
        return text

    def _wrap(self, text: str, rate: float) -> str:
        if rate == 0 or len(text) < 6 or self.rng.random() >= rate:
            return text
        every = self.rng.randint(4, 9)
        return self.damage.wrap.join(text[i : i + every] for i in range(0, len(text), every))
