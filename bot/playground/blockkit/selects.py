"""Select menus and multi-select menus (block-elements/select-menu-element, multi-select-menu-element)."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Literal

from pydantic import Field, model_validator

from bot.playground.blockkit.composition import (
    ABSENT,
    Confirm,
    ConversationFilter,
    Filled,
    Option,
    OptionGroup,
    Placeholder,
)
from bot.playground.blockkit.elements import Focusable, strangers
from bot.playground.blockkit.problems import Problem, refuse

_Ids = Annotated[list[Filled], Field(min_length=1)]


class _Menu(Focusable):
    placeholder: Placeholder = ABSENT
    confirm: Confirm = ABSENT


class _MultiMenu(_Menu):
    max_selected_items: Annotated[int, Field(ge=1)] = ABSENT

    def crowd(self, initial: Sequence[object], field: str) -> Iterator[Problem]:
        """Yield a problem when more is preselected than may be selected."""
        if self.has("max_selected_items") and len(initial) > self.max_selected_items:
            yield Problem(f"no more than {self.max_selected_items} items allowed", (field,))


class _StaticMenu(_Menu):
    options: Annotated[list[Option], Field(min_length=1, max_length=100)] = ABSENT
    option_groups: Annotated[list[OptionGroup], Field(min_length=1, max_length=100)] = ABSENT

    @model_validator(mode="after")
    def _one_source(self) -> "_StaticMenu":
        if self.has("options") == self.has("option_groups"):
            refuse([Problem("must provide either options or option_groups")])
        return self

    def offered(self) -> list[Option]:
        """Return all options, of all groups."""
        if self.has("options"):
            return self.options
        return [option for group in self.option_groups for option in group.options]


class StaticSelect(_StaticMenu):
    """Select of static options."""

    type: Literal["static_select"]
    initial_option: Option = ABSENT

    @model_validator(mode="after")
    def _initial_is_offered(self) -> "StaticSelect":
        if self.has("initial_option"):
            refuse(strangers([self.initial_option], self.offered(), "initial_option"))
        return self


class MultiStaticSelect(_StaticMenu, _MultiMenu):
    """Multi-select of static options."""

    type: Literal["multi_static_select"]
    initial_options: Annotated[list[Option], Field(min_length=1, max_length=100)] = ABSENT

    @model_validator(mode="after")
    def _initial_is_offered(self) -> "MultiStaticSelect":
        initial = self.initial_options or []
        found = [*strangers(initial, self.offered(), "initial_options")]
        refuse([*found, *self.crowd(initial, "initial_options")])
        return self


class ExternalSelect(_Menu):
    """Select of options that the app is asked for."""

    type: Literal["external_select"]
    initial_option: Option = ABSENT
    min_query_length: Annotated[int, Field(ge=0)] = ABSENT


class MultiExternalSelect(_MultiMenu):
    """Multi-select of options that the app is asked for."""

    type: Literal["multi_external_select"]
    initial_options: Annotated[list[Option], Field(min_length=1, max_length=100)] = ABSENT
    min_query_length: Annotated[int, Field(ge=0)] = ABSENT

    @model_validator(mode="after")
    def _not_too_many(self) -> "MultiExternalSelect":
        refuse(self.crowd(self.initial_options or [], "initial_options"))
        return self


class UsersSelect(_Menu):
    """Select of people."""

    type: Literal["users_select"]
    initial_user: Filled = ABSENT


class MultiUsersSelect(_MultiMenu):
    """Multi-select of people."""

    type: Literal["multi_users_select"]
    initial_users: _Ids = ABSENT

    @model_validator(mode="after")
    def _not_too_many(self) -> "MultiUsersSelect":
        refuse(self.crowd(self.initial_users or [], "initial_users"))
        return self


class ConversationsSelect(_Menu):
    """Select of conversations of every kind."""

    type: Literal["conversations_select"]
    initial_conversation: Filled = ABSENT
    default_to_current_conversation: bool = ABSENT
    response_url_enabled: bool = ABSENT
    filter: ConversationFilter = ABSENT


class MultiConversationsSelect(_MultiMenu):
    """Multi-select of conversations of every kind."""

    type: Literal["multi_conversations_select"]
    initial_conversations: _Ids = ABSENT
    default_to_current_conversation: bool = ABSENT
    filter: ConversationFilter = ABSENT

    @model_validator(mode="after")
    def _not_too_many(self) -> "MultiConversationsSelect":
        refuse(self.crowd(self.initial_conversations or [], "initial_conversations"))
        return self


class ChannelsSelect(_Menu):
    """Select of public channels."""

    type: Literal["channels_select"]
    initial_channel: Filled = ABSENT
    response_url_enabled: bool = ABSENT


class MultiChannelsSelect(_MultiMenu):
    """Multi-select of public channels."""

    type: Literal["multi_channels_select"]
    initial_channels: _Ids = ABSENT

    @model_validator(mode="after")
    def _not_too_many(self) -> "MultiChannelsSelect":
        refuse(self.crowd(self.initial_channels or [], "initial_channels"))
        return self


Select = (
    StaticSelect
    | MultiStaticSelect
    | ExternalSelect
    | MultiExternalSelect
    | UsersSelect
    | MultiUsersSelect
    | ConversationsSelect
    | MultiConversationsSelect
    | ChannelsSelect
    | MultiChannelsSelect
)
