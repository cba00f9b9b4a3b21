/**
 * The headers of a delivery that tell the forge, the event and the signature; nothing else of a stranger's request
 * travels on, least of all something that looks like the internal token.
 */
const forwarded =
  /^(content-type|user-agent|webhook-(id|timestamp|signature)|x-(hub-signature(-256)?|event-key|hook-uuid|request-uuid|attempt-number)|x-(github|gitlab|gitea|gogs|forgejo|gitway)-[a-z0-9-]{1,60})$/;

export function headersToForward(headers: Readonly<Record<string, string | string[] | undefined>>) {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === 'string' && value.length <= 1_000 && forwarded.test(name)) kept[name] = value;
  }
  return kept;
}
