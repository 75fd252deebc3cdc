"""The App Home's sections, each as a row of parts, with the commands that do the same beside it."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from messages import environment, ids
from messages.catalog.question_lists import hat_questions
from messages.escaping import plain
from messages.formats import Formats
from messages.home_content import Home, HomeHat
from messages.home_layout import Button, Part
from messages.i18n import speech
from messages.languages import language as described
from messages.sparkline import sparkline

# With these, everything together keeps Slack's limit of 100 blocks.
MOST_OFFERS: Final = 5
MOST_QUESTIONS: Final = 5
MOST_HATS: Final = 30
MOST_KPIS: Final = 12
_MOST_OPTIONS: Final = 100
_MOST_QUESTIONED: Final = 5


@dataclass(frozen=True)
class Speaker:
    """A language, and how it says things."""

    language: str

    @cached_property
    def say(self) -> Any:
        """The macros that make this view's lines."""
        return environment.environment("text", self.language).get_template("_macros/home.j2").module

    @cached_property
    def about_questions(self) -> Any:
        """The macros that make the lines of lists of questions."""
        return environment.environment("text", self.language).get_template("_macros/questions.j2").module

    @cached_property
    def formats(self) -> Formats:
        """How it writes numbers and times."""
        return Formats(self.language)

    def gettext(self, message: str, **values: object) -> str:
        """Translate a sentence."""
        return speech(self.language)[0](message, **values)

    def more(self, number: int) -> str:
        """Say that there is more than is shown."""
        return speech(self.language)[1]("… and %(num)s more", "… and %(num)s more", number)

    def line(self, macro: str, *about: object) -> str:
        """Say one line or paragraph."""
        return str(getattr(self.say, macro)(*about)).strip()


def which_team(shown: Home, speaker: Speaker) -> list[Part]:
    """Let somebody who plays in several teams choose one."""
    _ = speaker.gettext
    title = Part("header", plain(shown.team, 100))
    if not shown.plays:
        text = _("You don't play in this team yet.")
        return [title, Part("text", text, button=Button("join", _("Join the team"), style="primary"))]
    if len(shown.teams) <= 1:
        return [title]
    options = tuple(Button(team.place, team.name) for team in shown.teams[:_MOST_OPTIONS])
    chosen = next((one for one in options if one.value == shown.state.partition(" ")[0]), None)
    menu = Part(
        "text", _("You play in several teams."), menu=options, chosen=chosen, action=ids.HOME_TEAM, value=_("Team")
    )
    return [title, menu]


def waiting(shown: Home, speaker: Speaker) -> list[Part]:
    """Show what waits for the reader, each with its one button."""
    _ = speaker.gettext
    parts = [Part("header", _("What waits for you"))]
    if shown.nothing_waits:
        parts.append(Part("text", _("Nothing waits for you. Enjoy the game!")))
    parts += _numbers(shown, speaker)
    for offer in shown.offers[:MOST_OFFERS]:
        button = Button(offer.value, _("Answer"), ids.OFFER_SHOW, "primary")
        if not offer.mine:
            button = Button(f"withdraw {offer.hat.slug}", _("Take it back"))
        parts.append(Part("text", speaker.line("offer", offer), button=button))
    for line in shown.asked[:MOST_QUESTIONS]:
        said = str(speaker.about_questions.line(line, False)).strip()  # noqa: FBT003  # not their own
        parts.append(Part("text", said, button=Button(line.value, _("Reply"), ids.QUESTION_REPLY, "primary")))
    if shown.check and not shown.skipped:
        button = Button("check", _("Answer"), style="primary")
        parts.append(Part("text", speaker.line("check", shown.check), button=button))
    left = max(0, len(shown.offers) - MOST_OFFERS) + max(0, len(shown.asked) - MOST_QUESTIONS)
    if left:
        parts.append(Part("note", speaker.more(left)))
    commands = _commands("report", "questions", "check", "withdraw")
    buttons = Part("buttons", buttons=(Button("questions", _("All questions")), Button("help", _("Help"))))
    return [*parts, buttons, Part("note", commands)]


def _numbers(shown: Home, speaker: Speaker) -> list[Part]:
    _ = speaker.gettext
    if not shown.report or not shown.period:
        return []
    week = speaker.formats.weekname(shown.period)
    parts = []
    if shown.skipped:
        text = _("You have nothing to report for %(week)s.", week=week)
        parts.append(Part("text", text, button=Button(shown.report, _("Report after all"), ids.REPORT_OPEN)))
    elif shown.due:
        button = Button(shown.report, _("Report %(week)s", week=week), ids.REPORT_OPEN, "primary")
        parts.append(Part("text", speaker.line("due", shown), button=button))
    if shown.reported:
        button = Button(shown.report, _("Change"), ids.REPORT_OPEN)
        parts.append(Part("text", speaker.line("reported", shown), button=None if shown.due else button))
        if shown.digest_at:
            say = environment.sayings(speaker.language)
            parts.append(Part("note", str(say.digest_at(shown.digest_at))))
    return parts


def my_hats(shown: Home, speaker: Speaker) -> list[Part]:
    """Show the reader's hats with how their KPIs go."""
    _ = speaker.gettext
    parts = [Part("header", _("Your hats"))]
    parts += [_hat(one, speaker) for one in shown.owned[:MOST_HATS]]
    if not shown.owned:
        text = _("You own no hat yet. When a hat feels like yours, talk with your team about owning it.")
        parts.append(Part("text", text))
    if len(shown.owned) > MOST_HATS:
        parts.append(Part("note", speaker.more(len(shown.owned) - MOST_HATS)))
    if shown.worn:
        say = environment.sayings(speaker.language)
        title = _("You also wear")
        parts.append(Part("text", f"*{title}*  {say.hats(shown.worn, 20)}"))
    if shown.questions:
        told = [hat_questions(one, language=speaker.language) for one in shown.questions[:_MOST_QUESTIONED]]
        title = _("Questions about your hats")
        parts.append(Part("text", f"*{title}*\n" + "\n".join(told)))
    buttons = (Button("mine", _("All my hats")), Button("kpis", _("My KPIs as charts")), Button("add", _("Add a hat")))
    commands = _commands("mine", "kpis", "history", "step-down", "pass", "deputy", "add")
    return [*parts, Part("buttons", buttons=buttons), Part("note", commands)]


def _hat(one: HomeHat, speaker: Speaker) -> Part:
    _, slug = speaker.gettext, one.hat.slug
    more: tuple[Button, ...] = (Button(f"kpis {slug}", _("KPIs")), Button(f"history {slug}", _("History")))
    if one.stands_in_for is None:
        more += (Button(f"step-down {slug}", _("Pass on or step down")), Button(f"?deputy {slug}", _("Deputy")))
    more += (Button(f"?hat {slug}", _("Everything about it")),)
    bars = [sparkline(kpi.points) for kpi in one.kpis]
    return Part("text", speaker.line("owned", one, bars), more=more)


def one_hat(shown: Home, speaker: Speaker) -> list[Part]:
    """Let the reader look at any hat, with everything that can be done about it."""
    _ = speaker.gettext
    if not shown.all_hats:
        return []
    own = {one.hat.slug for one in shown.owned}
    hats = sorted(shown.all_hats, key=lambda hat: hat.slug not in own)
    picked = [hat for hat in hats if shown.hat and hat.slug == shown.hat.slug]
    options = tuple(Button(hat.slug, hat.name) for hat in dict.fromkeys([*picked, *hats]))[:_MOST_OPTIONS]
    chosen = options[0] if picked else None
    parts = [
        Part("header", _("Any hat")),
        Part(
            "text",
            _("Choose a hat to see it and to do something about it."),
            menu=options,
            chosen=chosen,
            action=ids.HOME_HAT,
            value=_("Choose a hat"),
        ),
    ]
    return [*parts, *(_looked_at(shown, speaker) if shown.hat else [Part("note", "`/hat who`")])]


def _looked_at(shown: Home, speaker: Speaker) -> list[Part]:
    _, hat = speaker.gettext, shown.hat
    if hat is None:
        return []
    say, slug = environment.sayings(speaker.language), hat.slug
    about = "\n".join((str(say.hat(hat)), str(say.place(hat)).strip(), str(say.owner(hat)).strip()))
    looking = (
        Button(f"ask {slug}", _("Ask the owner"), style="primary"),
        Button(f"kpis {slug}", _("KPIs")),
        Button(f"history {slug}", _("History")),
        Button(f"evidence {slug}", _("Evidence")),
        Button(f"unwear {slug}", _("Take it off")) if shown.wears_hat else Button(f"wear {slug}", _("Wear it")),
    )
    if hat.asker_is_owner:
        owning: tuple[Button, ...] = (
            Button(f"step-down {slug}", _("Pass on or step down")),
            Button(f"?deputy {slug}", _("Deputy")),
        )
    else:
        owning = (Button(f"volunteer {slug}", _("I'll take it")), Button(f"propose {slug}", _("Offer it to somebody")))
        owning += (Button(f"?deputy {slug}", _("Deputy")),) if shown.is_admin and hat.owner else ()
        owning += (Button(f"force {slug}", _("Decide who owns it")),) if shown.is_admin else ()
    changing = (
        Button(f"kpi add {slug}", _("Add a KPI")),
        *((Button(f"edit {slug}", _("Change the hat")),) if hat.may_edit else ()),
        *((Button(f"archive {slug}", _("Put it away")),) if shown.is_admin else ()),
    )
    kpis = [
        Part(
            "text",
            str(say.kpi_line(kpi)).strip(),
            more=(
                Button(f"kpis {kpi.slug}", _("Show its chart")),
                Button(f"kpi edit {kpi.slug}", _("Change")),
                Button(f"source {kpi.slug}", _("Where its numbers come from")),
                Button(f"?archive-kpi {kpi.slug}", _("Put it away")),
            ),
        )
        for kpi in hat.kpis[:MOST_KPIS]
    ]
    commands = _commands("ask", "evidence", "wear", "volunteer", "propose", "edit", "kpi add", "source")
    rows = [Part("buttons", buttons=row) for row in (looking, owning, changing)]
    return [Part("text", about), *kpis, *rows, Part("note", commands)]


def mine(shown: Home, speaker: Speaker) -> list[Part]:
    """Show what the reader has set for themselves, and whether they are away."""
    _ = speaker.gettext
    if shown.settings is None:
        return []
    said = speaker.line("settings", shown.settings, described(shown.settings.language).name)
    away = Button("back", _("I'm back")) if shown.settings.away_until else Button("?away", _("I'll be away"))
    buttons = (
        Button("settings me", _("My settings"), ids.MY_SETTINGS),
        away,
        Button("me", _("What is kept of me")),
        *((Button("leave", _("Leave the team")),) if shown.plays else ()),
    )
    commands = _commands("settings me", "away", "back", "check off", "me", "leave")
    return [
        Part("header", _("My settings")),
        Part("text", said),
        Part("buttons", buttons=buttons),
        Part("note", commands),
    ]


def team(speaker: Speaker) -> list[Part]:
    """Show what is known of the team as a whole."""
    _ = speaker.gettext
    buttons = (
        Button("list", _("See all hats")),
        Button("?of", _("Hats of a colleague")),
        Button("health", _("How our hats are")),
        Button("?listen", _("Listen in a channel")),
    )
    commands = _commands("list", "of", "health", "listen", "join")
    return [Part("header", _("The team")), Part("buttons", buttons=buttons), Part("note", commands)]


def admins(shown: Home, speaker: Speaker) -> list[Part]:
    """Show admins what only they can change."""
    _ = speaker.gettext
    if not shown.is_admin:
        return []
    buttons = (
        Button("settings", _("Team, channel, times and holidays")),
        Button("?people", _("Admins and members")),
        Button("tokens", _("API tokens")),
        Button("audit", _("Changes")),
        Button("?restore", _("Bring a hat back")),
        Button("?check", _("Hat check for all")),
        Button("setup", _("Set up a team")),
    )
    commands = _commands("settings", "admin", "remove", "tokens", "audit", "archive", "restore", "force", "setup")
    return [Part("header", _("For admins")), Part("buttons", buttons=buttons), Part("note", commands)]


def _commands(*verbs: str) -> str:
    """Name the commands that do the same as what stands above them."""
    return " · ".join(f"`/hat {verb}`" for verb in verbs)
