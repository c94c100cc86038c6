# The commands of the course. `make lab` to learn, `make test` to verify.
# On another Python: make test PYTHON=python3.12 (which gets a .venv-3.12 of its own).

# The Pythons that the locks hold packages for: a newer one would compile them, or find none.
KNOWN := $(shell sed -n 's/.*"Programming Language :: Python :: \(3\.[0-9]*\)".*/\1/p' pyproject.toml | sort -r)
IS_KNOWN = import sys; sys.exit("%d.%d" % sys.version_info[:2] not in "$(KNOWN)".split())

ifdef PYTHON
  VENV := .venv-$(shell $(PYTHON) -I -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)
else
  PYTHON := $(firstword $(foreach name,python3 $(addprefix python,$(KNOWN)),\
    $(if $(shell $(name) -I -c '$(IS_KNOWN)' 2>/dev/null && echo yes),$(name))))
  VENV := .venv
endif
COURSE = $(VENV)/bin/python -m course

# What a user has set for other programs in Python: another place of the standard library or of packages.
unexport PYTHONHOME PYTHONPATH PYTHONPLATLIBDIR PYTHONSAFEPATH PYTHONSTARTUP PYTHONINSPECT PYTHONWARNINGS

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
	@$(PYTHON) -I -m venv .venv-lock
	@.venv-lock/bin/python -I -m pip install --quiet --disable-pip-version-check uv
	@.venv-lock/bin/python -I course/desk/lock.py

clean:  ## remove what make has made, except what learners wrote (work/ and answers/ stay)
	rm -rf .venv .venv-* build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis

setup-lab: python
	@$(PYTHON) -I course/desk/venv.py lab --venv $(VENV)

setup-test: python
	@$(PYTHON) -I course/desk/venv.py test --venv $(VENV)

python:
	@$(or $(PYTHON),false) -I -c '$(IS_KNOWN)' 2>/dev/null || { \
	  echo "The course runs on Python $(lastword $(KNOWN)) to $(firstword $(KNOWN)); $(or $(PYTHON),this machine's python3) is" \
	    "$$($(or $(PYTHON),python3) -I -c 'import sys; print(sys.version.split()[0], "at", sys.executable)' 2>/dev/null \
	    || echo $(if $(PYTHON),not a Python that starts,missing))." \
	    "Install one of these, or name it: make lab PYTHON=python$(firstword $(KNOWN))" >&2; exit 2; }
