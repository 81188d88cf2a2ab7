"""scikit-build-core, but for the source archive: the library lies beside and above this folder, so the archive takes
its whole tree along, and builds by itself.
"""

import io
import os
import pathlib
import tarfile

from scikit_build_core.build import *  # noqa: F403
from scikit_build_core.build import build_sdist as archive_of_this_folder

HERE = pathlib.Path(__file__).resolve().parent
TREE = HERE.parents[1]
# What a wheel is built from.
TAKEN = (
    "CMakeLists.txt",
    "LICENSE",
    "cmake",
    "include",
    "src",
    "capi/CMakeLists.txt",
    "capi/lineside.map",
    "capi/include",
    "capi/src",
    "bindings/CMakeLists.txt",
    "bindings/swig",
    "bindings/python/src",
)
LEFT_OUT = ("__pycache__/", "src/cli/", "bindings/swig/lua")


def build_sdist(sdist_directory, config_settings=None):
    name = archive_of_this_folder(sdist_directory, config_settings)
    if (HERE / "tree").is_dir():
        return name  # this is such an archive, unpacked
    path = pathlib.Path(sdist_directory) / name
    folder = name.removesuffix(".tar.gz")
    with tarfile.open(path) as plain:
        info = plain.extractfile(f"{folder}/PKG-INFO").read()
    project = (HERE / "pyproject.toml").read_text(encoding="utf-8")
    for ours, theirs in (
        ('"../../build/wheel"', '"build"'),
        ('"../../', '"tree/'),
        ('"../.."', '"tree"'),
        ('"src/lineside"', '"tree/bindings/python/src/lineside"'),
    ):
        if ours not in project:
            raise RuntimeError(f"pyproject.toml has no {ours} any more")
        project = project.replace(ours, theirs)
    moment = int(os.environ.get("SOURCE_DATE_EPOCH", 0)) or None
    with tarfile.open(path, "w:gz", compresslevel=9) as archive:
        add = Adding(archive, folder, moment)
        add.text("PKG-INFO", info)
        add.text("pyproject.toml", project.encode())
        for file in ("README.md", "backend.py"):
            add.file(file, HERE / file)
        for taken in TAKEN:
            source = TREE / taken
            for file in [source] if source.is_file() else sorted(source.rglob("*")):
                place = file.relative_to(TREE).as_posix()
                if file.is_file() and not any(out in place for out in LEFT_OUT):
                    add.file(f"tree/{place}", file)
    return name


class Adding:
    """To an archive, under its folder, as nobody's."""

    def __init__(self, archive, folder, moment):
        self._archive, self._folder, self._moment = archive, folder, moment

    def _put(self, info, stream):
        info.uid = info.gid = 0
        info.uname = info.gname = ""
        if self._moment is not None:
            info.mtime = self._moment
        self._archive.addfile(info, stream)

    def text(self, name, data):
        info = tarfile.TarInfo(f"{self._folder}/{name}")
        info.size = len(data)
        self._put(info, io.BytesIO(data))

    def file(self, name, path):
        with path.open("rb") as stream:
            self._put(self._archive.gettarinfo(arcname=f"{self._folder}/{name}", fileobj=stream), stream)
