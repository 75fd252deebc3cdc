"""The page that explains the API and tries it out. All of it comes from here: it works without the internet."""

from importlib.resources import files
from typing import Any, Final

from fastapi import FastAPI
from fastapi.responses import HTMLResponse, JSONResponse, Response

# Swagger UI sets styles on elements and draws its icons from `data:` addresses; scripts come from here only.
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_PAGE: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Hattrick API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
<div id="api"><noscript>This page needs JavaScript. See <a href="openapi.json">openapi.json</a>.</noscript></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
"""
# No address of the page's own is trusted to say which document it shows, and no validator elsewhere is asked.
_START: Final = """SwaggerUIBundle({
  url: "openapi.json", dom_id: "#api", deepLinking: false, queryConfigEnabled: false, validatorUrl: null,
  supportedSubmitMethods: ["get", "post"], persistAuthorization: false,
});
"""
_FILES: Final = {"swagger-ui-bundle.js": "text/javascript", "swagger-ui.css": "text/css"}
_A_DAY: Final = {"Cache-Control": "public, max-age=86400"}


def install(app: FastAPI) -> None:
    """Serve the document at `openapi.json` and the page at `docs`."""

    @app.get("/openapi.json", include_in_schema=False)
    def document() -> JSONResponse:
        return JSONResponse(app.openapi())

    @app.get("/docs", include_in_schema=False)
    def page() -> HTMLResponse:
        return HTMLResponse(_PAGE, headers={"Content-Security-Policy": _POLICY})

    @app.get("/docs/start.js", include_in_schema=False)
    def start() -> Response:
        return Response(_START, media_type="text/javascript")

    for name, media_type in _FILES.items():
        app.get(f"/docs/{name}", include_in_schema=False)(_file(name, media_type))


def _file(name: str, media_type: str) -> Any:
    def serve() -> Response:
        content = files("fastapi_offline").joinpath("static", name).read_bytes()
        return Response(content, media_type=media_type, headers=_A_DAY)

    return serve
