"""Codebooks: what is coded, by which rules, into which categories (data/curated/codebooks/*.toml).

A codebook says what its unit is: a measure by itself, a pair of a measure and one of a later edition, or a name that a
measure's text holds. A researcher adds one by adding a file; its codings need no further code (docs/coding.md).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from analysis.base import curated, paths
from analysis.base.errors import TableFaulty, UsageFault

Unit = Literal["measure", "pair", "name"]
# columns of every file of codings and of packets.csv, which are joined, and keys of answers
RESERVED = frozenset((
    "packet_id", "unit_id", "against", "to_id", "text_hash", "to_hash", "why", "pairs", "codebook", "version", "role",
    "coder", "kind", "model", "model_version", "prompt_hash", "date", "seed", "edition", "asked", "name", "names",
))  # fmt: skip
MOST_PAIRS = 10  # or names, that a coder may give of a measure, unless the codebook says otherwise
FURTHER = {"pair": "to_id", "name": "name"}  # by unit: what a row of codings is about, beside the measure


@curated.exact
@dataclass(frozen=True, kw_only=True)
class Category:
    """A value of a variable: what belongs to it, what does not, and invented examples.

    `absent`, of pairs: to give it says no more than not to name the pair.
    """

    category_id: curated.Name
    name_en: str
    name_ja: str
    definition: str
    includes: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    absent: bool = False
    sub_categories: tuple["Category", ...] = ()


@curated.exact
@dataclass(frozen=True, kw_only=True)
class Variable:
    """A question to the coder. Its categories are its own, those of another variable, or what is below those."""

    variable_id: curated.Name
    question: str
    category: tuple[Category, ...] = ()
    categories_of: str | None = None
    sub_categories_of: str | None = None
    optional: bool = False

    @property
    def above(self) -> str | None:
        """The variable whose categories, or what is below these, it takes."""
        return self.categories_of or self.sub_categories_of


@dataclass(frozen=True, kw_only=True)
class Codebook:
    """A codebook; `most` is how many pairs or names a coder may give of a measure.

    `only` limits the units to measures of that status in a later edition.
    """

    codebook_id: curated.Name
    version: str
    title: str
    unit: Unit
    rules: tuple[str, ...]
    variable: tuple[Variable, ...]
    most: int = MOST_PAIRS
    only: Literal["ended"] | None = None

    @property
    def key(self) -> list[str]:
        """The columns that say what a row of its codings is about."""
        return ["unit_id", *filter(None, [FURTHER.get(self.unit)])]

    @property
    def variables(self) -> list[str]:
        return [variable.variable_id for variable in self.variable]

    @property
    def needed(self) -> list[str]:
        """The variables that must be coded wherever they have categories."""
        return [variable.variable_id for variable in self.variable if not variable.optional]

    def named(self, variable_id: str) -> Variable:
        """Return a variable by its name."""
        return next(variable for variable in self.variable if variable.variable_id == variable_id)

    def categories(self, variable_id: str) -> list[Category]:
        """Return every category that a variable can have, sub-categories in the order of those above them."""
        variable = self.named(variable_id)
        if variable.sub_categories_of:
            return [sub for above in self.categories(variable.sub_categories_of) for sub in above.sub_categories]
        return self.categories(variable.categories_of) if variable.categories_of else list(variable.category)

    def absent(self, variable_id: str) -> list[str]:
        """Return the categories of a pair's variable that say no more than not to name the pair."""
        return [category.category_id for category in self.categories(variable_id) if category.absent]

    def choices(self, variable_id: str) -> list[str]:
        """Return the identifiers of a variable's categories."""
        return [category.category_id for category in self.categories(variable_id)]

    def fault(self, values: Mapping[str, str | None], asked: Collection[str] = ()) -> str | None:
        """Say what is wrong with the values of a unit, by variable; None for nothing.

        `asked`: the variables to look at, all unless given; that above one of them may then be unknown.
        """
        for variable in self.variable:
            name, value = variable.variable_id, values.get(variable.variable_id)
            if asked and name not in asked:
                continue
            unknown = variable.above is not None and values.get(variable.above) is None
            if value is None:
                if (asked and unknown and not variable.optional) or self._needed(variable, values):
                    return f"{name} is missing"
                continue
            if value not in self.choices(name):
                return f"{name} {curated.plain(value)!r} is no category: choose one of {', '.join(self.choices(name))}"
            if variable.categories_of and value == values.get(variable.categories_of):
                return f"{name} repeats {variable.categories_of}: leave it empty"
            if variable.sub_categories_of and not (asked and unknown) and value not in self.below(name, values):
                above = variable.sub_categories_of
                return f"{name} {value} does not belong to {above} {values[above]}"
        return None

    def _needed(self, variable: Variable, values: Mapping[str, str | None]) -> bool:
        return bool(self.below(variable.variable_id, values)) if variable.sub_categories_of else not variable.optional

    def below(self, variable_id: str, values: Mapping[str, str | None]) -> list[str]:
        """Return the sub-categories that a variable can have, by the value of the variable above it."""
        variable = self.named(variable_id)
        above = values.get(variable.sub_categories_of or "")
        categories = self.categories(variable.sub_categories_of or "")
        return [sub.category_id for c in categories if c.category_id == above for sub in c.sub_categories]


def codebook(codebook_id: str) -> Codebook:
    """Return a codebook. Raises UsageFault where there is none of this name, TableFaulty where it is faulty."""
    if codebook_id not in (names := codebook_ids()):
        raise UsageFault(f"codebook {codebook_id!r} does not exist: choose one of {', '.join(names) or 'none'}")
    file = folder() / f"{codebook_id}.toml"
    book = curated.entries(Codebook, curated.toml(file), file)[0]
    if fault := _fault(book, codebook_id):
        raise TableFaulty(f"{file}: {fault}; {curated.MEND}")
    return book


def codebook_ids() -> list[str]:
    """Return the names of the codebooks in data/curated/codebooks, sorted."""
    return sorted(file.stem for file in folder().glob("*.toml"))


def folder() -> Path:
    return paths.curated() / "codebooks"


def _fault(book: Codebook, name: str) -> str | None:
    """What is wrong with a codebook as a whole."""
    if book.codebook_id != name:
        return f"codebook_id is {book.codebook_id!r}, but the file is called {name}"
    if book.only and book.unit != "measure":
        return f"{book.unit}s cannot be limited by a status: leave only out"
    if not book.variable or len(set(book.variables)) < len(book.variables):
        return "it needs a variable, each with a name of its own"
    if taken := RESERVED & set(book.variables):
        return f"no variable may be called {min(taken)}"
    for variable in book.variable:
        if (above := variable.above) and above not in book.variables[: book.variables.index(variable.variable_id)]:
            return f"{variable.variable_id} takes the categories of {above}, which is no earlier variable"
        if sum(map(bool, (variable.category, variable.categories_of, variable.sub_categories_of))) != 1:
            return f"{variable.variable_id} needs categories: its own, or those of an earlier variable"
        ids = book.choices(variable.variable_id)
        if len(set(ids)) < max(len(ids), 2):
            return f"{variable.variable_id} needs two categories or more, each with a name of its own"
    return None
