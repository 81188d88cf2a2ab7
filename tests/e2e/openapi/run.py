"""run.py LINESIDE WORK: a stranger's tool, Schemathesis, reads the document of a server of LINESIDE and asks it whatever
the document allows, and more. Fails where an answer is none of the document's, or where the server broke.

The tool comes from the Python package index into an environment of its own in WORK, once.
"""

import json
import pathlib
import secrets
import shutil
import subprocess
import sys
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent


def tool(work):
    """The program, installed where it is not there yet."""
    wanted = (HERE / "requirements.txt").read_text()
    environment = work / "environment"
    present = environment / "requirements.txt"
    if not present.is_file() or present.read_text() != wanted:
        shutil.rmtree(environment, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", environment], check=True)
        subprocess.run([environment / "bin/python", "-m", "pip", "install", "--quiet",
                        "--requirement", HERE / "requirements.txt"], check=True)
        present.write_text(wanted)
    return environment / "bin/schemathesis"


def create(url, token, path, value):
    request = urllib.request.Request(url + path, json.dumps(value).encode(), {
        "Authorization": f"Bearer {token}", "Content-Type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def main():
    lineside, work = sys.argv[1], pathlib.Path(sys.argv[2])
    work.mkdir(parents=True, exist_ok=True)
    program = tool(work)
    for old in work.glob("portal.db*"):
        old.unlink()
    token = secrets.token_urlsafe(32)
    token_file = work / "operator.token"
    token_file.touch(mode=0o600)
    token_file.write_text(token)
    with open(work / "server.log", "w") as log, subprocess.Popen(
            [lineside, "serve", "--db", work / "portal.db", "--listen", "127.0.0.1:0",
             "--operator-token-file", token_file], stdout=subprocess.PIPE, stderr=log, text=True) as server:
        try:
            url = server.stdout.readline().strip()
            # What the document's examples speak of.
            create(url, token, "/v1/accounts", {"id": "acme", "currency": "EUR"})
            create(url, token, "/v1/accounts/acme/contacts", {"email": "ann@acme.example", "name": "Ann"})
            tested = subprocess.run([program, "--config-file", HERE / "schemathesis.toml", "run", f"{url}/openapi.json",
                                     "--header", f"Authorization: Bearer {token}"], cwd=work)
            alive = server.poll() is None
        finally:
            server.terminate()
    if not alive or server.returncode != 0:
        print((work / "server.log").read_text())
        sys.exit(f"the server ended with {server.returncode}")
    sys.exit(tested.returncode)


main()
