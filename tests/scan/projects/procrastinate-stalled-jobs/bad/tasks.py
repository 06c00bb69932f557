from procrastinate import App, PsycopgConnector

app = App(connector=PsycopgConnector())


@app.task
def resize(path): ...
