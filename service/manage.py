"""What the command line does with the store: prepare it for ``nianbao serve``; make, list and revoke API keys."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from rich.console import Console
from rich.table import Table

from service.settings import Settings
from service.shapes import Role
from service.store import keys
from service.store.database import Database

_DONE, _REFUSED = 0, 1


def prepare() -> None:
    """Check the settings and make the store's tables before any worker starts: what is wrong is said once.

    Raises ValidationError or BrokenInstallation.
    """
    with _store():
        return


def create(name: str, role: str) -> int:
    """Print a new key: it is shown once. Returns the exit code, 1 where the name is taken."""
    with _store() as database:
        try:
            with database.writing() as session:
                made = keys.create(session, name, cast(Role, role))
        except ValueError:
            return _refuse(f"a key named {name!r} is there already", "a new name", "choose another, or revoke that one")
    _say(f"key {name!r} ({role}): it is shown only now; whoever has it may use the service")
    print(made)
    return _DONE


def show() -> int:
    """Print all keys, without their secrets. Returns the exit code."""
    with _store() as database, database.reading() as session:
        listed = keys.listed(session)
    grid = Table("name", "role", "key begins", "created", "revoked")
    for key in listed:
        revoked = f"{key.revoked_at:%Y-%m-%d %H:%M}" if key.revoked_at else ""
        grid.add_row(key.name, key.role, f"nb_{key.prefix}_", f"{key.created_at:%Y-%m-%d %H:%M}", revoked)
    Console(highlight=False, markup=False).print(grid)
    return _DONE


def revoke(name: str) -> int:
    """Refuse a key from now on. Returns the exit code, 1 where there is no such key."""
    with _store() as database, database.writing() as session:
        if not keys.revoke(session, name):
            return _refuse(f"no key named {name!r} is in use", "a name that nianbao keys list shows", "check the name")
    _say(f"key {name!r} is revoked; running services refuse it within five seconds")
    return _DONE


@contextmanager
def _store() -> Iterator[Database]:
    database = Database(Settings().database_url, threads=2)
    try:
        database.migrate()
        yield database
    finally:
        database.close()


def _say(line: str) -> None:
    Console(stderr=True, highlight=False, markup=False, soft_wrap=True).print(line)


def _refuse(met: str, expected: str, todo: str) -> int:
    _say(f"nianbao: {met}\n  expected: {expected}\n  what to do: {todo}")
    return _REFUSED
