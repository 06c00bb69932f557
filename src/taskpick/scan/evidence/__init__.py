"""What settings and code show of the work together: brokers, limits, queues, answers."""
