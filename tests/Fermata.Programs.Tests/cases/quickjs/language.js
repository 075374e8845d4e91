class Shape { #sides; constructor(sides) { this.#sides = sides; } get sides() { return this.#sides; } static of(n) { return new this(n); } }
function* fibonacci() { let [a, b] = [0, 1]; for (;;) { yield a; [a, b] = [b, a + b]; } }
const first = (n, iterable) => { const out = []; for (const x of iterable) { if (out.push(x) === n) break; } return out; };
print([1, 2, 3].map(x => x * x).join(), Shape.of(4).sides, first(10, fibonacci()).join(' '));
print(JSON.stringify({ a: [1, null, undefined], b: new Map([[1, 2]]).size, c: 'naïve 𝄐' }), 0.1 + 0.2, 2n ** 100n, (255).toString(16));
print('2024-02-29'.replace(/(?<y>\d{4})-(?<m>\d\d)/u, '$<m>/$<y>'), [..."𝄐é"].length, [3, 1, 2].sort().pop(), Number('0x1f'), parseFloat('1e3x'));
try { null.x; } catch (e) { print(e instanceof TypeError, e.message); } finally { print('finally'); }
const proxy = new Proxy({}, { get: (_, name) => `no ${String(name)}` });
print(proxy.anything, Symbol('s').toString(), new Date(0).toISOString(), Object.entries({ x: 1, y: 2 }).flat().join(), typeof globalThis);
const bytes = new Uint8Array(new Float64Array([Math.PI]).buffer);
print(Array.from(bytes, b => b.toString(16).padStart(2, '0')).join(''), Math.max(...bytes), new Set([1, 1, 2]).size);
async function chain() { const x = await Promise.resolve(5); await null; print('awaited', x); throw new RangeError('late'); }
chain().catch(e => print('caught', e.name, e.message));
Promise.all([1, Promise.resolve(2)]).then(values => print('all', values.join()));
label: for (let i = 0; i < 3; i++) { for (let j = 0; j < 3; j++) { if (j === 1) continue label; if (i === 2) break label; print(i, j); } }
print(args.join());
