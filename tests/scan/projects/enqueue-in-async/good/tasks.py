from celery import Celery

app = Celery(broker="redis://localhost")
app.conf.task_time_limit = 60


@app.task
def send_mail(address): ...
