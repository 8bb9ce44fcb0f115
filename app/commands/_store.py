"""What every command on the store is told: which data folder, whose key, which password."""

import os
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, NoReturn

import click

from app.commands._answer import answering
from app.devices.system_clock import SystemClock
from app.storage.door import Door
from app.storage.site import find_site
from app.storage.store import Store
from app.workflows.credentials import password_due
from app.workflows.desk import Desk
from app.workflows.schedules import use_packs_of
from app.workflows.staff import working_member

PASSWORD_VARIABLE = "VAXPOST_PASSWORD"


def on_the_store(work: Callable[..., NoReturn], *, tells_user: bool = False) -> Callable[..., None]:
    """Give a command the options of the store; ``work`` gets it open, whether JSON is asked for, and its own.

    A refusal, of the store or of ``work``, is the answer; so is a password that must be changed in the window
    first (SEC-2).
    """

    @click.option("--data", "folder", type=click.Path(path_type=Path), required=True, help="数据文件夹。")
    @click.option("--user", "staff_id", required=True, help="用谁的密码打开，如 u-suwanqing。")
    @answering
    @wraps(work)
    def command(as_json: bool, folder: Path, staff_id: str, **own: Any) -> NoReturn:
        password = asked_password(PASSWORD_VARIABLE, "密码")
        store = Door(folder, SystemClock(), os.urandom).open(staff_id, password)
        try:
            if find_site(store.read()) and (due := password_due(_desk(store), staff_id)):
                raise due
            if tells_user:
                own |= {"staff_id": staff_id, "folder": folder}
            work(store, as_json, **own)
        finally:
            store.close()

    return command


def at_a_desk(
    work: Callable[..., NoReturn], *, tells_folder: bool = False, with_packs: bool = True
) -> Callable[..., None]:
    """Give a command the options of the store and a desk at which their user stands, for acts on record.

    ``tells_folder``: the command is told the data folder as well. ``with_packs``: it judges by the rule packs
    of the site.
    """

    @wraps(work)
    def at_it(store: Store, as_json: bool, *, staff_id: str, folder: Path, **own: Any) -> NoReturn:
        if with_packs:
            use_packs_of(store.read(), folder)
        desk = _desk(store)
        desk.user = working_member(desk.read(), staff_id)
        if tells_folder:
            own["folder"] = folder
        work(desk, as_json, **own)

    return on_the_store(at_it, tells_user=True)


def _desk(store: Store) -> Desk:
    return Desk(store, SystemClock(), os.urandom, "命令")


def asked_password(variable: str, words: str, *, confirmed: bool = False) -> str:
    """Return what a variable of the environment says, or what a person types, ``confirmed``: twice."""
    given = os.environ.get(variable)
    if given is not None:
        return given
    asked: Any = click.prompt(words, hide_input=True, confirmation_prompt=confirmed, err=True)
    return str(asked)
