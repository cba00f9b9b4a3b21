/** `start-and-tell.ts <redis|postgres> <program> <version> <folder>`: starts a server and prints its process id; exits when stdin ends. */
import { join } from 'node:path';
import { startPostgres } from '../start/start-postgres.ts';
import { startRedis } from '../start/start-redis.ts';

const [, , server, binary = '', version = '', folder = ''] = process.argv;
const installation = { source: 'path', binary, version, env: {} } as const;
const started =
  server === 'postgres'
    ? await startPostgres({
        installation: { ...installation, server: 'postgres' },
        dataDir: join(folder, 'data'),
        logFile: join(folder, 'postgres.log'),
        password: 'secret',
        durable: false,
      })
    : await startRedis({ installation: { ...installation, server: 'redis' }, dir: folder });
process.stdin.on('end', () => process.exit(0)).resume();
console.log(`pid=${started.pid}`);
