File.write("/scratch/a.txt", "one\ntwo\n")
p File.readlines("/scratch/a.txt", chomp: true), File.size("/scratch/a.txt"), Dir.children("/scratch"), ENV["GREETING"]
File.rename("/scratch/a.txt", "/scratch/b.txt")
begin
  File.open("/scratch/a.txt")
rescue Errno::ENOENT => e
  puts e.message
end
Dir.mkdir("/scratch/d")
p Dir.glob("/scratch/*").sort, File.directory?("/scratch/d"), $stdin.read
at_exit { puts "at exit" }
def fails = raise(IOError, "broken")
fails
