/** Standard output that waits for a slow reader, and tells when it has gone away. */
const enough = 64 * 1024;

export class Out {
  gone = false;
  #pending: string[] = [];
  #size = 0;

  constructor() {
    process.stdout.once('error', () => {
      this.gone = true;
    });
  }

  async line(text: string): Promise<void> {
    this.#pending.push(text, '\n');
    this.#size += text.length;
    if (this.#size > enough) await this.flush();
  }

  async flush(): Promise<void> {
    const text = this.#pending.join('');
    this.#pending = [];
    this.#size = 0;
    if (text === '' || this.gone) return;
    await new Promise<void>((resolve) => {
      process.stdout.write(text, (error) => {
        this.gone ||= Boolean(error);
        resolve();
      });
    });
  }
}
