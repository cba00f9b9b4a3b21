import { runMain } from '@gitway/service';
import { AppModule } from './app.module.ts';
import { loadDeployerConfig } from './config.ts';

await runMain({
  name: 'deployer',
  loadConfig: () => loadDeployerConfig(),
  module: (config) => AppModule.forRoot(config),
});
