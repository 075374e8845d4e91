# Blocks, fibers and exceptions jump between stacks, which Ruby does with Asyncify inside of WebAssembly.
puts [1, 2, 3].map { |x| x * x }.inspect, ARGV.inspect, RUBY_VERSION
fiber = Fiber.new { |x| y = Fiber.yield(x + 1); Fiber.yield(y * 2); :done }
p fiber.resume(1), fiber.resume(10), fiber.resume, fiber.alive?
words = %w[a b c].each_with_index
p words.next, words.next, words.next
begin
  words.next
rescue StopIteration => e
  puts "#{e.class}: #{e.message}"
end
p (catch(:found) { 10.times { |i| 10.times { |j| throw :found, [i, j] if i * j == 42 } } })
def risky
  yield
rescue ArgumentError, ZeroDivisionError => e
  puts "rescued #{e.class}: #{e.message}"
  :rescued
else
  :fine
ensure
  puts "ensured"
end
p risky { 1 / 0 }, risky { raise ArgumentError, "bad" }, risky { 3 }
numbers = Enumerator.new { |y| a, b = 0, 1; loop { y << a; a, b = b, a + b } }
p numbers.lazy.select(&:even?).first(8)
case { name: "x", size: [1, 2] }
in { name: String => name, size: [first, *] }
  p [name, first]
end
Point = Struct.new(:x, :y) { def +(other) = Point.new(x + other.x, y + other.y) }
p Point.new(1, 2) + Point.new(3, 4), 2**100, 1.1 + 2.2, "déjà".upcase, "%05.1f|%-5s|" % [3.14159, "ab"], :sym.to_proc.call("x") rescue p $!
p "ann@example.com"[/\w+@(\w+)/, 1], "a,b;c".split(/[,;]/), "hello".gsub(/l/) { |m| m.upcase }
def deep(n) = n == 0 ? 0 : 1 + deep(n - 1)
p deep(2000)
begin
  def forever(n) = forever(n + 1) + 1
  forever(0)
rescue SystemStackError => e
  puts e.message
end
p ObjectSpace.respond_to?(:each_object), [3, 1, 2].sort_by { -_1 }, (1..Float::INFINITY).lazy.map { _1 * 2 }.first(3)
fibers = 50.times.map { |i| Fiber.new { 3.times { |j| Fiber.yield(i * j) }; nil } }
p 3.times.map { fibers.sum(&:resume) }
GC.start
warn "to standard error"
