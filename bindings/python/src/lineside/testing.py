"""Real servers for tests, on stores of their own; and fixtures of pytest, which finds them by itself:

def test_screen_pop(lineside_server):
    lineside_server.operator.create_account(id="acme")
    with lineside_server.connect() as portal:
        assert portal.get_channels("acme").in_use == 0
"""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from ._async_portal import AsyncPortal
from ._portal import Portal
from ._server import Server
from ._values import EngineIdentity

# Quick, and no safer than a test needs.
IDENTITY = EngineIdentity(password_memory_kib=64, password_passes=1)


@dataclass(frozen=True, slots=True)
class RunningServer:
    """A server over an engine of its own."""

    server: Server
    operator: Portal
    """the engine, as the operator sees it"""
    token: str
    """of the operator, over HTTP"""

    @property
    def url(self) -> str:
        return self.server.url

    def connect(self, token: str | None = None) -> Portal:
        """A client of it; the operator's, unless another token is given."""
        return Portal.connect(self.url, token=self.token if token is None else token)

    def connect_async(self, token: str | None = None) -> AsyncPortal:
        return AsyncPortal.connect(self.url, token=self.token if token is None else token)


@contextmanager
def running_server() -> Iterator[RunningServer]:
    """Serves a temporary store on a free port of this machine until the block ends."""
    token = secrets.token_urlsafe(32)
    with (
        tempfile.TemporaryDirectory(prefix="lineside-") as folder,
        Portal.open(Path(folder) / "lineside.db", identity=IDENTITY) as operator,
        operator.serve(operator_token=token) as server,
    ):
        yield RunningServer(server, operator, token)


@pytest.fixture
def lineside_portal() -> Iterator[Portal]:
    """An engine in memory, as the operator sees it."""
    with Portal.open(identity=IDENTITY) as portal:
        yield portal


@pytest.fixture
def lineside_server() -> Iterator[RunningServer]:
    """A server over an engine of its own."""
    with running_server() as running:
        yield running
