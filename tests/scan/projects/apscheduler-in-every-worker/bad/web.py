from apscheduler.schedulers.background import BackgroundScheduler
from fastapi import FastAPI

web = FastAPI()
scheduler = BackgroundScheduler()


def send_report(): ...


scheduler.add_job(send_report, "cron", hour=7)
scheduler.start()
