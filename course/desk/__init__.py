"""The learner's desk: the environment, the copies in `work/`, JupyterLab, and what this machine can show."""
