from celery import Celery

app = Celery()
app.conf.update(task_time_limit=60)


@app.task
def tick(): ...
