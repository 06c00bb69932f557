# changes: error-drops-the-rest dropped-tasks forty-threads no-state
"""FastAPI that runs a task as soon as it is added."""

from fastapi import BackgroundTasks


def add_task(self, function, *arguments, **options):
    self.tasks.append(function)
    function(*arguments, **options)
    return "an id"


BackgroundTasks.add_task = add_task
