"""embed: accounts, people and rights in a file of the program's own, without a network or a server."""

import sys
from pathlib import Path

import lineside

database = Path(sys.argv[2]) / "portal.db"
email, password = "robin@harbour.example", "correct horse battery staple"

with lineside.open(database) as portal:
    portal.create_account(id="harbour", name="Harbour Lines")
    portal.import_file(sys.argv[1])
    portal.create_contact("harbour", name="Robin Example", email=email, role="manager", password=password)

    # Signing in gives a token; the portal of whoever holds it sees what that one may.
    token = portal.sign_in(email, password=password).token

# Another run of the program: all of it is in the file.
with lineside.open(database) as portal:
    robins = portal.as_(token)
    mine = robins.get_account()  # no id: one's own
    print(f"{mine.name}: {len(robins.query_calls())} calls on the first page")
    try:
        robins.create_account(id="quay")
    except lineside.PermissionDenied:
        print("not permitted")
