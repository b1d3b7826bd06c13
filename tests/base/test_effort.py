"""The measures of effort that other tests rest on tell a line from a square."""

import effort


def test_a_square_grows_as_a_square():
    def line(size: int) -> None:
        for number in range(size):
            abs(number)

    def square(size: int) -> None:
        for _ in range(size):
            line(size)

    assert 3.5 < effort.growth(line, 50) < 4.5
    assert effort.growth(square, 50) > 14
