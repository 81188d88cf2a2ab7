"""wheel.py PACKAGE FOLDER SETTING ...: packs the source archive, builds a wheel from nothing else, installs it where
nothing else is and works with it.
"""

import os
import pathlib
import platform
import shutil
import subprocess
import sys
import tarfile
import venv

WORK = """
import datetime, sys
import lineside

assert not {"numpy", "pandas", "pytest"} & set(sys.modules)
with lineside.open() as portal:
    portal.create_account(id="acme", currency="EUR")
    start = datetime.datetime(2026, 3, 1, tzinfo=datetime.timezone.utc)
    portal.import_calls([lineside.Call(source="s", call_id="1", account_id="acme", start_time=start, end_time=start)])
    assert portal.series("acme", "attempts", start, start + datetime.timedelta(hours=1)).value.tolist() == [1.0]
    with portal.serve(operator_token="x" * 32) as server, lineside.connect(server.url, token="x" * 32) as far:
        assert far.get_account("acme") == portal.get_account("acme")
"""


def run(*command, cwd=None):
    path = f"{pathlib.Path(sys.executable).parent}:{os.environ['PATH']}"
    subprocess.run(command, check=True, cwd=cwd, env=os.environ | {"PATH": path})


def main():
    package, folder, *settings = sys.argv[1:]
    folder = pathlib.Path(folder)
    archives, sources = folder / "archive", folder / "source"
    wheels, repaired, environment = folder / "dist", folder / "repaired", folder / "venv"
    for old in (archives, sources, wheels, repaired, environment):
        if old.exists():
            shutil.rmtree(old)
    archives.mkdir(parents=True)
    run(sys.executable, "-B", "-c", f"import backend; backend.build_sdist({str(archives)!r})", cwd=package)
    (archive,) = archives.glob("lineside-*.tar.gz")
    with tarfile.open(archive) as packed:
        packed.extractall(sources)
    (source,) = sources.iterdir()
    # As far below the sources as every other build, so that ccache has everything.
    options = [f"--config-settings={setting}" for setting in (*settings, f"build-dir={source}/tree/build/wheel")]
    pip = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")
    run(*pip, "wheel", "--no-deps", "--no-build-isolation", *options, "--wheel-dir", wheels, source)
    (wheel,) = wheels.glob("lineside-*.whl")
    # With the libraries it needs, for every system whose C library is no older than this one's.
    tag = f"manylinux_{platform.libc_ver()[1].replace('.', '_')}_{platform.machine()}"
    run("auditwheel", "repair", "--strip", "--plat", tag, "--wheel-dir", repaired, wheel)
    (wheel,) = repaired.glob("lineside-*.whl")
    venv.create(environment, with_pip=True)
    run(environment / "bin/pip", "install", "--quiet", "--disable-pip-version-check", "--no-index", wheel)
    run(environment / "bin/python", "-I", "-c", WORK)
    for made in (archive, wheel):
        print(f"{made.name}: {made.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
