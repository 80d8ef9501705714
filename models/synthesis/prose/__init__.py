"""The prose of synthetic reports: every piece is a ``Marked`` text whose claims agree with the report's ``Facts``."""

from models.synthesis.prose.families import FAMILIES, Family
from models.synthesis.prose.narrative import write_narrative
from models.synthesis.prose.sections import (
    write_intro,
    write_lead,
    write_old_report_sections,
    write_other,
    write_problems,
)
from models.synthesis.prose.style import ProseOptions, draw_options

__all__ = [
    "FAMILIES",
    "Family",
    "ProseOptions",
    "draw_options",
    "write_intro",
    "write_lead",
    "write_narrative",
    "write_old_report_sections",
    "write_other",
    "write_problems",
]
