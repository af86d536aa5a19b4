"""Where an instance lives: the folder of a city, or a benchmark file with a preset."""

from pathlib import Path

from optimizer.base.errors import refuse
from optimizer.base.words import Text
from optimizer.files.changes import Changes
from optimizer.files.instance_folder import input_files, read_instance
from optimizer.files.presets import PresetOptions
from optimizer.importers.problem import read_problem
from optimizer.model.instance import Instance


def read_place(place: Path, changes: Changes = (), asked: PresetOptions | None = None) -> Instance:
    """Return the instance in the folder `place`, or of the file `place` under the preset of `asked`.

    Raises InputError.
    """
    if asked is None and place.is_file():
        raise refuse(
            Text("this is a file, not the folder of an instance", "フォルダでなくファイルである"),
            Text("say what problem it is with --preset", "--preset で問題の種類を指定する"),
            file=str(place),
        )
    if asked is None:
        return read_instance(place, changes)
    if place.is_dir():
        raise refuse(
            Text(
                "a preset is for a benchmark file; this is a folder",
                "--preset はベンチマークのファイル用で、フォルダには使えない",
            ),
            Text(
                "leave --preset out; the city's constraints and objectives stand in instance.toml",
                "--preset を除く。制約と目的は instance.toml に書く",
            ),
            file=str(place),
        )
    return read_problem(place, asked, changes)


def files_of(place: Path) -> list[Path]:
    """Return the files that make up the instance in `place`."""
    return input_files(place) if place.is_dir() else [place]
