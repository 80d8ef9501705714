"""API keys. A key is 256 random bits: only its digest is stored, which is enough, for there is nothing to guess."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.shapes import Role
from service.store.tables import KeyRow, now

RANK: dict[str, int] = {"read": 0, "review": 1, "admin": 2}
_MARK = "nb"


@dataclass(frozen=True, slots=True)
class Key:
    """A key as it is listed; the secret is shown once, when it is made."""

    name: str
    role: Role
    prefix: str
    created_at: datetime
    revoked_at: datetime | None


def create(session: Session, name: str, role: Role) -> str:
    """Make a key and return it. Raises ValueError where the name is taken."""
    if session.scalar(select(KeyRow.pk).where(KeyRow.name == name)) is not None:
        raise ValueError(name)
    prefix, secret = secrets.token_hex(5), secrets.token_urlsafe(32)
    row = KeyRow(name=name, role=role, prefix=prefix, digest=_digest(secret), created_at=now(), revoked_at=None)
    session.add(row)
    return f"{_MARK}_{prefix}_{secret}"


def revoke(session: Session, name: str) -> bool:
    """Refuse a key from now on. False where there is none of this name, or it is revoked already."""
    row = session.scalar(select(KeyRow).where(KeyRow.name == name, KeyRow.revoked_at.is_(None)))
    if row is None:
        return False
    row.revoked_at = now()
    return True


def listed(session: Session) -> list[Key]:
    """Every key, also the revoked ones."""
    return [_shape(row) for row in session.scalars(select(KeyRow).order_by(KeyRow.pk))]


def check(session: Session, given: str) -> Key | None:
    """The key that was given, if it is one and not revoked. Digests are compared in constant time."""
    mark, _, rest = given.partition("_")
    prefix, _, secret = rest.partition("_")
    row = session.scalar(select(KeyRow).where(KeyRow.prefix == prefix)) if mark == _MARK and prefix.isalnum() else None
    stored = row.digest if row else _digest("")
    fits = hmac.compare_digest(stored, _digest(secret))
    return _shape(row) if row and fits and row.revoked_at is None else None


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _shape(row: KeyRow) -> Key:
    return Key(row.name, row.role, row.prefix, row.created_at, row.revoked_at)  # type: ignore[arg-type]
