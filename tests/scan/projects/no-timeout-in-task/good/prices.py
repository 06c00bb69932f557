import requests


def current(is_remote=False):
    if is_remote:
        return requests.get("https://example.org/prices").json()
    return 1


def update():
    return requests.get("https://example.org/prices").json()
