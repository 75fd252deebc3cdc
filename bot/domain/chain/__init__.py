"""The chain: do its links hang together, which of them won or cost goals, and what is worth the effort.

The types come with this package; what computes needs numpy and scipy, whose import takes a while, and is imported
where it is called: `from bot.domain.chain.analysis import analyse`.
"""

from bot.domain.chain.model import MOST_LAG, MOST_WEEKS, Chain, ChainError, ChainKpi, ChainLink, Series
from bot.domain.chain.results import (
    Analysis,
    Call,
    Conversion,
    Focus,
    Lack,
    LinkStatistics,
    LookBack,
    Moved,
    NoFocus,
    Part,
    Rate,
    Remark,
    Untold,
    Vanity,
    Variance,
    Verdict,
    WhatIf,
    Worth,
)

__all__ = [
    "MOST_LAG",
    "MOST_WEEKS",
    "Analysis",
    "Call",
    "Chain",
    "ChainError",
    "ChainKpi",
    "ChainLink",
    "Conversion",
    "Focus",
    "Lack",
    "LinkStatistics",
    "LookBack",
    "Moved",
    "NoFocus",
    "Part",
    "Rate",
    "Remark",
    "Series",
    "Untold",
    "Vanity",
    "Variance",
    "Verdict",
    "WhatIf",
    "Worth",
]
