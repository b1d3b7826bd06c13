"""ro-crate-metadata.json of a report: what it was made of, with which software and parameters, and what each file is.

It follows RO-Crate 1.1 and its profile Process Run Crate 0.5, the newest pair that a validator knows: the run and each
of its notebooks are actions with what went in and what came out. Documents and curated files are described, and are no
part of the crate: the former belong to their publishers, the latter to the workspace. What stands in it follows from
run.json and the files that run.json names, so that two equal runs differ in the times of run.json alone.
"""

import json
import mimetypes
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from rocrate.model import ContextEntity
from rocrate.rocrate import ROCrate

from analysis import __released__, __version__
from analysis.documents import manifest
from analysis.export import datapackage
from analysis.export.citation import Citation

FILE = "ro-crate-metadata.json"
VERSION = "1.1"
PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
TERMS = {"sha256": "https://w3id.org/ro/terms/workflow-run#sha256"}  # that RO-Crate 1.1 lacks
COMPLETED = "http://schema.org/CompletedActionStatus"
SPDX_MIT = "https://spdx.org/licenses/MIT"
PAGE = "report.html"
LAST_NOTEBOOK = "05_report"  # it writes page, figures and tables
NO_PACKAGES = ("platform", "commit")  # among the versions of run.json
TYPES = {
    ".ipynb": "application/x-ipynb+json", ".parquet": "application/vnd.apache.parquet", ".json": "application/json",
    ".csv": "text/csv", ".html": "text/html", ".svg": "image/svg+xml", ".png": "image/png", ".txt": "text/plain",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip
Run = Mapping[str, Any]  # what run.json holds
Properties = dict[str, Any]


def make(folder: Path, run: Run) -> bytes:
    """Return the crate's metadata for the report in `folder`, of which `run` is what its run.json holds."""
    return _Maker(folder, run).made()


class _Maker:
    """Adds entities to a crate; `about` says in which language their names are."""

    def __init__(self, folder: Path, run: Run) -> None:
        self.folder, self.run = folder, run
        choice = run["parameters"]
        self.about = Citation(choice["language"], choice["edition"], choice["baseline"], run["versions"].get("commit"))
        self.crate = ROCrate(version=VERSION)
        self.crate.metadata.extra_terms = TERMS
        self.tables = _tables(folder)

    def made(self) -> bytes:
        self._root()
        workspace = self._software()
        documents = [self._document(document) for document in manifest.documents()]
        read = [entity for entity in documents if self._checksum_of_document(entity["identifier"])]
        curated = [self._input(path) for path in self.run["inputs"] if path.startswith("data/curated/")]
        curated.append(self._input("data/raw/manifest.toml"))
        parameters = {name: self._parameter(name, value) for name, value in self.run["parameters"].items()}
        results = {path: self._result(path) for path in self.run["outputs"]}
        actions = [self._run(workspace, [*read, *curated, *parameters.values()], list(results.values()))]
        actions += [self._notebook(name, parameters, results) for name in sorted(self.run["notebooks"])]
        root = self.crate.root_dataset
        root["isBasedOn"], root["mentions"] = _compact(documents), _compact(actions)
        if PAGE in results:
            root["mainEntity"] = results[PAGE]
        for path, description in (("run.json", self.about.gettext("What the report was made from")),
                                  ("log.txt", self.about.gettext("What the run reported"))):  # fmt: skip
            self._file(path, path, description)["about"] = actions[0]  # no checksum: they hold times
        content = json.dumps(self.crate.metadata.generate(), ensure_ascii=False, indent=1)
        return (content + "\n").encode()

    def _add(self, entity_id: str, kind: str, /, **properties: Any) -> Any:
        """Add what is no file of the report; properties without a value are left out."""
        known = {name: _compact(value) for name, value in properties.items() if value not in (None, "", [])}
        return self.crate.add(ContextEntity(self.crate, entity_id, {"@type": kind, **known}))

    def _root(self) -> None:
        root = self.crate.root_dataset
        root["name"] = self.about.gettext(
            "Report on the {edition} plan (baseline {baseline})", edition=self.about.edition,
            baseline=self.about.baseline,
        )  # fmt: skip
        what = self.about.gettext(
            "What Japan's Intellectual Property Strategic Program (知的財産推進計画) holds, what became of measures of "
            "earlier ones, and whether targets are being met: a page with its figures and tables, and the notebooks "
            "that made them."
        )  # fmt: skip
        root["description"] = f"{what} {self.about.text}"
        root["datePublished"] = self.run["ended"]
        root["inLanguage"] = self.about.language
        root["version"] = __version__
        root["author"] = self._add("#authors", "Organization", name=self.about.authors)
        root["license"] = self._add(SPDX_MIT, "CreativeWork", name="MIT License", description=self.about.licence)
        profile = self._add(PROFILE, "CreativeWork", name="Process Run Crate", version=PROFILE.rpartition("/")[2])
        root["conformsTo"] = profile

    def _software(self) -> Any:
        """The workspace with the packages that it used."""
        versions: dict[str, str] = self.run["versions"]
        packages = [
            self._add(f"#software-{quote(name)}", "SoftwareApplication", name=name, softwareVersion=version)
            for name, version in versions.items()
            if name not in NO_PACKAGES
        ]
        commit = versions.get("commit")
        if commit:
            commit = self._add("#commit", "PropertyValue", name="commit", propertyID="git", value=commit)
        return self._add(
            "#workspace", "SoftwareApplication", name="IP plan workspace", softwareVersion=__version__,
            datePublished=__released__, identifier=commit, operatingSystem=versions.get("platform"),
            softwareRequirements=packages,
            license=self.crate.get(SPDX_MIT), author=self.crate.get("#authors"),
        )  # fmt: skip

    def _checksum_of_document(self, doc_id: str) -> str | None:
        checksum = self.run["inputs"].get(f"data/raw/{doc_id}.txt")
        return None if checksum is None else str(checksum)

    def _document(self, document: manifest.Document) -> Any:
        """A document that the report is about, as its publisher has it."""
        publisher = self._add(f"#publisher-{quote(document.publisher)}", "Organization", name=document.publisher)
        licence = self._add(f"#terms-{quote(document.licence)}", "CreativeWork", name=document.licence)
        return self._add(
            f"#document-{document.doc_id}", "CreativeWork", name=document.title, identifier=document.doc_id,
            publisher=publisher, license=licence, url=document.address, datePublished=str(document.edition),
            creativeWorkStatus=document.status, inLanguage="ja", sha256=document.sha256,
            contentSize=str(document.bytes),
            description=None if self._checksum_of_document(document.doc_id) else self.about.gettext(
                "It was not at hand: its facts are those of the committed tables."
            ),
        )  # fmt: skip

    def _input(self, path: str) -> Any:
        """A file of the workspace that the run read."""
        return self._add(f"#{quote(path)}", "CreativeWork", name=path, sha256=self.run["inputs"].get(path),
                         isPartOf=self.crate.get("#workspace"))  # fmt: skip

    def _parameter(self, name: str, value: Any) -> Any:
        return self._add(f"#parameter-{name}", "PropertyValue", name=name, value=str(value))

    # --- files of the report

    def _file(self, path: str, name: str, description: str | None, sha256: str | None = None) -> Any:
        suffix = Path(path).suffix
        properties: Properties = {"name": name, "encodingFormat": TYPES.get(suffix) or mimetypes.guess_type(path)[0]}
        properties["description"], properties["sha256"] = description, sha256
        if sha256:
            properties["contentSize"] = str((self.folder / path).stat().st_size)
        known = {key: value for key, value in properties.items() if value}
        return self.crate.add_file(self.folder / path, path, properties=known)

    def _result(self, path: str) -> Any:
        """A file that the run wrote."""
        name, description = self._said(path)
        entity = self._file(path, name, description, self.run["outputs"][path])
        entity["license"] = self.crate.get(SPDX_MIT)
        if self._holds_texts(path):
            terms = self.about.texts(True)
            entity.append_to("license", self._add("#texts", "CreativeWork", name=terms, description=self.about.licence))
        if path.startswith("tables/benchmark."):
            entity["measurementTechnique"] = self.about.gettext(
                "coded twice, by coders who did not know of each other; what they differ in is adjudicated"
            )
        return entity

    def _said(self, path: str) -> tuple[str, str | None]:
        """Return name and description of a file of the report."""
        folder, _, name = path.rpartition("/")
        stem = name.partition(".")[0]
        if path == PAGE:
            return self.crate.root_dataset["name"], self.about.gettext("The page that people read")
        if folder == "figures":
            return _figure(self.folder / folder / f"{stem}.vl.json", name)
        if folder == "tables" and stem in self.tables:
            return self.tables[stem]["title"], self.tables[stem]["description"]
        if folder == "tables":
            return self.about.title, None
        if folder == "notebooks":
            return name, self.about.gettext("Notebook as it was executed")
        return name, None

    def _holds_texts(self, path: str) -> bool:
        """Whether a file may hold sentences of the documents: if a table does, all but figures and other tables."""
        closed = {name for name, table in self.tables.items() if len(table.get("licenses", [])) > 1}
        folder, _, name = path.rpartition("/")
        stem, _, kind = name.partition(".")
        return bool(closed) and folder != "figures" and (folder != "tables" or stem in closed or kind == "xlsx")

    # --- actions

    def _run(self, workspace: Any, objects: list[Any], results: list[Any]) -> Any:
        choice = dict(self.run["parameters"])
        options = [f"--{name} {choice.pop(key)}" for name, key in
                   (("edition", "edition"), ("baseline", "baseline"), ("lang", "language"))]  # fmt: skip
        options += [f"-p {name}={value}" for name, value in choice.items()]
        return self._add(
            "#run", "CreateAction", name=self.about.gettext("Run that made the report"),
            description=" ".join(["python -m analysis report", *options]),
            startTime=self.run["started"], endTime=self.run["ended"], actionStatus=COMPLETED,
            instrument=workspace, object=objects, result=results,
        )  # fmt: skip

    def _notebook(self, name: str, parameters: Mapping[str, Any], results: Mapping[str, Any]) -> Any:
        """A notebook's execution: its parameters as it was given them, and what it wrote into the report."""
        source = self._add(
            f"#notebook-{name}", "SoftwareApplication", name=f"notebooks/{name}.ipynb", softwareVersion=__version__,
            sha256=self.run["inputs"].get(f"notebooks/{name}.ipynb"), isPartOf=self.crate.get("#workspace"),
        )  # fmt: skip
        executed = f"notebooks/{name}.ipynb"
        lines = list(_injected(self.folder / executed))
        own = [entity for key, entity in parameters.items() if any(line.startswith(f"{key} =") for line in lines)]
        written = [executed] + [path for path in results if name == LAST_NOTEBOOK and not path.startswith("notebooks/")]
        return self._add(
            f"#run-{name}", "CreateAction", name=self.about.gettext("Execution of notebook {name}", name=name),
            description="; ".join(lines), actionStatus=COMPLETED, instrument=source, object=own,
            result=[results[path] for path in written if path in results],
        )  # fmt: skip


def _compact(value: Any) -> Any:
    """Return what a list of one holds, as RO-Crate recommends, and anything else as it is."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _tables(folder: Path) -> dict[str, Properties]:
    """Return what datapackage.json says of the tables by name; nothing where there is none."""
    file = folder / "tables" / datapackage.FILE
    if not file.exists():
        return {}
    return {resource["name"]: resource for resource in json.loads(file.read_text(encoding="utf-8"))["resources"]}


def _figure(chart: Path, name: str) -> tuple[str, str | None]:
    """Return a figure's title and the text that stands for it, both from its chart."""
    if not chart.exists():
        return name, None
    spec = json.loads(chart.read_text(encoding="utf-8"))
    title = spec.get("title", name)
    title = title["text"] if isinstance(title, dict) else title
    return " ".join(title) if isinstance(title, list) else title, spec.get("description")


def _injected(notebook: Path) -> Iterator[str]:
    """Yield the lines with which Papermill set a notebook's parameters."""
    if not notebook.exists():
        return
    cells: Iterable[Properties] = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    for cell in cells:
        if "injected-parameters" in cell["metadata"].get("tags", []):
            yield from (line for line in "".join(cell["source"]).splitlines() if line and not line.startswith("#"))
