"""The command ``nianbao``: names, options and help. What a command does is imported when it runs."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from extractor.cli_models import Models, Task, use
from extractor.cli_models import app as models_app

app = typer.Typer(
    name="nianbao",
    help="Reads Chinese disclosure reports (政府信息公开工作年度报告) into structured JSON, and checks them.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
Files = Annotated[list[str], typer.Argument(metavar="FILE…", help="Text files, folders (their *.txt), or - for stdin.")]
Jobs = Annotated[
    int | None, typer.Option(min=0, help="Processes; 0 works in this one. By default as many as there are cores.")
]
Seed = Annotated[int, typer.Option(help="The same seed gives the same bytes.")]


class Format(StrEnum):
    """What ``extract`` prints."""

    json = "json"
    summary = "summary"


class Encoder(StrEnum):
    """Which network reads the characters in the claims model."""

    cnn = "cnn"
    bilstm = "bilstm"
    bert = "bert"


@app.command()
def extract(
    files: Files,
    out: Annotated[Path | None, typer.Option(help="Write DIR/NAME.json for each report.", metavar="DIR")] = None,
    format: Annotated[Format | None, typer.Option(help="What to print; with --out, nothing by default.")] = None,
    draw: Annotated[
        Path | None, typer.Option(help="Draw the labelled blocks of one report.", metavar="FILE.png")
    ] = None,
    jobs: Jobs = None,
) -> None:
    """Read reports and give JSON: one report an object, several a line each.

    Exit code 0 when all were read, 1 when some were not (they are listed).
    """
    from extractor.commands import extract as command

    shown = format or (None if out else Format.json)
    raise typer.Exit(command.run(files, out, shown.value if shown else None, draw, jobs))


@app.command()
def check(files: Files, jobs: Jobs = None) -> None:
    """Print only what does not agree, with the places.

    Exit code 0 when everything agrees, 3 when something does not, 1 when a report could not be read.
    """
    from extractor.commands import check as command

    raise typer.Exit(command.run(files, jobs))


@app.command()
def synthesize(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The folder to write text/ and gold/ into.")],
    n: Annotated[int, typer.Option(min=1, help="How many reports.")] = 100,
    seed: Seed = 1,
    faults: Annotated[float, typer.Option(min=0, max=1, help="Share of reports with planted faults.")] = 1 / 3,
) -> None:
    """Write annotated reports in our own words: their text, and what is right about it."""
    from extractor.commands import train as command

    raise typer.Exit(command.synthesize(out, n, seed, faults))


@app.command()
def train(
    task: Annotated[Task, typer.Argument(help="Which model.")],
    version: Annotated[
        str | None, typer.Option(help="The name of the version that is made; by default new, with --data u1, u2 …")
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Fine-tune on the train part of this dataset."),
    ] = None,
    start: Annotated[
        str | None, typer.Option("--from", help="Start from the weights of this version; with --data the current one.")
    ] = None,
    reports: Annotated[int | None, typer.Option(min=1, help="How many synthetic reports to train on.")] = None,
    epochs: Annotated[int | None, typer.Option(min=1)] = None,
    share: Annotated[
        float | None, typer.Option(min=0.01, max=0.9, help="How much of what is read is annotated, with --data.")
    ] = None,
    encoder: Annotated[Encoder | None, typer.Option(help="The claims model's network.")] = None,
    seed: Seed = 1,
    fresh: Annotated[bool, typer.Option(help="Forget what a stopped run of this version has done.")] = False,
    gate: Annotated[bool, typer.Option(help="Compare what was fine-tuned with the version that serves.")] = True,
    promote: Annotated[bool, typer.Option(help="Let the new version serve, if the gate allows it.")] = False,
    cores: Annotated[int, typer.Option(min=1, help="How many cores to work on.")] = 2,
    models: Models = None,
) -> None:
    """Train a model: from nothing on synthesis alone, or further on annotated reports (--data) beside synthesis.

    A stopped run goes on where it was when the same command is given again. Exit code 0 when done; 3 when the gate
    was asked and does not allow the new version to serve.
    """
    from extractor.commands import train as command
    from models.registry import is_name

    if encoder and (task is not Task.claims or data):
        raise typer.BadParameter("only the claims model has encoders, when made from nothing", param_hint="--encoder")
    if share and not data:
        raise typer.BadParameter("goes with --data", param_hint="--share")
    for name, param in ((version, "--version"), (None if start == "current" else start, "--from")):
        if name is not None and not is_name(name):
            raise typer.BadParameter(f"{name!r} is no plain name; use letters, digits, '.', '_', '-'", param_hint=param)
    use(models)
    if data:
        asked = {"replay": reports, "epochs": epochs, "share": share}
        changes = {name: value for name, value in asked.items() if value is not None} | {"seed": seed}
        run = {"resume": not fresh, "processes": cores}
        code = command.finetune(task.value, version, start or "current", data, changes, run, gate, promote)
        raise typer.Exit(code)
    options = {"reports": reports, "epochs": epochs, "encoder": encoder and encoder.value, "from_version": start}
    given = {name: value for name, value in options.items() if value is not None}
    run = {"seed": seed, "resume": not fresh, "processes": cores}
    raise typer.Exit(command.train(task.value, version or "new", promote, run | given))


@app.command()
def evaluate(
    gold: Annotated[Path, typer.Option(metavar="DIR", help="Annotations, NAME.json.")],
    text: Annotated[Path | None, typer.Option(metavar="DIR", help="Reports to extract, NAME.txt.")] = None,
    pred: Annotated[Path | None, typer.Option(metavar="DIR", help="Results there are already, NAME.json.")] = None,
    by: Annotated[str, typer.Option(metavar="FIELDS", help="Figures by fields of the gold: style,damage,fault.")] = "",
    json: Annotated[bool, typer.Option(help="The figures as one JSON object.")] = False,
    markdown: Annotated[bool, typer.Option(help="The figures as a Markdown table, for a README.")] = False,
    quiet: Annotated[bool, typer.Option(help="No list of errors.")] = False,
    jobs: Jobs = None,
) -> None:
    """Hold results against annotations and print the figures."""
    from extractor.commands import evaluate as command

    if json and markdown:
        raise typer.BadParameter("give either --json or --markdown", param_hint="--markdown")
    form: command.Form = "json" if json else "markdown" if markdown else "quiet" if quiet else "full"
    raise typer.Exit(command.run(gold, text, pred, [f for f in by.split(",") if f], form, jobs))


@app.command()
def calibrate(
    n: Annotated[int, typer.Option(min=1, help="How many synthetic reports to fit to.")] = 2500,
    seed: Seed = 1,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where to write; by default what the extractor reads.")
    ] = None,
    jobs: Jobs = None,
) -> None:
    """Make the table of confidences anew, after models or readers have changed, and measure it on fresh reports."""
    from extractor.commands import calibrate as command

    raise typer.Exit(command.run(n, seed, out, jobs))


@app.command()
def bench(
    n: Annotated[int, typer.Option(min=1, help="How many synthetic reports.")] = 200,
    seed: Seed = 1,
    corpus: Annotated[Path | None, typer.Option(metavar="DIR", help="Take this folder's *.txt instead.")] = None,
) -> None:
    """Measure reports per second, latency, start-up time and memory."""
    from extractor.commands import bench as command

    raise typer.Exit(command.run(n, seed, corpus))


app.add_typer(models_app, name="models")
annotate = typer.Typer(
    help="Annotations out to tools and back in, which report to annotate next, and the dataset that they make.",
    no_args_is_help=True,
)
app.add_typer(annotate, name="annotate")
_DATA = Path("training_data")
Data = Annotated[Path, typer.Option(metavar="DIR", help="The dataset's folder.")]


class AnnotationFormat(StrEnum):
    """What annotations are written in."""

    jsonl = "jsonl"
    label_studio = "label-studio"
    doccano = "doccano"
    conll = "conll"
    docbin = "docbin"


class FileFormat(StrEnum):
    """What annotations are read from."""

    auto = "auto"
    jsonl = "jsonl"
    label_studio = "label-studio"
    doccano = "doccano"
    conll = "conll"
    docbin = "docbin"


class Preferred(StrEnum):
    """Whose word counts where two annotations of one text differ."""

    neither = "neither"
    old = "old"
    new = "new"


@annotate.command("export")
def annotate_export(
    to: Annotated[AnnotationFormat, typer.Option(help="The format.")],
    out: Annotated[Path, typer.Option(metavar="PATH", help="The file to write, or a folder for it.")],
    files: Annotated[list[str] | None, typer.Argument(metavar="FILE…", help="Reports, as for extract.")] = None,
    data: Annotated[Path | None, typer.Option(metavar="DIR", help="Write this dataset's annotations instead.")] = None,
    layers: Annotated[str, typer.Option(help="Which layers to write.")] = "heading,claim,cell,block",
    jobs: Jobs = None,
) -> None:
    """Write reports with the model's own answers, to be corrected; for Label Studio with its configuration beside.

    Exit code 0 when all were read, 1 when some were not (they are listed).
    """
    from extractor.commands import annotate as command
    from models.annotations.record import LAYERS

    named = [layer for layer in LAYERS if layer in layers.split(",")]
    strangers = sorted({*layers.split(",")} - {*LAYERS})
    if strangers:
        raise typer.BadParameter(
            f"unknown: {', '.join(strangers)}; there are {', '.join(LAYERS)}", param_hint="--layers"
        )
    raise typer.Exit(command.export(files or [], data, to.value, out, named, jobs))


@annotate.command("import")
def annotate_import(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Exports of annotation tools.")],
    format: Annotated[FileFormat, typer.Option(help="By default each file's content tells.")] = FileFormat.auto,
    data: Data = _DATA,
    prefer: Annotated[Preferred, typer.Option(help="Whose word counts where annotations differ.")] = Preferred.neither,
    predictions: Annotated[bool, typer.Option(help="Take a model's answers where nobody has annotated.")] = False,
    keep_good: Annotated[bool, typer.Option(help="Add the documents that are right although others are not.")] = False,
) -> None:
    """Verify annotations and add them to the dataset: every label must stand where its quote says.

    Exit code 0 when all were taken in, 3 when some were refused or contradict the dataset (nothing is added then).
    """
    from extractor.commands import annotate as command

    raise typer.Exit(command.take_in(files, format.value, data, prefer.value, predictions, keep_good))


@annotate.command("next")
def annotate_next(
    folder: Annotated[str, typer.Argument(metavar="DIR", help="Unread reports.")],
    n: Annotated[int, typer.Option(min=1, help="How many.")] = 20,
    data: Annotated[Path | None, typer.Option(metavar="DIR", help="Leave out what this dataset has.")] = None,
    json: Annotated[bool, typer.Option(help="One JSON object a line.")] = False,
    jobs: Jobs = None,
) -> None:
    """Rank reports by what they would teach, and say why for each.

    Exit code 0 when all were read, 1 when some were not (they are listed).
    """
    from extractor.commands import annotate as command

    raise typer.Exit(command.next_reports(folder, n, data, json, jobs))


@annotate.command("check")
def annotate_check(data: Data = _DATA) -> None:
    """Hold the dataset against its manifest: digests, splits, sentences, spans, labels.

    Exit code 0 when it is as the manifest says, 3 when it is not.
    """
    from extractor.commands import annotate as command

    raise typer.Exit(command.check(data))


@annotate.command("manifest")
def annotate_manifest(data: Data = _DATA) -> None:
    """Make the manifest anew from the files; documents that it lists keep their split."""
    from extractor.commands import annotate as command

    raise typer.Exit(command.manifest(data))


@app.command()
def serve(
    host: Annotated[str, typer.Option()] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535)] = 8000,
    workers: Annotated[int, typer.Option(min=1, help="Processes, each with its own models.")] = 1,
) -> None:
    """Start the HTTP service; its settings are environment variables NIANBAO_… (service/README.md)."""
    from extractor.commands import serve as command

    raise typer.Exit(command.run(host, port, workers))


keys = typer.Typer(help="API keys of the service, kept in the store that the settings name.", no_args_is_help=True)
app.add_typer(keys, name="keys")


class Role(StrEnum):
    """What the bearer of a key may do, each with what stands before it."""

    read = "read"
    review = "review"
    admin = "admin"


@keys.command("create")
def create_key(
    name: Annotated[str, typer.Argument(help="Whose key it is; reviews are signed with it.")],
    role: Annotated[Role, typer.Option(help="read; review: store, decide, correct; admin: delete, read all again.")],
) -> None:
    """Make a key and print it: it is shown only once."""
    from extractor.commands import keys as command

    raise typer.Exit(command.run("create", name, role.value))


@keys.command("list")
def list_keys() -> None:
    """Print all keys, without their secrets."""
    from extractor.commands import keys as command

    raise typer.Exit(command.run("show"))


@keys.command("revoke")
def revoke_key(name: Annotated[str, typer.Argument(help="The key's name.")]) -> None:
    """Refuse a key from now on."""
    from extractor.commands import keys as command

    raise typer.Exit(command.run("revoke", name))


def main() -> None:
    """The command's entry point."""
    from models.registry import BrokenInstallation

    try:
        app()
    except BrokenInstallation as error:
        typer.echo(f"nianbao: {error}", err=True)
        sys.exit(4)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
    except OSError as error:
        what = f"{error.filename}: {error.strerror}" if error.filename else str(error)
        typer.echo(f"nianbao: {what}\n  expected: a place that can be read or written", err=True)
        typer.echo("  what to do: check the path, its permissions and the room on the disk", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
