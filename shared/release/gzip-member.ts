import { gzip } from 'libdeflate';

/** Of libdeflate's scale, 1 to 12: smaller than zlib's own at 6, in a third of its time. */
const LEVEL = 5;
/** What its module listens to from its first use on. */
const EVENTS = ['uncaughtException', 'unhandledRejection'] as const;

let isStarted = false;

/** One member of a gzip file. Equal bytes give equal bytes: the compressor is WebAssembly, of one pinned version. */
export function gzipMember(piece: Uint8Array, level = LEVEL): Uint8Array<ArrayBuffer> {
  if (!isStarted) start();
  // It copies what it gives out of the memory of WebAssembly.
  return gzip(piece, level) as Uint8Array<ArrayBuffer>;
}

/** Its listeners would decide how this process ends when something else fails: they are taken away again. */
function start(): void {
  const before = EVENTS.map((event) => process.rawListeners(event));
  gzip(new Uint8Array(0), LEVEL);
  for (const [index, event] of EVENTS.entries()) {
    for (const listener of process.rawListeners(event)) {
      if (!before[index]?.includes(listener)) process.off(event, listener as () => void);
    }
  }
  isStarted = true;
}
