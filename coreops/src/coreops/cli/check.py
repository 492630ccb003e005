"""``coreops check``: would it start, and would the data be read?"""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from coreops.exit_codes import ExitCode

__all__ = ["command"]


@click.command("check")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option(
    "--config",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File with settings.  [default: COREOPS_CONFIG, or coreops.toml]",
)
@click.option("--offline", is_flag=True, help="Leave out what is read from spreadsheets.")
def command(*, as_json: bool, config: Path | None, offline: bool) -> None:
    """Check settings, credentials, plugins, spreadsheets, tabs and headers, without connecting to Discord.

    Exit code 0 when everything can be used, 1 when there are problems. A file with secrets that everybody on the
    machine may read is a warning.
    """
    from coreops.cli.checks import check_everything
    from coreops.cli.findings import Finding, problems_in, warnings_in
    from coreops.cli.output import progress, table

    findings: list[Finding] = []
    with progress("checking") as bar:

        def found(finding: Finding) -> None:
            findings.append(finding)
            bar.step(finding.what)

        asyncio.run(check_everything(config, found, offline=offline, plan=bar.plan))
    count, warned = problems_in(findings), warnings_in(findings)
    if as_json:
        click.echo(
            json.dumps(
                {"problems": count, "warnings": warned, "findings": [asdict(finding) for finding in findings]}, indent=2
            )
        )
    else:
        rows = [[finding.what, finding.result, finding.detail] for finding in findings]
        click.echo(table(["checked", "result", "detail"], rows))
        warnings = f", {warned} warning{'s' * (warned != 1)}" if warned else ""
        click.echo(f"\n{count or 'no'} problem{'s' * (count != 1)}{warnings}")
    sys.exit(ExitCode.PROBLEMS if count else ExitCode.OK)
