function inner() { throw new Error("broken"); }
print("before");
function outer() { inner(); }
outer();
print("not reached");
