#!/bin/sh
CELERYD_OPTS="--time-limit=300"
exec celery -A tasks worker $CELERYD_OPTS
