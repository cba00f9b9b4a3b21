import { startService } from '@gitway/service';
import { appModule } from './app.module.ts';
import { loadConsoleConfig } from './config.ts';

const config = loadConsoleConfig();
await startService(appModule(config), { name: 'console', config });
