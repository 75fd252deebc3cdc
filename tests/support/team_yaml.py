"""A small team's file for tests, and ways to change it."""

SMALL_TEAM = """\
team:
  slug: football
  name: Football team
  channel: C0TEAMHAT1
  schedule: {prompt: Friday 13:00, reminder: "", digest: Monday 10:00}
members:
  - {id: U0ANNA0001, name: Anna Lindqvist, admin: true}
  - {id: U0OSKAR001, name: Oskar Holm}
hats:
  - slug: campaigns
    name: Campaigns
    aliases: [ads, Jägaren]
    side: marketing
    position: midfielder
    wearers: [U0ANNA0001]
    kpis:
      - {slug: visits, name: Visits, target: 4000}
      - {slug: leads, name: Leads, target: 120}
  - slug: email-nurturing
    name: Email nurturing
    aliases: [newsletter]
    side: marketing
    position: libero
    ask_about: lead nurturing
    owner: U0OSKAR001
    wearers: [U0ANNA0001]
    kpis:
      - {slug: nurtured-leads, name: Nurtured leads, target: 25}
      - {slug: cost-per-lead, name: Lead cost, unit: money, currency: SEK, direction: lower, decimals: 2, target: 250.5}
links:
  - {from: visits, to: leads, lag: 0, rate: 0.03}
  - {from: leads, to: nurtured-leads, lag: 1, rate: null}
  - {from: nurtured-leads, to: leads, lag: 4, rate: 0.2}
goal: nurtured-leads
"""


def changed(*replacements: tuple[str, str], text: str = SMALL_TEAM) -> str:
    """Return the file with texts replaced, each of which must be there exactly once."""
    for old, new in replacements:
        if text.count(old) != 1:
            raise ValueError(f"{old!r} stands {text.count(old)} times in the file")
        text = text.replace(old, new)
    return text
