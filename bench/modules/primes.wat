;; Finds the primes below 2^24 in a memory of 16 MiB, goes down 30 activations, and waits for the host there. Returns how many primes there are, and 30 more.
(module $primes
  (import "env" "wait" (func $wait (param i32) (result i32)))
  (memory (export "memory") 256)
  (func $down (param $depth i32) (param $value i32) (result i32)
    (if (result i32) (i32.eq (local.get $depth) (i32.const 1))
      (then (call $wait (local.get $value)))
      (else
        (i32.add
          (local.get $value)
          (call $down (i32.sub (local.get $depth) (i32.const 1)) (local.get $value))))))
  (func (export "run") (result i32) (local $number i32) (local $multiple i32) (local $count i32)
    (local.set $number (i32.const 2))
    (loop $next
      (if (i32.eqz (i32.load8_u (local.get $number)))
        (then
          (local.set $count (i32.add (local.get $count) (i32.const 1)))
          (if (i32.lt_u (local.get $number) (i32.const 4096))
            (then
              (local.set $multiple (i32.mul (local.get $number) (local.get $number)))
              (loop $strike
                (i32.store8 (local.get $multiple) (i32.const 1))
                (br_if $strike (i32.lt_u (local.tee $multiple (i32.add (local.get $multiple) (local.get $number))) (i32.const 0x1000000))))))))
      (br_if $next (i32.lt_u (local.tee $number (i32.add (local.get $number) (i32.const 1))) (i32.const 0x1000000))))
    (i32.add (local.get $count) (call $down (i32.const 30) (i32.const 1)))))
