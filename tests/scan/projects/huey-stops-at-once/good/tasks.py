from huey import SqliteHuey

huey = SqliteHuey("jobs.db")


@huey.task()
def resize(path): ...
