import type { Environment, Environments, EnvironmentWanted } from '../../ports/environments.ts';
export class LocalEnvironments implements Environments {
  async find(_: EnvironmentWanted): Promise<Environment | undefined> { return { python: [process.env.GCD_PY ?? '/root/.pyenv/versions/3.11.7/bin/python3'], version: '3.11.7', notices: [] }; }
  async build() { return { detail: '' }; }
  async cancel() {}
}
export async function findPython(_: string | null) { return { path: process.env.GCD_PY ?? '/root/.pyenv/versions/3.11.7/bin/python3' }; }
