"""The house's laws: imports run service → extractor → models, nothing is imported in a circle, files stay small."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
RANK = {"models": 0, "extractor": 1, "service": 2}
LONGEST = 400
TRAINING_ONLY = ("torch", "transformers", "accelerate", "onnx")


def files() -> list[Path]:
    return sorted(p for package in RANK for p in (ROOT / package).rglob("*.py"))


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def modules() -> dict[str, Path]:
    return {name_of(p): p for p in files()}


def imported(path: Path) -> Iterator[str]:
    """Dotted names that a file imports, also inside functions: ``from a import b`` is a.b where that is a module."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: import by absolute names"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if whole in modules() else str(node.module)


def project_imports(path: Path) -> set[str]:
    return {name for name in imported(path) if name in modules() and modules()[name] != path}


def test_every_import_is_found_by_the_checks_below() -> None:
    assert "extractor.pipeline" in project_imports(ROOT / "extractor" / "batch.py")
    assert "torch" in set(imported(ROOT / "models" / "layout" / "network.py"))


def test_no_file_imports_from_a_package_above_its_own() -> None:
    upward = [
        f"{name_of(path)} → {name}"
        for path in files()
        for name in imported(path)
        if RANK.get(name.split(".")[0], -1) > RANK[path.relative_to(ROOT).parts[0]]
    ]
    assert upward == []


def test_no_two_files_import_each_other_even_in_a_round() -> None:
    graph = {name: project_imports(path) for name, path in modules().items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" → ".join(error.args[1]))


def test_no_file_is_longer_than_four_hundred_lines() -> None:
    everything = [*files(), *sorted((ROOT / "tests").rglob("*.py"))]
    long = {str(p.relative_to(ROOT)): n for p in everything if (n := len(p.read_text("utf-8").splitlines())) > LONGEST}
    assert long == {}


def reached_from(names: set[str]) -> set[str]:
    """Every module that these import, directly or through others. The command that trains is no way to serve."""
    seen: set[str] = set()
    todo = sorted(names - {"extractor.commands.train"})
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            todo += sorted(project_imports(modules()[name]) - {"extractor.commands.train"})
    return seen


def test_nothing_that_serves_reaches_what_only_the_training_extra_brings() -> None:
    serving = reached_from({name for name in modules() if not name.startswith("models")})
    assert "models.layout.classify" in serving
    strangers = {
        f"{name} → {other}"
        for name in serving
        for other in imported(modules()[name])
        if other.split(".")[0] in TRAINING_ONLY
    }
    assert strangers == set()


def test_every_file_and_package_says_what_it_is_for() -> None:
    silent = [name_of(path) for path in files() if not ast.get_docstring(ast.parse(path.read_text("utf-8")))]
    assert silent == []


def run_python(code: str) -> str:
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)
    assert made.returncode == 0, made.stderr
    return made.stdout.strip()


def test_a_report_is_extracted_where_no_training_package_is_installed(example_path: Path) -> None:
    block = "".join(f"sys.modules[{name!r}] = None; " for name in TRAINING_ONLY)
    code = f"""import sys; {block}
from extractor.pipeline import load
import service.app
print(len(load()(open({str(example_path)!r}, encoding="utf-8", newline="").read()).tables))"""
    assert run_python(code) == "3"


def test_reading_a_report_imports_no_spacy(example_path: Path) -> None:
    code = f"""import sys
from extractor.pipeline import load
load()(open({str(example_path)!r}, encoding="utf-8", newline="").read())
print("spacy" in sys.modules)"""
    assert run_python(code) == "False"


def test_the_command_line_imports_nothing_heavy_before_it_knows_what_to_do() -> None:
    heavy = ("numpy", "pydantic", "onnxruntime", "spacy", "layoutparser", "jieba", "fastapi", "torch")
    code = f"import sys, extractor.cli; print([name for name in {heavy!r} if name in sys.modules])"
    assert run_python(code) == "[]"
