"""spaCy's DocBin: one character a token, so that offsets are code points, and one span group a layer.

Labels are the names that the other formats use; what they cannot say is in the document's ``user_data``. DocBins of
other projects are read whatever their tokens are: spans of every group, and entities. spaCy is imported when needed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from models.annotations.draft import KEY, Draft, Region, label_of, named, recalled, regions, sidecar
from models.annotations.labels import unknown_label
from models.annotations.record import LAYERS, Record
from models.annotations.said import Refusal

_EXPRESSED = {"heading": frozenset({"level"}), "cell": frozenset({"id"})}


def write(records: Iterable[Record]) -> bytes:
    """A DocBin with user data."""
    from spacy.tokens import DocBin
    from spacy.vocab import Vocab

    vocab, store = Vocab(), DocBin(attrs=[], store_user_data=True)
    for record in records:
        store.add(_doc(record, vocab))
    return bytes(store.to_bytes())


def _doc(record: Record, vocab: Any) -> Any:
    from spacy.tokens import Doc, Span

    doc = Doc(vocab, words=list(record.text), spaces=[False] * len(record.text))
    groups: dict[str, list[Any]] = {layer: [] for layer in record.layers()}
    for region in regions(record):
        groups[region.layer].append(Span(doc, region.start, region.end, label=label_of(region)))
    for layer, spans in groups.items():
        doc.spans[layer] = spans
    doc.user_data[KEY] = json.dumps(sidecar(record), ensure_ascii=False)
    return doc


def read(data: bytes, name: str) -> tuple[list[Draft], list[Refusal]]:
    """Drafts of a DocBin. Raises ValueError where the bytes are none."""
    from spacy.tokens import DocBin
    from spacy.vocab import Vocab

    try:
        docs = list(DocBin(store_user_data=True).from_bytes(data).get_docs(Vocab()))
    except Exception as error:  # msgpack, zlib and spaCy each have errors of their own for bytes that are no DocBin
        raise ValueError(f"no DocBin ({type(error).__name__}: {error})") from error
    drafts: list[Draft] = []
    refusals: list[Refusal] = []
    for i, doc in enumerate(docs, 1):
        where = f"{name}#{i}"
        labels, wrong = _regions(where, doc)
        refusals += wrong
        if not wrong:
            side = doc.user_data.get(KEY)
            known = json.loads(side) if isinstance(side, str) else None
            drafts.append(recalled(where, doc.text, labels, known, id=where, expressed=_EXPRESSED))
    return drafts, refusals


def _regions(where: str, doc: Any) -> tuple[list[Region], list[Refusal]]:
    spans = [(key, span) for key, group in doc.spans.items() for span in group]
    if not spans:
        spans = [("", span) for span in doc.ents]
    out: list[Region] = []
    wrong: list[Refusal] = []
    for key, span in spans:
        label = str(span.label_)
        known = named(label) or (named(f"{key}={label}") if key in LAYERS else None)
        if known is None:
            wrong.append(unknown_label(f"{where} {span.start_char}–{span.end_char}", label))
            continue
        out.append(Region(known[0], known[1], span.start_char, span.end_char, known[2]))
    return out, wrong
