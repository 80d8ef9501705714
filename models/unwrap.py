"""What tears prose without saying anything: line breaks of a page's width, blanks between a number and its words.

Scraped PDF text breaks its lines at the page's width, in the middle of words and numbers (“行政许⏎可决定 57 件”,
“20⏎23年”), and many editors put blanks around digits. Read without them, such prose looks like any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# A break behind at least so many characters of one line may be of the page's width.
_WIDE = 18
_BREAK = re.compile(rf"(?<=[^\n|]{{{_WIDE}}})\n(?![\n|])")
_ENDED = frozenset("。；：！？;:!?|）)”》〕】")
_GOES_ON = frozenset("，、,（(“《〔")
_NUMERAL = re.compile(
    r"[（(]?(?:[一二三四五六七八九十]{1,3}|[0-9]{1,2})[)）、.．]|第[一二三四五六七八九十]+[、章节部条,，]|[一二三四五六]是"
)
_PROSE = re.compile(r"[，。；、：,;:]")
_ROW = re.compile(r"[0-9—/-] [0-9—/-]")
_MEASURED = re.compile(r"[0-9.]|[件条次个份篇项宗起人年月日万余期场部家名类例批]")
# “34 件”, “申请 34”; but not “加强领导 2023年”, where the blank parts a heading from its text
_LOOSE = re.compile(r"(?<=[0-9]) (?=[^0-9A-Za-z |/—-])|(?<=[^0-9A-Za-z |/—.-]) (?!20[0-3][0-9])(?=[0-9])")


def torn(text: str) -> Iterator[int]:
    """The places of line breaks and blanks that prose is read without. White space must have shrunk to single signs."""
    yield from (m.start() for m in _LOOSE.finditer(text))
    yield from (at for m in _BREAK.finditer(text) if _is_wrap(text, at := m.start()))


def _is_wrap(text: str, at: int) -> bool:
    """Whether the line that ends here goes on in the next: it has words, no end, and what follows opens no item."""
    line = text[text.rfind("\n", 0, at) + 1 : at]
    last, ahead = line[-1], text[at + 1 : at + 12]
    if last in _ENDED or _NUMERAL.match(ahead):
        return False
    if last in _GOES_ON:
        return True
    if _NUMERAL.match(line) and "。" not in line and len(line) < 2 * _WIDE:
        return False  # a heading
    if not _PROSE.search(line):
        return not last.isdigit() and len(line) >= 2 * _WIDE
    return not last.isdigit() or (bool(_MEASURED.match(ahead)) and not _ROW.search(line))
