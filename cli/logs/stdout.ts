const bufferSize = 64 * 1024;

/** Buffered standard output that waits for a slow reader, and notices when it closes the pipe. */
export class Out {
  isClosed = false;
  #pending: string[] = [];
  #size = 0;

  constructor() {
    process.stdout.once('error', () => {
      this.isClosed = true;
    });
  }

  async line(text: string): Promise<void> {
    this.#pending.push(text, '\n');
    this.#size += text.length;
    if (this.#size > bufferSize) await this.flush();
  }

  async flush(): Promise<void> {
    const text = this.#pending.join('');
    this.#pending = [];
    this.#size = 0;
    if (text === '' || this.isClosed) return;
    await new Promise<void>((resolve) => {
      process.stdout.write(text, (error) => {
        this.isClosed ||= Boolean(error);
        resolve();
      });
    });
  }
}
