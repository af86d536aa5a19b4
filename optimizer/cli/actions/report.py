"""`optimizer report`: what a planning office hands round, from a stored plan."""

from dataclasses import dataclass
from pathlib import Path

from optimizer.audit.stored import StoredAudit, verify_folder
from optimizer.base.errors import refuse
from optimizer.base.words import Text
from optimizer.cli import output
from optimizer.cli.actions.show import instance_of
from optimizer.cli.actions.verify import findings_data, print_findings
from optimizer.cli.language import LANG, say
from optimizer.files.added import add_files, write_files
from optimizer.files.areas import read_areas
from optimizer.files.solution_folder import MANIFEST, manifest_data
from optimizer.report.page.answers import read_answers
from optimizer.report.page.html import html_report


@dataclass(frozen=True)
class Wanted:
    """Which outputs are asked for; none of them means the page and the workbook.

    map: the file that a picture of the map goes to.
    """

    html: bool
    xlsx: bool
    letters: bool
    gis: bool
    pdf: bool
    map: Path | None = None


def run(
    solution: Path, instance: Path | None, out: Path | None, wanted: Wanted, as_json: bool
) -> int:
    """Check the plan, then write what is asked for; return the exit code.

    A plan that is not what was stored, or breaks a rule, is told of and not handed round.
    """
    folder = instance or instance_of(solution)
    stored = verify_folder(folder, solution)
    if out is None and not (solution / MANIFEST).exists():
        raise refuse(
            Text("a plan without manifest.json", "manifest.json のない計画である"),
            Text("name a folder for the report with --out", "--out で報告の保存先を指定する"),
            file=str(solution),
        )
    findings = tuple(f for f in stored.findings if not is_report(f.file))
    if findings:
        if as_json:
            output.print_json({"files": [], "findings": findings_data(findings)})
        else:
            print_findings(findings)
            print(say("nothing was written", "何も書き出していない"))
        return output.FINDINGS
    made = made_files(stored, wanted, solution, folder)
    picture = _picture(stored, folder, wanted.map)
    if out is None and made:
        add_files(solution, made)
    elif out is not None:
        write_files(out, made)
    place = out or solution
    if as_json:
        paths = sorted(str(place / n) for n in made)
        output.print_json({"files": [*paths, *picture], "findings": []})
        return output.FINE
    for path in (*(place / name for name in _shown(made)), *picture):
        print(path)
    return output.FINE


def _picture(stored: StoredAudit, folder: Path, file: Path | None) -> list[str]:
    """Write the picture of the map to `file`, if one is asked for; return what was written."""
    if file is None:
        return []
    from optimizer.report.map.map_picture import map_picture

    write_files(file.parent, {file.name: map_picture(stored.audit, read_areas(folder), LANG)})
    return [str(file)]


def is_report(name: str) -> bool:
    """Return whether `name` is a file that this command writes anew."""
    return name.startswith(("report.", "letters/", "gis/"))


def made_files(
    stored: StoredAudit, wanted: Wanted, solution: Path, folder: Path
) -> dict[str, str | bytes]:
    """Return the files asked for: relative path -> content. folder: the instance's. Raises InputError."""
    audit, outcome = stored.audit, stored.outcome
    asked = (wanted.html, wanted.xlsx, wanted.letters, wanted.gis, wanted.pdf, wanted.map)
    every = not any(asked)
    made: dict[str, str | bytes] = {}
    if wanted.html or every or wanted.pdf:
        page = html_report(
            audit,
            outcome,
            areas=read_areas(folder),
            manifest=manifest_data(solution),
            answers=read_answers(solution, audit),
        )
        if wanted.html or every:
            made["report.html"] = page
        if wanted.pdf:
            from optimizer.report.page.pdf import pdf

            made["report.pdf"] = pdf(page)
    if wanted.xlsx or every:
        from optimizer.report.workbook.workbook import workbook

        made["report.xlsx"] = workbook(audit, outcome, LANG)
    if wanted.letters:
        from optimizer.report.letters.letters import letter_files

        made |= letter_files(audit)
    if wanted.gis:
        from optimizer.report.map.gis import gis_files

        made |= gis_files(audit)
    return made


def _shown(made: dict[str, str | bytes]) -> list[str]:
    """Return the names that are printed: of the many single letters only their folder."""
    single = {name: name.rpartition("/")[0] + "/" for name in made if name.count("/") > 1}
    return sorted({single.get(name, name) for name in made})
