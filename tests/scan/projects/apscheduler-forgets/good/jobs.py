from datetime import datetime, timedelta

from apscheduler.schedulers.background import BackgroundScheduler

scheduler = BackgroundScheduler(jobstores={"default": {"type": "sqlalchemy"}})


def remind(user): ...


def book(user):
    scheduler.add_job(remind, "date", run_date=datetime.now() + timedelta(hours=3), args=[user])
