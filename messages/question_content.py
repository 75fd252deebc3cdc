"""What messages about questions say, as plain values. See `messages.content` for the conventions."""

from dataclasses import dataclass

from messages.content import HatName, Person


@dataclass(frozen=True)
class QuestionCard:
    """A question as one of those reads it whom it went to. `value` is what its buttons say.

    `role`: owner, deputy, candidate, wearer, admin or named, as what the reader got it. `state`: waiting, taken (by the
    reader), elsewhere (taken by `by`), moved (on to `recipients`), answered (by `by`), solved or withdrawn. `owner` is
    the hat's owner, where there is one. `moved_here` when others had it before; `note` is what `note_by` wrote when
    they passed it on. `phrase` is what the asker calls the hat, where the reader may make that a name of it.
    `may_still_reply` when it is with others now and the hat still the reader's.
    """

    hat: HatName
    team: str
    asker: Person
    text: str
    value: str
    role: str = "owner"
    state: str = "waiting"
    recipients: tuple[Person, ...] = ()
    owner: Person | None = None
    by: Person | None = None
    channel_id: str | None = None
    link: str | None = None
    reminder: bool = False
    moved_here: bool = False
    note: str = ""
    note_by: Person | None = None
    phrase: str = ""
    may_still_reply: bool = False

    @property
    def may_reply(self) -> bool:
        """Whether the reader can answer with a form: it waits for them, or the hat is theirs still."""
        return self.state in {"waiting", "taken"} or self.may_still_reply

    @property
    def may_take(self) -> bool:
        """Whether it went to several of whom none has it yet."""
        return self.state == "waiting" and len(self.recipients) > 1


@dataclass(frozen=True)
class QuestionNote:
    """Who has a question now, as its asker reads it in its thread; `moved` when it went on to somebody else.

    With `text` the note begins the thread; without, it stands under the question. `word` is what `word_by` wrote when
    they passed it on. `newly_owned` when it went on because somebody owns the hat now, `unreached` when nobody has it.
    """

    hat: HatName
    recipients: tuple[Person, ...]
    role: str = "owner"
    owner: Person | None = None
    text: str = ""
    moved: bool = False
    word: str = ""
    word_by: Person | None = None
    newly_owned: bool = False
    unreached: bool = False


@dataclass(frozen=True)
class AnswerGiven:
    """An answer under its question. With an empty `text` it stands there already, and the asker is asked about it.

    `state`: answered (the asker may say more), solved, or open (opened again). `question` is what was asked, where the
    answer stands away from it.
    """

    hat: HatName
    asker: Person
    by: Person
    value: str
    text: str = ""
    state: str = "answered"
    question: str = ""


@dataclass(frozen=True)
class PassForm:
    """The form in which somebody chooses whose question it is.

    `menu`: the team's other hats, as (value, name), where a menu has room for them; `by_name` where they are too many.
    """

    card: QuestionCard
    menu: tuple[tuple[str, str], ...] = ()
    by_name: bool = False


@dataclass(frozen=True)
class QuestionMoved:
    """Who has a question now, as the one who passed it on reads it. `value` and `phrase` as on a card."""

    hat: HatName
    recipients: tuple[Person, ...]
    value: str
    phrase: str = ""


@dataclass(frozen=True)
class MessageQuestion:
    """The form for a question about a message somewhere in Slack.

    `state` goes into private_metadata; `hats` are those to choose from, none where a menu has no room for them; `meant`
    is the one that the message is about. `reachable` when an answer can land under the message.
    """

    state: str
    link: str | None
    reachable: bool
    text: str = ""
    hats: tuple[HatName, ...] = ()
    meant: HatName | None = None
