;; fib that waits for the host when its argument is negative. It never is, but each call may suspend, so each is tested.
(module $fib-suspendable
  (import "env" "wait" (func $wait (param i32) (result i32)))
  (func $fib (export "fib") (param $n i32) (result i32)
    (if (result i32) (i32.lt_s (local.get $n) (i32.const 2))
      (then
        (if (result i32) (i32.lt_s (local.get $n) (i32.const 0))
          (then (call $wait (local.get $n)))
          (else (local.get $n))))
      (else
        (i32.add
          (call $fib (i32.sub (local.get $n) (i32.const 1)))
          (call $fib (i32.sub (local.get $n) (i32.const 2))))))))
