"""The review page: ``/`` answers its HTML, ``/web/<digest>/…`` its files, which never change under one address."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import resources

from fastapi import FastAPI, Request, Response

from service.problems import refusal

_TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}
_FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}
_ASK_FIRST = {"Cache-Control": "no-cache"}
_SHELL = "index.html"
_BASE, _PRELOAD = b"{{base}}", b"{{preload}}"


def install(app: FastAPI) -> None:
    """Serve the page. Nobody needs a key for it: it holds nothing of a report, and asks for the key itself."""
    app.add_api_route("/", shell, methods=["GET", "HEAD"], include_in_schema=False)
    app.add_api_route("/web/{digest}/{name:path}", asset, methods=["GET", "HEAD"], include_in_schema=False)


async def shell(request: Request) -> Response:
    """The page itself, which names its files by their digest."""
    _, digest = _files()
    tag = f'"{digest}"'
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers={**_ASK_FIRST, "ETag": tag})
    return Response(_page(), media_type="text/html; charset=utf-8", headers={**_ASK_FIRST, "ETag": tag})


async def asset(digest: str, name: str) -> Response:
    """A file of the page. Under the digest of another version there is nothing: the page is newer than its reader."""
    files, current = _files()
    suffix = name[name.rfind(".") :]
    if digest != current or name not in files or suffix not in _TYPES:
        raise refusal("not_found")
    return Response(files[name], media_type=_TYPES[suffix], headers=_FOREVER)


@cache
def _page() -> bytes:
    """The HTML. It names every module, so that browsers fetch them at once and not one import after the other."""
    files, digest = _files()
    modules = sorted(name for name in files if name.endswith(".js"))
    preload = "\n".join(f'<link rel="modulepreload" href="web/{digest}/{name}">' for name in modules)
    return files[_SHELL].replace(_PRELOAD, preload.encode()).replace(_BASE, f"web/{digest}".encode())


@cache
def _files() -> tuple[dict[str, bytes], str]:
    """Every file by its path below ``web``, and a digest of them all."""
    root = resources.files("service").joinpath("web")
    files = {_SHELL: root.joinpath(_SHELL).read_bytes(), "app.css": root.joinpath("app.css").read_bytes()}
    for one in root.joinpath("js").iterdir():
        if one.name.endswith(".js"):
            files[f"js/{one.name}"] = one.read_bytes()
    whole = hashlib.sha256()
    for name in sorted(files):
        whole.update(name.encode() + b"\0" + files[name] + b"\0")
    return files, whole.hexdigest()[:16]
