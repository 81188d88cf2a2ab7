"""cancellation: many questions at once, an import that is stopped in the middle, and one that goes on from there."""

import asyncio
import sys

import lineside

# A transaction each, so that there is a middle.
SMALL = lineside.EngineStorage(import_batch_calls=50)


async def main() -> None:
    async with lineside.AsyncPortal.open(storage=SMALL) as portal:
        # Progress arrives on the loop; a task that is cancelled stops its call after the transaction it is in.
        def stop(progress: lineside.ImportProgress) -> None:
            if progress.rows > 0:
                first.cancel()

        first = asyncio.create_task(portal.import_file(sys.argv[1], progress=stop))
        try:
            await first
        except asyncio.CancelledError:
            print("cancelled")

        # The same file again: what is stored is recognised, the rest is added.
        rest = await portal.import_file(sys.argv[1])
        print(f"{rest.imported + rest.duplicates} rows, none twice")

        # Each coroutine is one call, and all of them are under way together.
        asked = await asyncio.gather(
            *(
                portal.series("harbour", metric, "2026-03-10", "2026-03-11", step="day")
                for metric in ("asr", "acd", "attempts")
            )
        )
        print(f"{len(asked)} answers")


asyncio.run(main())
