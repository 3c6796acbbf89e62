"""A file a job: what is measured, on which sides, and what is asked. `job(quick)` makes it."""
