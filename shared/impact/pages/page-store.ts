/** Where columns keep the parts of themselves that are full. */
export interface PageStore {
  /** Keeps bytes that will not change any more. @returns the number to ask for them by */
  keep(page: Uint8Array): number;
  /**
   * The bytes again, not to be written to.
   * @param room as long as they are: may be filled and given back, so that reading takes no new memory
   */
  load(number: number, room: () => Uint8Array): Uint8Array;
}

/** A file to put pages into that do not fit into memory. What it throws when the disk is full is not caught here. */
export interface PageFile {
  /** @returns where the bytes start */
  append(bytes: Uint8Array): number;
  /** Fills `into` with the bytes from there on. */
  read(at: number, into: Uint8Array): void;
}

/** Keeps all pages in memory. */
export class MemoryPages implements PageStore {
  readonly #pages: Uint8Array[] = [];

  keep(page: Uint8Array): number {
    return this.#pages.push(page) - 1;
  }

  load(number: number): Uint8Array {
    return this.#pages[number] as Uint8Array;
  }
}

/** Keeps pages in memory as long as they are no more than some bytes, and the others in a file. */
export class SpilledPages implements PageStore {
  readonly #file: PageFile;
  readonly #pages: (Uint8Array | number)[] = [];
  #left: number;

  /** @param memoryBytes that all pages in memory may take together */
  constructor(file: PageFile, memoryBytes: number) {
    this.#file = file;
    this.#left = memoryBytes;
  }

  keep(page: Uint8Array): number {
    const fits = page.length <= this.#left;
    if (fits) this.#left -= page.length;
    return this.#pages.push(fits ? page : this.#file.append(page)) - 1;
  }

  load(number: number, room: () => Uint8Array): Uint8Array {
    const page = this.#pages[number] as Uint8Array | number;
    if (typeof page !== 'number') return page;
    const into = room();
    this.#file.read(page, into);
    return into;
  }
}
