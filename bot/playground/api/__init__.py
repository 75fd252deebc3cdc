"""The Web API: one module per family of methods, registered by name."""

from bot.playground.api import auth, chat, conversations, files, oauth, people, views
from bot.playground.api.call import METHODS, Call, Method

__all__ = ["METHODS", "Call", "Method", "auth", "chat", "conversations", "files", "oauth", "people", "views"]
