# changes: killed-job
"""RQ that never looks for jobs whose worker is gone."""

import rq.registry

rq.registry.StartedJobRegistry.cleanup = lambda self, *_, **__: []
