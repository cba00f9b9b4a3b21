/** `local` and `docker` force where test servers come from; by default Docker is used when an engine answers. */
export type ServersChoice = 'local' | 'docker' | 'auto';

export function testVariables(env: NodeJS.ProcessEnv = process.env): { servers: ServersChoice; dockerHost: string } {
  const servers = env['GITWAY_TEST_SERVERS'] ?? 'auto';
  if (servers !== 'local' && servers !== 'docker' && servers !== 'auto')
    throw new Error(`GITWAY_TEST_SERVERS must be "local", "docker" or "auto", not ${JSON.stringify(servers)}`);
  return { servers, dockerHost: env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock' };
}
