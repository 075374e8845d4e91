// A function that works for some time, and has a checksum.
class Account {
  balance = 0;

  move(amount) {
    return this.balance += amount;
  }
}

function work() {
  const accounts = Array.from({ length: 100 }, () => new Account());
  let checksum = 0;
  for (let i = 0; i < 20000; i++) checksum = (checksum * 31 + accounts[i * 7 % 100].move(i & 15)) & 0xFFFFFF;
  const words = new Map();
  for (let i = 0; i < 10000; i++) {
    const word = `w${i * i % 997}`;
    words.set(word, (words.get(word) ?? 0) + 1);
  }
  const sorted = [...words.keys()].sort((a, b) => words.get(a) - words.get(b) || (a < b ? -1 : 1));
  for (const part of sorted.join(' ').split(' ')) checksum = (checksum * 31 + part.length + part.charCodeAt(part.length - 1)) & 0xFFFFFF;
  let numbers = Array.from({ length: 5000 }, (_, i) => i % 101);
  for (let step = 0; step < 5; step++) numbers = numbers.map((x, i) => x * 0.5 + numbers[i > 0 ? i - 1 : 4999]);
  return (checksum + Math.trunc(numbers.reduce((sum, x) => sum + x, 0))) & 0xFFFFFF;
}
