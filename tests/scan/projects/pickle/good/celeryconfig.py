task_serializer = "json"
accept_content = ["json"]
task_time_limit = 60
