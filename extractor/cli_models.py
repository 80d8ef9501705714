"""The command ``nianbao models``: names, options and help. What it does is imported when it runs."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

Models = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="The folder of your own models; by default what NIANBAO_MODELS names."),
]


class Task(StrEnum):
    """What can be trained."""

    layout = "layout"
    claims = "claims"


app = typer.Typer(help="The versions of the models, how two differ, and which one serves.", no_args_is_help=True)
Version = Annotated[str, typer.Argument(metavar="VERSION", help="Such as claims/u1, or claims/current.")]
AsJson = Annotated[bool, typer.Option(help="As JSON.")]
Judged = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="Compare on this dataset's test part too; by default on that of its own."),
]


@app.command("list")
def models_list(json: AsJson = False, models: Models = None) -> None:
    """Print every version, which one serves, and runs that are not finished."""
    _models(models, "show_all", json)


@app.command("show")
def models_show(version: Version, json: AsJson = False, models: Models = None) -> None:
    """Print a version's record: how it came to be, what the gate said of it, when it was promoted."""
    _models(models, "show", version, json)


@app.command("diff")
def models_diff(old: Version, new: Version, data: Judged = None, json: AsJson = False, models: Models = None) -> None:
    """Compare two versions label by label, and list what the new one now finds and now loses. Nothing is written."""
    _models(models, "diff", old, new, data, json)


@app.command("gate")
def models_gate(version: Version, data: Judged = None, json: AsJson = False, models: Models = None) -> None:
    """Compare a version with the one that serves, and note it in the version's record.

    Exit code 0 when it may be promoted, 3 when it may not.
    """
    _models(models, "judge", version, data, json)


@app.command("promote")
def models_promote(
    version: Version,
    force: Annotated[
        str, typer.Option(metavar="REASON", help="Promote against the gate; the reason is recorded.")
    ] = "",
    data: Judged = None,
    models: Models = None,
) -> None:
    """Let a version serve, if the gate allows it: at once, also in a service that is running.

    Exit code 0 when it serves, 3 when the gate does not allow it.
    """
    _models(models, "promote", version, data, force)


@app.command("rollback")
def models_rollback(
    task: Annotated[Task | None, typer.Argument(help="Which model; by default the one promoted last.")] = None,
    models: Models = None,
) -> None:
    """Let the version serve that did before the last promotion."""
    _models(models, "rollback", task.value if task else None)


def _models(folder: Path | None, action: str, *arguments: object) -> None:
    from extractor.commands import models as command

    use(folder)
    try:
        raise typer.Exit(getattr(command, action)(*arguments))
    except command.UnknownVersionError as error:
        raise typer.BadParameter(str(error)) from None


def use(models: Path | None) -> None:
    """Take a folder for the user's models, in this process and those that it starts."""
    from models.registry import ROOT_VARIABLE

    if models is not None:
        os.environ[ROOT_VARIABLE] = str(models)
