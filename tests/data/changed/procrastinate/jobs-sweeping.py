# changes: killed-job
"""Procrastinate whose workers retry stalled jobs."""

import asyncio

import procrastinate.worker

run = procrastinate.worker.Worker.run


async def sweeping(self):
    async def loop():
        while True:
            await asyncio.sleep(3)
            for job in await self.app.job_manager.get_stalled_jobs(seconds_since_heartbeat=12):
                await self.app.job_manager.retry_job(job)

    sweeper = asyncio.ensure_future(loop())
    try:
        await run(self)
    finally:
        sweeper.cancel()


procrastinate.worker.Worker.run = sweeping
