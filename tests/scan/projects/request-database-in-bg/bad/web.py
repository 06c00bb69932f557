from typing import Annotated

from fastapi import BackgroundTasks, Depends, FastAPI
from sqlalchemy.orm import Session

web = FastAPI()


def get_db():
    with Session() as session:
        yield session


def count(db, user): ...


@web.get("/")
def index(background: BackgroundTasks, db: Annotated[Session, Depends(get_db)]):
    background.add_task(count, db, 1)
