"""A claim is left to its worker for as long as it really may need, whatever the clock says."""

from datetime import UTC, datetime, timedelta

from bot.jobs.lease import LEASE, Lease

START = datetime(2026, 11, 27, 12, tzinfo=UTC)


class Clocks:
    """Two clocks: one that can be set, one that cannot."""

    def __init__(self) -> None:
        self.now, self.seconds = START, 100.0
        self.lease = Lease(lambda: self.seconds)
        self.lease.at(self.now)

    def after(self, seconds: float, *, jump: timedelta = timedelta()) -> timedelta:
        self.now += timedelta(seconds=seconds) + jump
        self.seconds += seconds
        return self.lease.at(self.now)


def test_time_that_passes_changes_nothing() -> None:
    clocks = Clocks()
    assert [clocks.after(seconds) for seconds in (0.3, 5, 3600)] == [LEASE] * 3


def test_a_clock_set_forward_leaves_claims_alone_until_their_lease_has_really_passed() -> None:
    clocks, day = Clocks(), timedelta(days=1)
    assert clocks.after(1, jump=day) == LEASE + day
    assert clocks.after(80) == LEASE + day
    assert clocks.after(11) == LEASE


def test_two_jumps_add_up() -> None:
    clocks, hour = Clocks(), timedelta(hours=1)
    clocks.after(1, jump=hour)
    assert clocks.after(1, jump=hour) == LEASE + 2 * hour


def test_a_clock_set_back_shortens_nothing() -> None:
    clocks = Clocks()
    assert clocks.after(1, jump=-timedelta(hours=1)) == LEASE


def test_small_corrections_are_no_jumps() -> None:
    clocks = Clocks()
    assert clocks.after(1, jump=timedelta(seconds=2)) == LEASE
