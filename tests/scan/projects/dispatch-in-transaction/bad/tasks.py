from celery import shared_task


@shared_task(time_limit=60)
def index(pk): ...
