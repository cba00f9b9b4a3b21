import { runMain } from '@gitway/service';
import { AppModule } from './app.module.ts';
import { loadNotifierConfig } from './config.ts';

await runMain({ name: 'notifier', loadConfig: loadNotifierConfig, module: (config) => AppModule.forRoot(config) });
