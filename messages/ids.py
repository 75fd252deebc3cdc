"""Every action, callback and block id, in one place: templates and listeners both read them here."""

# Buttons. Their value says what they are about.
HAT_CHOOSE = "hat_choose"  # value: hat slug; Slack wants action ids unique in a block, so `_1`, `_2` follow
HAT_ASK = "hat_ask"  # value: "<team id>:<hat slug>"
REPORT_OPEN = "report_open"  # value: the form's state
HAT_LIST_OPEN = "hat_list_open"

# Modals.
REPORT_SUBMIT = "report_submit"
ASK_SUBMIT = "ask_submit"
NOTICE = "notice"

# Fields.
ASK_BLOCK = "ask_question"
ASK_INPUT = "question"
KPI_BLOCK = "kpi_"  # followed by the KPI's id
KPI_INPUT = "value"
