# Prints that it runs, and then measures a round for each line that it reads.
class Account
  def initialize
    @balance = 0
  end

  def move(amount)
    @balance += amount
  end
end

def work
  accounts = Array.new(100) { Account.new }
  checksum = 0
  20_000.times { |i| checksum = (checksum * 31 + accounts[i * 7 % 100].move(i & 15)) & 0xFFFFFF }
  words = Hash.new(0)
  10_000.times { |i| words["w#{i * i % 997}"] += 1 }
  text = words.keys.sort_by { |word| [words[word], word] }.join(" ")
  text.split(" ").each { |part| checksum = (checksum * 31 + part.length + part[-1].ord) & 0xFFFFFF }
  numbers = Array.new(5_000) { |i| (i % 101).to_f }
  5.times { numbers = numbers.each_with_index.map { |x, i| x * 0.5 + numbers[i - 1] } }
  (checksum + numbers.sum.to_i) & 0xFFFFFF
end

$stdout.sync = true
puts "ready"
while $stdin.gets
  start = Process.clock_gettime(Process::CLOCK_MONOTONIC)
  result = work
  milliseconds = (Process.clock_gettime(Process::CLOCK_MONOTONIC) - start) * 1000
  puts format('{"value": %.3f, "checksum": %d}', milliseconds, result)
end
