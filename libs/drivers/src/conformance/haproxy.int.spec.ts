import { tempDir, useHaproxy } from '@gitway/testing';
import { describeConformance } from './testing/describe-conformance.ts';
import { haproxyRunner } from './testing/haproxy-runner.ts';

const haproxy = useHaproxy();
const folder = tempDir();

describeConformance(haproxyRunner(haproxy, () => folder.path()));
