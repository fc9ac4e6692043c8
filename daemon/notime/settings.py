"""Settings: the only reader of the environment, of `config.toml` and of the platform's places.

Each setting has a name, a default and a help line; a flag beats `NOTIME_<NAME>`, which beats `config.toml`, which
beats the default. `NOTIME_HOME` puts everything into one folder.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import platformdirs

from notime.errors import BadSettings, InsecureFile
from notime.files import open_above, problem_of

if TYPE_CHECKING:
    from collections.abc import Mapping

APP = "notime"
CONFIG = "config.toml"


def _setting(default: Any, text: str) -> Any:
    return field(default=default, metadata={"help": text})


@dataclass(frozen=True, slots=True)
class Settings:
    """How notime runs on this machine."""

    port: int = _setting(8717, "port of the daemon on 127.0.0.1")
    model: str = _setting("gemma3-270m-reader", "model that summarises")
    length: str = _setting("brief", "headline, brief or full")
    threads: int = _setting(0, "threads for the models; 0 takes what the machine has")
    queue: int = _setting(8, "requests that may wait; one more is answered busy")
    read_seconds: float = _setting(5.0, "time for reading a page")
    idle_minutes: float = _setting(15.0, "minutes without work after which the models leave memory; 0 keeps them")
    memory_mb: float = _setting(0.0, "memory that models may take together, in MB; 0 takes what is free")
    max_body_mb: float = _setting(16.0, "largest page, in MB")
    keep_history: bool = _setting(True, "write down the summaries that were asked for")
    history_days: int = _setting(90, "days until a summary is forgotten; 0 keeps the latest 5,000")
    history_mb: float = _setting(100.0, "most that the history takes on disk, in MB; the oldest summaries go first")
    config_dir: Path = _setting(Path(), "config.toml and the pairing key")
    cache_dir: Path = _setting(Path(), "downloads; may be deleted at any time")
    data_dir: Path = _setting(Path(), "the history of summaries")
    models: Path = _setting(Path(), "built models")
    state_dir: Path = _setting(Path(), "logs, and which daemon runs")

    @classmethod
    def load(cls, environment: Mapping[str, str] | None = None, **flags: Any) -> Settings:
        """Settings of this machine and user.

        Args:
            environment: by default the process's.
            flags: from the command line; None leaves a setting alone.

        Raises:
            BadSettings: a value makes no sense, or `config.toml` cannot be read.
            InsecureFile: another user could have written `config.toml`.
        """
        env = os.environ if environment is None else environment
        places = _places(env.get("NOTIME_HOME"))
        folder = Path(env.get("NOTIME_CONFIG_DIR", places["config_dir"]))
        _refuse_insecure(folder)
        config = _config(folder / CONFIG)
        unknown = set(config) - {f.name for f in fields(cls)}
        if unknown:
            raise BadSettings(f"config.toml has no setting called {sorted(unknown)[0]!r}.")
        values: dict[str, Any] = {}
        for spec in fields(cls):
            default = places.get(spec.name, spec.default)
            given = next(
                (
                    value
                    for value in (
                        flags.get(spec.name),
                        env.get(f"NOTIME_{spec.name.upper()}"),
                        config.get(spec.name),
                    )
                    if value is not None
                ),
                default,
            )
            values[spec.name] = _converted(spec.name, given, default)
        settings = cls(**values)
        _validate(settings)
        return settings

    def with_(self, **changes: Any) -> Settings:
        """A copy with some values changed."""
        return replace(self, **changes)


def _places(home: str | None) -> dict[str, Path]:
    if home:
        folder = Path(home).expanduser().absolute()
        return {
            "config_dir": folder,
            "cache_dir": folder / "cache",
            "data_dir": folder / "data",
            "models": folder / "models",
            "state_dir": folder / "state",
        }
    data = platformdirs.user_data_path(APP, appauthor=False)
    return {
        "config_dir": platformdirs.user_config_path(APP, appauthor=False),
        "cache_dir": platformdirs.user_cache_path(APP, appauthor=False),
        "data_dir": data / "data",  # a folder of its own: nobody else may look into it
        "models": data / "models",
        "state_dir": platformdirs.user_log_path(APP, appauthor=False),
    }


def _refuse_insecure(folder: Path) -> None:
    """What says where models are and what is kept must be this user's word, or the system's."""
    try:
        for path in (folder.resolve(), folder / CONFIG):
            if path.exists() and problem_of(path.resolve()) is not None:
                raise InsecureFile(
                    f"Another user could have changed {path}.",
                    hint=f"Look at what is in it, then run `chmod go-w {path}`, or `chown` where it is not yours.",
                )
        if folder.exists() and (opened := open_above(folder)) is not None:
            raise InsecureFile(
                f"Another user could put something else in place of {folder}.", hint=f"Run `chmod go-w {opened}`."
            )
    except OSError as error:
        raise BadSettings(f"{folder} cannot be read: {error.strerror}.") from error


def _config(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise BadSettings(f"{path} cannot be read: {error}") from error


def _converted(name: str, value: Any, default: Any) -> Any:
    if isinstance(default, bool):
        return _switch(name, value)
    kind = type(default) if not isinstance(default, Path) else Path
    try:
        return Path(value).expanduser() if kind is Path else kind(value)
    except (TypeError, ValueError) as error:
        raise BadSettings(f"{name} must be a {kind.__name__}, not {value!r}.") from error


def _switch(name: str, value: Any) -> bool:
    """Yes or no; a variable of the environment can only say it in a word."""
    words = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}
    found = words.get(str(value).lower())
    if found is None:
        raise BadSettings(f"{name} must be true or false, not {value!r}.")
    return found


def _validate(settings: Settings) -> None:
    if not 1 <= settings.port <= 65535:
        raise BadSettings(f"port must be between 1 and 65535, not {settings.port}.")
    if settings.length not in ("headline", "brief", "full"):
        raise BadSettings(f"length must be headline, brief or full, not {settings.length!r}.")
    for name in ("queue", "threads", "idle_minutes", "memory_mb", "history_days"):
        if getattr(settings, name) < 0:
            raise BadSettings(f"{name} must not be negative.")
    for name in ("read_seconds", "max_body_mb", "history_mb"):
        if getattr(settings, name) <= 0:
            raise BadSettings(f"{name} must be more than 0.")
