# changes: dependency-outlives-the-task
"""FastAPI that starts tasks after everything else."""

import threading

from fastapi import BackgroundTasks


def add_task(self, function, *arguments, **options):
    threading.Timer(0.5, function, arguments, options).start()


BackgroundTasks.add_task = add_task
