"""Pictures: from elsewhere by their address, and uploaded ones in their true size."""

from struct import unpack

from bot.playground.model import Json
from bot.playground.page.stage import Stage
from bot.playground.page.tags import Tag, div

_PNG = b"\x89PNG\r\n\x1a\n"


def draw_image(image: Json, classes: str) -> None:
    """Show an image by its address; its alternative text stands there where it does not load."""
    url = str(image.get("image_url", ""))
    if url.startswith(("https://", "http://")):
        Tag("img", classes, src=url, alt=str(image.get("alt_text", "")), loading="lazy", referrerpolicy="no-referrer")
    else:
        div(f"{classes} hp-faint", str(image.get("alt_text", "")))


def draw_file(stage: Stage, file_id: str, words: str) -> None:
    """Show an uploaded picture; the browser is told its size beforehand, so that nothing moves when it comes."""
    workspace = stage.reader.workspace
    file = workspace.files.get(file_id)
    width, height = png_size(file.content or b"") if file else (0, 0)
    address = f"/files/show/{workspace.id}/{file_id}"
    picture = Tag("img", "hp-image hp-picture", src=address, alt=words, loading="lazy")
    if width:
        picture.props["width"], picture.props["height"] = width, height


def png_size(content: bytes) -> tuple[int, int]:
    """Return a PNG's width and height in pixels from its head, or zeros for anything else."""
    if not content.startswith(_PNG) or len(content) < 24:
        return 0, 0
    width, height = unpack(">II", content[16:24])
    return width, height
