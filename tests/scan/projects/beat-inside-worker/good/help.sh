#!/bin/sh
echo "do not run celery -A tasks worker -B here"
