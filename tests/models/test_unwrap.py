"""What prose is read without."""

import pytest

from models.unwrap import torn


def _read(text: str) -> str:
    out = set(torn(text))
    return "".join(c for i, c in enumerate(text) if i not in out)


_HEAD = "本镇对照要点逐项落实公开任务，依托网站发布信息，"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (_HEAD + "全年召开会\n议三次。", _HEAD + "全年召开会议三次。"),
        (_HEAD + "20\n23年收到来信。", _HEAD + "2023年收到来信。"),
        (_HEAD + "办理来信申请 12\n件。", _HEAD + "办理来信申请12件。"),
        (_HEAD + "\n答复申请 2 件。", _HEAD + "答复申请2件。"),
        ("收到申请 3 件、答复 2 件", "收到申请3件、答复2件"),
    ],
)
def test_a_line_of_a_page_s_width_goes_on_in_the_next(text: str, read: str) -> None:
    assert _read(text) == read


@pytest.mark.parametrize(
    "text",
    [
        "（三）政府信息资源的规范化、标准化管理情况\n我局统一部署",  # a heading
        "我镇围绕群众关心的事项持续做好信息发布工作。\n下一步，我镇",  # a paragraph's end
        "我镇围绕群众关心的事项，持续做好信息发布工作\n（二）依申请公开",  # a heading follows
        "2.重复申请 0 0 0 0 0 0 0\n3.要求提供公开出版物 0 0",  # rows of a table
        "本年新收政府信息公开申请数量 1 2 3 4 5 6\n0",
        "加强组织领导 2023年",  # a heading that runs in
        "短行\n短行",
    ],
)
def test_other_breaks_and_blanks_stay(text: str) -> None:
    assert "\n" in _read(text) if "\n" in text else " " in _read(text)
