#!/usr/bin/env python3
"""job_d.py BIN FOLDER BLOCKS: number blocks in PostgreSQL, EXCLUDE USING gist, a cluster of its own in FOLDER.

One block a commit, fsync and synchronous_commit on, through a Unix socket by pgbench. Blocks are those of bench_job_d
in their order, so that none is refused.
"""

import json
import os
import pwd
import random
import re
import shutil
import subprocess
import sys

BIN, FOLDER, BLOCKS = sys.argv[1], os.path.abspath(sys.argv[2]), int(sys.argv[3])
QUESTIONS, SEARCHES = 20_000, 20
CLAIM = """INSERT INTO block SELECT span, 1 FROM wish WHERE i = nextval('turn');"""
OWNER = """\\set n random(1000000, %d)
SELECT owner FROM block WHERE span @> :n::bigint;""" % (1_000_000 + 100 * BLOCKS - 1)
NEXT = """BEGIN;
SELECT coalesce(min(n), 1000000) AS first FROM generate_series(1000000, 1000000 + 100 * (SELECT count(*) FROM block), 100) n
  WHERE NOT EXISTS (SELECT 1 FROM block WHERE span && int8range(n, n + 100)) \\gset
INSERT INTO block VALUES (int8range(:first, :first + 100), 1);
COMMIT;
DELETE FROM block WHERE span = int8range(:first, :first + 100);"""


def as_postgres(*command, text=None):
    """The server refuses to run as root."""
    user = pwd.getpwnam("postgres") if os.getuid() == 0 else None
    run = subprocess.run([os.path.join(BIN, command[0]), *command[1:]], input=text, text=True, capture_output=True,
                         cwd=FOLDER, user=user.pw_uid if user else None, group=user.pw_gid if user else None)
    if run.returncode != 0:
        sys.exit(f"{command[0]}: {run.stderr}")
    return run.stdout


def rate(script, count):
    path = os.path.join(FOLDER, "script.sql")
    with open(path, "w") as out:
        out.write(script)
    os.chmod(path, 0o644)
    said = as_postgres("pgbench", "-h", FOLDER, "-n", "-M", "prepared", "-f", path, "-t", str(count), "postgres")
    assert f"number of transactions actually processed: {count}/{count}" in said, said
    return float(re.search(r"tps = ([0-9.]+)", said).group(1))


shutil.rmtree(FOLDER, ignore_errors=True)
os.makedirs(FOLDER)
if os.getuid() == 0:
    shutil.chown(FOLDER, "postgres", "postgres")
data = os.path.join(FOLDER, "data")
as_postgres("initdb", "-D", data, "-A", "trust", "-U", "postgres", "--no-sync")
as_postgres("pg_ctl", "-D", data, "-w", "-l", os.path.join(FOLDER, "log"), "-o",
            f"-c listen_addresses='' -c unix_socket_directories='{FOLDER}'", "start")
try:
    os.environ["PGUSER"] = "postgres"
    rng = random.Random(7)
    spans = []
    for i in range(BLOCKS):
        first = 1_000_000 + i * 100 + rng.randrange(20)
        spans.append((first, first + 20 + rng.randrange(60)))
    rng.shuffle(spans)
    as_postgres("psql", "-h", FOLDER, "-v", "ON_ERROR_STOP=1", "-q", "postgres", text=
                "CREATE TABLE block (span int8range NOT NULL, owner int NOT NULL, EXCLUDE USING gist (span WITH &&));"
                "CREATE SEQUENCE turn; CREATE TABLE wish (i bigint PRIMARY KEY, span int8range);\n"
                "COPY wish FROM stdin;\n"
                + "".join(f"{i + 1}\t[{a},{b})\n" for i, (a, b) in enumerate(spans)) + "\\.\nANALYZE wish;\n")
    claim = rate(CLAIM, BLOCKS)
    as_postgres("psql", "-h", FOLDER, "-q", "postgres", text="ANALYZE block;")
    print(json.dumps({"claim": claim, "owner": rate(OWNER, QUESTIONS), "next": rate(NEXT, SEARCHES)}))
finally:
    as_postgres("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    shutil.rmtree(FOLDER, ignore_errors=True)
