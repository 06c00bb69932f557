from fastapi import BackgroundTasks, Depends, FastAPI
from sqlalchemy.orm import Session

web = FastAPI()


def get_db():
    with Session() as session:
        yield session


def current_user():
    return 1


def count(user):
    with Session() as session:
        session.add(user)


@web.get("/")
def index(
    background: BackgroundTasks,
    db: Session = Depends(get_db),
    user: int = Depends(current_user),
):
    background.add_task(count, user)
