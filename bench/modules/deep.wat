;; Goes down $depth activations, waits for the host there, and adds $value for each on the way back.
(module $deep
  (import "env" "wait" (func $wait (param i32) (result i32)))
  (func $down (export "down") (param $depth i32) (param $value i32) (result i32)
    (if (result i32) (i32.eq (local.get $depth) (i32.const 1))
      (then (call $wait (local.get $value)))
      (else
        (i32.add
          (local.get $value)
          (call $down (i32.sub (local.get $depth) (i32.const 1)) (local.get $value)))))))
