import prices
import requests
from redis import Redis
from rq.decorators import job

TIMEOUT = {"timeout": 10}


@job("default", connection=Redis())
def warn(url):
    requests.post(url, json={"price": prices.current()}, timeout=10)
    requests.post(url, **TIMEOUT)


@job("default", connection=Redis(), timeout=30)
def report(url):
    requests.post(url)
