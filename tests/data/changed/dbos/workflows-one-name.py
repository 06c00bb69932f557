# changes: other-name-strands
"""DBOS whose workers all have one name."""

import dbos

init = dbos.DBOS.__init__


def of_one_name(self, *, config, **options):
    init(self, config={**config, "executor_id": "one"}, **options)


dbos.DBOS.__init__ = of_one_name
