"""The labelled sentences of the recogniser of 'who owns this?' questions, and how well it does on them.

`tuning.*` shaped the rules. `held_out.*` was written before the first rule, by the same author, and its failures were
never looked at; that its author knew it while writing the rules makes its figures a little kind.
`ordinary_chat.txt` shaped the rules too (its first 1,000 lines gave 23 false answers at first, the 100 after them 2);
`ordinary_chat_held_out.txt` was written after those, with near misses on purpose, and has shaped no rule.
"""

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from bot.demo.seed import demo_file
from bot.domain.naming import Found, Match, NotFound, Several
from bot.domain.questions import recognise
from bot.domain.topics import HatTopics, TopicIndex
from bot.services.team_file.team_file import load_team_file

FOLDER = Path(__file__).parents[1] / "domain" / "who_questions"
Language = Literal["en", "sv"]


@dataclass(frozen=True)
class Sentence:
    """A message: whether it asks, and the hats of which one must be answered (or `this`: only pointed at)."""

    text: str
    is_question: bool
    hats: frozenset[str]
    addressed: bool


@dataclass
class Score:
    """How often the pair of recogniser and index answered, and how often it was right to."""

    right: int = 0
    wrong: int = 0
    wanted: int = 0

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong)

    @property
    def recall(self) -> float:
        return self.right / self.wanted

    def __str__(self) -> str:
        return (
            f"precision {self.precision:.3f} ({self.wrong} false of {self.right + self.wrong} answers), "
            f"recall {self.recall:.3f} ({self.right} of {self.wanted})"
        )


def sentences(part: str, language: Language) -> list[Sentence]:
    with (FOLDER / f"{part}.{language}.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        Sentence(
            text=row["text"].replace("\\n", "\n"),
            is_question=row["label"] == "question",
            hats=frozenset(row["hat"].split("+")) - {""},
            addressed=row["addressed"] == "yes",
        )
        for row in rows
    ]


def chat(name: str) -> list[str]:
    return (FOLDER / name).read_text(encoding="utf-8").splitlines()


@lru_cache
def demo_hats(language: Language) -> tuple[tuple[str, ...], TopicIndex]:
    """Give the slugs of the demo's team and its index, where a hat's id is its place among the slugs."""
    hats = load_team_file(demo_file(language)).hats
    return tuple(hat.slug for hat in hats), TopicIndex(
        HatTopics(place, (hat.slug, hat.name, *hat.aliases), hat.ask_about) for place, hat in enumerate(hats)
    )


def answer(sentence: str, language: Language, *, addressed: bool = False) -> frozenset[str]:
    """Give the hats that a message would be answered with."""
    slugs, index = demo_hats(language)
    question = recognise(sentence, addressed=addressed)
    found: Match = index.find_asked(question) if question else NotFound()
    match found:
        case Found(hat_id):
            return frozenset({slugs[hat_id]})
        case Several(hat_ids):
            return frozenset(slugs[hat_id] for hat_id in hat_ids)
    return frozenset()


def score(part: str, language: Language) -> Score:
    result = Score()
    for sentence in sentences(part, language):
        wanted = sentence.hats - {"this"}
        got = answer(sentence.text, language, addressed=sentence.addressed)
        result.wanted += bool(wanted)
        result.right += bool(got & wanted)
        result.wrong += bool(got) and not got & wanted
    return result
