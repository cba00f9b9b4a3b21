/** Lets so many in together, or one alone. Who asks to be alone is not overtaken by those who come later. */
export class Gate {
  readonly #slots: number;
  #inside = 0;
  readonly #queue: { readonly needs: number; readonly enter: () => void }[] = [];

  constructor(slots: number) {
    this.#slots = slots;
  }

  shared<T>(work: () => Promise<T>): Promise<T> {
    return this.#run(1, work);
  }

  alone<T>(work: () => Promise<T>): Promise<T> {
    return this.#run(this.#slots, work);
  }

  async #run<T>(needs: number, work: () => Promise<T>): Promise<T> {
    await new Promise<void>((enter) => {
      this.#queue.push({ needs, enter });
      this.#admit();
    });
    try {
      return await work();
    } finally {
      this.#inside -= needs;
      this.#admit();
    }
  }

  #admit(): void {
    for (let next = this.#queue[0]; next !== undefined; next = this.#queue[0]) {
      if (this.#inside + next.needs > this.#slots) return;
      this.#queue.shift();
      this.#inside += next.needs;
      next.enter();
    }
  }
}
