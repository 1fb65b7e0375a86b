/** The buildspecs as texts: as YAML they would become a part of the template. CommonJS, because serverless reads no other. */
const { readFileSync } = require('node:fs');
const { join } = require('node:path');

module.exports = () => ({ image: readFileSync(join(__dirname, '../buildspecs/image.yml'), 'utf8') });
