#!/bin/sh
exec celery -A tasks worker \
  --time-limit 300
