from contextlib import contextmanager

from django.db import transaction

from .tasks import index


@contextmanager
def traced_transaction():
    with transaction.atomic():
        yield


def publish(page):
    with traced_transaction():
        page.save()
        index.delay(page.pk)
