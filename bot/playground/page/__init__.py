"""The playground's page for a person: a local Slack in the browser. Needs the extra `demo` (NiceGUI)."""

from bot.playground.page.attach import attach_page
from bot.playground.page.guide import Plan
from bot.playground.page.menu import Menu

__all__ = ["Menu", "Plan", "attach_page"]
