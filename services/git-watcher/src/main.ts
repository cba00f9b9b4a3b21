import { runMain } from '@gitway/service';
import { AppModule } from './app.module.ts';
import { loadGitWatcherConfig } from './config.ts';

await runMain({ name: 'git-watcher', loadConfig: loadGitWatcherConfig, module: (config) => AppModule.forRoot(config) });
