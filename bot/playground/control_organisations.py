"""The part of the control API that is about organisations of Enterprise Grid."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Body
from pydantic import BaseModel, ConfigDict

from bot.playground.model import Json, Organisation
from bot.playground.playground import Playground
from bot.playground.workspace import Workspace


class OrganisationAct(BaseModel):
    """A step of an organisation's admin; `teams` names workspaces of it where the step is about some."""

    model_config = ConfigDict(extra="forbid")

    organisation: str
    teams: list[str] = []


def add_organisations(router: APIRouter, playground: Playground, find: Callable[[str], Workspace]) -> None:
    """Add the endpoints."""
    organisations = playground.organisations

    @router.post("/organisations")
    async def add_organisation(
        name: Annotated[str, Body()],
        teams: Annotated[list[str], Body()],
        id: Annotated[str | None, Body()] = None,  # noqa: A002  # it is the field's name in JSON
    ) -> Json:
        """Make an organisation of workspaces that there are."""
        return _written(organisations.add(name, [find(team) for team in teams], organisation_id=id))

    @router.post("/act/let_in")
    async def let_in(step: OrganisationAct) -> Json:
        organisation = organisations.find(step.organisation)
        organisations.let_in(organisation, step.teams)
        return _written(organisation)

    @router.post("/act/take_out")
    async def take_out(step: OrganisationAct) -> Json:
        organisation = organisations.find(step.organisation)
        organisations.take_out(organisation, step.teams)
        return _written(organisation)

    @router.post("/act/uninstall_organisation")
    async def uninstall_organisation(step: OrganisationAct) -> Json:
        organisation = organisations.find(step.organisation)
        organisations.uninstall(organisation)
        return _written(organisation)


def _written(organisation: Organisation) -> Json:
    return {
        "id": organisation.id,
        "name": organisation.name,
        "teams": list(organisation.workspaces),
        "granted": list(organisation.granted),
    }
