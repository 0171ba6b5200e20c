"""The conversation as a web page, entered by a link and a year of birth."""

from bot.pages.doors import routes
from bot.pages.unseen import Unseen

__all__ = ["Unseen", "routes"]
