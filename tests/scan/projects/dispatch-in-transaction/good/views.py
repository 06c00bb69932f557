from django.db import transaction

from .tasks import index


def publish(page):
    with transaction.atomic():
        page.save()
        transaction.on_commit(lambda: index.delay(page.pk))


def look(page):
    with transaction.atomic(using="replica"):
        page.save()
        index.delay(page.pk)


def either(page, new):
    with transaction.atomic():
        if new:
            page.save()
        else:
            index.delay(page.pk)


def before(page):
    with transaction.atomic():
        index.delay(page.pk)
