import { rmSync } from 'node:fs';

export default function teardown(): void {
  rmSync(process.env.GCD_STACK_PACKAGE as string, { recursive: true, force: true });
}
