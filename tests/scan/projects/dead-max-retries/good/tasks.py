from celery import Task, shared_task


class Patient(Task):
    autoretry_for = (OSError,)


@shared_task(max_retries=3, autoretry_for=(OSError,), time_limit=60)
def call_webhook(url): ...


@shared_task(bind=True, max_retries=3, time_limit=60)
def call_again(self, url):
    try:
        call_webhook(url)
    except OSError as error:
        raise self.retry(exc=error) from error


@shared_task(base=Patient, max_retries=3, time_limit=60)
def call_patiently(url): ...
