"""Says which Python this is and which Haute it holds, as one line of JSON. Runs on any Python, however old."""

import json
import os
import platform
import sys


def haute_version():
    try:
        from importlib.metadata import version

        return version("haute")
    except Exception:  # no such module before 3.8, or no such package
        return None


print(
    "haute-probe "
    + json.dumps(
        {
            "python": platform.python_version(),
            "executable": sys.executable,
            # What a new environment is made from: a virtual environment has one below it.
            "base": os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable),
            "platform": sys.platform + "-" + platform.machine(),
            "haute": haute_version(),
        }
    )
)
