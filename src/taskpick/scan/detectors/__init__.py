"""What finds the hazards: a function for each rule of `rules.yaml`, by what they look at."""
