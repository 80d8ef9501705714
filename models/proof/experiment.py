"""The experiment: a model trained with the family in, many fine-tuned on few annotated reports of it, all measured."""

from __future__ import annotations

import json
import multiprocessing
import os
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import partial
from typing import Any

from models import registry
from models.annotations import own
from models.annotations.dataset import Dataset, Incoming
from models.annotations.verify import admit
from models.finetune import NothingToLearnError
from models.proof.families import TEACHING_SEED, annotation, claims_source, layout_source
from models.proof.measure import measure
from models.proof.plan import WITH_FAMILY, Plan, Run
from models.registry import Task

Tell = Callable[[str], None]


def conduct(plan: Plan, jobs: int, tell: Tell) -> None:
    """Do whatever of the experiment is not done yet, in ``jobs`` processes of one thread each."""
    tasks = list(plan.start)
    _side_by_side(_replays(plan), jobs, tell)
    longest: list[Callable[[], str]] = [partial(scratch, plan, task) for task in reversed(tasks)]
    _side_by_side(longest + [partial(learn, plan, run) for run in plan.runs()], jobs, tell)
    _side_by_side([partial(score, plan, task) for task in tasks], jobs, tell)


def _side_by_side(works: Iterable[Callable[[], str]], jobs: int, tell: Tell) -> None:
    if jobs < 2:
        for work in works:
            tell(work())
        return
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn")) as pool:
        for done in as_completed([pool.submit(work) for work in works]):
            tell(done.result())


def scratch(plan: Plan, task: Task) -> str:
    """The model trained from nothing as the shipped ones are, on synthesis that has the family at an ordinary rate."""
    _use(plan)
    out = plan.models / task / WITH_FAMILY
    if not (out / registry.RECORD).is_file():
        changes = plan.scratch.get(task, {})
        if task == "claims":
            from models.claims.train import train_claims

            train_claims(out, source=claims_source, processes=1, **changes)
        else:
            from models.layout.train import train_layout

            train_layout(out, source=layout_source, processes=1, **changes)
    return f"{task} {WITH_FAMILY}"


def _replays(plan: Plan) -> list[Callable[[], str]]:
    """Written before the runs that share them."""
    return [partial(replay, plan, task, seed) for task in plan.start for seed in plan.seeds]


def replay(plan: Plan, task: Task, seed: int) -> str:
    """The synthesis that the runs of a task and seed read beside what is annotated."""
    from models.claims import finetune as claims
    from models.layout import finetune as layout

    module = claims if task == "claims" else layout
    module.synthesis(plan.replay, module.recipe(plan.start[task], seed=seed, **plan.recipes.get(task, {})))
    return f"{task} synthesis of seed {seed}"


def learn(plan: Plan, run: Run) -> str:
    """One fine-tuning, as ``nianbao train`` does it. A dataset without anything to learn from makes no version."""
    _use(plan)
    data = dataset(plan, run)
    out = plan.models / run.task / run.version
    from models.claims import finetune as claims
    from models.layout import finetune as layout

    module: Any = claims if run.task == "claims" else layout
    how = module.recipe(plan.start[run.task], seed=run.seed, **plan.recipes.get(run.task, {}))
    work = module.finetune_claims if run.task == "claims" else module.finetune_layout
    try:
        work(out, data, how, processes=1, data_folder=plan.replay)
    except NothingToLearnError:
        return f"{run.task} {run.version}: none of its reports is there to be learned from"
    return f"{run.task} {run.version}"


def dataset(plan: Plan, run: Run) -> Dataset:
    """The first annotated reports of a seed, brought in as a user's are: read, verified, given to their splits."""
    lines = [json.dumps(annotation(run.task, TEACHING_SEED + run.seed, i)) for i in range(run.reports)]
    drafts, refusals = own.read("\n".join(lines).encode(), "annotated.jsonl")
    incoming: list[Incoming] = []
    for draft in drafts:
        made = admit(draft)
        refusals += made.refusals
        if made.record is not None:
            incoming.append(Incoming(made.record, "jsonl"))
    if refusals:
        raise ValueError(f"a synthetic annotation was refused: {refusals[0].en}")
    data = Dataset(plan.data(run))
    data.add(incoming)
    return data


def score(plan: Plan, task: Task) -> str:
    """Measure every version of a task that has no scores yet."""
    _use(plan)
    known = registry.versions(task)
    runs = [run for run in plan.runs() if run.task == task and run.version in known]
    measure(plan, task, [plan.start[task], WITH_FAMILY, *(run.version for run in runs)])
    return f"{task} scores"


def _use(plan: Plan) -> None:
    os.environ[registry.ROOT_VARIABLE] = str(plan.models)
