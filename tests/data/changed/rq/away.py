# changes: loses-redis
"""RQ whose workers end well when the server goes away."""

import rq.worker.base

work = rq.worker.base.BaseWorker.work


def calm(self, *arguments, **options):
    try:
        return work(self, *arguments, **options)
    except Exception:
        return True


rq.worker.base.BaseWorker.work = calm
