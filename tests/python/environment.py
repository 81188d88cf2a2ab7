"""environment.py FOLDER REQUIREMENTS: makes a virtual environment of what is required, unless it is there."""

import pathlib
import shutil
import subprocess
import sys
import venv


def main():
    folder, requirements = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    wanted = f"{sys.version}\n{requirements.read_text(encoding='utf-8')}"
    made = folder / "made_of.txt"
    if made.is_file() and made.read_text(encoding="utf-8") == wanted:
        return
    if folder.exists():
        shutil.rmtree(folder)
    venv.create(folder, with_pip=True)
    subprocess.run(
        [folder / "bin/pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements], check=True
    )
    made.write_text(wanted, encoding="utf-8")


if __name__ == "__main__":
    main()
