;; For engines without imports in two steps; only `npm run verify` uses it, in V8. It stands between the program of
;; sample 03 and its host. The wait of the program is the same; the host is called immediately before and after it,
;; while nothing else can run on the instance. If the host restored the stack as the last step of its async function
;; instead, another call could be resumed in the short time between that and the resumption of this one.
(module $around_wait
  (import "host" "waitForGate" (func $wait_for_gate (param $gate i32)))
  (import "host" "saveStack" (func $save_stack (result externref)))
  (import "host" "restoreStack" (func $restore_stack (param $saved externref)))

  (func $wait_with_own_stack (export "waitForGate") (param $gate i32)
    (local $saved externref)
    (local.set $saved (call $save_stack))
    (call $wait_for_gate (local.get $gate))
    (call $restore_stack (local.get $saved))))
