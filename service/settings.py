"""Settings of the service, each an environment variable."""

from __future__ import annotations

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from extractor.batch import cores
from extractor.reading import MAX_BYTES


class Settings(BaseSettings):
    """Read from the environment when the service starts; a value that does not fit stops the start with its reason.

    NIANBAO_MAX_BODY_BYTES  largest request body; a longer one is answered with 413 (default 10 MiB)
    NIANBAO_THREADS         reports that are read at the same time; others wait (default: the number of cores)
    NIANBAO_LOG_LEVEL       DEBUG, INFO, WARNING or ERROR (default INFO); no report's text is ever logged
    NIANBAO_MODELS          a folder of models trained by the user (read by ``models.registry``)
    """

    model_config = SettingsConfigDict(env_prefix="NIANBAO_", frozen=True)

    max_body_bytes: int = Field(default=MAX_BYTES, ge=1024)
    threads: int = Field(default_factory=cores, ge=1, le=256)
    log_level: str = Field(default="INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$")
