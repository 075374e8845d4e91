// Prints a line, and then waits for the end of its input, so that it can be looked at while it lives.

console.log('ready');
process.stdin.resume();
