"""Files that browsers load: named by a hash of their content, compressed once, kept for a year."""

import gzip
import mimetypes
from functools import cache
from hashlib import sha256
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from app.http.errors import not_found

FOLDER = Path(__file__).parent / "static"
FOREVER = "public, max-age=31536000, immutable"
TEXTS = {".css", ".js", ".svg"}
HASH_LENGTH = 10


class Asset:
    """A file, plain and compressed.

    Args:
        path: The file.
    """

    def __init__(self, path: Path) -> None:
        self.content = path.read_bytes()
        digest = sha256(self.content).hexdigest()[:HASH_LENGTH]
        self.name = f"{path.stem}.{digest}{path.suffix}"
        self.media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        self.compressed = gzip.compress(self.content, 9, mtime=0) if path.suffix in TEXTS else None


@cache
def assets() -> dict[str, Asset]:
    """All files, by their names in the source and by those with the hash."""
    found = {path.name: Asset(path) for path in sorted(FOLDER.iterdir())}
    return found | {asset.name: asset for asset in found.values()}


def asset_url(name: str) -> str:
    """The path of a file.

    Args:
        name: Its name in the source.

    Raises:
        KeyError: There is no such file.
    """
    return f"/static/{assets()[name].name}"


async def serve_asset(request: Request) -> Response:
    """The response with a file."""
    asset = assets().get(request.path_params["name"])
    if asset is None or asset.name != request.path_params["name"]:
        return not_found(request)
    headers = {"Cache-Control": FOREVER, "Vary": "Accept-Encoding"}
    if asset.compressed and accepts_gzip(request):
        headers["Content-Encoding"] = "gzip"
        return Response(asset.compressed, headers=headers, media_type=asset.media_type)
    return Response(asset.content, headers=headers, media_type=asset.media_type)


def accepts_gzip(request: Request) -> bool:
    """Whether the client takes gzip."""
    return "gzip" in request.headers.get("accept-encoding", "")
