from fastapi import BackgroundTasks, FastAPI

from tasks import resize

web = FastAPI()


@web.post("/")
def upload(path: str, background_tasks: BackgroundTasks):
    background_tasks.add_task(resize.send, path)
