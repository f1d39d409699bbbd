"""docs/faults.md says what these tests do: both are the same."""

import ast

from harness import CHECKOUT

TESTS = CHECKOUT / "Tests"
LETTERS = {"A": 7, "B": 7, "C": 11, "D": 13, "E": 6, "J": 18}


def marks(function):
    """The marks of a test with their arguments."""
    for decorator in function.decorator_list:
        call = decorator if isinstance(decorator, ast.Call) else None
        name = call.func if call else decorator
        if isinstance(name, ast.Attribute):
            yield name.attr, [ast.literal_eval(word) for word in call.args] if name.attr == "row" else []


def covered():
    """For each row its tests, each with the tier in which it runs."""
    rows = {}
    for file in [*TESTS.glob("cli/test_*.py"), *TESTS.glob("faults/test_*.py")]:
        for function in ast.parse(file.read_text()).body:
            if isinstance(function, ast.FunctionDef):
                found = list(marks(function))
                tier = "nightly" if ("nightly", []) in found else "each run"
                for row in [row for name, words in found if name == "row" for row in words]:
                    rows.setdefault(row, {})[f"{file.parent.name}/{file.stem.removeprefix('test_')}"] = None
                    rows[row].setdefault("tiers", set()).add(tier)
    return rows


def described():
    """For each row of the table: where it is tested, and in which tiers."""
    lines = [line.strip("|").split("|") for line in (CHECKOUT / "docs/faults.md").read_text().splitlines()]
    rows = {}
    for cells in [[cell.strip() for cell in line] for line in lines if len(line) == 5]:
        if cells[0][:1] in LETTERS and cells[0][1:].isdigit():
            assert cells[0] not in rows, cells
            assert all(cells), cells
            rows[cells[0]] = cells
    return rows


def test_every_row_is_in_the_table():
    wanted = [f"{letter}{number}" for letter, count in LETTERS.items() for number in range(1, count + 1)]
    assert list(described()) == wanted


def test_the_table_says_where_each_row_is_tested():
    rows = covered()
    expected = {row: (", ".join(sorted(set(places) - {"tiers"})), ", ".join(sorted(places["tiers"])))
                for row, places in rows.items()}
    said = {row: (cells[2], cells[3]) for row, cells in described().items() if cells[2] != "-"}
    assert said == expected
