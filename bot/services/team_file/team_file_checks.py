"""What a team's file says that cannot all be true."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from bot.domain.formula import Formula, FormulaProblem, circle, parse_formula
from bot.domain.loops import loop_at_once
from bot.domain.spelling import name_key
from bot.services.team_file.team_file_yaml import Loc, nearest

Problem = tuple[Loc, str]
_LONGEST_KEY: Final = 80
_NO_FORMULA: Final = {
    FormulaProblem.UNREADABLE: "“{part}” cannot be computed: use KPIs, numbers, + - * / ( ), min and max",
    FormulaProblem.UNKNOWN_KPI: "there is no KPI {part}",
    FormulaProblem.NO_KPI: "is made of no KPI",
    FormulaProblem.TOO_LONG: "is too long",
}


def contradictions(content: Mapping[str, Any]) -> Iterator[Problem]:
    """Give the place and the reason of everything in a file that contradicts another part of it.

    Args:
        content: A `TeamFile` as plain dicts and lists, with ids instead of names.
    """
    yield from _twice(content["members"], "id", ("members",))
    yield from _people(content)
    yield from _hat_names(content["hats"])
    kpis = [kpi["slug"] for hat in content["hats"] for kpi in hat["kpis"]]
    yield from _kpis_twice(content["hats"])
    yield from _formulas(content["hats"])
    yield from _links(content["links"], kpis)
    if content["goal"] is not None and content["goal"] not in kpis:
        yield ("goal",), _no_kpi(content["goal"], kpis)
    if content["order"] is not None:
        yield from _order(content["order"], kpis)


def _twice(entries: Sequence[Mapping[str, Any]], field: str, place: Loc) -> Iterator[Problem]:
    seen: set[str] = set()
    for n, entry in enumerate(entries):
        if entry[field] in seen:
            yield (*place, n, field), f"{entry[field]} stands here twice"
        seen.add(entry[field])


def _people(content: Mapping[str, Any]) -> Iterator[Problem]:
    listed = {member["id"] for member in content["members"]}
    for n, hat in enumerate(content["hats"]):
        if hat["owner"] is not None and hat["owner"] not in listed:
            yield ("hats", n, "owner"), f"{hat['owner']} is not among the members"
        for i, wearer in enumerate(hat["wearers"]):
            if wearer not in listed:
                yield ("hats", n, "wearers", i), f"{wearer} is not among the members"


def _hat_names(hats: Sequence[Mapping[str, Any]]) -> Iterator[Problem]:
    """Every slug and alias is one hat's, compared without case, diacritics and punctuation."""
    taken: dict[str, int] = {}
    places: list[tuple[int, Loc, str]] = [(n, ("hats", n, "slug"), hat["slug"]) for n, hat in enumerate(hats)]
    for n, hat in enumerate(hats):
        places += [(n, ("hats", n, "aliases", i), alias) for i, alias in enumerate(hat["aliases"])]
    for n, place, text in places:
        key = name_key(text)
        if not key:
            yield place, "needs a letter or a digit"
        elif len(key) > _LONGEST_KEY:
            yield place, f"is longer than {_LONGEST_KEY} characters"
        elif key in taken:
            other = "this hat" if taken[key] == n and place[-1] != "slug" else f"the hat {hats[taken[key]]['slug']}"
            yield place, f"“{text}” is a name of {other} already"
        else:
            taken[key] = n


def _kpis_twice(hats: Sequence[Mapping[str, Any]]) -> Iterator[Problem]:
    owner: dict[str, str] = {}
    for n, hat in enumerate(hats):
        for i, kpi in enumerate(hat["kpis"]):
            if kpi["slug"] in owner:
                yield ("hats", n, "kpis", i, "slug"), f"{kpi['slug']} is a KPI of {owner[kpi['slug']]} already"
            owner.setdefault(kpi["slug"], hat["slug"])


def formula_names(kpis: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Give the slug of each KPI by everything that a formula may call it."""
    listed = list(kpis)
    return {kpi["name"]: kpi["slug"] for kpi in listed} | {kpi["slug"]: kpi["slug"] for kpi in listed}


def _formulas(hats: Sequence[Mapping[str, Any]]) -> Iterator[Problem]:
    """Every formula can be computed from the file's KPIs, and none from itself."""
    names = formula_names(kpi for hat in hats for kpi in hat["kpis"])
    places: dict[str, Loc] = {}
    formulas: dict[str, str] = {}
    for n, hat in enumerate(hats):
        for i, kpi in enumerate(hat["kpis"]):
            if not kpi["formula"].strip():
                continue
            place = ("hats", n, "kpis", i, "formula")
            read = parse_formula(kpi["formula"], names)
            if isinstance(read, Formula):
                places[kpi["slug"]], formulas[kpi["slug"]] = place, read.text
            else:
                yield place, _NO_FORMULA[read.reason].format(part=read.part)
    loop = circle(formulas)
    if loop is not None:
        yield places[loop[0]], f"the KPIs are computed from each other in a circle: {' → '.join(loop)}"


def _no_kpi(slug: str, kpis: Sequence[str]) -> str:
    return f"there is no KPI {slug}{nearest(slug, kpis)}"


def _links(links: Sequence[Mapping[str, Any]], kpis: Sequence[str]) -> Iterator[Problem]:
    known, seen = set(kpis), set()
    for n, link in enumerate(links):
        for end in ("from", "to"):
            if link[end] not in known:
                yield ("links", n, end), _no_kpi(link[end], kpis)
        if (pair := (link["from"], link["to"])) in seen:
            yield ("links", n), "stands here twice"
        seen.add(pair)
    loop = loop_at_once((link["from"], link["to"], link["lag"]) for link in links)
    if loop is not None:
        place = next(n for n, link in enumerate(links) if (link["from"], link["to"]) == (loop[0], loop[1]))
        way = " → ".join(loop)
        yield ("links", place), f"the loop {way} takes no time; give one of its links a lag of at least one week"


def _order(order: Sequence[str], kpis: Sequence[str]) -> Iterator[Problem]:
    times = Counter(order)
    for n, slug in enumerate(order):
        if slug not in kpis:
            yield ("order", n), _no_kpi(slug, kpis)
        elif times[slug] > 1:
            yield ("order", n), "stands here twice"
    if missing := [slug for slug in kpis if slug not in times]:
        yield ("order",), f"lacks {', '.join(missing)}"
