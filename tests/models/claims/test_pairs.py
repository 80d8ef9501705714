"""New words: pairs of characters that get vectors of their own, while all else is read as before."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from models import labels, vocabulary
from models.claims.data import Labelled, join, labelled
from models.claims.decode import run
from models.claims.export import network_of
from models.claims.network import ClaimTaggerConfig, ClaimTaggerModel
from models.claims.novel import learn_words, misread
from models.claims.pairs import Pairs, unknown, windows_with
from models.claims.student import Student, plain
from models.claims.tag import ClaimTagger
from models.claims.train import restore, serve
from models.finetune import Recipe
from models.workplace import Teller
from tests.models.claims.small_reports import in_other_words, sample

HOW = Recipe("base", epochs=4, replay=40, share=0.5, rate=1e-3)


def ids(text: str) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    return vocabulary.ids(text).astype(np.int64)[None]


def reports(seed: int, count: int, change: bool = False) -> list[Labelled]:
    return [labelled(in_other_words(sample(seed, i)) if change else sample(seed, i)) for i in range(count)]


def test_a_pair_has_rows_of_its_own_and_its_characters_keep_theirs_elsewhere() -> None:
    pairs = Pairs(["批讫", "来呈"])
    own = vocabulary.size()
    text = ids("来呈三件，批讫一件，呈来")
    rows = pairs.rows(text)
    assert rows[0, :2].tolist() == [own + 2, own + 3]
    assert rows[0, 5:7].tolist() == [own, own + 1]
    kept = [2, 3, 4, 7, 8, 9, 10, 11]
    assert rows[0, kept].tolist() == text[0, kept].tolist()


def test_where_pairs_overlap_each_character_is_of_the_pair_that_it_begins() -> None:
    own = vocabulary.size()
    assert Pairs(["来呈", "呈批"]).rows(ids("来呈批"))[0].tolist() == [own, own + 2, own + 3]


@pytest.mark.parametrize("text", ["", "来"])
def test_what_is_too_short_for_a_pair_is_left_alone(text: str) -> None:
    assert Pairs(["来呈"]).rows(ids(text)).tolist() == ids(text).tolist()


def beginnings(report: Labelled) -> list[int]:
    """Where the claims of a report begin."""
    return np.flatnonzero((report.claim_ids >= 0) & (report.claim_ids != np.r_[-1, report.claim_ids[:-1]])).tolist()


def test_new_words_are_those_at_a_place_that_synthesis_hardly_has() -> None:
    replay = join(reports(3, 20))
    told = [(r, beginnings(r)) for r in reports(77, 6, change=True)]
    found = unknown(told, replay, most=0)
    assert {"来牍", "牍入", "入册"} <= set(found)
    assert not {"申请", "公开", "收到", "主动"} & set(found)
    assert unknown([(r, []) for r, _ in told], replay, most=0) == []
    assert unknown([(r, beginnings(r)) for r in reports(3, 6)], replay, most=0) == []
    assert "入册" not in unknown(told, join([r for r, _ in told]), most=1)


def test_the_windows_of_a_word_are_those_that_it_stands_in() -> None:
    data = join(reports(77, 6, change=True))
    found = windows_with(["来牍"], data).tolist()
    key = vocabulary.ids("来牍").tolist()
    chars = data.encoded.chars
    rows = [chars[first:end].tolist() for first, _, _, end in data.encoded.windows.tolist()]
    assert found == [i for i, row in enumerate(rows) if key in [row[k : k + 2] for k in range(len(row) - 1)]]
    assert found


def network() -> ClaimTaggerModel:
    torch.manual_seed(2)
    return ClaimTaggerModel(ClaimTaggerConfig(width=16, dilations=(1, 2)))


def test_a_new_pair_is_at_first_read_as_its_characters_are() -> None:
    encoded = join(reports(77, 3, change=True)).encoded
    model = network()
    before = run(network_of(model), encoded)
    model.add_pairs(["来牍", "入册"])
    assert model.config.vocab_size == len(model.chars.weight) == vocabulary.size() + 4
    np.testing.assert_array_equal(run(network_of(model), encoded), before)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A version that knows tiny reports and nothing of the new word."""
    from models.claims.train import train_claims

    folder = tmp_path_factory.mktemp("models") / "base"
    train_claims(folder, reports=80, epochs=5, source=sample, processes=1, budget=1024)
    return folder


def teach(base: Path, work: Path) -> tuple[Student, list[str]]:
    student = restore(base, Student).taught_by(restore(base), 1.0)
    told, replay = reports(77, 6, change=True), join(reports(3, 40))
    with Teller(work) as teller:
        return student, learn_words(student, told, join(told * 8), replay, HOW, work, teller)


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("work")


@pytest.fixture(scope="module")
def taught(base: Path, work: Path) -> tuple[Student, list[str]]:
    return teach(base, work)


def test_what_is_misread_is_told_by_its_place(base: Path) -> None:
    model = restore(base)
    report = reports(77, 1, change=True)[0]
    report.attributes[:, 0] = 1 - report.attributes[:, 0]
    assert misread(model, report) == beginnings(report)


def received(model: ClaimTaggerModel, read: Labelled) -> tuple[int, int]:
    """How many claims of requests received there are, and how many of them the network sees as such."""
    concept = labels.CONCEPTS.index("requests_new")
    outputs = run(network_of(model), read.encoded)[:, labels.CONCEPT][:, concept]
    rows = [i for i, row in enumerate(read.attributes) if row[2 + concept] and row[1] == 0]
    return len(rows), sum(float(outputs[read.claim_ids == i].mean()) > 0 for i in rows)


def test_a_handful_of_reports_teaches_a_word_and_no_other_text_is_read_otherwise(
    base: Path, taught: tuple[Student, list[str]]
) -> None:
    student, words = taught
    assert "来牍" in words
    unseen = join(reports(501, 40, change=True))
    count, before = received(restore(base), unseen)
    _, after = received(student, unseen)
    assert before < 0.6 * count
    assert after > 0.95 * count
    others = join(reports(501, 40)).encoded
    old, new = (run(network_of(m), others) for m in (restore(base), plain(student)))
    np.testing.assert_array_equal(old, new)


def test_what_serves_is_the_old_file_with_more_rows(
    base: Path, taught: tuple[Student, list[str]], tmp_path: Path
) -> None:
    student, words = taught
    served = serve(plain(student), tmp_path, join(reports(501, 10, change=True)), base)
    assert served["export"]["pairs"] == len(words)
    assert served["export"]["agreement"] > 0.99
    others = join(reports(501, 40)).encoded
    old, new = (run(ClaimTagger(folder).network, others) for folder in (base, tmp_path))
    np.testing.assert_array_equal(old, new)
    unseen = join(reports(501, 40, change=True))
    count, right = received(restore(tmp_path), unseen)
    assert right > 0.95 * count
    wanted, found = (run(n, unseen.encoded) for n in (network_of(restore(tmp_path)), ClaimTagger(tmp_path).network))
    assert float((wanted[:, labels.SPAN].argmax(1) == found[:, labels.SPAN].argmax(1)).mean()) > 0.99


def test_what_was_learned_before_a_kill_is_not_learned_again(
    base: Path, taught: tuple[Student, list[str]], work: Path
) -> None:
    for folder in work.glob("words/checkpoint-*"):
        (folder / "model.safetensors").write_bytes(b"")
    again, words = teach(base, work)
    assert words == taught[1]
    np.testing.assert_array_equal(taught[0].chars.weight.detach(), again.chars.weight.detach())


def test_a_version_with_words_of_its_own_learns_more(
    base: Path, taught: tuple[Student, list[str]], tmp_path: Path
) -> None:
    student, words = taught
    serve(plain(student), tmp_path, join(reports(501, 4)), base)
    next_one = restore(tmp_path, Student).taught_by(restore(tmp_path), 1.0)
    next_one.add_pairs(["批讫"])
    (tmp_path / "next").mkdir()
    serve(plain(next_one), tmp_path / "next", join(reports(501, 4)), tmp_path)
    assert restore(tmp_path / "next").config.pairs == [*words, "批讫"]
    unseen = join(reports(501, 40, change=True))
    old, new = (run(ClaimTagger(folder).network, unseen.encoded) for folder in (tmp_path, tmp_path / "next"))
    np.testing.assert_array_equal(old, new)
