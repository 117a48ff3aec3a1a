"""The packaged application, which says on every answer which package, release and deployment it is.

`x-haute-package` is the digest of `package-files.json`, the list of everything in this folder. That is checked here,
before the first answer: a server whose files are not those of its package does not start. `x-haute-release` and
`x-haute-deployment` are what the target says in HAUTE_RELEASE_ID and HAUTE_DEPLOYMENT_ID, and absent when it does not.
"""

import hashlib
import json
import os
import re
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
LIST = "package-files.json"
PROOF_NAMES = (b"x-haute-package", b"x-haute-release", b"x-haute-deployment")


def package_digest(folder: Path) -> str:
    """Digest of the package in a folder, once every file in it is known to be the listed one."""
    content = (folder / LIST).read_bytes()
    for entry in json.loads(content)["files"]:
        with open(folder / entry["path"], "rb") as file:
            found = "sha256:" + hashlib.file_digest(file, "sha256").hexdigest()
        if found != entry["digest"]:
            raise SystemExit(f"{entry['path']} is not the file that was packaged: this package was changed")
    return "sha256:" + hashlib.sha256(content).hexdigest()


def proof_headers(folder: Path, environment) -> list[tuple[bytes, bytes]]:
    values = (package_digest(folder), environment.get("HAUTE_RELEASE_ID"), environment.get("HAUTE_DEPLOYMENT_ID"))
    for name, value in zip(PROOF_NAMES, values, strict=True):
        if value and not re.fullmatch(r"[!-~]+", value):
            raise SystemExit(f"the value for {name.decode()} cannot be sent as a header")
    return [(name, value.encode()) for name, value in zip(PROOF_NAMES, values, strict=True) if value]


class ProofOfRelease:
    """Wraps an ASGI application: each of its answers, errors and streams included, carries the proof and no other."""

    def __init__(self, app, headers: list[tuple[bytes, bytes]]) -> None:
        self.app = app
        self.headers = headers

    async def __call__(self, scope, receive, send) -> None:
        async def send_with_proof(message) -> None:
            if message["type"] == "http.response.start":
                others = [pair for pair in message.get("headers", []) if pair[0].lower() not in PROOF_NAMES]
                message = {**message, "headers": [*others, *self.headers]}
            await send(message)

        await self.app(scope, receive, send_with_proof if scope["type"] == "http" else send)


HEADERS = proof_headers(FOLDER, os.environ)

from app import app as packaged  # noqa: E402  (only once the files are known to be the packaged ones)

app = ProofOfRelease(packaged, HEADERS)
