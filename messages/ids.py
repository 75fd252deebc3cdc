"""Every action, callback and block id, in one place: templates and listeners both read them here."""

# Buttons. Their value says what they are about.
HAT_CHOOSE = "hat_choose"  # value: hat slug; Slack wants action ids unique in a block, so `_1`, `_2` follow
HAT_ASK = "hat_ask"  # value: hat slug
REPORT_OPEN = "report_open"  # value: the form's state
HAT_LIST_OPEN = "hat_list_open"
HAT_CHECK_SAME = "hat_check_same"  # value: the check's state and the hats' ids
HAT_CHECK_OPEN = "hat_check_open"  # value: the check's state
HAT_CHECK_ON = "hat_check_on"
HAT_CHECK_OFF = "hat_check_off"
EVIDENCE_FORGET = "evidence_forget"
PROPOSE_TO = "propose_to"  # value: "<hat slug> <Slack's id of the person>"
PROPOSE_OPEN = "propose_open"  # value: hat slug
VOLUNTEER = "volunteer"  # value: hat slug, in a DM followed by the team's channel
VOLUNTEERS_ASK = "volunteers_ask"  # value: hat slug
REVIEW_ASK = "review_ask"  # value: hat slug
LEAVE_TEAM = "leave_team"  # value: the team's id
HISTORY_PAGE = "history_page"  # value: "<hat slug>:<page>"
AUDIT_PAGE = "audit_page"  # value: the page
HAT_ADD = "hat_add"  # value: the team's id
HAT_EDIT = "hat_edit"  # value: hat slug
HAT_ARCHIVE = "hat_archive"  # value of the two: "<team id> <hat id>"
HAT_RESTORE = "hat_restore"
STARTER_HATS = "starter_hats"  # value: the team's id
TOKEN_NEW = "token_new"  # noqa: S105  # an id; value: the team's id
TOKEN_REVOKE = "token_revoke"  # noqa: S105  # an id; value: "<team id> <token id>"
TEAM_SET_UP = "team_set_up"  # value: the channel's id
OFFER_ACCEPT = "offer_accept"  # value of the four: "<proposal>.<round>"
OFFER_COUNTER = "offer_counter"
OFFER_DECLINE = "offer_decline"
OFFER_LATER = "offer_later"
REVIEW_KEEP = "review_keep"  # value of the three: the assignment's id
REVIEW_CHANGE = "review_change"
REVIEW_HAND_OVER = "review_hand_over"
QUESTION_REPLY = "question_reply"  # value: "<question>.<hop>"
QUESTION_NOT_MINE = "question_not_mine"  # value of the three: "<question>.<hop>"
QUESTION_TAKE = "question_take"
QUESTION_TEACH = "question_teach"
QUESTION_LINK = "question_link"
QUESTION_SOLVED = "question_solved"  # value of the two: the question's id
QUESTION_NOT_YET = "question_not_yet"
QUESTIONS_SOLVED = "questions_solved"  # in the list; value: the question's id
MY_SETTINGS = "my_settings"

# Shortcuts, as the manifest calls them.
ASK_SHORTCUT = "ask_owner"

# Modals.
COUNTER_SUBMIT = "counter_submit"
CHANGE_SUBMIT = "change_submit"
DECLINE_SUBMIT = "decline_submit"
LATER_SUBMIT = "later_submit"
PROPOSE_SUBMIT = "propose_submit"
STEP_DOWN_SUBMIT = "step_down_submit"
FORCE_SUBMIT = "force_submit"
REPORT_SUBMIT = "report_submit"
ASK_SUBMIT = "ask_submit"
REPLY_SUBMIT = "reply_submit"
ASK_MESSAGE_SUBMIT = "ask_message_submit"
MY_SETTINGS_SUBMIT = "my_settings_submit"
NOT_MINE_SUBMIT = "not_mine_submit"
HAT_CHECK_SUBMIT = "hat_check_submit"
HAT_SUBMIT = "hat_submit"
KPI_SUBMIT = "kpi_submit"
LINK_SUBMIT = "link_submit"
TEAM_SUBMIT = "team_submit"
TOKEN_SUBMIT = "token_submit"  # noqa: S105  # an id
SOURCE_SUBMIT = "source_submit"
SOURCE_SAVE = "source_save"
NOTICE = "notice"

# Fields.
REPLY_BLOCK = "reply"
REPLY_INPUT = "answer"
ASK_BLOCK = "ask_question"
ASK_INPUT = "question"
KPI_BLOCK = "kpi_"  # followed by the KPI's id
KPI_INPUT = "value"
HATS_BLOCK = "hats_worn"
HATS_INPUT = "hats"
ASKING_BLOCK = "hat_check_asking"
ASKING_INPUT = "asking"
TERM_BLOCK = "term_"  # followed by the KPI's id
TERM_INPUT = "target"
EXTRA_NAME_BLOCK = "extra_name"
EXTRA_NAME_INPUT = "name"
EXTRA_TARGET_BLOCK = "extra_target"
REASON_BLOCK = "reason"
REASON_INPUT = "why"
LATER_BLOCK = "later"
LATER_INPUT = "when"
PERSON_BLOCK = "person"
PERSON_INPUT = "who"
FORM_BLOCK = "form_"  # followed by the field's name
FORM_INPUT = "value"
