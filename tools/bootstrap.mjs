/**
 * The first step of every command: `node tools/bootstrap.mjs <command> [arguments]`.
 *
 * Runs before anything is installed, so it needs nothing but Node: checks Node, installs the dependencies when the
 * lock file asks for others than are there, builds when a source differs from what was built last, then hands over to the built tools. Two at once
 * wait for each other.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const commands = ['start', 'demo', 'reset', 'bench', 'test', 'check', 'generate', 'gitway'];
const [command, ...args] = process.argv.slice(2);

main().catch((error) => {
  console.error(`gitway: ${error.message}`);
  process.exit(1);
});

async function main() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    throw new Error(`Node ${process.versions.node} is too old: Gitway needs 20.19 or newer (https://nodejs.org).`);
  }
  if (!commands.includes(command)) {
    throw new Error(`"${command || ''}" is not a command; there are: ${commands.join(', ')}.`);
  }
  // Everything may be read in a terminal or by a program: progress goes to stderr, results to stdout.
  const release = await takeLock(path.join(root, '.gitway', 'bootstrap.lock'));
  try {
    install();
    build();
  } finally {
    release();
  }
  process.argv = [process.argv[0], process.argv[1], command, ...args];
  await import(pathToFileURL(path.join(root, 'tools', 'dist', 'main.js')).href);
}

function say(text) {
  process.stderr.write(`gitway: ${text}\n`);
}

/** Installs with `npm ci` unless what is in node_modules is what the lock file names. */
function install() {
  const lockFile = path.join(root, 'package-lock.json');
  const stampFile = path.join(root, 'node_modules', '.gitway-lock');
  const stamp = createHash('sha256').update(fs.readFileSync(lockFile)).digest('hex');
  if (readText(stampFile) === stamp) return;
  if (!installedMatches(lockFile)) {
    const launcher = readOwner(path.join(root, '.gitway', 'launcher.lock'));
    if (launcher !== null && isRunning(launcher)) {
      throw new Error(
        `the dependencies changed, and the platform that runs here (process ${launcher.pid}) uses the old ones: stop it first (Ctrl-C where it was started, or kill ${launcher.pid}).`,
      );
    }
    say('installing dependencies (npm ci, about half a minute)');
    const startedAt = Date.now();
    runTool(process.platform === 'win32' ? 'npm.cmd' : 'npm', ['ci', '--no-audit', '--no-fund'], 'npm ci');
    say(`dependencies installed in ${seconds(startedAt)}`);
  }
  fs.writeFileSync(stampFile, stamp);
}

/** True when the hidden lock that npm keeps inside node_modules has every package that the lock file demands. */
function installedMatches(lockFile) {
  const installed = readJson(path.join(root, 'node_modules', '.package-lock.json'));
  if (installed === null) return false;
  for (const [name, wanted] of Object.entries(readJson(lockFile).packages)) {
    if (name === '') continue;
    const found = installed.packages[name];
    if (found === undefined ? !wanted.optional && !wanted.devOptional : found.version !== wanted.version) return false;
  }
  return true;
}

function build() {
  const compiler = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  // `test` and `check` report type errors as a finding of their own; they only need themselves to be built.
  const judges = command === 'test' || command === 'check';
  const target = judges ? path.join(root, 'tools') : root;
  const entry = path.join(root, 'tools', 'dist', 'main.js');
  const stampFile = path.join(root, 'node_modules', '.gitway-built');
  const sources = sourcesOf(root);
  if (readText(stampFile) === buildStamp(sources)) return;
  if (!fs.existsSync(entry)) say('building');
  const startedAt = Date.now();
  const result = spawnSync(process.execPath, [compiler, '-b', target], { cwd: root, encoding: 'utf8' });
  if (result.status === 0) {
    if (Date.now() - startedAt > 2000) say(`built in ${seconds(startedAt)}`);
    // What was changed while the compiler ran is not in `sources`, and is built next time.
    if (!judges) fs.writeFileSync(stampFile, buildStamp(sources));
    return;
  }
  if (judges && fs.existsSync(entry)) return;
  process.stderr.write(`${result.stdout}${result.stderr}`);
  if (judges) console.log('0 passed, 1 failed');
  throw new Error('the build failed; the messages are above.');
}

/** Everything that the compiler reads of this checkout, with size and time; and the folders that it writes to. */
function sourcesOf(folder, found = { files: [], outputs: [] }) {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      if (entry.name !== 'node_modules' && entry.name !== 'dist' && !entry.name.startsWith('.')) sourcesOf(file, found);
    } else if (/\.[cm]?ts$|^tsconfig.*\.json$|^package\.json$/.test(entry.name)) {
      const { size, mtimeMs } = fs.statSync(file);
      found.files.push(`${path.relative(root, file)} ${size} ${mtimeMs}`);
      if (entry.name === 'tsconfig.json') found.outputs.push(path.join(folder, 'dist'));
    }
  }
  return found;
}

/** Says what was built from what; differs when an output was removed, too. */
function buildStamp({ files, outputs }) {
  const there = outputs.map((folder) => fs.existsSync(folder));
  const dependencies = readText(path.join(root, 'node_modules', '.gitway-lock'));
  return createHash('sha256')
    .update(JSON.stringify([files, outputs, there, dependencies]))
    .digest('hex');
}

function runTool(file, toolArgs, what) {
  const shell = process.platform === 'win32';
  const result = spawnSync(file, toolArgs, { cwd: root, stdio: ['ignore', 2, 2], shell });
  if (result.error) throw new Error(`${what} could not be started: ${result.error.message}`);
  if (result.status !== 0) throw new Error(`${what} failed (exit code ${result.status}); its messages are above.`);
}

/**
 * An exclusive lock held by a process. The file names its owner by pid and start time, so that one left behind by
 * a killed process is recognised even when the pid was given to another.
 */
async function takeLock(file) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const own = `${file}.${process.pid}`;
  fs.writeFileSync(own, JSON.stringify({ pid: process.pid, startedAt: startTimeOf(process.pid) }));
  let told = false;
  for (;;) {
    try {
      fs.linkSync(own, file);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const owner = readOwner(file);
    if (owner === null || !isRunning(owner)) {
      removeStale(file, owner);
      continue;
    }
    if (!told) say(`another command prepares this checkout (process ${owner.pid}); waiting for it`);
    told = true;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  fs.unlinkSync(own);
  const release = () => {
    process.removeListener('exit', release);
    fs.rmSync(file, { force: true });
  };
  process.on('exit', release);
  return release;
}

/** Takes a stale lock away, and puts it back when somebody else has taken the lock in between. */
function removeStale(file, judged) {
  const aside = `${file}.stale.${process.pid}`;
  try {
    fs.renameSync(file, aside);
  } catch {
    return;
  }
  const moved = readOwner(aside);
  if (moved !== null && (judged === null || moved.pid !== judged.pid) && isRunning(moved)) {
    try {
      fs.linkSync(aside, file);
    } catch {
      // A third one holds it already; the loop in takeLock sees that.
    }
  }
  fs.rmSync(aside, { force: true });
}

function readOwner(file) {
  const owner = readJson(file);
  return owner !== null && Number.isInteger(owner.pid) ? owner : null;
}

function isRunning(owner) {
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if (error.code !== 'EPERM') return false;
  }
  const startedAt = startTimeOf(owner.pid);
  return startedAt === null || !owner.startedAt || startedAt === owner.startedAt;
}

/** Field 22 of /proc/<pid>/stat (proc(5)): clock ticks from boot to the start; null where there is no /proc. */
function startTimeOf(pid) {
  const stat = readText(`/proc/${pid}/stat`);
  return stat === null ? null : stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}

function readText(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

function readJson(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

function seconds(startedAt) {
  return `${((Date.now() - startedAt) / 1000).toFixed(1)} s`;
}
