"""The figures, each on a case small enough to count by hand."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from extractor.cli import app
from extractor.evaluate import figures, groups, score
from extractor.shapes import Annotation, misshapen


def figure(gold: dict[str, Any], result: dict[str, Any]) -> dict[str, float]:
    return figures(score(gold, result).tally)


def heading(start: int, level: int = 1) -> dict[str, Any]:
    return {"level": level, "heading": {"text": "x", "start": start, "end": start + 1}, "children": []}


def claim(start: int, value: float | None, *metrics: str, **more: Any) -> dict[str, Any]:
    place = {"start": start, "end": start + 2, "surface": "x"}
    return place | {"kind": "count", "value": value, "metrics": list(metrics)} | more


def cells(**values: float | None) -> dict[str, Any]:
    return {"tables": [{"cells": [{"id": name, "value": value} for name, value in values.items()]}]}


def test_a_heading_two_characters_off_is_a_hit_and_three_are_not() -> None:
    gold = {"headings": [{"text": "a", "start": 10, "level": 1}, {"text": "b", "start": 30, "level": 1}]}
    made = figure(gold, {"sections": [heading(12), heading(33)]})
    assert (made["headings_p"], made["headings_r"]) == (0.5, 0.5)


def test_a_heading_of_another_level_is_no_hit_and_children_count_as_headings() -> None:
    gold = {"headings": [{"text": "a", "start": 10, "level": 1}, {"text": "b", "start": 30, "level": 2}]}
    nested = {"sections": [heading(10) | {"children": [heading(30, 2)]}]}
    assert figure(gold, nested)["headings_f1"] == 1.0
    assert figure(gold, {"sections": [heading(10), heading(30, 1)]})["headings_f1"] == 0.5


def test_an_optional_heading_counts_neither_way() -> None:
    gold = {"headings": [{"text": "a", "start": 10, "level": 1}], "optional_headings": [{"start": 50}]}
    assert figure(gold, {"sections": [heading(10), heading(50, 3)]})["headings_p"] == 1.0


def test_a_blank_cell_is_right_only_as_a_blank() -> None:
    gold = {"cells": {"a": None, "b": 0, "c": 4}}
    made = figure(gold, cells(a=0, b=None, c=4))
    assert made["cells_right"] == pytest.approx(1 / 3, abs=1e-4)
    assert (made["nonzero_cells_right"], made["documents_exact"]) == (1.0, 0.0)


def test_a_number_in_a_cell_that_is_not_there_is_invented_and_a_zero_is_not() -> None:
    made = figure({"cells": {"a": 1}}, cells(a=1, b=7, c=0))
    assert (made["cells_invented"], made["documents_exact"], made["cells_right"]) == (1, 0.0, 1.0)


def test_an_uncertain_cell_is_not_scored() -> None:
    made = figure({"cells": {"a": 1, "b": 2}, "uncertain_cells": ["b"]}, cells(a=1))
    assert (made["cells_right"], made["documents_exact"]) == (1.0, 1.0)


def test_a_claim_needs_place_and_value_and_a_zero_claim_only_the_place() -> None:
    gold = {"claims": [claim(0, 3), claim(10, 0, kind="zero"), claim(20, 5)]}
    made = figure(gold, {"claims": [claim(1, 3), claim(11, None, kind="zero"), claim(20, 6)]})
    assert (made["claims_p"], made["claims_r"]) == (0.6667, 0.6667)


def test_ratios_deltas_and_optional_claims_count_neither_way() -> None:
    gold = {"claims": [claim(0, 3), claim(10, 100, kind="ratio"), claim(20, 5, optional=True)]}
    assert figure(gold, {"claims": [claim(0, 3), claim(10, 100), claim(20, 9)]})["claims_p"] == 1.0


def test_a_link_is_right_with_exactly_the_cells_or_with_an_alternative() -> None:
    gold = {"claims": [claim(0, 3, "a"), claim(10, 4, "b", alt_metrics=[["b", "c"]]), claim(20, 5, "d", "e")]}
    made = figure(gold, {"claims": [claim(0, 3, "a"), claim(10, 4, "c", "b"), claim(20, 5, "d")]})
    assert (made["links_p"], made["links_r"]) == (0.6667, 0.6667)


def test_a_link_where_there_should_be_none_costs_precision_only() -> None:
    made = figure({"claims": [claim(0, 3, "a"), claim(10, 4)]}, {"claims": [claim(0, 3, "a"), claim(10, 4, "b")]})
    assert (made["links_p"], made["links_r"]) == (0.5, 1.0)


def alarm(*names: str, at: tuple[int, int] | None = None) -> dict[str, Any]:
    evidence = [{"start": at[0], "end": at[1]}] if at else []
    return {"status": "mismatch", "message": "m", "cells": list(names), "evidence": evidence}


def test_two_alarms_about_one_fault_are_one_and_another_is_false() -> None:
    gold = {"findings": [{"cells": ["t3.new.total"], "spans": [[5, 9]]}]}
    made = figure(gold, {"findings": [alarm("t3.new.total"), alarm(at=(8, 12)), alarm("t3.granted.total")]})
    assert (made["mismatch_p"], made["mismatch_r"]) == (0.5, 1.0)


def test_a_star_stands_for_the_rows_that_it_sums() -> None:
    gold = {"findings": [{"cells": ["t4.litigation.*.total"]}, {"cells": ["t3.denied.repeat.total"]}]}
    found = [alarm("t4.litigation_direct.total+t4.review.total"), alarm("t3.denied.*.total")]
    assert figure(gold, {"findings": found})["mismatch_f1"] == 1.0


def test_an_alarm_on_a_clean_report_is_counted_unless_it_is_doubtful() -> None:
    assert figure({"findings": []}, {"findings": [alarm("a")]})["false_alarms_on_clean"] == 1
    assert figure({"findings": [], "doubtful": [{"cells": ["a"]}]}, {"findings": [alarm("a")]})["mismatch_p"] == 1.0


def test_a_match_is_no_alarm() -> None:
    assert figure({"findings": []}, {"findings": [alarm("a") | {"status": "match"}]})["false_alarms_on_clean"] == 0


def test_metadata_is_compared_as_text_and_null_with_null() -> None:
    gold = {"year": 2023, "issuer": None, "title": "x"}
    assert figure(gold, {"document": {"year": 2023, "issuer": None, "title": "y"}})["metadata_right"] == 0.6667


def test_what_is_not_annotated_gives_no_figure() -> None:
    assert figure({}, {"claims": [claim(0, 3)], "sections": [heading(1)]}) == {}


def test_a_missing_result_misses_everything() -> None:
    made = figure({"headings": [{"text": "a", "start": 1, "level": 1}], "cells": {"a": 1}, "claims": [claim(0, 3)]}, {})
    assert (made["headings_r"], made["cells_right"], made["claims_r"]) == (0.0, 0.0, 0.0)


def test_tallies_of_many_reports_add_up() -> None:
    gold = {"cells": {"a": 1}}
    total: Counter[str] = Counter()
    for result in (cells(a=1), cells(a=2), cells(a=1), {}):
        total.update(score(gold, result).tally)
    assert figures(total)["documents_exact"] == 0.5


def test_a_report_belongs_to_a_group_for_each_value_of_a_field() -> None:
    gold = {"style": "pipes", "damage": ["spaces", "units"], "faults": []}
    assert groups(gold, ["style", "damage", "faults"]) == [
        "style=pipes", "damage=spaces", "damage=units", "faults=none",
    ]  # fmt: skip


def write(folder: Path, name: str, data: dict[str, Any]) -> None:
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps(data), encoding="utf-8")


def test_the_command_prints_the_figures_of_stored_results(tmp_path: Path, command: CliRunner) -> None:
    write(tmp_path / "gold", "one", {"cells": {"a": 1}, "style": "pipes"})
    write(tmp_path / "gold", "two", {"cells": {"a": 1}, "style": "tabs"})
    write(tmp_path / "pred", "one", cells(a=1))
    arguments = ["evaluate", "--gold", str(tmp_path / "gold"), "--pred", str(tmp_path / "pred"), "--by", "style"]
    printed = command.invoke(app, arguments).stdout
    assert "documents_exact          0.5" in printed
    assert "== two  (no result)" in printed
    as_json = json.loads(command.invoke(app, [*arguments, "--json"]).stdout)
    assert as_json["groups"]["style=pipes"]["documents_exact"] == 1.0


def test_the_command_wants_texts_or_results_and_not_both(tmp_path: Path, command: CliRunner) -> None:
    write(tmp_path, "one", {})
    assert command.invoke(app, ["evaluate", "--gold", str(tmp_path)]).exit_code == 2


def test_a_confidence_that_is_kept_has_no_error_and_one_that_is_not_has_the_gap() -> None:
    gold = {"cells": dict.fromkeys("abcd", 1)}
    printed = [{"id": n, "value": int(n != "d"), "status": "read", "confidence": 0.75} for n in "abcd"]
    assert figure(gold, {"tables": [{"cells": printed}]})["ece_cells"] == 0.0
    surer = [cell | {"confidence": 0.95} for cell in printed]
    assert figure(gold, {"tables": [{"cells": surer}]})["ece_cells"] == pytest.approx(0.2)


def test_the_error_of_many_reports_is_that_of_all_their_items_together() -> None:
    right = {"id": "c1", "confidence": 0.5} | claim(0, 3)
    total: Counter[str] = Counter()
    for found in (right, right | {"value": 4}):
        total.update(score({"claims": [claim(0, 3)]}, {"claims": [found]}).tally)
    assert figures(total)["ece_claims"] == 0.0


def test_the_confidence_of_alarms_is_scored_with_all_findings_and_by_itself() -> None:
    gold = {"findings": [{"cells": ["a"]}]}
    false = alarm("b") | {"id": "f1", "kind": "ratio", "confidence": 0.9}
    made = figure(gold, {"findings": [false | {"cells": ["a"]}, false | {"status": "unverifiable"}]})
    assert (made["ece_mismatches"], made["ece_findings"]) == (0.1, 0.1)
    assert figure(gold, {"findings": [false]})["ece_mismatches"] == 0.9


def test_results_without_confidences_have_no_error_of_them() -> None:
    assert "ece_cells" not in figure({"cells": {"a": 1}}, cells(a=1))


def test_a_fault_may_be_named_in_the_singular() -> None:
    assert groups({"faults": ["cell"]}, ["fault"]) == ["fault=cell"]


def test_the_figures_can_be_printed_as_a_markdown_table_with_a_row_a_group(command: CliRunner, tmp_path: Path) -> None:
    write(tmp_path / "gold", "a", {"cells": {"a": 1}, "style": "pipes"})
    write(tmp_path / "gold", "b", {"cells": {"a": 2}, "style": "a|b"})
    write(tmp_path / "pred", "a", cells(a=1))
    arguments = ["--gold", str(tmp_path / "gold"), "--pred", str(tmp_path / "pred"), "--by", "style", "--markdown"]
    made = command.invoke(app, ["evaluate", *arguments])
    lines = made.stdout.splitlines()
    assert made.exit_code == 0
    assert lines[0].startswith("| group | reports | cells_right |")
    assert lines[2].startswith("| all | 2 | 0.5000 | 0.5000 |")
    assert [line.split(" ")[1] for line in lines[3:]] == ["style=a\\|b", "style=pipes"]
    assert len({line.replace("\\|", "").count("|") for line in lines}) == 1


@pytest.mark.parametrize(
    ("folder", "data", "place"),
    [
        ("gold", {"cells": ["a"]}, "cells"),
        ("gold", {"headings": [{"start": 1, "level": 1}]}, "headings.0.text"),
        ("gold", {"claims": [{"start": 1}]}, "claims.0.end"),
        ("gold", {"findings": [{"spans": [[1]]}]}, "findings.0.spans.0"),
        ("gold", {"cells": {"a": "1"}}, "cells.a"),
        ("pred", {"tables": [{"cells": [{"value": 1}]}]}, "tables.0.cells.0.id"),
        ("pred", {"sections": {}}, "sections"),
        ("pred", [], "a.json"),
    ],
)
def test_json_of_a_wrong_shape_is_refused_with_its_place(
    command: CliRunner, tmp_path: Path, folder: str, data: Any, place: str
) -> None:
    for name in ("gold", "pred"):
        write(tmp_path / name, "a", data if name == folder else {})
    made = command.invoke(app, ["evaluate", "--gold", str(tmp_path / "gold"), "--pred", str(tmp_path / "pred")])
    assert made.exit_code == 2
    assert "a.json" in made.stderr
    assert place in made.stderr
    assert "what to do" in made.stderr


def test_all_examples_have_the_shape_of_annotations() -> None:
    examples = sorted((Path(__file__).parents[2] / "training_data" / "examples").glob("*.json"))
    assert examples
    assert [misshapen(Annotation, p.read_bytes()) for p in examples] == [None] * len(examples)
