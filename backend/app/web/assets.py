"""Files that browsers load: named by a hash of their content, compressed once, kept for a year."""

import gzip
import mimetypes
from functools import cache
from hashlib import sha256
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from app.core.preferences import preferences
from app.http.errors import not_found

FOLDER = Path(__file__).parent / "static"
FOREVER = "public, max-age=31536000, immutable"
TEXTS = {".css", ".js", ".svg"}
HASH_LENGTH = 10


class Asset:
    """A file, plain and compressed.

    Args:
        path: The file.
        name: Its name, whose end says the type; by default that of the file.
    """

    def __init__(self, path: Path, name: str = "") -> None:
        self.content = path.read_bytes()
        digest = sha256(self.content).hexdigest()[:HASH_LENGTH]
        named = Path(name or path.name)
        self.name = f"{named.stem}.{digest}{named.suffix}"
        self.media_type = mimetypes.guess_type(named)[0] or "application/octet-stream"
        self.compressed = gzip.compress(self.content, 9, mtime=0) if named.suffix in TEXTS else None


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


async def serve_asset(request: Request, logo: Asset | None) -> Response:
    """The response with a file.

    Args:
        request: The request.
        logo: The logo of the market, which is such a file, too.
    """
    name = request.path_params["name"]
    asset = logo if logo and logo.name == name else assets().get(name)
    if asset is None or asset.name != name:
        return not_found(request)
    headers = {"Cache-Control": FOREVER, "Vary": "Accept-Encoding"}
    if asset.compressed and accepts_gzip(request):
        headers["Content-Encoding"] = "gzip"
        return Response(asset.compressed, headers=headers, media_type=asset.media_type)
    return Response(asset.content, headers=headers, media_type=asset.media_type)


def accepts_gzip(request: Request) -> bool:
    """Whether the client takes gzip (RFC 9110, 12.5.3)."""
    weights = dict(preferences(request.headers.get("accept-encoding", "")))
    return weights.get("gzip", weights.get("*", 0)) > 0
