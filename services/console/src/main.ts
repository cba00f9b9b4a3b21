import { runMain } from '@gitway/service';
import { appModule } from './app.module.ts';
import { loadConsoleConfig } from './config.ts';

await runMain({ name: 'console', loadConfig: () => loadConsoleConfig(), module: appModule });
