"""A group of commands whose help lists each with its whole first sentence."""

from __future__ import annotations

import click

# Longer than any of our sentences: lines wrap, where click would end them in "...".
_MAX_SENTENCE = 200


class Commands(click.Group):
    """What ``click.group(cls=...)`` makes."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands."""
        commands = [(name, self.commands[name]) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl(
                [(name, each.get_short_help_str(_MAX_SENTENCE)) for name, each in commands]
            )
