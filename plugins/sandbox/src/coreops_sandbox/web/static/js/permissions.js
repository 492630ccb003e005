// Which channels a member sees, computed as Discord documents it ("Permissions", permission overwrites).

const VIEW_CHANNEL = 1n << 10n;
const ADMINISTRATOR = 1n << 3n;

/** Whether any of the roles may do everything. */
export const isAdministrator = (roles) => roles.some((role) => BigInt(role.permissions) & ADMINISTRATOR);

/** Whether `member`, who has `roles`, sees `channel` of `guild`. */
export function canSee(channel, member, roles, guild) {
  if (member.user.id === guild.owner_id || isAdministrator(roles)) return true;
  const overwrites = channel.permission_overwrites ?? [];
  const of = (ids) => overwrites.filter((overwrite) => ids.includes(overwrite.id));
  const given = roles.reduce((sum, role) => sum | BigInt(role.permissions), 0n);
  const everyone = apply(given, of([guild.id]));
  const asRoles = apply(everyone, of(member.roles));
  return Boolean(apply(asRoles, of([member.user.id])) & VIEW_CHANNEL);
}

function apply(permissions, overwrites) {
  const join = (name) => overwrites.reduce((sum, overwrite) => sum | BigInt(overwrite[name]), 0n);
  return (permissions & ~join("deny")) | join("allow");
}
