"""The command `completion`: what a shell needs to complete verbs, options and their values."""

from __future__ import annotations

import rich_click as click
from click.shell_completion import get_completion_class

SHELLS = ("bash", "zsh", "fish")


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
def completion(shell: str) -> None:
    """Print what makes SHELL complete verbs, options and values on Tab.

    \b
    bash: add to ~/.bashrc:  eval "$(postsync completion bash)"
    zsh:  add to ~/.zshrc:   eval "$(postsync completion zsh)"
    fish: postsync completion fish > ~/.config/fish/completions/postsync.fish
    """
    from postsync.cli.main import main

    made = get_completion_class(shell)
    assert made is not None
    click.echo(made(main, {}, "postsync", "_POSTSYNC_COMPLETE").source())
