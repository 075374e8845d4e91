;; Throws and catches $times times, each time out of $depth activations.
(module $throw
  (tag $e (param i32))

  ;; Activations that an exception only leaves.
  (func $pass (param $depth i32) (result i32)
    (if (i32.eqz (local.get $depth)) (then (throw $e (i32.const 1))))
    (i32.add (call $pass (i32.sub (local.get $depth) (i32.const 1))) (i32.const 1)))

  ;; Activations that catch it and throw it again, as those do that destroy objects of C++.
  (func $cleanup (param $depth i32) (result i32)
    (if (i32.eqz (local.get $depth)) (then (throw $e (i32.const 1))))
    (throw_ref
      (block $caught (result exnref)
        (try_table (catch_all_ref $caught)
          (return (i32.add (call $cleanup (i32.sub (local.get $depth) (i32.const 1))) (i32.const 1))))
        (unreachable))))

  (func (export "pass") (param $times i32) (param $depth i32) (result i32) (local $sum i32)
    (loop $again
      (local.set $sum (i32.add (local.get $sum)
        (block $caught (result i32)
          (try_table (catch $e $caught) (drop (call $pass (local.get $depth))))
          (unreachable))))
      (br_if $again (local.tee $times (i32.sub (local.get $times) (i32.const 1)))))
    (local.get $sum))

  (func (export "cleanup") (param $times i32) (param $depth i32) (result i32) (local $sum i32)
    (loop $again
      (local.set $sum (i32.add (local.get $sum)
        (block $caught (result i32)
          (try_table (catch $e $caught) (drop (call $cleanup (local.get $depth))))
          (unreachable))))
      (br_if $again (local.tee $times (i32.sub (local.get $times) (i32.const 1)))))
    (local.get $sum)))
