"""The dataset keeps its word: nothing is lost, nothing is in two splits, nothing contradicts itself unseen."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from models.annotations import manifest
from models.annotations.check import wrong
from models.annotations.dataset import IMPORTED, MANIFEST, Added, Dataset, Incoming
from models.annotations.manifest import SPLITS, Allotment, Entry, split_of
from models.annotations.reconcile import Prefer
from models.annotations.record import Claim, Heading, Record, digest
from models.annotations.said import AnnotationError
from models.annotations.sentences import sentences


def fill(root: Path, records: list[Record], prefer: Prefer | None = None) -> Added:
    return Dataset(root).add((Incoming(r, "jsonl") for r in records), prefer)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, records: list[Record]) -> Path:
    root = tmp_path_factory.mktemp("data")
    made = fill(root, records[:40])
    assert made.conflicts == ()
    return root


def test_everything_added_is_there_again_exactly(filled: Path, records: list[Record]) -> None:
    dataset = Dataset(filled)
    assert [record for _, record in dataset.records()] == records[:40]
    assert wrong(dataset) == []
    assert dataset.strays() == []


def test_no_document_and_no_sentence_is_used_in_two_splits(filled: Path) -> None:
    used: dict[str, set[str]] = {}
    texts: Counter[str] = Counter()
    for entry, record in Dataset(filled).records():
        texts[record.text] += 1
        for start, end, key in sentences(record.text):
            if (start, end) not in entry.held_back:
                used.setdefault(key, set()).add(entry.split)
    assert max(texts.values()) == 1
    assert len(used) > 300
    assert [key for key, splits in used.items() if len(splits) > 1] == []


def test_each_split_gets_its_share_by_the_digest_alone() -> None:
    counts = Counter(split_of(digest(f"报告{i}")) for i in range(4000))
    assert set(counts) == set(SPLITS)
    assert abs(counts["train"] / 4000 - 0.7) < 0.03
    assert abs(counts["test"] / 4000 - 0.15) < 0.03


def test_documents_keep_their_split_whatever_is_added_later(tmp_path: Path, records: list[Record]) -> None:
    fill(tmp_path, records[:20])
    before = {e.text: (e.split, e.held_back) for e in Dataset(tmp_path).entries}
    fill(tmp_path, records[20:35])
    after = {e.text: (e.split, e.held_back) for e in Dataset(tmp_path).entries}
    assert {text: after[text] for text in before} == before


def sentence(i: int) -> str:
    return f"第{'甲乙丙丁戊己庚辛壬癸'[i % 10]}项工作在本机关得到认真落实和持续推进{'又' * (i // 10)}。"


def document(*numbers: int) -> tuple[Entry, str]:
    text = "\n".join(sentence(i) for i in numbers)
    return Entry(str(numbers), "f", "", digest(text), "train", "jsonl", {}), text


def test_a_sentence_of_another_split_is_held_back_from_the_later_document() -> None:
    allotment = Allotment()
    first, text = document(*range(10))
    one = allotment.entry(replace(first, split="test"), text, keeps=True)
    second, other = document(*range(20, 29), 3)
    two = allotment.entry(replace(second, split="train"), other, keeps=True)
    assert one.held_back == ()
    assert [other[a:b] for a, b in two.held_back] == [sentence(3)]


def test_a_report_that_repeats_much_of_another_goes_where_that_one_is() -> None:
    for split in SPLITS:
        allotment = Allotment()
        first, text = document(*range(10))
        allotment.entry(replace(first, split=split), text, keeps=True)
        copy, other = document(*range(6), 41, 42, 43)
        assert allotment.entry(copy, other, keeps=False).split == split


def test_wrapped_lines_make_the_same_sentences_as_long_ones() -> None:
    whole = "本机关全年收到政府信息公开申请二十一件，均已在法定期限内依法予以答复，没有发生争议。"
    wrapped = whole[:18] + "\n" + whole[18:35] + "\r\n" + whole[35:]
    assert (
        [key for *_, key in sentences(wrapped)] == [key for *_, key in sentences(whole)] == [whole.replace("，", ",")]
    )


def test_labels_of_tables_and_headings_are_no_sentences() -> None:
    text = "一、总体情况\n（三）本机关不掌握相关政府信息\t0\t0\t0\n行政机关依申请提供政府信息情况\n短句。\n"
    assert list(sentences(text)) == []


def record(**parts: object) -> Record:
    text = "一、总体情况\n全年收到申请21件，同比增长5%。"
    return replace(Record("a", text, {"year": 2023}), **parts)  # type: ignore[arg-type]


COUNT = Claim(13, 15, "count", 21, "件", metrics=("t3.new.total",))
DELTA = Claim(21, 22, "delta", 5, "%")


def test_the_same_annotation_twice_changes_no_byte(tmp_path: Path) -> None:
    fill(tmp_path, [record(claims=(COUNT,))])
    before = {p: p.read_bytes() for p in tmp_path.rglob("*.json")}
    assert fill(tmp_path, [record(claims=(COUNT,), id="b")]).same == ("a",)
    assert {p: p.read_bytes() for p in tmp_path.rglob("*.json")} == before


def test_annotations_that_complement_each_other_become_one(tmp_path: Path) -> None:
    fill(tmp_path, [record(claims=(COUNT,))])
    head = Heading(0, 6, 1, "overview")
    more = replace(COUNT, concepts=("requests_new",))
    made = fill(tmp_path, [record(headings=(head,), claims=(more,), fields={"issuer": "云溪县"})])
    assert made.merged == ("a",)
    ((_, joined),) = Dataset(tmp_path).records()
    assert joined == record(headings=(head,), claims=(more,), fields={"year": 2023, "issuer": "云溪县"})
    assert len(list((tmp_path / IMPORTED).iterdir())) == 1


def test_contradictions_are_listed_and_nothing_is_added(tmp_path: Path, records: list[Record]) -> None:
    fill(tmp_path, [record(claims=(COUNT,))])
    before = (tmp_path / MANIFEST).read_bytes()
    other = record(claims=(replace(COUNT, scope="other_org"), DELTA), fields={"year": 2022})
    made = fill(tmp_path, [records[0], other])
    assert (made.new, made.merged) == ((), ())
    said = [f"{r.place}: {r.met.en}" for r in made.conflicts]
    assert said == [
        "a claims 13–15 “21”: the dataset says scope=“own”; the new annotation says scope=“other_org”",
        "a claims 21–22 “5”: the dataset says —; the new annotation says "
        "start=21, end=22, kind=“delta”, value=5, unit=“%”, approx=False, scope=“own”, metrics=“()”",
        "a year: the dataset says 2023; the new annotation says 2022",
    ]
    assert (tmp_path / MANIFEST).read_bytes() == before


@pytest.mark.parametrize(("prefer", "claims", "year"), [("old", (COUNT,), 2023), ("new", (DELTA,), 2022)])
def test_contradictions_are_settled_as_told(
    tmp_path: Path, prefer: Prefer, claims: tuple[Claim, ...], year: int
) -> None:
    fill(tmp_path, [record(claims=(COUNT,))])
    assert fill(tmp_path, [record(claims=(DELTA,), fields={"year": 2022})], prefer).conflicts == ()
    ((_, settled),) = Dataset(tmp_path).records()
    assert (settled.claims, settled.fields["year"]) == (claims, year)
    assert wrong(Dataset(tmp_path)) == []


def test_two_annotations_of_one_new_text_in_one_import_are_reconciled(tmp_path: Path) -> None:
    made = fill(tmp_path, [record(claims=(COUNT,)), record(claims=(DELTA,))])
    assert len(made.conflicts) == 2
    assert Dataset(tmp_path).entries == ()


def test_documents_of_one_name_keep_apart(tmp_path: Path) -> None:
    other = replace(record(), text="无。")
    assert fill(tmp_path, [record(), other]).new == ("a", "a-2")


def test_ids_never_lead_out_of_the_folder(tmp_path: Path) -> None:
    fill(tmp_path / "data", [record(id="../../x/y"), replace(record(), id="", text="无。")])
    assert [p.parent.name for p in tmp_path.rglob("*.json")].count(IMPORTED) == 2
    assert wrong(Dataset(tmp_path / "data")) == []


def test_a_changed_file_a_lost_file_and_a_changed_manifest_are_found(tmp_path: Path, records: list[Record]) -> None:
    fill(tmp_path, records[:5])
    entries = Dataset(tmp_path).entries
    path = tmp_path / entries[0].file
    whole = path.read_text(encoding="utf-8")
    path.write_text(whole.replace('"scope": "own"', '"scope": "other_org"'), encoding="utf-8")
    (tmp_path / entries[1].file).unlink()
    assert [r.met.en for r in wrong(Dataset(tmp_path))] == [
        "its content is not what the manifest says",
        "the file is missing",
    ]


@pytest.mark.parametrize(
    ("change", "met"),
    [
        (lambda d: d["documents"][0]["counts"].update(claims=999), "its counts"),
        (lambda d: d["documents"].append(d["documents"][0]), "stands in the manifest twice"),
        (lambda d: d["totals"]["train"].update(documents=99), "its totals"),
        (lambda d: d["documents"][0].update(held_back=[[0, 3]]), "held back"),
    ],
)
def test_a_manifest_that_lies_is_found_out(tmp_path: Path, records: list[Record], change: object, met: str) -> None:
    fill(tmp_path, records[:3])
    path = tmp_path / MANIFEST
    data = json.loads(path.read_text(encoding="utf-8"))
    change(data)  # type: ignore[operator]
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    assert any(met in r.met.en for r in wrong(Dataset(tmp_path)))


def test_a_split_that_was_changed_by_hand_shows_where_sentences_are_shared(tmp_path: Path) -> None:
    fill(tmp_path, [replace(record(), text=document(*range(10))[1]), replace(record(), text=document(*range(9))[1])])
    entries = Dataset(tmp_path).entries
    assert entries[0].split == entries[1].split
    other = next(s for s in SPLITS if s != entries[0].split)
    (tmp_path / MANIFEST).write_text(manifest.dumps([entries[0], replace(entries[1], split=other)]), encoding="utf-8")
    assert any("is used in" in r.met.en for r in wrong(Dataset(tmp_path)))


@pytest.mark.parametrize(
    "text", ["", "{}", "[1]", '{"version": 2, "documents": []}', '{"version": 1, "documents": [{}]}']
)
def test_a_damaged_manifest_is_said_to_be_so(tmp_path: Path, text: str) -> None:
    (tmp_path / MANIFEST).write_text(text, encoding="utf-8")
    with pytest.raises(AnnotationError, match="what to do: make it anew"):
        Dataset(tmp_path)


def test_a_manifest_made_anew_is_the_one_that_was_there(tmp_path: Path, records: list[Record]) -> None:
    fill(tmp_path, records[:12])
    before = (tmp_path / MANIFEST).read_bytes()
    Dataset(tmp_path).renew()
    assert (tmp_path / MANIFEST).read_bytes() == before
    (tmp_path / MANIFEST).unlink()
    Dataset(tmp_path).renew()
    assert wrong(Dataset(tmp_path)) == []
    assert len(Dataset(tmp_path).entries) == 12


def test_files_put_there_by_hand_count_once_the_manifest_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "examples").mkdir(parents=True)
    text = "全年收到申请21件。"
    (tmp_path / "examples" / "count.txt").write_text(text, encoding="utf-8")
    said = {"start": 6, "end": 8, "surface": "21", "value": 21, "unit": "件", "kind": "count"}
    (tmp_path / "examples" / "count.json").write_text(json.dumps({"id": "count", "claims": [said]}), encoding="utf-8")
    assert Dataset(tmp_path).strays() == ["examples/count.json"]
    (entry,) = Dataset(tmp_path).renew()
    assert (entry.id, entry.origin, entry.counts) == ("count", "examples", {"claims": 1, "claims.count": 1})
    assert wrong(Dataset(tmp_path)) == []
