;; Waits for the host $times times and adds up what it is given.
(module $suspend-loop
  (import "env" "wait" (func $wait (param i32) (result i32)))
  (func (export "run") (param $times i32) (result i32)
    (local $sum i32)
    (loop $again
      (local.set $sum (i32.add (local.get $sum) (call $wait (local.get $times))))
      (br_if $again (local.tee $times (i32.sub (local.get $times) (i32.const 1)))))
    (local.get $sum)))
