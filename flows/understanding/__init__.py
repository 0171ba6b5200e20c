"""What a reply means: one pure function from the words somebody wrote to their meaning."""

from flows.understanding.reading import (
    Member,
    Option,
    Question,
    Reading,
    Span,
    Understood,
)
from flows.understanding.replies import read
from flows.understanding.text import Text, Token, normalise
from flows.understanding.wellness import says_all_is_well

__all__ = [
    "Member",
    "Option",
    "Question",
    "Reading",
    "Span",
    "Text",
    "Token",
    "Understood",
    "normalise",
    "read",
    "says_all_is_well",
]
