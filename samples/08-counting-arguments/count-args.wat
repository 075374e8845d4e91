;; Tells how many i32 arguments a C function pointer takes, where no host is to be asked. C has no such question;
;; WebAssembly has: `ref.test` compares the type of a function with a given one, without calling it.
;;
;; The table stands here and not in the C program, so that the two can also be linked as instances:
;; instances cannot import from each other in a circle.
(module $count_args
  (table $functions (export "__indirect_function_table") 16 funcref)

  (type $args0 (func (result i32)))
  (type $args1 (func (param i32) (result i32)))
  (type $args2 (func (param i32 i32) (result i32)))
  (type $args3 (func (param i32 i32 i32) (result i32)))

  ;; -1: something else, or an empty place (`ref.test` is false for null).
  (func $count_args (export "countArgs") (param $pointer i32) (result i32)
    (local $function funcref)
    (local.set $function (table.get $functions (local.get $pointer)))
    (if (ref.test (ref $args0) (local.get $function)) (then (return (i32.const 0))))
    (if (ref.test (ref $args1) (local.get $function)) (then (return (i32.const 1))))
    (if (ref.test (ref $args2) (local.get $function)) (then (return (i32.const 2))))
    (if (ref.test (ref $args3) (local.get $function)) (then (return (i32.const 3))))
    (i32.const -1)))
