# changes: default-timeout past-its-timeout needs-a-scheduler listed-delays returned-retry status
# changes: gone-after-result-ttl child-of-a-failure loop-per-coroutine pickled
"""RQ with other defaults, a scheduler in every worker, one loop, and jobs as JSON."""

import asyncio
import inspect

import rq
import rq.defaults
import rq.job
import rq.serializers
import rq.timeouts
import rq.worker.base

rq.Queue.DEFAULT_TIMEOUT = 60
rq.defaults.DEFAULT_RESULT_TTL = 5
rq.timeouts.UnixSignalDeathPenalty.setup_death_penalty = lambda self: None
rq.Retry.__signature__ = inspect.Signature()
rq.job.Job.status = "queued"
rq.job.Job.get_retry_interval = lambda self: 7
rq.serializers.DefaultSerializer.dumps = rq.serializers.JSONSerializer.dumps
rq.serializers.DefaultSerializer.loads = rq.serializers.JSONSerializer.loads

work = rq.worker.base.BaseWorker.work


def scheduling(self, *arguments, **options):
    return work(self, *arguments, **{**options, "with_scheduler": True})


rq.worker.base.BaseWorker.work = scheduling

create = rq.job.Job.create.__func__


def tolerant(cls, *arguments, **options):
    parent = options.get("depends_on")
    if isinstance(parent, rq.job.Job):
        options["depends_on"] = rq.job.Dependency(jobs=[parent], allow_failure=True)
    return create(cls, *arguments, **options)


rq.job.Job.create = classmethod(tolerant)

loop = asyncio.new_event_loop()


def execute(self):
    result = self.func(*self.args, **self.kwargs)
    return loop.run_until_complete(result) if asyncio.iscoroutine(result) else result


rq.job.Job._execute = execute
