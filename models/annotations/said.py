"""What is said to a person about an annotation, in both languages: what was met, what was expected, what to do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence or more in Chinese and in English."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something is not taken in. ``place`` names file, document and span as far as they are known."""

    place: str
    met: Said
    expected: Said
    todo: Said

    @property
    def zh(self) -> str:
        return f"{self.place}：{self.met.zh}；应为：{self.expected.zh}；处理办法：{self.todo.zh}"

    @property
    def en(self) -> str:
        return f"{self.place}: {self.met.en}\n  expected: {self.expected.en}\n  what to do: {self.todo.en}"


class AnnotationError(ValueError):
    """A file or a record that cannot be understood at all; nothing of it is used. The refusal says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.en)
        self.refusal = refusal

    def __reduce__(self) -> tuple[type[AnnotationError], tuple[Refusal]]:
        return type(self), (self.refusal,)


def quoted(text: str, longest: int = 24) -> str:
    """A piece of a text as it is shown in a message: on one line, not too long, control characters as escapes."""
    cut = text if len(text) <= longest else text[: longest - 1] + "…"
    return "“" + "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in cut) + "”"
