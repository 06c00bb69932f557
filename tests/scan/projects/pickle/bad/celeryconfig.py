task_serializer = "pickle"
accept_content = ["pickle", "json"]
task_time_limit = 60
