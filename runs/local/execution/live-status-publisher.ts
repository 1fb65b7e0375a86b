/** Publishes a run's status to other processes, and reads their requests. */
import { clearLive, readControl, writeLive } from '../../../adapters/local/runs/live-file.ts';
import type { Control, Live } from '../../../core/run-store/status/live.ts';

const everyMs = 500;

export interface PresenceOptions {
  /** The run's folder. */
  folder: string;
  live: () => Live;
  /** Called once for each request. */
  onControl: (control: Control) => void;
}

/** Writes `live.json` and reads `control.json` until the function that it returns is called. */
export function publishLiveStatus({ folder, live, onControl }: PresenceOptions): () => void {
  clearLive(folder);
  let heard: Control['stop'] | undefined;
  const look = () => {
    // A full disk or a deleted folder must not end a run: it needs no status file to go on.
    try {
      writeLive(folder, live());
      const control = readControl(folder);
      if (control && control.stop !== heard) {
        heard = control.stop;
        onControl(control);
      }
    } catch {}
  };
  look();
  const timer = setInterval(look, everyMs);
  timer.unref();
  return () => {
    clearInterval(timer);
    try {
      clearLive(folder);
    } catch {}
  };
}
