/** The packages that the predecessor's projects ask for, as far as they use them. */
import { temporary } from '../../support/environments/temporary-projects.ts';
import { makeWheel } from '../../support/environments/wheels.ts';

/** Makes them in a folder of their own. @returns the folder */
export function predecessorWheels(): string {
  const wheels = temporary();
  makeWheel(wheels, { name: 'boto3', version: '1.21.19' });
  makeWheel(wheels, { name: 'pandas', version: '1.3.5', tag: 'cp36-cp36m-none' });
  makeWheel(wheels, { name: 'pandas', version: '2.2.3' });
  makeWheel(wheels, {
    name: 'solar_data_tools',
    version: '4.0',
    modules: {
      'solardatatools/__init__.py': '',
      'solardatatools/data_handler.py': "version = '4.0'\n",
      'solardatatools/dataio.py': 'def get():\n    return 0.5\n',
    },
  });
  return wheels;
}
