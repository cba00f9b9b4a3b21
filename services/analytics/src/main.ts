import { runMain } from '@gitway/service';
import { AppModule } from './app.module.ts';
import { loadAnalyticsConfig } from './config.ts';

await runMain({ name: 'analytics', loadConfig: loadAnalyticsConfig, module: (config) => AppModule.forRoot(config) });
