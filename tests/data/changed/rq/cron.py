# changes: cron
"""RQ whose cron keeps UTC."""

import time

time.tzset = lambda: None
