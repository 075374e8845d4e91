/** SplitMix64: the same numbers for the same seed, on every machine. */
export class Random {
  #state;

  constructor(seed) {
    this.#state = BigInt.asUintN(64, seed);
  }

  next() {
    this.#state = BigInt.asUintN(64, this.#state + 0x9E3779B97F4A7C15n);
    let bits = this.#state;
    bits = BigInt.asUintN(64, (bits ^ (bits >> 30n)) * 0xBF58476D1CE4E5B9n);
    bits = BigInt.asUintN(64, (bits ^ (bits >> 27n)) * 0x94D049BB133111EBn);
    return bits ^ (bits >> 31n);
  }

  below(limit) {
    return Number(this.next() % BigInt(limit));
  }

  bytes(count) {
    const words = new BigUint64Array(Math.ceil(count / 8));
    for (let i = 0; i < words.length; i++)
      words[i] = this.next();
    return new Uint8Array(words.buffer, 0, count);
  }
}
