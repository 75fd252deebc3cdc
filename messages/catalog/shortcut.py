"""The form that asks a hat's owner about a message."""

from typing import Any

from messages import environment, ids
from messages.forms import LONGEST, Field, Option
from messages.i18n import translations
from messages.question_content import MessageQuestion


def message_question_modal(form: MessageQuestion, *, language: str) -> dict[str, Any]:
    """Give the form for a question about a message, with the message's words in it."""
    gettext = translations(language).gettext
    intro = [
        gettext("The answer comes in the message's thread.")
        if form.reachable
        else gettext("I am not in that conversation, so the answer comes to you as a direct message.")
    ]
    meant = form.meant
    by_menu = Field(
        "hat",
        gettext("Which hat is it about?"),
        "menu",
        options=tuple(Option(hat.slug, hat.name) for hat in form.hats),
        initial=meant.slug if meant else "",
    )
    by_name = Field(
        "hat",
        gettext("Which hat is it about?"),
        hint=gettext("Write its name; `/hat list` shows them all."),
        initial=meant.name if meant else "",
        longest=80,
    )
    question = Field("question", gettext("Your question"), initial=form.text, multiline=True, longest=LONGEST)
    return environment.view(
        "form",
        language,
        callback=ids.ASK_MESSAGE_SUBMIT,
        state=form.state,
        title=gettext("Ask the hat's owner"),
        intro=intro,
        link=form.link,
        fields=(by_menu if form.hats else by_name, question),
        submit=gettext("Send"),
    )
