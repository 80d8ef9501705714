"""Does a dataset keep its word? Every promise of the manifest held against the files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from models.annotations import manifest
from models.annotations.dataset import MANIFEST, Dataset
from models.annotations.manifest import Allotment, Entry
from models.annotations.record import Record
from models.annotations.said import AnnotationError, Refusal, Said
from models.annotations.sentences import sentences

_RENEW = Said("运行 nianbao annotate manifest 重新生成清单", "make the manifest anew: nianbao annotate manifest")


def wrong(dataset: Dataset) -> list[Refusal]:
    """Everything that is not as the manifest says; empty for a dataset that is whole."""
    out: list[Refusal] = []
    records: list[tuple[Entry, Record]] = []
    for entry in dataset.entries:
        try:
            records.append((entry, dataset.record(entry)))
        except AnnotationError as error:
            out.append(error.refusal)
    out += _doubles(dataset)
    for entry, record in records:
        if entry.text != record.sha256() or dict(entry.counts) != manifest.counts_of(record):
            out.append(
                _refusal(entry.file, "清单中的计数或文本摘要不符", "its counts or its text's digest are not as listed")
            )
    if not out:
        out += _leaks(records)
    path = dataset.root / MANIFEST
    if not out and dataset.entries and path.read_text(encoding="utf-8") != manifest.dumps(dataset.entries):
        out.append(_refusal(MANIFEST, "合计或写法不符", "its totals or its form are not those of its entries"))
    return out


def _doubles(dataset: Dataset) -> Iterator[Refusal]:
    for what, zh in (("id", "编号"), ("text", "文本"), ("file", "文件")):
        seen: set[str] = set()
        for entry in dataset.entries:
            value = str(getattr(entry, what))
            if value in seen:
                yield _refusal(entry.file, f"{zh}重复", f"its {what} stands in the manifest twice")
            seen.add(value)


def _leaks(records: list[tuple[Entry, Record]]) -> Iterator[Refusal]:
    """Sentences used in two splits, and held-back lists that are not what the order of the documents gives."""
    allotment = Allotment()
    for entry, record in records:
        due = allotment.entry(replace(entry, held_back=()), record.text, keeps=True)
        if due.held_back != entry.held_back:
            yield _refusal(
                entry.file, "应保留不用的句子不符", "the sentences held back from it are not those of other splits"
            )
    owner: dict[str, str] = {}
    for entry, record in records:
        held = set(entry.held_back)
        for start, end, key in sentences(record.text):
            if (start, end) not in held and owner.setdefault(key, entry.split) != entry.split:
                met = f"a sentence at {start}–{end} is used in {owner[key]} too"
                yield _refusal(entry.file, f"{start}–{end} 处的句子也用于 {owner[key]}", met)


def _refusal(file: str, zh: str, en: str) -> Refusal:
    return Refusal(file, Said(zh, en), Said("与清单一致", "what the manifest says"), _RENEW)
