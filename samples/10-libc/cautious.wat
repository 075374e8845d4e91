;; Runs a program as careful code would, with a handler for whatever it throws. An exit is nothing that is thrown:
;; the handler does not see it.
(module $cautious
  (import "program" "_start" (func $start))
  (import "env" "logCaught" (func $log_caught))

  (func $run (export "run")
    (block $caught
      (try_table (catch_all $caught) (call $start))
      (return))
    (call $log_caught)))
