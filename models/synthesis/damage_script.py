"""Traditional script, the vocabulary of Taiwan wikis, and pinyin in brackets after ambiguous characters."""

from __future__ import annotations

import random
import re
from functools import lru_cache

from models.synthesis.markup import Marked

# readings that converters print after characters with more than one traditional form
_READINGS = """
一:yī 区:qū 计:jì 体:tǐ 业:yè 数:shù 总:zǒng 开:kāi 关:guān 发:fā 制:zhì 件:jiàn 门:mén 会:huì 国:guó 务:wù
办:bàn 信:xìn 项:xiàng 网:wǎng 规:guī 范:fàn 行:xíng 复:fù 议:yì 诉:sù 讼:sòng 处:chǔ 罚:fá 强:qiáng 许:xǔ
请:qǐng 结:jié 转:zhuǎn 条:tiáo 个:gè 实:shí 导:dǎo 单:dān 机:jī 构:gòu 组:zǔ 织:zhī 时:shí 间:jiān 问:wèn
题:tí 进:jìn 报:bào 释:shì 读:dú 应:yīng 对:duì 监:jiān 督:dū 责:zé 任:rèn 专:zhuān 类:lèi 还:hái 为:wéi
与:yǔ 队:duì 伍:wǔ 据:jù 书:shū 记:jì 产:chǎn 动:dòng 县:xiàn 镇:zhèn 乡:xiāng 干:gàn 参:cān 积:jī
"""
_PINYIN = {pair[0]: pair[2:] for pair in _READINGS.split()}
_STRAY = """
bā chí dèng fēi guó hán jiǎ kòng lián míng nǐ pō quán rù shā tiē wén xiè yán zhū
"""
_SYLLABLES = _STRAY.split()
# words that a Taiwan conversion swaps; the right side is already traditional
_SWAPS = {
    "文件": "檔案",
    "门户": "入口",
    "程序": "程式",
    "信息": "資訊",
    "邮编": "郵遞區號",
    "设置": "設定",
    "群众": "民眾",
    "计划": "計畫",
    "优化": "最佳化",
    "网络": "網路",
}
_KEEP = "于云后里只面台干准斗松系谷郁群占周"
_USUAL = {"为": "為", "众": "眾", "卫": "衛", "启": "啟", "线": "線"}  # the common form where OpenCC has a rare one


@lru_cache(maxsize=1)
def _traditional() -> dict[int, str]:
    """Simplified → traditional, one to one and reversible, character by character."""
    import opencc

    forth, back = opencc.OpenCC("s2t").convert, opencc.OpenCC("t2s").convert
    plain = [chr(c) for c in range(0x4E00, 0xA000)]
    new = forth("\n".join(plain)).split("\n")
    again = back("\n".join(new)).split("\n")
    rows = zip(plain, new, again, strict=True)
    table = {ord(a): b for a, b, c in rows if a != b and len(b) == 1 and c == a and a not in _KEEP}
    return table | {ord(a): b for a, b in _USUAL.items()}


def to_traditional(doc: Marked) -> Marked:
    """The text in traditional script; every place stays."""
    return Marked(doc.text.translate(_traditional()), doc.marks)


def to_taiwan(doc: Marked) -> Marked:
    """Traditional script with the words swapped that a Taiwan conversion swaps."""
    pattern = re.compile("|".join(_SWAPS))
    edits = [(m.start(), m.end(), _SWAPS[m.group()]) for m in pattern.finditer(doc.text)]
    return to_traditional(doc.substitute(edits))


def add_pinyin(rng: random.Random, doc: Marked) -> Marked:
    """Traditional script with readings in brackets: after every, most or few of the ambiguous characters."""
    density = rng.choice((1.0, 0.6, 0.12))
    stray = 0.03 if density == 1.0 else 0.0
    edits: list[tuple[int, int, str]] = []
    for at, char in enumerate(doc.text):
        if char in _PINYIN and rng.random() < density:
            edits.append((at + 1, at + 1, f"({_PINYIN[char]})"))
        elif stray and "\u4e00" <= char <= "\u9fff" and rng.random() < stray:
            edits.append((at + 1, at + 1, f"({rng.choice(_SYLLABLES)})"))
    return to_traditional(doc.substitute(edits))
