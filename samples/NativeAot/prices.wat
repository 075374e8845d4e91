;; The sum of the prices of some goods, which the host has to ask for.
(module
  (import "shop" "price" (func $price (param $item i32) (result i32)))
  (memory (export "memory") 1)

  ;; The numbers of the goods are in the memory.
  (func (export "total") (param $items i32) (param $count i32) (result i32)
    (local $sum i32)
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $count)))
        (local.set $sum (i32.add (local.get $sum) (call $price (i32.load (local.get $items)))))
        (local.set $items (i32.add (local.get $items) (i32.const 4)))
        (local.set $count (i32.sub (local.get $count) (i32.const 1)))
        (br $next)))
    (local.get $sum)))
