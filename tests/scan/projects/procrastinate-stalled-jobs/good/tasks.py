from procrastinate import App, PsycopgConnector

app = App(connector=PsycopgConnector())


@app.task
def resize(path): ...


async def retry_stalled(manager):
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=30):
        await manager.retry_job(job)
