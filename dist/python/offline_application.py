"""Runs a packaged application in this process and answers requests for it: no server, no port.

    offline_application.py SOCKET

Runs in the package's folder, with the environment that serves it. SOCKET is a Unix socket that somebody listens on.
Each request is a line of JSON (`method`, `path`, `headers`, `bytes`) and as many bytes of body; each answer a line
(`status`, `headers`, `bytes`) and its body, in turn. The first line says that the application is loaded. Ends when
the socket does. What the application prints goes where it always goes, and means nothing here.

The application is the packaged one, with everything that it does to a request: what it refuses, it refuses here, in
the same words. One thing is other than on a server: several rows are priced in this process and not in a worker that
Haute starts for each request, which takes a second however few rows there are. It is the same function, and so
are the answers. A pipeline that Haute prices only under the memory cap of a worker keeps its workers.
"""

import asyncio
import json
import os
import socket
import sys

sys.path[0] = os.getcwd()


async def answer(application, head: dict, body: bytes) -> tuple[int, dict, bytes]:
    """One request through the application, as a server would hand it over.

    See https://asgi.readthedocs.io/en/latest/specs/www.html
    """
    headers = {**head["headers"], "host": "offline", "content-length": str(len(body))}
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": head["method"],
        "scheme": "http",
        "path": head["path"],
        "raw_path": head["path"].encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()],
        "client": ("127.0.0.1", 0),
        "server": ("127.0.0.1", 0),
    }
    requests = [{"type": "http.request", "body": body, "more_body": False}]
    sent = []

    async def receive():
        if requests:
            return requests.pop()
        return await asyncio.Event().wait()  # the caller does not hang up

    async def send(message) -> None:
        sent.append(message)

    await application(scope, receive, send)
    start = sent[0]
    content = b"".join(message.get("body", b"") for message in sent if message["type"] == "http.response.body")
    return start["status"], {name.decode("latin-1"): value.decode("latin-1") for name, value in start["headers"]}, content


def price_rows_here(packaged) -> None:
    """Several rows in this process, unless the pipeline may only run under a worker's memory cap."""
    policy = getattr(packaged, "_execution_policy", None) or {}
    if policy.get("status") == "warned" or not hasattr(packaged, "run_isolated_worker_async"):
        return

    in_worker = packaged.run_isolated_worker_async

    async def in_this_process(worker, *arguments, config):
        outcome = worker(*arguments)
        # Refusals for want of memory, or of a cap on it, are a worker's to make.
        refused = getattr(outcome, "failure_kind", None) in ("contract", "bounded", "memory", "cancelled")
        return await in_worker(worker, *arguments, config=config) if refused else outcome

    packaged.run_isolated_worker_async = in_this_process


def load():
    """The packaged application, once its files are known to be those that were packaged."""
    import haute_release_serve

    haute_release_serve.set_defaults(os.environ)
    import haute_release_asgi

    import app as packaged

    price_rows_here(packaged)
    return haute_release_asgi.app


def main(path: str) -> None:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.connect(path)
    stream = connection.makefile("rwb")
    application = load()
    say(stream, {"ready": True})
    with asyncio.Runner() as runner:
        while line := stream.readline():
            head = json.loads(line)
            body = stream.read(head["bytes"])
            if len(body) < head["bytes"]:
                return
            status, headers, content = runner.run(answer(application, head, body))
            say(stream, {"status": status, "headers": headers, "bytes": len(content)}, content)


def say(stream, head: dict, content: bytes = b"") -> None:
    stream.write(json.dumps(head).encode() + b"\n" + content)
    stream.flush()


if __name__ == "__main__":
    main(sys.argv[1])
