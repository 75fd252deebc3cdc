"""The pitch: the team as a football formation, drawn, and told in words."""

from dataclasses import replace

from messages import environment
from messages.content import Message, Person
from messages.escaping import plain
from messages.formats import Formats
from messages.i18n import translations
from messages.people import Naming
from messages.pitch_content import Pass, Pitch, Shirt
from messages.pitch_layout import LINES, Spot, lay_out
from messages.pitch_letters import fitted, width_of

# Blue and orange are told apart by nearly everybody who is colour-blind; a sign says the same.
_SHIRTS = {"reached": "#56b4e9", "missed": "#e69f00", "unknown": "#d4d4d8"}
_PASSES = {"won": "#8ed1ff", "lost": "#ffb547", "even": "#ffffff"}
_MOST_ALTERNATIVE = 2000  # of an image's alternative text
_OWNER_SIZE = 30  # of letters
_SMALLEST = 0.05  # goals; less than this rounds to nothing


def pitch_picture(shown: Pitch, *, language: str) -> str:
    """Draw the pitch as SVG, 1,000 units wide; it grows downwards with the team."""
    layout = lay_out(shown)
    return environment.drawing(
        "pitch",
        language,
        layout=layout,
        middle=(90 + layout.height - 130) // 2,
        team=plain(shown.team, 28),
        week=Formats(language).weekname(shown.period),
        shirts=_SHIRTS,
        colours=_PASSES,
        kind_of=_kind,
        goals=lambda passed: _goals(passed, language),
        owner_of=lambda spot: _owner(spot, language),
    )


def pitch(shown: Pitch, *, language: str, file_id: str = "") -> Message:
    """Tell the pitch in words, with its picture (`file_id`, Slack's) when there is one."""
    lines = [(line, [shirt for shirt in shown.shirts if shirt.position == line]) for line in LINES]
    lines = [(line, shirts) for line, shirts in lines if shirts]
    say = environment.sayings(language)
    told = {
        "pitch": shown,
        "sections": [str(say.pitch_line(line, shirts)).strip() for line, shirts in lines],
        "alt": plain(". ".join(_alternative(line, shirts, language) for line, shirts in lines), _MOST_ALTERNATIVE),
    }
    in_words = environment.message("pitch", language, **told, file_id="")
    if not file_id:
        return in_words
    drawn = environment.message("pitch", language, **told, file_id=file_id)
    return replace(drawn, older_blocks=in_words.blocks)


def _alternative(line: str, shirts: list[Shirt], language: str) -> str:
    """Say a line for those who do not see the picture."""
    naming = Naming(language)
    nobody = translations(language).gettext("nobody yet")
    said = (
        f"{plain(shirt.hat.name, 60)} ({naming.plainly(shirt.owner) if shirt.owner else nobody})" for shirt in shirts
    )
    return f"{naming.line(line)}: {', '.join(said)}"


def _kind(passed: Pass) -> str:
    if passed.goals is None or abs(passed.goals) < _SMALLEST:
        return "even"
    return "won" if passed.goals > 0 else "lost"


def _goals(passed: Pass, language: str) -> str:
    if passed.goals is None or abs(passed.goals) < _SMALLEST:
        return ""
    return ("+" if passed.goals > 0 else "−") + Formats(language).number(round(abs(passed.goals), 1), 1)


def _owner(spot: Spot, language: str) -> str:
    owner: Person | None = spot.shirt.owner
    if owner is None:
        return translations(language).gettext("nobody yet")
    away = translations(language).gettext("%(name)s (away)") if spot.shirt.away else "%(name)s"
    taken = width_of(away % {"name": ""}, _OWNER_SIZE)
    return away % {"name": fitted(Naming(language).plainly(owner, 80), _OWNER_SIZE, spot.room - taken)}
