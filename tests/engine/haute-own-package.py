"""Writes the package that Haute itself makes of a project, as `haute deploy` would put it into an image.

    haute-own-package.py PROJECT FOLDER
"""

import sys
from pathlib import Path

from haute.deploy import ContainerConfig, DeployConfig, resolve_config
from haute.deploy._container import prepare_build_directory

config = DeployConfig(
    pipeline_file=Path("rating/main.py"),
    model_name="motor",
    project_dir=Path(sys.argv[1]),
    target="container",
    container=ContainerConfig(base_image="python:3.11.9-slim"),
)
with resolve_config(config) as resolved:
    prepare_build_directory(resolved, Path(sys.argv[2]))
