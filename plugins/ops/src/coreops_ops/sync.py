"""``ops sync``: bring Discord's list of slash commands in step, or only show what that would do."""

from __future__ import annotations

import lightbulb

from coreops_hookspecs import CardField, Commands, Severity, access

__all__ = ["Sync"]


@access.admin
class Sync(lightbulb.SlashCommand, name="sync", description="Bring Discord's list of slash commands in step"):
    """The runtime syncs by itself at the start and after plugins changed; this is for when Discord's list is off."""

    plan = lightbulb.boolean("plan", "Only show what would be done", default=False)

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context, commands: Commands) -> None:
        """Answer with what was done, or would be."""
        report = await commands.sync(apply=not self.plan)
        say = commands.say
        parts = {say("Create"): report.created, say("Update"): report.updated, say("Delete"): report.deleted}
        fields = [CardField(name, [f"`{one}`" for one in names]) for name, names in parts.items() if names]
        if not fields:
            text = say("Discord's list is in step: {count} unchanged, nothing to send.", count=len(report.unchanged))
        elif self.plan:
            text = say("This would be done; nothing was sent.")
        else:
            text = say("Done. Members may have to reopen Discord to see it.")
        severity = Severity.INFO if self.plan else Severity.OK
        title = say("Sync · plan") if self.plan else say("Sync")
        await commands.show(ctx, title, text, severity=severity, fields=fields)
