# Two commands: `make report` makes the annual report, `make test` proves that the workspace is sound.
# Both make the environment first where it is missing. Everything here works without make, too: see README.md.

PYTHON ?= python3
# an active conda environment that has the packages serves as it is; else .venv is made
CONDA := $(if $(CONDA_PREFIX),$(shell "$(CONDA_PREFIX)/bin/python" -m analysis setup --check >/dev/null 2>&1 && echo yes))
BIN := $(if $(CONDA),$(CONDA_PREFIX)/bin,.venv/bin)
READY := $(if $(CONDA),,.venv/.ready)

EDITION ?= 2026
BASELINE ?= 2019
REPORT_LANG ?= en
# other parameters of the notebooks, such as PARAMS="seed=1 strictness=1.2"
PARAMS ?=
# a folder in which to look for the documents first
DOCUMENTS ?=
# anything: run all notebooks, whatever has changed
FRESH ?=
# options of JupyterLab, such as LAB="--port 9000 --no-browser"
LAB ?=

.PHONY: report test notebooks lab bench fuzz lint export clean lock setup

report: $(READY)
	@$(BIN)/python -m analysis report --edition $(EDITION) --baseline $(BASELINE) --lang $(REPORT_LANG) \
		$(foreach p,$(PARAMS),-p $(p)) $(if $(DOCUMENTS),--from "$(DOCUMENTS)") $(if $(FRESH),--fresh)

test: $(READY)
	@$(BIN)/python -m analysis test $(if $(DOCUMENTS),--from "$(DOCUMENTS)")

# runs the notebooks and keeps their outputs, after a change that alters results
notebooks: $(READY)
	@$(BIN)/python -m analysis notebooks

lab: $(READY)
	@$(BIN)/python -m analysis lab $(LAB)

setup:
	@$(PYTHON) -m analysis setup

export: $(READY)
	@$(BIN)/python -m analysis export $(or $(OUT),reports/export)

# tomotopy, rapidfuzz, datasketch, pynormalizenumexp, ja-timex and edgeparse serve as peers where they can be installed
bench: export PYTHONPATH = tests:tests/extraction:tests/documents
bench: $(READY)
	$(BIN)/python tests/benchmarks/bench_report.py tests
	$(BIN)/python tests/benchmarks/bench_parsing.py
	@for peer in tomotopy rapidfuzz datasketch pynormalizenumexp ja-timex edgeparse; do $(BIN)/python -m pip install --quiet $$peer || true; done
	$(BIN)/python tests/benchmarks/bench_pdf.py
	$(BIN)/python tests/benchmarks/bench_topics.py
	$(BIN)/python tests/benchmarks/bench_links.py
	$(BIN)/python tests/benchmarks/bench_codings.py
	$(BIN)/python tests/benchmarks/bench_figures.py
	$(BIN)/python tests/benchmarks/bench_ties.py

# hostile input, for longer than `make test`: files that take as long as a file may, then SECONDS of fuzzing on each
# entry (or on ENTRY), where atheris can be installed
SECONDS ?= 120
fuzz: $(READY)
	$(BIN)/python tests/fuzz.py slow
	@$(BIN)/python -m pip install --quiet atheris || echo "atheris cannot be installed here: no more is fuzzed."
	@! $(BIN)/python -c "import atheris" 2>/dev/null || for entry in $(or $(ENTRY),$$($(BIN)/python tests/fuzz.py list)); do \
		echo "$$entry"; $(BIN)/python tests/fuzz.py $$entry $(SECONDS) || exit 1; done

lint: $(READY)
	@$(BIN)/python -m analysis lint

clean:
	rm -rf .venv reports/2* reports/draft reports/failed reports/.steps

# newest versions that fit pyproject.toml, with hashes; environment.yml follows
lock: $(READY)
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --upgrade --universal --generate-hashes --python-version 3.11 --extra dev \
		--no-header --no-annotate --quiet pyproject.toml --output-file requirements.lock
	$(BIN)/python .ci/environment.py > environment.yml

.venv/.ready: requirements.lock pyproject.toml
	@$(PYTHON) -m analysis setup
