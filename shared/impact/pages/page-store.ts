/** A full part of a column: its bytes, or where they start in the file. Another thread can be sent either. */
export type Page = Uint8Array | number;

/** Where columns keep the parts of themselves that are full. */
export interface PageStore {
  /** Keeps bytes that will not change any more. */
  keep(page: Uint8Array): Page;
  /**
   * The bytes again, not to be written to.
   * @param room as long as they are: may be filled and given back, so that reading takes no new memory
   */
  load(page: Page, room: () => Uint8Array): Uint8Array;
}

/** A file to read pages from. */
export interface ReadablePageFile {
  /** Fills `into` with the bytes from there on. */
  read(at: number, into: Uint8Array): void;
}

/** A file to put pages into that do not fit into memory. What it throws when the disk is full is not caught here. */
export interface PageFile extends ReadablePageFile {
  /** @returns where the bytes start */
  append(bytes: Uint8Array): number;
}

/** Keeps all pages in memory. */
export class MemoryPages implements PageStore {
  keep(page: Uint8Array): Page {
    return page;
  }

  load(page: Page): Uint8Array {
    if (typeof page === 'number') throw new Error('a page in a file was asked of a store without one');
    return page;
  }
}

/** What a book may take up in memory before its pages go to the disk: some ten thousand rows. */
const MEMORY_BYTES = 4 * 1024 * 1024;

/** Keeps pages in memory as long as they are no more than some bytes, and the others in a file. */
export class SpilledPages implements PageStore {
  readonly #file: PageFile;
  #left: number;

  /** @param memoryBytes that all pages in memory may take together */
  constructor(file: PageFile, memoryBytes = MEMORY_BYTES) {
    this.#file = file;
    this.#left = memoryBytes;
  }

  keep(page: Uint8Array): Page {
    const fits = page.length <= this.#left;
    if (fits) this.#left -= page.length;
    return fits ? page : this.#file.append(page);
  }

  load(page: Page, room: () => Uint8Array): Uint8Array {
    return loadPage(this.#file, page, room);
  }
}

/** Pages that another store has kept. */
export class KeptPages implements PageStore {
  readonly #file: ReadablePageFile;

  /** @param file those that are not in memory are in */
  constructor(file: ReadablePageFile) {
    this.#file = file;
  }

  keep(): Page {
    throw new Error('nothing is added to pages that another store has kept');
  }

  load(page: Page, room: () => Uint8Array): Uint8Array {
    return loadPage(this.#file, page, room);
  }
}

function loadPage(file: ReadablePageFile, page: Page, room: () => Uint8Array): Uint8Array {
  if (typeof page !== 'number') return page;
  const into = room();
  file.read(page, into);
  return into;
}
