"""GET /healthz: is this process ready, and what does it serve?"""

from __future__ import annotations

from importlib.metadata import version
from typing import Annotated, Literal

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from service.dependencies import State, get_state

router = APIRouter(tags=["health"])


class Health(BaseModel):
    """``model`` names the version of each model; the process answers only once they are loaded."""

    status: Literal["ok"]
    version: str
    model: dict[str, str]


@router.get("/healthz", summary="Ready?")
async def healthz(state: Annotated[State, Depends(get_state)]) -> Health:
    """Answers 200 as soon as the models are loaded."""
    return Health(status="ok", version=version("nianbao"), model=dict(state.extractor.versions))
