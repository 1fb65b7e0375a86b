/** The buildspecs as texts: as YAML they would become part of the template. CommonJS, because serverless loads nothing else. */
const { readFileSync } = require('node:fs');
const { join } = require('node:path');

module.exports = () => ({ image: readFileSync(join(__dirname, '../buildspecs/image.yml'), 'utf8') });
