import { runMain } from '@gitway/service';
import { AppModule } from './app.module.ts';
import { loadValidatorConfig } from './config.ts';

await runMain({
  name: 'validator',
  loadConfig: () => loadValidatorConfig(),
  module: (config) => AppModule.forRoot(config),
});
