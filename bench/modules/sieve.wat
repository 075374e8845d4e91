;; Counts the primes below 65,536, $times times.
(module $sieve
  (memory 1)
  (func $sieve (export "sieve") (param $times i32) (result i32)
    (local $number i32) (local $multiple i32) (local $primes i32)
    (loop $again
      (memory.fill (i32.const 0) (i32.const 1) (i32.const 65536))
      (local.set $primes (i32.const 0))
      (local.set $number (i32.const 2))
      (loop $next
        (if (i32.load8_u (local.get $number))
          (then
            (local.set $primes (i32.add (local.get $primes) (i32.const 1)))
            (local.set $multiple (i32.shl (local.get $number) (i32.const 1)))
            (block $done
              (loop $cross
                (br_if $done (i32.ge_u (local.get $multiple) (i32.const 65536)))
                (i32.store8 (local.get $multiple) (i32.const 0))
                (local.set $multiple (i32.add (local.get $multiple) (local.get $number)))
                (br $cross)))))
        (local.set $number (i32.add (local.get $number) (i32.const 1)))
        (br_if $next (i32.lt_u (local.get $number) (i32.const 65536))))
      (local.set $times (i32.sub (local.get $times) (i32.const 1)))
      (br_if $again (local.get $times)))
    (local.get $primes)))
