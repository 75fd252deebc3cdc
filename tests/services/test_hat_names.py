"""Whatever people call hats, and however often: a name means one hat, and finds it."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.spelling import name_key
from bot.services.hats import hat_archiving
from messages.life_content import Done
from storage import Sessions
from storage.tables import Alias, Hat
from tests.support.workshop import Workshop

# Few words that look alike, so that names meet often; some that only look like names.
WORDS = ("Sales", "sälj", "SALJ", "E-mail", "email", "é_mail", "Hunter", "hun ter", "×", "שלום", "<!channel>", " ", "æ")
NAMES = (
    st.sampled_from(WORDS)
    | st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)
    | st.text(max_size=90)
)
FORMS = st.fixed_dictionaries(
    {"name": NAMES, "slug": NAMES | st.just(""), "aliases": st.lists(NAMES, max_size=4).map(", ".join)}
)
STEPS = st.lists(
    st.tuples(st.sampled_from(["add", "change", "archive", "restore"]), st.integers(0, 5), FORMS),
    min_size=1,
    max_size=12,
)


@pytest.fixture
def shop(sqlite_sessions: Sessions) -> Iterator[Workshop]:
    made = Workshop(sqlite_sessions)
    yield made
    made.close()


@given(STEPS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_after_any_sequence_a_name_means_one_hat_and_finds_it(
    shop: Workshop, steps: list[tuple[str, int, dict[str, str]]]
) -> None:
    for step, which, form in steps:
        former = take(shop, step, which, form)
        every = shop.rows(Hat)
        rows = shop.rows(Alias)
        assert len({row.key for row in rows}) == len(rows)
        assert all(row.key == name_key(row.text) and row.key for row in rows)
        for hat in every:
            own = [row for row in rows if row.hat_id == hat.id]
            assert [row.text for row in own if row.kind == "slug"] == [hat.slug]
            if hat.archived_at is None:
                assert {shop.finds(row.text) for row in own} == {hat.name}
        if former:
            assert shop.finds(former[0]) == former[1], "the old slug still finds the hat"


def take(shop: Workshop, step: str, which: int, form: dict[str, str]) -> tuple[str, str] | None:
    """Take one step; of a rename, return the slug before and the hat's name."""
    every = shop.rows(Hat)
    hat = every[which % len(every)]
    anna, state = shop.asker(shop.anna), f"{shop.team.id} {hat.id}"
    if step == "add":
        shop.save_hat(shop.anna, **form)
    elif step == "archive":
        hat_archiving.archive(shop.sessions, anna, state, now=shop.clock.forward(seconds=1))
    elif step == "restore":
        hat_archiving.restore(shop.sessions, anna, state, now=shop.clock.forward(seconds=1))
    elif hat.archived_at is None:
        done = shop.save_hat(shop.anna, hat, **form)
        if isinstance(done, Done):
            return hat.slug, shop.the(hat).name
    return None
