"""Small commands for support staff; each file here holds one, loaded only when it is called."""

import importlib
import pkgutil

import click


class LazyGroup(click.Group):
    """A group whose command ``do-this`` is the function ``do_this`` of the file ``do_this.py``."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the files as people type them."""
        names = (module.name for module in pkgutil.iter_modules(__path__))
        return sorted(name.replace("_", "-") for name in names if not name.startswith("_"))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command, or None if there is no such file."""
        if cmd_name not in self.list_commands(ctx):
            return None
        name = cmd_name.replace("-", "_")
        command = getattr(importlib.import_module(f"{__name__}.{name}"), name)
        assert isinstance(command, click.Command), f"{name}.py has no command {name}"
        return command


@click.group(cls=LazyGroup)
def cli() -> None:
    """接种岗的支持命令。"""
