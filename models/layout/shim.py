"""What layoutparser 0.3.4 needs of libraries that have moved on, and what to say where it cannot be imported."""

from __future__ import annotations

from typing import Any

from models.registry import BrokenInstallation


def import_layoutparser() -> Any:
    """The module ``layoutparser``, mended. Raises BrokenInstallation where it, or its OpenCV, cannot be imported."""
    try:
        import layoutparser
        import layoutparser.elements  # layoutparser imports its parts late: the failure must come here, not later
    except ImportError as error:
        raise _missing(error) from error
    _mend_fonts()
    return layoutparser


def _mend_fonts() -> None:
    """``FreeTypeFont.getsize`` is gone since Pillow 10; layoutparser's drawing still calls it."""
    from PIL.ImageFont import FreeTypeFont

    def getsize(font: Any, text: str) -> tuple[int, int]:
        left, top, right, bottom = font.getbbox(text)
        return int(right - left), int(bottom - top)

    if not hasattr(FreeTypeFont, "getsize"):
        FreeTypeFont.getsize = getsize  # type: ignore[attr-defined]


def _missing(error: ImportError) -> BrokenInstallation:
    if "libGL" in str(error) or "libglib" in str(error) or "libgthread" in str(error):
        todo = "install the system libraries that OpenCV needs; on Debian and Ubuntu: apt install libgl1 libglib2.0-0"
    else:
        todo = "install the package again (pip install --force-reinstall layoutparser==0.3.4)"
    return BrokenInstallation(f"layoutparser cannot be imported: {error}", "layoutparser 0.3.4 with OpenCV", todo)
