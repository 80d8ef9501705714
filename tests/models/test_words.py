"""Words: jieba's own segmentation, done faster."""

from importlib import resources

import jieba
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import words

TEXTS = (
    "2023年,本机关共收到政府信息公开申请21件,其中自然人18件,商业企业3件,均在法定期限内办结。",
    "全年通过门户网站主动公开政府信息1,204条,较上年增长12.5%;微信公众号推送IC卡办理指南等T恤3篇",
    "规章000行政许可66 行政处罚ABC-12#&+_.社会公益组织法律服务机构",
)
LETTERS = st.text(
    alphabet=st.sampled_from("政府信息公开申请商业企业规章市人民0123aB.-·,。é𠀀恤T"), min_size=1, max_size=40
)


@pytest.fixture(scope="module")
def reference() -> jieba.Tokenizer:
    """jieba's tokenizer over the same words: those of its dictionary that are common, and our own."""
    text = resources.files("jieba").joinpath("dict.txt").read_text(encoding="utf-8")
    made = jieba.Tokenizer()
    made.FREQ, made.initialized = {}, True
    rows = [line.split(" ")[:2] for line in text.splitlines()]
    common = [(word, int(count)) for word, count in rows if int(count) >= 100 and len(word) <= 4]
    for word, count in (*common, *((word, 3000) for word in words._DOMAIN.split())):
        made.FREQ[word] = max(count, made.FREQ.get(word, 0))
        for i in range(1, len(word)):
            made.FREQ.setdefault(word[:i], 0)
    made.total = sum(made.FREQ.values())
    return made


@pytest.mark.parametrize("text", TEXTS)
def test_the_words_of_a_sentence_are_those_that_jieba_finds(text: str, reference: jieba.Tokenizer) -> None:
    solid = "".join(text.split())
    assert words.cut(solid) == list(reference.cut(solid, HMM=False))


@given(text=LETTERS)
def test_the_words_of_any_characters_are_those_that_jieba_finds(text: str, reference: jieba.Tokenizer) -> None:
    assert words.cut(text) == list(reference.cut(text, HMM=False))


def test_places_in_words_run_on_over_white_space() -> None:
    assert words.positions("规\n章 21").tolist() == [words.BEGIN, 0, words.END, 0, words.BEGIN, words.END]
