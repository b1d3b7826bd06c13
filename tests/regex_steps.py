"""Counts the steps that a backtracking matcher takes on a text, so that a pattern is judged without a clock.

Interprets the tree that `re` itself parses a pattern into, in the order in which `re` tries its parts; every character
looked at is a step. Python's own matcher has shortcuts beside, so it takes no more than this.
"""

import re
from collections.abc import Callable, Iterator
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser
from typing import Any

Next = Callable[[int], int | None]  # what must match behind; where it ends, or None
Matcher = Callable[[int, Next], int | None]
CATEGORIES = {
    codes.CATEGORY_DIGIT: str.isdecimal, codes.CATEGORY_SPACE: str.isspace,
    codes.CATEGORY_WORD: lambda character: character.isalnum() or character == "_",
    codes.CATEGORY_NOT_DIGIT: lambda character: not character.isdecimal(),
    codes.CATEGORY_NOT_SPACE: lambda character: not character.isspace(),
    codes.CATEGORY_NOT_WORD: lambda character: not (character.isalnum() or character == "_"),
}  # fmt: skip


class TooManySteps(Exception):
    """More steps than were allowed."""


class Counter:
    """The steps of one pattern on one text after another."""

    def __init__(self, pattern: re.Pattern[str], text: str = "", most: int = 1_000_000) -> None:
        self.flags, self.bound = pattern.flags, 0  # the largest bound of a repetition
        self.set(text, most)
        self.whole = self.sequence(list(parser.parse(pattern.pattern, pattern.flags)))

    def set(self, text: str, most: int) -> None:
        self.text, self.most, self.steps = text, most, 0
        self.groups: dict[int, tuple[int, int]] = {}

    def step(self) -> None:
        self.steps += 1
        if self.steps > self.most:
            raise TooManySteps

    def run(self, way: str) -> int:
        """Use the pattern in the way of a method of re.Pattern; the steps it took."""
        end, length = 0, len(self.text)
        if way in ("match", "fullmatch"):
            self.whole(0, (lambda at: at if at == length else None) if way == "fullmatch" else lambda at: at)
            return self.steps
        while end <= length:
            found = next((there for at in range(end, length + 1) if (there := self.at(at)) is not None), None)
            if found is None or way == "search":
                break
            end = max(found, end + 1)
        return self.steps

    def at(self, place: int) -> int | None:
        self.step()
        return self.whole(place, lambda end: end)

    def sequence(self, items: list[Any]) -> Matcher:
        matchers = [self.item(*item) for item in items]

        def match(at: int, behind: Next, place: int = 0) -> int | None:
            if place == len(matchers):
                return behind(at)
            return matchers[place](at, lambda end: match(end, behind, place + 1))

        return match if len(matchers) != 1 else matchers[0]

    def item(self, code: Any, value: Any) -> Matcher:
        if code in (codes.LITERAL, codes.NOT_LITERAL, codes.IN, codes.ANY):
            return self.character(self.test(code, value))
        if code is codes.FAILURE:  # what Python 3.13 makes of (?!)
            return lambda at, behind: None
        if code is codes.AT:
            return lambda at, behind: behind(at) if self.position(value, at) else None
        if code is codes.SUBPATTERN:
            return self.group(value[0], self.sequence(list(value[3])))
        if code is codes.BRANCH:
            return self.branch([self.sequence(list(branch)) for branch in value[1]])
        if code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
            return self.repeat(code, *value)
        if code is codes.ATOMIC_GROUP:
            return self.atomic(self.sequence(list(value)))
        if code in (codes.ASSERT, codes.ASSERT_NOT):
            return self.look(code is codes.ASSERT, *value)
        if code is codes.GROUPREF:
            return self.reference(value)
        raise NotImplementedError(f"{code} of a pattern cannot be counted: add it here")

    # --- single characters

    def test(self, code: Any, value: Any) -> Callable[[str], bool]:
        """Whether a character fits."""
        if code is codes.ANY:
            return lambda character: character != "\n" or bool(self.flags & re.DOTALL)
        if code is codes.IN:
            members = [(kind, part) for kind, part in value if kind is not codes.NEGATE]
            negated, tests = len(members) < len(value), [self.member(*member) for member in members]
            return lambda character: any(test(character) for test in tests) != negated
        fits = self.member(codes.LITERAL, value)
        return fits if code is codes.LITERAL else lambda character: not fits(character)

    def member(self, code: Any, value: Any) -> Callable[[str], bool]:
        if code is codes.CATEGORY:
            return CATEGORIES[value]
        low, high = value if code is codes.RANGE else (value, value)
        if self.flags & re.IGNORECASE:
            return lambda character: any(low <= ord(form[0]) <= high for form in (character.lower(), character.upper()))
        return lambda character: low <= ord(character) <= high

    def character(self, fits: Callable[[str], bool]) -> Matcher:
        def match(at: int, behind: Next) -> int | None:
            self.step()
            return behind(at + 1) if at < len(self.text) and fits(self.text[at]) else None

        return match

    def position(self, kind: Any, at: int) -> bool:
        lines = bool(self.flags & re.MULTILINE)
        if kind is codes.AT_BEGINNING_STRING or (kind is codes.AT_BEGINNING and not lines):
            return at == 0
        if kind is codes.AT_BEGINNING:
            return at == 0 or self.text[at - 1] == "\n"
        if kind is codes.AT_END_STRING:
            return at == len(self.text)
        if kind is codes.AT_END:
            rest = self.text[at:]
            return rest in ("", "\n") or (lines and rest[0] == "\n")
        word = CATEGORIES[codes.CATEGORY_WORD]
        sides = [0 <= place < len(self.text) and word(self.text[place]) for place in (at - 1, at)]
        return (sides[0] != sides[1]) == (kind is codes.AT_BOUNDARY)

    # --- what holds other parts

    def group(self, number: int | None, inner: Matcher) -> Matcher:
        def match(at: int, behind: Next) -> int | None:
            def close(end: int) -> int | None:
                before = self.groups.get(number) if number else None
                if number:
                    self.groups[number] = (at, end)
                result = behind(end)
                if result is None and number:
                    self.groups.pop(number) if before is None else self.groups.update({number: before})
                return result

            return inner(at, close)

        return match

    def branch(self, branches: list[Matcher]) -> Matcher:
        def match(at: int, behind: Next) -> int | None:
            ends = (branch(at, behind) for branch in branches)
            return next((end for end in ends if end is not None), None)

        return match

    def repeat(self, code: Any, least: int, most: Any, parts: Any) -> Matcher:
        limit = int(most)  # re.MAXREPEAT is beyond any text
        self.bound = max(self.bound, 0 if most is codes.MAXREPEAT else limit)
        items = list(parts)
        if len(items) == 1 and items[0][0] in (codes.LITERAL, codes.NOT_LITERAL, codes.IN, codes.ANY):
            return self.repeated_character(code, least, limit, self.test(*items[0]))
        inner = self.sequence(items)

        def match(at: int, behind: Next, count: int = 0) -> int | None:
            def again() -> int | None:
                if count >= limit:
                    return None
                return inner(at, lambda end: None if end == at and count >= least else match(end, behind, count + 1))

            if count < least:
                return again()
            if code is codes.MIN_REPEAT:
                end = behind(at)
                return again() if end is None else end
            end = again()
            return behind(at) if end is None else end

        return self.atomic(match) if code is codes.POSSESSIVE_REPEAT else match

    def repeated_character(self, code: Any, least: int, limit: int, fits: Callable[[str], bool]) -> Matcher:
        def ends(at: int) -> Iterator[int]:
            """The ends of fewer and fewer repetitions, or of more and more."""
            last = at
            while last - at < limit:
                if code is codes.MIN_REPEAT and last - at >= least:
                    yield last
                self.step()
                if last == len(self.text) or not fits(self.text[last]):
                    break
                last += 1
            if code is codes.MIN_REPEAT:
                yield from [last] if last - at == limit >= least else []
            elif last - at >= least:
                yield from [last] if code is codes.POSSESSIVE_REPEAT else range(last, at + least - 1, -1)

        def match(at: int, behind: Next) -> int | None:
            for end in ends(at):
                self.step()
                if (result := behind(end)) is not None:
                    return result
            return None

        return match

    def atomic(self, inner: Matcher) -> Matcher:
        def match(at: int, behind: Next) -> int | None:
            end = inner(at, lambda end: end)
            return None if end is None else behind(end)

        return match

    def look(self, wanted: bool, direction: int, parts: Any) -> Matcher:
        inner, width = self.sequence(list(parts)), parts.getwidth()[1]

        def match(at: int, behind: Next) -> int | None:
            start = at if direction > 0 else at - width
            end = inner(start, lambda end: end if direction > 0 or end == at else None) if start >= 0 else None
            return behind(at) if (end is not None) == wanted else None

        return match

    def reference(self, number: int) -> Matcher:
        def match(at: int, behind: Next) -> int | None:
            if number not in self.groups:
                return None
            text = self.text[slice(*self.groups[number])]
            self.steps += len(text)
            return behind(at + len(text)) if self.text.startswith(text, at) else None

        return match


def steps(counter: Counter, way: str, text: str, most: int) -> int:
    """Return the steps of the pattern's method on the text; `most` + 1 where it takes more than `most`."""
    counter.set(text, most)
    try:
        return counter.run(way)
    except TooManySteps:
        return most + 1
