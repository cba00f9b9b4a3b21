import { testVariables } from '../config.ts';
import { dockerAnswers } from '../docker-answers.ts';
import type { Backend } from './test-server.ts';

let chosen: Promise<Backend> | undefined;

/** Docker when an engine answers, else this machine; GITWAY_TEST_SERVERS decides otherwise. */
export function backend(): Promise<Backend> {
  chosen ??= choose();
  return chosen;
}

async function choose(): Promise<Backend> {
  const { servers, dockerHost } = testVariables();
  const docker = servers === 'docker' || (servers === 'auto' && (await dockerAnswers(dockerHost)));
  // Loaded only when wanted: testcontainers takes most of a second.
  return docker
    ? (await import('./docker-backend.ts')).dockerBackend
    : (await import('./local-backend.ts')).localBackend;
}
