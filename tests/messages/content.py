"""Content of four kinds for every message: ordinary, empty, huge and hostile."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from messages.agreement_content import (
    Announcement,
    Decision,
    EvidenceLine,
    OfferedTerm,
    OwnerForm,
    PassingOn,
    ProposalCard,
    Review,
    TermsForm,
)
from messages.content import (
    AskAgain,
    HatCard,
    HatCheck,
    HatLine,
    HatName,
    HatQuestions,
    HatsOf,
    KpiValue,
    Misread,
    PassToRate,
    Person,
    Prompt,
    QuestionAsked,
    QuestionFigures,
    ReadBack,
    Receipt,
    ReportField,
    ReportForm,
    Unclear,
)
from messages.definitions import Redefined
from messages.home_content import (
    Home,
    HomeChain,
    HomeForm,
    HomeHat,
    HomeKpi,
    HomeLink,
    HomeOffer,
    HomeSettings,
    HomeTeam,
)
from messages.pitch_content import Pass, Pitch, Shirt
from messages.question_list_content import QuestionLine

HOSTILE = (
    '<!channel> <@U12345678> @everyone *bold* _it_ ~no~ `rm` <http://evil.example|bank> &lt;!here&gt; "}], {"'
    " \u202eesrever\u202c שלום 🎩👩‍👩‍👧 {{ 7 * 7 }} %(name)s % \ud800\x00 > quoted"
)
KINDS = ("ordinary", "empty", "huge", "hostile")
MONDAY_10 = datetime(2026, 11, 30, 10, 0, tzinfo=UTC)
PEOPLE = ("U0ANNA0001", "U0BO000002", "U0CIA00003")
LATER = (
    AskAgain("hour"),
    AskAgain("hours"),
    AskAgain("tomorrow", date(2026, 11, 26), 1),
    AskAgain("monday", date(2026, 11, 30), 5),
)
POSITIONS = ("defender", "midfielder", "forward", "libero")


@dataclass(frozen=True)
class Content:
    """Everything that messages can be about, all of one kind."""

    kind: str

    def text(self, ordinary: str) -> str:
        return {"ordinary": ordinary, "empty": "", "huge": ordinary + " å&<*" * 600, "hostile": HOSTILE * 20}[self.kind]

    def some(self, ordinary: int, huge: int = 300) -> range:
        return range({"ordinary": ordinary, "empty": 0, "huge": huge, "hostile": 3}[self.kind])

    @property
    def person(self) -> Person:
        return self.people(1)[0]

    def people(self, number: int) -> tuple[Person, ...]:
        strange = ("U1> <!channel>", "", "<!here>")
        ids = strange if self.kind == "hostile" else PEOPLE
        return tuple(Person(ids[i % 3], self.text("Anna Berg")) for i in range(number))

    def several(self) -> tuple[Person, ...]:
        return self.people(len(self.some(2)))

    @property
    def hat(self) -> HatName:
        return HatName("email-nurturing", self.text("Email nurturing"))

    def hats(self, ordinary: int = 3) -> tuple[HatName, ...]:
        return tuple(HatName(f"hat-{i}", self.text(f"Hat {i}")) for i in self.some(ordinary))

    def kpi(self, number: int = 0) -> KpiValue:
        units = ("count", "money", "percent", "ratio", "duration")
        values = {
            "ordinary": Decimal("12500.5"),
            "empty": None,
            "huge": Decimal("-999999999999999.999999"),
            "hostile": (Decimal("1E+400"), Decimal("NaN"), Decimal("-Infinity"))[number % 3],
        }
        currency = {"hostile": "<!a", "empty": None}.get(self.kind, "SEK")
        value = values[self.kind]
        return KpiValue(
            slug=f"kpi-{number}",
            name=self.text(f"Leads {number}"),
            unit=units[number % 5],
            currency=currency,
            target=value,
            value=value,
            period={"hostile": "<!here>", "empty": None}.get(self.kind, "2026-W48"),
            previous=value,
            origin=("", "pull", "api", "import")[number % 4],
            origin_host=self.text("docs.google.com"),
        )

    def kpis(self, ordinary: int = 3) -> tuple[KpiValue, ...]:
        return tuple(self.kpi(i) for i in self.some(ordinary))

    @property
    def period(self) -> str:
        return "<!channel>" if self.kind == "hostile" else "2026-W48"

    @property
    def digest_at(self) -> datetime | None:
        return None if self.kind == "empty" else MONDAY_10

    @property
    def card(self) -> HatCard:
        return HatCard(
            slug="email-nurturing",
            name=self.text("Email nurturing"),
            side="<!side" if self.kind == "hostile" else "marketing",
            position="<!place" if self.kind == "hostile" else "libero",
            ask_about=self.text("Newsletters and flows"),
            team=self.text("North"),
            owner=None if self.kind == "empty" else self.person,
            owner_since=None if self.kind == "empty" else date(2026, 3, 3),
            deputy=None if self.kind == "empty" else self.person,
            wearers=self.several(),
            kpis=self.kpis(),
        )

    def hat_lines(self) -> tuple[HatLine, ...]:
        wearers, owner, name = self.several(), self.person, self.text("Hat")
        return tuple(
            HatLine(f"hat-{i}", name, "sales", POSITIONS[i % 4], owner if i % 3 else None, wearers)
            for i in self.some(6, huge=10_000)
        )

    @property
    def pitch(self) -> Pitch:
        marks = ("reached", "missed", "unknown")
        shirts = tuple(
            Shirt(
                HatName(f"hat-{i}", self.text("Hat")), POSITIONS[i % 4], self.person if i % 3 else None, i, marks[i % 3]
            )
            for i in self.some(6)
        )
        evidence = ("holds_together", "opposite", "not_shown", "too_early")
        passes = tuple(
            Pass(f"hat-{i}", f"hat-{(i * 7 + 1) % 9}", evidence[i % 4], None if i % 5 == 0 else i - 3.5)
            for i in self.some(5)
        )
        return Pitch(self.text("North"), self.period, shirts, passes)

    @property
    def hats_of(self) -> HatsOf:
        return HatsOf(self.person, self.text("North"), self.hats(), self.hats())

    @property
    def prompt(self) -> Prompt:
        late = self.kind in ("huge", "hostile")
        said = {"state": "1 2026-W48", "digest_at": self.digest_at, "late": late, "later": LATER[: len(self.some(4))]}
        return Prompt(self.text("North"), self.period, self.hats(), self.kpis(), **said)

    @property
    def read_back(self) -> ReadBack:
        unclear = tuple(
            Unclear(self.text("Visits"), self.kpi(i), Misread("not_a_number", self.text("many")))
            if i % 2
            else Unclear(self.text("lead"), nearest=tuple(self.text(name) for name in ("Leads", "Lost leads")))
            for i in self.some(3)
        )
        return ReadBack(self.text("North"), self.period, self.kpis(), "1:2026-W48 1=2", "1:2026-W48", unclear)

    @property
    def receipt(self) -> Receipt:
        passes = tuple(
            PassToRate(f"1 {i}|2026-W48", self.hat, self.hat, self.person if i % 2 else None, i % 6 or None)
            for i in self.some(2)
        )
        return Receipt(self.text("North"), self.period, self.kpis(), self.kpis(), self.digest_at, passes)

    @property
    def form(self) -> ReportForm:
        fields = tuple(
            ReportField(
                i, self.kpi(i), HatName(f"hat-{i % 30}", self.text(f"Hat {i % 30}")), Decimal("12.5") if i % 2 else None
            )
            for i in self.some(4)
        )
        many = self.kind == "huge"
        return ReportForm(self.text("North"), self.period, fields, "1 2026-W48", 2 if many else 1, 3 if many else 1)

    @property
    def question(self) -> QuestionAsked:
        channel = {"hostile": "C1> <!channel>", "empty": None}.get(self.kind, "C0TEAM0001")
        people = self.several()
        return QuestionAsked(
            self.hat,
            self.text("North"),
            self.person,
            self.text("Which flow?\n\nThe new one?"),
            channel,
            people,
            self.kind != "ordinary",
        )

    @property
    def home(self) -> Home:
        kpis = self.kpis()  # once for all hats: with 300 of each it is these that take the time
        measured = tuple(HomeKpi(kpi, tuple(Decimal(week) for week in range(13))) for kpi in kpis)
        owned = tuple(
            HomeHat(
                hat,
                "forward",
                measured,
                self.person if self.kind != "empty" else None,
                self.person if self.kind == "huge" else None,
                EvidenceLine(self.person, answered=3),
            )
            for hat in self.hats()
        )
        return Home(
            self.text("North"),
            self.person,
            "team:1 hat-0",
            (HomeTeam("team:1", self.text("North")), HomeTeam("team:2", self.text("South"))),
            is_admin=self.kind != "empty",
            period=self.period,
            report="1:2026-W48",
            due=kpis,
            reported=kpis,
            digest_at=self.digest_at,
            check=HatCheck(self.hats(), "week", "1:2026-W48", "1:2026-W48:1"),
            offers=tuple(
                HomeOffer("1.1", hat, self.person, kind, mine, asked, date(2026, 12, 1))
                for hat, kind, mine, asked in zip(
                    self.hats(), ("owner", "terms") * 300, (True, True, False) * 200, (True, False) * 300, strict=False
                )
            ),
            asked=tuple(
                QuestionLine(hat, self.person, timedelta(hours=3), text=self.text("Which flow?"), value="1.1")
                for hat in self.hats()
            ),
            owned=owned,
            worn=self.hats(),
            questions=tuple(HatQuestions(hat, (("2026-W48", QuestionFigures(3)),) * 5) for hat in self.hats()),
            all_hats=tuple(dict.fromkeys((HatName(self.card.slug, self.card.name), *self.hats()))),
            hat=None if self.kind == "empty" else self.card,
            wears_hat=self.kind == "huge",
            pitch=self.pitch,
            chain=HomeChain(
                tuple(
                    HomeLink(kpi, kpi, verdict, goals)
                    for kpi, verdict, goals in zip(
                        self.hats(), ("holds_together", "opposite", "?") * 200, (1.26, -0.4, None) * 200, strict=False
                    )
                ),
                known=self.kind != "empty",
            ),
            settings=HomeSettings(
                "Friday 13:00",
                timezone=self.text("Europe/Stockholm"),
                away_until=None if self.kind == "ordinary" else date(2026, 12, 1),
            ),
        )

    @property
    def home_forms(self) -> list[HomeForm]:
        names = ("away", "deputy", "of", "people", "unlink", "restore", "archive-kpi", "listen", "check")
        pairs = tuple((hat.slug, hat.name) for hat in self.hats()) or (("a", self.text("")),)
        return [HomeForm(name, f"team:1 {name} leads", self.text("Leads"), pairs) for name in names]

    def terms(self, ordinary: int = 2) -> tuple[OfferedTerm, ...]:
        known = [OfferedTerm(self.kpi(i), self.kpi(i).target, Decimal(7), kpi_id=i + 1) for i in self.some(ordinary)]
        if known:
            known = [*known, *self.other_ways(known[0])]
        new = [OfferedTerm(self.kpi(9), Decimal(5), is_new=True), OfferedTerm(self.kpi(8), None, is_new=True)]
        return (*known, *new[: len(known)])

    def other_ways(self, term: OfferedTerm) -> tuple[OfferedTerm, ...]:
        """Return terms about a single week, a range, and a KPI that is measured in another way."""
        changes = (
            Redefined("unit", "count", "percent"),
            Redefined("currency", "", self.text("SEK")),
            Redefined("direction", "higher", "within"),
            Redefined("cadence", "weekly", "monthly"),
            Redefined("formula", self.text("deals / meetings"), ""),
            Redefined(self.text("soul"), "", ""),
        )
        ranged = replace(term, comparator="between", upper=self.kpi(1).target, kpi_id=91)
        return (
            replace(term, period=self.period, comparator="less_than", kpi_id=90),
            ranged,
            replace(ranged, offered=None, upper=None, redefined=changes, becomes=self.kpi(2), kpi_id=92),
        )

    @property
    def proposal(self) -> ProposalCard:
        line = EvidenceLine(self.person, *(len(self.some(number)) for number in (3, 1, 2, 0, 4)))
        return ProposalCard(
            key="12.1",
            kind="owner",
            origin="offer",
            state="offered",
            hat=self.card,
            candidate=self.person,
            counterpart=self.people(2)[1],
            side="candidate",
            readers_turn=True,
            terms=self.terms(),
            reason=self.text("Too many.\nFewer?"),
            evidence=(line,),
            expires_on=None if self.kind == "empty" else date(2026, 12, 14),
            earlier_owner=None if self.kind == "empty" else self.people(2)[1],
        )

    @property
    def decision(self) -> Decision:
        return Decision(
            kind="owner",
            origin="offer",
            state="accepted",
            hat=self.hat,
            team=self.text("North"),
            side="candidate",
            other=self.person,
            by=None if self.kind == "empty" else self.person,
            reason=self.text("Not now."),
        )

    @property
    def announcement(self) -> Announcement:
        return Announcement(
            hat=self.hat,
            team=self.text("North"),
            owner=self.person,
            position=self.card.position,
            earlier=None if self.kind == "empty" else self.people(2)[1],
            kpis=self.terms(),
            forced_by=None if self.kind == "empty" else self.people(3)[2],
            reason=self.text("We need somebody."),
        )

    @property
    def terms_form(self) -> TermsForm:
        later = (AskAgain("week", date(2026, 12, 2), 7), AskAgain("monday", date(2026, 12, 28), 33), *LATER[2:])
        return TermsForm("12.1", self.hat, self.terms(), None if self.kind == "empty" else self.person, later)

    @property
    def owner_form(self) -> OwnerForm:
        return OwnerForm("email-nurturing", self.hat, None if self.kind == "empty" else self.person, self.several())

    @property
    def passing_on(self) -> PassingOn:
        return PassingOn(self.hat, self.text("North"), self.person)

    @property
    def review(self) -> Review:
        again = None if self.kind == "empty" else date(2027, 3, 3)
        return Review("7", self.hat, self.text("North"), date(2026, 3, 3), self.kpis(), again_on=again)
