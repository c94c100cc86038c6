# The commands of the course. `make lab` to learn, `make test` to verify.
# On another Python: make test PYTHON=python3.12 (which gets a .venv-3.12 of its own).

NEW_ENOUGH = import sys; sys.exit(sys.version_info < (3, 11))
KNOWN = import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))

ifdef PYTHON
  VENV := .venv-$(shell $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)
else
  # The first that the packages are there for; else one that is at least new enough, which is then told so.
  PYTHON := $(shell for test in '$(KNOWN)' '$(NEW_ENOUGH)'; do \
    for name in python3 python3.14 python3.13 python3.12 python3.11; do \
      if $$name -c "$$test" 2>/dev/null; then echo $$name; exit; fi; done; done)
  VENV := .venv
endif
COURSE = $(VENV)/bin/python -m course

.PHONY: lab test work check live solved schedule outputs bench lock clean python setup-lab setup-test

lab: setup-lab  ## open the course in JupyterLab
	@$(COURSE) lab $(if $(PORT),--port $(PORT))

work: setup-lab  ## lay out the learner's copies in work/, without opening them
	@$(COURSE) work

test: setup-test  ## run all that CI runs
	@$(VENV)/bin/python -m pytest -n 2 --dist loadscope $(ARGS)

check: setup-lab  ## verify the answers kept in answers/ (DIR=folder: another learner's, or a class; FRESH=1: all again)
	@$(COURSE) verify $(if $(FRESH),--fresh) "$(or $(DIR),answers)"

live: setup-lab  ## write the edition to type in front of a class: make live LESSON=03 (TO=folder: not live/)
	@$(COURSE) live $(or $(LESSON),$(error Which lesson? make live LESSON=03)) $(if $(TO),--to $(TO))

solved: setup-lab  ## write the edition with the reference answers: make solved LESSON=03 (TO=folder: not solved/)
	@$(COURSE) solved $(or $(LESSON),$(error Which lesson? make solved LESSON=03)) $(if $(TO),--to $(TO))

schedule: setup-lab  ## print plans for half a day, one day and two days of teaching (PLAN=one-day: one of them)
	@$(COURSE) schedule $(PLAN)

outputs: setup-test  ## execute the lessons again and store their outputs (LESSON=03: one of them)
	@$(COURSE) outputs $(LESSON)

bench: setup-test  ## what verifying all lessons costs (BENCH=chat: the chat room; see benchmarks/)
	@$(VENV)/bin/python -m benchmarks.$(or $(BENCH),notebooks) $(ARGS)

lock:  ## renew the locks from pyproject.toml
	@$(PYTHON) -m venv .venv-lock
	@.venv-lock/bin/python -m pip install --quiet --disable-pip-version-check uv
	@.venv-lock/bin/python course/desk/lock.py

clean:  ## remove what make has made, except what learners wrote (work/ and answers/ stay)
	rm -rf .venv .venv-* build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis

setup-lab: python
	@$(PYTHON) course/desk/venv.py lab --venv $(VENV)

setup-test: python
	@$(PYTHON) course/desk/venv.py test --venv $(VENV)

python:
	@$(if $(PYTHON),,echo "The course needs Python 3.11 or newer; this machine's python3 is" \
	  "$$(python3 -c 'import sys; print(sys.version.split()[0], "at", sys.executable)' 2>/dev/null || echo missing)." >&2; \
	  echo "Install a newer one, or name it: make lab PYTHON=/path/to/python3.12" >&2; exit 2)
	@$(PYTHON) -c '$(NEW_ENOUGH)' 2>/dev/null || { echo "The course needs Python 3.11 or newer; $(PYTHON) is" \
	  "$$($(PYTHON) -c 'import sys; print(sys.version.split()[0], "at", sys.executable)' 2>/dev/null || echo 'not a Python that starts')." >&2; \
	  echo "Name another one: make lab PYTHON=/path/to/python3.12" >&2; exit 2; }
