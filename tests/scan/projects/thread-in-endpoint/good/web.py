import threading

from fastapi import APIRouter

router = APIRouter()


def export(): ...


@router.post("/export")
def start_export():
    thread = threading.Thread(target=export)
    thread.start()
    thread.join(timeout=5)


def main():
    threading.Thread(target=export).start()
