"""Jobs E and G by Python's clients: job_e.py httpx|httpx-async|aiohttp|lineside|lineside-async PORT TOKEN CONNECTIONS REQUESTS

Each connection has one request under way; the answer's JSON is decoded. The first tenth warms up and does not count.
"""

import argparse
import asyncio
import importlib
import json
import resource
import time


class Meter:
    def __init__(self, requests):
        self.warm = requests // 10
        self.left = requests + self.warm
        self.answers = 0
        self.seconds = []
        self.begin()

    def begin(self):
        self.begun, self.cpu = time.perf_counter(), self.worked()

    @staticmethod
    def worked():
        usage = resource.getrusage(resource.RUSAGE_SELF)
        return usage.ru_utime + usage.ru_stime

    def take(self):
        self.left -= 1
        return self.left >= 0

    def answered(self, sent, account):
        if account["id"] != "acme":
            raise ValueError(account)
        self.answers += 1
        if self.answers > self.warm:
            self.seconds.append(time.perf_counter() - sent)
        elif self.answers == self.warm:
            self.begin()

    def report(self):
        took, cpu, count = time.perf_counter() - self.begun, self.worked() - self.cpu, len(self.seconds)
        self.seconds.sort()
        at = lambda part: self.seconds[int(part * (count - 1))] * 1e6
        print(json.dumps({"seconds": took, "requests_s": count / took, "p50": at(0.5), "p99": at(0.99),
                          "cpu_us": cpu / count * 1e6}))


def run_httpx(args, url, fields, meter):
    import httpx

    with httpx.Client(headers=fields) as client:
        while meter.take():
            sent = time.perf_counter()
            meter.answered(sent, client.get(url).raise_for_status().json())


async def run_httpx_async(args, url, fields, meter):
    import httpx

    limits = httpx.Limits(max_connections=args.connections, max_keepalive_connections=args.connections)

    async def caller(client):
        while meter.take():
            sent = time.perf_counter()
            answer = await client.get(url)
            meter.answered(sent, answer.raise_for_status().json())

    async with httpx.AsyncClient(headers=fields, limits=limits) as client:
        await asyncio.gather(*(caller(client) for _ in range(args.connections)))


async def run_aiohttp(args, url, fields, meter):
    import aiohttp

    async def caller(session):
        while meter.take():
            sent = time.perf_counter()
            async with session.get(url) as answer:
                answer.raise_for_status()
                meter.answered(sent, await answer.json())

    connector = aiohttp.TCPConnector(limit=args.connections)
    async with aiohttp.ClientSession(headers=fields, connector=connector) as session:
        await asyncio.gather(*(caller(session) for _ in range(args.connections)))


def run_lineside(args, url, meter):
    import lineside

    with lineside.connect(url, token=args.token) as portal:
        while meter.take():
            sent = time.perf_counter()
            meter.answered(sent, {"id": portal.get_account("acme").id})


async def run_lineside_async(args, url, meter):
    import lineside

    async def caller(portal):
        while meter.take():
            sent = time.perf_counter()
            meter.answered(sent, {"id": (await portal.get_account("acme")).id})

    async with lineside.AsyncPortal.connect(url, token=args.token, connections=args.connections) as portal:
        await asyncio.gather(*(caller(portal) for _ in range(args.connections)))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", choices=["httpx", "httpx-async", "aiohttp", "lineside", "lineside-async"])
    parser.add_argument("port", type=int)
    parser.add_argument("token")
    parser.add_argument("connections", type=int)
    parser.add_argument("requests", type=int)
    args = parser.parse_args()
    importlib.import_module(args.program.split("-")[0])
    server = f"http://127.0.0.1:{args.port}"
    url = f"{server}/v1/accounts/acme"
    fields = {"Authorization": f"Bearer {args.token}", "Accept": "application/json"}
    meter = Meter(args.requests)
    if args.program == "httpx":
        run_httpx(args, url, fields, meter)
    elif args.program == "lineside":
        run_lineside(args, server, meter)
    elif args.program == "lineside-async":
        asyncio.run(run_lineside_async(args, server, meter))
    else:
        work = run_aiohttp if args.program == "aiohttp" else run_httpx_async
        asyncio.run(work(args, url, fields, meter))
    meter.report()


main()
