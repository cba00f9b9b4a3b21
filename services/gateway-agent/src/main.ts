import { runMain } from '@gitway/service';
import { AppModule } from './app.module.ts';
import { prepareDirectory } from './app/run-gateway.ts';
import { loadAgentConfig } from './config.ts';

await runMain({
  name: 'gateway-agent',
  loadConfig: () => {
    const config = loadAgentConfig();
    prepareDirectory(config);
    return config;
  },
  module: (config) => AppModule.forRoot(config),
});
