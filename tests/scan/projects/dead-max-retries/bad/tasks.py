from celery import shared_task


@shared_task(max_retries=3, time_limit=60)
def call_webhook(url): ...
