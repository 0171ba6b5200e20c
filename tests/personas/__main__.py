"""`python -m tests.personas`: the table of docs/conversations.md, as it comes out now."""

from tests.personas.table import table

if __name__ == "__main__":
    print(table())
