"""How the documentation is built: `make docs` writes it to docs/_build."""

project = "Hattrick"
author = "The Hattrick developers"
extensions = ["myst_parser"]
html_theme = "furo"
html_title = "Hattrick"
exclude_patterns = ["_build"]
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
# Shell sessions and settings are shown as they are.
highlight_language = "none"
