"""serve_and_proxy: a server over an engine, a client of it, and a server over that client: a proxy, for free."""

import lineside

KEY = "made-at-random-and-kept-secret-32b"


def show(where: str, portal: lineside.Portal) -> None:
    """Whatever is written for a portal does not notice where it is."""
    print(f"{where}: {portal.get_account('harbour').name}")


with lineside.open() as near:
    near.create_account(id="harbour", name="Harbour Lines")
    show("here", near)

    # 127.0.0.1, a free port
    with near.serve(operator_token=KEY) as front, lineside.connect(front.url, token=KEY) as far:
        show("over HTTP", far)

        with far.serve(operator_token=KEY) as proxy, lineside.connect(proxy.url, token=KEY) as farther:
            show("through a proxy", farther)

            # A failure is the same failure everywhere.
            try:
                farther.get_account("nobody")
            except lineside.NotFound:
                print("not found")
