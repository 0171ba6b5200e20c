"""One module for each command: NAME, HELP, EXAMPLE, `add_arguments(parser)`, `run(args) -> int`.

A module whose name begins with an underscore is shared by commands and is none itself.
"""


class Fault(Exception):
    """Something that the one who typed the command can put right: said in one line."""

    def __init__(self, words: str, exit_code: int = 1) -> None:
        super().__init__(words)
        self.exit_code = exit_code
