/** Who may do what. A role holds permissions; a route needs exactly one. */
export const roles = ['viewer', 'operator'] as const;
export type Role = (typeof roles)[number];

/** `read`: every query and the event stream. `command`: whatever changes an environment. `audit`: what people did. */
export const permissions = ['read', 'command', 'audit'] as const;
export type Permission = (typeof permissions)[number];

const granted: Record<Role, readonly Permission[]> = {
  viewer: ['read'],
  operator: ['read', 'command', 'audit'],
};

export function mayDo(role: Role, permission: Permission): boolean {
  return granted[role].includes(permission);
}

/** The person (or program) behind a token. */
export interface Principal {
  readonly name: string;
  readonly role: Role;
}
