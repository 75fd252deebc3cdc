"""Everything the page itself says, in English and Swedish."""

from dataclasses import dataclass

LANGUAGES = {"en": "English", "sv": "Svenska"}


@dataclass(frozen=True)
class Texts:
    """The sentences of one language. Braces are filled with `str.format`."""

    you_are: str = "You are"
    channels: str = "Channels"
    direct: str = "Direct messages"
    apps: str = "Apps"
    new_direct: str = "New message"
    home: str = "Home"
    messages: str = "Messages"
    workspace_clock: str = "Workspace time"
    to_friday: str = "To Friday 13:00"
    to_monday_8: str = "To Monday 08:00"
    to_monday_10: str = "To Monday 10:00"
    hour: str = "+1 hour"
    day: str = "+1 day"
    guide: str = "A week in two minutes"
    guide_intro: str = "You play a whole team. Each button below takes you there."
    hide: str = "Hide"
    show: str = "Show the guide"
    guide_ask: str = "Ask who owns a hat: {command}"
    guide_ask_do: str = "Ask it"
    guide_friday: str = "Jump to Friday 13:00, when every owner is asked for the week's numbers"
    guide_friday_do: str = "To Friday"
    guide_report: str = "As {name}, open the message from {app} and report"
    guide_report_do: str = "Be {name}"
    guide_reminder: str = "Jump to Monday 08:00: who has not reported is reminded once"
    guide_reminder_do: str = "To Monday 08:00"
    guide_digest: str = "Jump to Monday 10:00 and read the digest in #{channel}"
    guide_digest_do: str = "Read it"
    write_to: str = "Message {name}"
    reply: str = "Reply…"
    send: str = "Send"
    only_you: str = "Only visible to you"
    app_badge: str = "APP"
    edited: str = "(edited)"
    thread: str = "Thread"
    replies_one: str = "1 reply"
    replies: str = "{n} replies"
    reply_in_thread: str = "Reply in thread"
    also_in_channel: str = "replied in a thread"
    edit: str = "Edit message"
    delete: str = "Delete message"
    delete_sure: str = "Delete this message? This cannot be undone."
    more: str = "More actions"
    save: str = "Save"
    cancel: str = "Cancel"
    close: str = "Close"
    back: str = "Back"
    yes: str = "Yes"
    submit: str = "Submit"
    working: str = "Working…"
    optional: str = "(optional)"
    empty_channel: str = "This is the very beginning of {name}. Nothing has been said yet."
    empty_direct: str = "This is the beginning of your conversation with {name}."
    empty_home: str = "{app} has not put anything here yet."
    not_member: str = "You are not in {name}."
    join: str = "Join {name}"
    archived: str = "{name} is archived: nothing more can be said here."
    late: str = "The app did not answer within 3 seconds, so Slack gave up waiting. Try again."
    unreachable: str = "The app could not be reached. Is it running?"
    refused: str = "Slack did not take the app's answer: {error}"
    command_in_thread: str = "Slash commands work in conversations, not in threads."
    choose: str = "Choose…"
    page_of: str = "{first}–{last} of {total}"
    previous: str = "Previous page"
    next: str = "Next page"
    unknown_block: str = "A block of type {kind}, which this page does not draw."
    menu: str = "Menu"
    no_workspace: str = "There is no workspace here yet."
    people: str = "{n} members"
    file: str = "File"


ENGLISH = Texts()
SWEDISH = Texts(
    you_are="Du är",
    channels="Kanaler",
    direct="Direktmeddelanden",
    apps="Appar",
    new_direct="Nytt meddelande",
    home="Hem",
    messages="Meddelanden",
    workspace_clock="Arbetsplatsens tid",
    to_friday="Till fredag 13:00",
    to_monday_8="Till måndag 08:00",
    to_monday_10="Till måndag 10:00",
    hour="+1 timme",
    day="+1 dag",
    guide="En vecka på två minuter",
    guide_intro="Du spelar ett helt lag. Varje knapp tar dig dit.",
    hide="Dölj",
    show="Visa guiden",
    guide_ask="Fråga vem som äger en hatt: {command}",
    guide_ask_do="Fråga",
    guide_friday="Hoppa till fredag 13:00, då varje ägare får frågan om veckans siffror",
    guide_friday_do="Till fredag",
    guide_report="Som {name}: öppna meddelandet från {app} och rapportera",
    guide_report_do="Bli {name}",
    guide_reminder="Hoppa till måndag 08:00: den som inte rapporterat påminns en gång",
    guide_reminder_do="Till måndag 08:00",
    guide_digest="Hoppa till måndag 10:00 och läs sammanfattningen i #{channel}",
    guide_digest_do="Läs den",
    write_to="Skriv till {name}",
    reply="Svara…",
    send="Skicka",
    only_you="Bara du ser det här",
    app_badge="APP",
    edited="(redigerat)",
    thread="Tråd",
    replies_one="1 svar",
    replies="{n} svar",
    reply_in_thread="Svara i tråd",
    also_in_channel="svarade i en tråd",
    edit="Redigera meddelandet",
    delete="Ta bort meddelandet",
    delete_sure="Ta bort meddelandet? Det går inte att ångra.",
    more="Fler åtgärder",
    save="Spara",
    cancel="Avbryt",
    close="Stäng",
    back="Tillbaka",
    yes="Ja",
    submit="Skicka in",
    working="Arbetar…",
    optional="(valfritt)",
    empty_channel="Det här är allra första början på {name}. Ingen har sagt något än.",
    empty_direct="Här börjar din konversation med {name}.",
    empty_home="{app} har inte lagt något här än.",
    not_member="Du är inte med i {name}.",
    join="Gå med i {name}",
    archived="{name} är arkiverad: här kan inget mer sägas.",
    late="Appen svarade inte inom 3 sekunder, så Slack slutade vänta. Försök igen.",
    unreachable="Appen gick inte att nå. Är den igång?",
    refused="Slack tog inte emot appens svar: {error}",
    command_in_thread="Snedstreckskommandon fungerar i konversationer, inte i trådar.",
    choose="Välj…",
    page_of="{first}–{last} av {total}",
    previous="Föregående sida",
    next="Nästa sida",
    unknown_block="Ett block av typen {kind}, som den här sidan inte ritar.",
    menu="Meny",
    no_workspace="Här finns ingen arbetsplats än.",
    people="{n} medlemmar",
    file="Fil",
)


def texts(lang: str) -> Texts:
    """Return the page's texts in a language; English for any that it does not speak."""
    return SWEDISH if lang == "sv" else ENGLISH
