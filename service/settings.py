"""Settings of the service, each an environment variable. ``service/README.md`` has them in one table."""

from __future__ import annotations

import os
from ipaddress import ip_address
from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from extractor.batch import cores
from extractor.reading import MAX_BYTES

PREFIX = "NIANBAO_"


def _data_folder() -> Path:
    """Where programs of this user keep what they must not lose (XDG Base Directory Specification)."""
    home = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(home) / "nianbao"


class Settings(BaseSettings):
    """Read from the environment when the service starts; a value that does not fit stops the start with its reason."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True)

    host: str = Field(default="127.0.0.1", description="Where the service listens; `nianbao serve --host` sets it")
    workers: int = Field(
        default=1, ge=1, le=64, description="Processes that serve requests; `nianbao serve --workers` sets it"
    )
    data: Path = Field(
        default_factory=_data_folder, description="Folder of the store and the queue, where these are SQLite files"
    )
    database: str = Field(
        default="",
        description="URL of the store: `sqlite:///FILE` or `postgresql://…`; empty: `nianbao.db` in the folder",
    )
    dataset: str = Field(
        default="", description="Folder of the annotations that the service takes in; empty: `dataset` in the folder"
    )
    gate_reports: int = Field(
        default=40,
        ge=1,
        le=1000,
        description="Reports of each style of table that the gate compares versions on; fewer are faster and see less",
    )
    redis: str = Field(default="", description="URL of the job queue's Redis; empty: `queue.db` in the folder")
    processes: int = Field(
        default=0, ge=0, le=256, description="Reports read at the same time by each worker; 0: cores divided by workers"
    )
    threads: int = Field(default=8, ge=2, le=256, description="Threads of each worker that wait for the store")
    queue: int = Field(default=32, ge=0, le=10_000, description="Reports that may wait in each worker; beyond it 503")
    max_requests: int = Field(default=100, ge=1, description="Requests under way in each worker; beyond it 503")
    max_body_bytes: int = Field(default=MAX_BYTES, ge=1024, description="Largest request body; beyond it 413")
    max_bulk_bytes: int = Field(
        default=1024**3, ge=1024, description="Largest body that brings many reports (NDJSON); beyond it 413"
    )
    max_characters: int = Field(default=2_000_000, ge=100, description="Longest text of one report; beyond it 413")
    request_seconds: float = Field(
        default=30.0,
        gt=0,
        le=3600,
        description="Time for sending a body, and time for reading one report; then 408, 504",
    )
    export_rows: int = Field(
        default=50_000, ge=1, description="Rows of an export that is answered at once; more are a job"
    )
    job_seconds: float = Field(default=300.0, gt=0, description="Time for reading one report within a job")
    keys: Literal["auto", "required", "off"] = Field(
        default="auto", description="API keys: `auto` requires them unless the service listens on loopback only"
    )
    allowed_hosts: str = Field(
        default="localhost,127.0.0.1,[::1]", description="Host names that are answered where `auto` asks for no key"
    )
    rate_per_minute: int = Field(
        default=1200, ge=0, description="Requests a minute for each key; 0: no limit; then 429"
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(default="INFO", description="What is logged")
    log_format: Literal["json", "text"] = Field(default="json", description="One JSON object a line, or plain text")
    shutdown_seconds: int = Field(
        default=20, ge=1, description="Time for requests under way when the service is stopped"
    )

    @property
    def database_url(self) -> str:
        """The URL of the store."""
        return self.database or f"sqlite:///{self.data.expanduser() / 'nianbao.db'}"

    @property
    def dataset_folder(self) -> Path:
        """Where annotations are kept."""
        return Path(self.dataset).expanduser() if self.dataset else self.data.expanduser() / "dataset"

    @property
    def runs_folder(self) -> Path:
        """Where training runs say how far they are."""
        return self.data.expanduser() / "runs"

    @property
    def readers(self) -> int:
        """Reading processes of one worker: all workers together use no more than the cores."""
        return self.processes or max(1, cores() // self.workers)

    @property
    def on_loopback(self) -> bool:
        """Can only this machine reach the service?"""
        return is_loopback(self.host)


def is_loopback(host: str) -> bool:
    """A name or address of this machine that no other reaches."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"
