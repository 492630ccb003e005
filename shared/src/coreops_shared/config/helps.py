"""What each setting of the process is for, in one sentence without a full stop; keys are preferred names."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

__all__ = ["HELPS"]

HELPS: Final = MappingProxyType(
    {
        "ENV_NAME": "Which of several bots this is; prod waits longer before the watchdog acts",
        "BOT_NAME": "What the bot is called in logs, on cards and on the status page",
        "BOT_VERSION": "The bot's own version, shown beside that of CoreOps",
        "DISCORD_TOKEN": "Lets the bot connect; from the Discord Developer Portal, Bot, Token",
        "COREOPS_DISCORD_REST_URL": "Where Discord's REST API is; the sandbox sets its own",
        "COREOPS_PREFIX": "What messages to the bot begin with; help shows the first",
        "GUILD_IDS": "Servers that are served; none named serves every server",
        "COREOPS_SYNC": "Whether slash commands are listed in each server, at once, or everywhere",
        "ADMIN_ROLE_IDS": "Roles whose members are admins",
        "STAFF_ROLE_IDS": "Roles whose members are staff",
        "RECRUITER_ROLE_IDS": "Roles whose members are in the group recruiter",
        "LEAD_ROLE_IDS": "Roles whose members are in the group lead",
        "COREOPS_ADMINISTRATOR_IS_ADMIN": "Whether Discord's permission Administrator makes an admin",
        "GSPREAD_CREDENTIALS": "The Google service account that reads and writes the spreadsheets",
        "COREOPS_GOOGLE_API_URL": "Where spreadsheets are asked for in Google's place",
        "COREOPS_SHEETS_READS_PER_MINUTE": "The budget of reads, kept below Google's quota",
        "COREOPS_SHEETS_WRITES_PER_MINUTE": "The budget of writes, kept below Google's quota",
        "COREOPS_SHEETS_LOCALE": "How numbers and dates in the spreadsheets are written",
        "COREOPS_WORKBOOK": "Tables on this disk in place of Google's",
        "COREOPS_WORKBOOK_WATCH": "Whether to read a tab of the workbook as soon as its file was edited",
        "RECRUITMENT_SHEET_ID": "The spreadsheet of the recruitment plugins",
        "ONBOARDING_SHEET_ID": "The spreadsheet of the onboarding plugins",
        "CONFIG_SHEET_ID": "The spreadsheet that configures the bot; that of recruitment if it is not named",
        "COREOPS_STATE_DIR": "What must survive a restart; one runtime at a time uses it",
        "COREOPS_TELEMETRY_DAYS": "For how many days the history of telemetry is kept",
        "COREOPS_TELEMETRY_MB": "Megabytes that the history of telemetry may take; the oldest goes first",
        "COREOPS_HTTP_HOST": "Where probes and the status page are served; 127.0.0.1 is this machine alone",
        "COREOPS_HTTP_PORT": "The port of these; 0 takes a free one",
        "COREOPS_HTTP_TOKEN": "Shows detail, and lets plugins be changed, over HTTP from elsewhere",
        "TIMEZONE": "Whose wall clock jobs follow that name no time zone",
        "LOG_LEVEL": "From which level on lines are logged",
        "COREOPS_LOG_FORMAT": "How lines are logged; auto is pretty on a terminal and JSON elsewhere",
        "COREOPS_LOG_FILE": "Takes every line as JSON besides; a new one begins each day",
        "COREOPS_LOG_FILE_MB": "Megabytes at which a new log file begins before the day is over",
        "COREOPS_LOG_FILE_DAYS": "For how many days log files that were set aside are kept, at most 30 of them",
        "LOG_CHANNEL_ID": "The channel in which operators are told what happens",
        "OTEL_EXPORTER_OTLP_ENDPOINT": "The OpenTelemetry collector that spans are sent to; needs coreops[otel]",
        "WATCHDOG_CHECK_SEC": "How often the watchdog looks, in seconds",
        "WATCHDOG_STALL_SEC": "Seconds without a sign of life of the gateway after which it is reconnected",
        "WATCHDOG_DISCONNECT_GRACE_SEC": "Seconds that a lost connection may take to come back by itself",
        "COREOPS_STARTUP_DEADLINE_SEC": "Seconds in which the bot must come up; Discord away does not count",
        "NOTIFY_SOCKET": "Where systemd is told how the bot is; systemd sets it",
        "WATCHDOG_USEC": "Within which time systemd wants a sign of life; systemd sets it",
        "COREOPS_REBOOT": "What a restart that an admin asks for does",
        "COREOPS_SAFE": "Run the plugin ops and nothing else, as coreops run --safe does",
        "COREOPS_PLUGINS": "The only plugins that may run, beside ops; none named lets all run",
        "COREOPS_PLUGINS_BLOCKED": "Plugins that may not run",
        "COREOPS_PLUGINS_LOCK": "Run only what it has, as it has it",
    }
)
