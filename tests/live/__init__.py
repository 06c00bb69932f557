"""Real servers, brokers and workers for the tests, each in a process that is surely ended."""
