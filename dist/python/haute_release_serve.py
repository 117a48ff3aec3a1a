"""Starts the packaged application the same way everywhere: while it is accepted, on a laptop, in an image.

    python haute_release_serve.py [--host 127.0.0.1] [--port 8080]

Haute prices a request of several rows in a worker process under a memory cap. Two of its defaults do not hold on
every machine, and are set here, where the server and each worker (which starts by reading this file again) pass:

- The cap through cgroups needs a delegated cgroup v2. Where the folder is merely writable, as for root in many
  containers, Haute 0.5 and 0.6 fail each such request and leave the cgroup behind. The cap through RLIMIT_AS, Haute's
  own second choice, works for every user, so it is the only one.
- The memory that one such request reserves is 70 % of what is free, or 4 GiB: the second request at the same time, or
  the first on a small machine, is refused with 507. A quarter of what is free lets four run side by side, where that
  is enough for the threads of a model's library, which reserve address space for each processor.

A variable that the operator sets is left as it is.
"""

import argparse
import os
import sys
from pathlib import Path

MIB = 1024**2
GIB = 1024**3
NO_CGROUPS = Path("/nonexistent")


def cap_through_rlimit() -> None:
    from haute import _native_memory_limit

    if hasattr(_native_memory_limit, "_cgroup_parent"):
        _native_memory_limit._cgroup_parent = lambda: NO_CGROUPS


def batch_memory_bytes(available: int, processors: int) -> int:
    """What one request of several rows may use, of the bytes that are free now."""
    usable = available - min(2 * GIB, available // 2)  # Haute keeps this much for the system
    needed = 1536 * MIB + processors * 192 * MIB
    return max(1, min(max(needed, min(4 * GIB, usable // 4)), usable * 9 // 10))


def set_defaults(environment) -> None:
    environment.setdefault("HAUTE_EXECUTION_MEMORY_POLICY", "strict_server")
    if sys.platform == "darwin":  # has no cap of either kind
        environment.setdefault("HAUTE_WORKER_MEMORY_ENFORCEMENT", "best_effort")
    if any(name.startswith("HAUTE_DEPLOY_BATCH_MEMORY_LIMIT_") for name in environment):
        return
    try:
        from haute._host_memory import available_ram_bytes
    except ImportError:
        return
    available = available_ram_bytes()
    if available:
        environment["HAUTE_DEPLOY_BATCH_MEMORY_LIMIT_BYTES"] = str(batch_memory_bytes(available, os.cpu_count() or 1))


def serve(host: str, port: int) -> None:
    import uvicorn

    set_defaults(os.environ)
    config = uvicorn.Config(
        "haute_release_asgi:app",
        host=host,
        port=port,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=5,
    )
    socket = config.bind_socket()
    print(f"haute-release listening on {host}:{socket.getsockname()[1]}", flush=True)
    uvicorn.Server(config).run(sockets=[socket])


def main() -> None:
    parser = argparse.ArgumentParser(description="Serves this package.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8080)
    arguments = parser.parse_args()
    serve(arguments.host, arguments.port)


cap_through_rlimit()

if __name__ == "__main__":
    main()
