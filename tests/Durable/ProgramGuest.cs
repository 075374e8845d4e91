using Fermata.Durable;
using Fermata.Platform.FileSystems;
using Fermata.Wasi;

namespace Fermata.Tests.Shared;

/// <summary>A program of WASI that waits by files and sleeps, and hosts for it. Its first argument says what it does, numbers follow.</summary>
internal static class ProgramGuest
{
    private const string Text =
        """
        (import "wasi_snapshot_preview1" "args_sizes_get" (func $args_sizes_get (param i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "args_get" (func $args_get (param i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "path_open" (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "fd_seek" (func $fd_seek (param i32 i64 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "fd_close" (func $fd_close (param i32) (result i32)))
        (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll_oneoff (param i32 i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
        (memory (export "memory") 4)

        ;; 0 a vector, 8 a result, 64 two subscriptions, 192 events, 256 arguments, 1024 text
        (data (i32.const 2048) "ask") (data (i32.const 2064) "paid") (data (i32.const 2080) "lines") (data (i32.const 2096) "none") (data (i32.const 2112) "{") (data (i32.const 2128) "pause")

        ;; A file of /data (3), /call (4) or /event (5); less than zero is an error.
        (func $open (param $directory i32) (param $path i32) (param $length i32) (param $rights i64) (result i32) (local $error i32)
          (local.set $error (call $path_open (local.get $directory) (i32.const 0) (local.get $path) (local.get $length) (i32.const 0) (local.get $rights) (i64.const 0) (i32.const 0) (i32.const 8)))
          (if (local.get $error) (then (return (i32.sub (i32.const 0) (local.get $error)))))
          (i32.load (i32.const 8)))
        (func $open_ask (result i32) (call $open (i32.const 4) (i32.const 2048) (i32.const 3) (i64.const 102)))
        (func $vector (param $text i32) (param $length i32)
          (i32.store (i32.const 0) (local.get $text)) (i32.store (i32.const 4) (local.get $length)))
        (func $write (param $fd i32) (param $text i32) (param $length i32) (result i32)
          (call $vector (local.get $text) (local.get $length))
          (call $fd_write (local.get $fd) (i32.const 0) (i32.const 1) (i32.const 8)))
        (func $read (param $fd i32) (param $text i32) (param $length i32) (result i32) (local $error i32)
          (call $vector (local.get $text) (local.get $length))
          (local.set $error (call $fd_read (local.get $fd) (i32.const 0) (i32.const 1) (i32.const 8)))
          (if (local.get $error) (then (return (i32.sub (i32.const 0) (local.get $error)))))
          (i32.store8 (i32.add (local.get $text) (i32.load (i32.const 8))) (i32.const 0))
          (i32.load (i32.const 8)))
        (func $format (param $value i32) (param $text i32) (result i32) (local $length i32)
          (if (i32.ge_u (local.get $value) (i32.const 10))
            (then (local.set $length (call $format (i32.div_u (local.get $value) (i32.const 10)) (local.get $text)))))
          (i32.store8 (i32.add (local.get $text) (local.get $length)) (i32.add (i32.const 48) (i32.rem_u (local.get $value) (i32.const 10))))
          (i32.add (local.get $length) (i32.const 1)))
        (func $parse (param $text i32) (result i32) (local $value i32)
          (block $end
            (loop $next
              (br_if $end (i32.gt_u (i32.sub (i32.load8_u (local.get $text)) (i32.const 48)) (i32.const 9)))
              (local.set $value (i32.add (i32.mul (local.get $value) (i32.const 10)) (i32.sub (i32.load8_u (local.get $text)) (i32.const 48))))
              (local.set $text (i32.add (local.get $text) (i32.const 1)))
              (br $next)))
          (local.get $value))
        (func $read_number (param $fd i32) (param $length i32) (result i32) (local $count i32)
          (local.set $count (call $read (local.get $fd) (i32.const 1024) (local.get $length)))
          (if (i32.lt_s (local.get $count) (i32.const 0)) (then (return (local.get $count))))
          (call $parse (i32.const 1024)))
        (func $put (param $fd i32) (param $value i32) (result i32)
          (call $write (local.get $fd) (i32.const 1024) (call $format (local.get $value) (i32.const 1024))))
        (func $say (param $value i32) (local $length i32)
          (local.set $length (call $format (local.get $value) (i32.const 1024)))
          (i32.store8 (i32.add (i32.const 1024) (local.get $length)) (i32.const 10))
          (drop (call $write (i32.const 1) (i32.const 1024) (i32.add (local.get $length) (i32.const 1)))))
        (func $ask (param $value i32) (result i32) (local $fd i32) (local $answer i32)
          (local.set $fd (call $open_ask))
          (drop (call $put (local.get $fd) (local.get $value)))
          (local.set $answer (call $read_number (local.get $fd) (i32.const 100)))
          (drop (call $fd_close (local.get $fd)))
          (local.get $answer))
        (func $event (result i32) (local $fd i32) (local $content i32)
          (local.set $fd (call $open (i32.const 5) (i32.const 2064) (i32.const 4) (i64.const 38)))
          (local.set $content (call $read_number (local.get $fd) (i32.const 100)))
          (drop (call $fd_close (local.get $fd)))
          (local.get $content))
        (func $sleep (param $milliseconds i32) (param $clocks i32)
          (i32.store (i32.const 80) (i32.const 1))
          (i64.store (i32.const 88) (i64.mul (i64.extend_i32_u (local.get $milliseconds)) (i64.const 1000000)))
          (i32.store (i32.const 128) (i32.const 0))
          (i64.store (i32.const 136) (i64.const 1000000000000000))
          (drop (call $poll_oneoff (i32.const 64) (i32.const 192) (local.get $clocks) (i32.const 8))))

        ;; Three questions with a pause after each. The sum of the answers is in locals of a recursion.
        (func $steps (param $order i32) (param $pause i32) (param $step i32) (result i32) (local $answer i32)
          (if (i32.eqz (local.get $step)) (then (return (i32.const 0))))
          (local.set $answer (call $ask (i32.add (i32.mul (local.get $order) (i32.const 10)) (local.get $step))))
          (call $say (local.get $answer))
          (call $sleep (local.get $pause) (i32.const 1))
          (i32.add (local.get $answer) (call $steps (local.get $order) (local.get $pause) (i32.sub (local.get $step) (i32.const 1)))))

        ;; What is in lines of a file, in the middle of which it asks.
        (func $lines (param $fd i32) (param $count i32) (result i32) (local $line i32)
          (if (i32.eqz (local.get $count)) (then (return (i32.const 0))))
          (local.set $line (call $read_number (local.get $fd) (i32.const 3)))
          (call $say (local.get $line))
          (i32.add (call $ask (local.get $line)) (call $lines (local.get $fd) (i32.sub (local.get $count) (i32.const 1)))))

        (func $is (param $mode i32) (result i32) (i32.eq (i32.load8_u (i32.load (i32.const 260))) (local.get $mode)))

        (func (export "_start") (local $a i32) (local $b i32) (local $fd i32) (local $result i32)
          (drop (call $args_sizes_get (i32.const 8) (i32.const 12)))
          (drop (call $args_get (i32.const 256) (i32.const 512)))
          (if (i32.gt_u (i32.load (i32.const 8)) (i32.const 2)) (then (local.set $a (call $parse (i32.load (i32.const 264))))))
          (if (i32.gt_u (i32.load (i32.const 8)) (i32.const 3)) (then (local.set $b (call $parse (i32.load (i32.const 268))))))

          (if (call $is (i32.const 111)) (then (call $exit (call $steps (local.get $a) (local.get $b) (i32.const 3)))))               ;; order
          (if (call $is (i32.const 108)) (then                                                                                          ;; lines
            (call $exit (call $lines (call $open (i32.const 3) (i32.const 2080) (i32.const 5) (i64.const 38)) (i32.const 3)))))
          (if (call $is (i32.const 101)) (then (call $exit (i32.add (call $event) (call $event)))))                                     ;; events
          (if (call $is (i32.const 115)) (then (call $sleep (local.get $a) (i32.add (local.get $b) (i32.const 1))) (call $exit (i32.const 7))))  ;; sleep
          (if (call $is (i32.const 116)) (then (call $say (call $ask (local.get $a))) (unreachable)))                                   ;; trap
          (if (call $is (i32.const 104)) (then                                                                                          ;; half of an answer, then another
            (local.set $fd (call $open_ask))
            (drop (call $put (local.get $fd) (local.get $a)))
            (drop (call $read (local.get $fd) (i32.const 1400) (i32.const 1)))
            (local.set $result (call $ask (local.get $b)))
            (drop (call $read (local.get $fd) (i32.const 1401) (i32.const 100)))
            (call $exit (i32.add (local.get $result) (call $parse (i32.const 1400))))))
          (if (call $is (i32.const 113)) (then                                                                                          ;; questions by one descriptor
            (local.set $fd (call $open_ask))
            (drop (call $put (local.get $fd) (local.get $a)))
            (local.set $result (call $read_number (local.get $fd) (i32.const 100)))
            (if (call $read (local.get $fd) (i32.const 1024) (i32.const 100)) (then (call $exit (i32.const 1))))
            (drop (call $put (local.get $fd) (local.get $b)))
            (drop (call $fd_seek (local.get $fd) (i64.const 0) (i32.const 0) (i32.const 8)))
            (call $exit (i32.add (local.get $result) (call $read_number (local.get $fd) (i32.const 100))))))
          (if (call $is (i32.const 102)) (then                                                                                          ;; a function that fails
            (local.set $fd (call $open_ask))
            (drop (call $put (local.get $fd) (local.get $a)))
            (local.set $result (call $read (local.get $fd) (i32.const 1024) (i32.const 100)))
            (drop (call $write (i32.const 2) (i32.const 1024) (call $read (local.get $fd) (i32.const 1024) (i32.const 100))))
            (call $exit (i32.sub (i32.const 0) (local.get $result)))))
          (if (call $is (i32.const 105)) (then                                                                                          ;; what is no JSON
            (local.set $fd (call $open_ask))
            (drop (call $write (local.get $fd) (i32.const 2112) (i32.const 1)))
            (call $exit (i32.sub (i32.const 0) (call $read (local.get $fd) (i32.const 1024) (i32.const 100))))))
          (if (call $is (i32.const 98)) (then                                                                                           ;; more output than there may be
            (loop $again
              (br_if $again (i32.eqz (local.tee $result (call $write (i32.const 1) (i32.const 0) (i32.const 65536))))))
            (call $exit (local.get $result))))
          (if (call $is (i32.const 99)) (then                                                                                           ;; computes behind a file that was closed
            (drop (call $ask (local.get $a)))
            (loop $count (br_if $count (i32.lt_u (local.tee $result (i32.add (local.get $result) (i32.const 1))) (local.get $b))))
            (call $exit (local.get $result))))
          (if (call $is (i32.const 100)) (then                                                                                          ;; delay by a file
            (local.set $fd (call $open (i32.const 4) (i32.const 2128) (i32.const 5) (i64.const 102)))
            (drop (call $put (local.get $fd) (local.get $a)))
            (call $exit (call $read (local.get $fd) (i32.const 1024) (i32.const 100)))))
          (if (call $is (i32.const 120)) (then                                                                                          ;; what cannot be opened
            (call $say (i32.sub (i32.const 0) (call $open (i32.const 3) (i32.const 2080) (i32.const 5) (i64.const 102))))
            (call $say (i32.sub (i32.const 0) (call $open (i32.const 4) (i32.const 2096) (i32.const 4) (i64.const 102))))
            (call $say (i32.sub (i32.const 0) (call $open (i32.const 4) (i32.const 2048) (i32.const 3) (i64.const 64))))
            (call $say (i32.sub (i32.const 0) (call $open (i32.const 5) (i32.const 2064) (i32.const 4) (i64.const 102))))
            (call $exit (i32.const 0)))))
        """;

    public static byte[] Bytes { get; } = Module.Parse(new Engine(), Text).ToBytes();

    /// <summary>What an order is started with.</summary>
    public static string[] Order(int order, int pause) => ["order", $"{order}", $"{pause}"];

    /// <summary>A host with what the program asks.</summary>
    /// <param name="database">The database.</param>
    /// <param name="ask">Answers the questions.</param>
    /// <param name="change">Changes the options.</param>
    /// <param name="files">The files in <c>/data</c>.</param>
    public static async Task<(DurableHost Host, DurableModule Module)> OpenAsync(
        DurableDatabase database, Func<DurableCall, int, Task<int>>? ask = null, Func<DurableHostOptions, DurableHostOptions>? change = null, FileSystem? files = null)
    {
        var host = await DurableHost.OpenAsync(change?.Invoke(Guest.Options(database)) ?? Guest.Options(database));
        return (host, await DefineAsync(host, ask, files));
    }

    /// <summary>Gives a host what the program asks, and the program.</summary>
    public static Task<DurableModule> DefineAsync(DurableHost host, Func<DurableCall, int, Task<int>>? ask, FileSystem? files = null)
    {
        ask ??= static (_, value) => Task.FromResult(value);
        host.DefineWasi(new WasiBuilder().WithDirectory("/data", files ?? Files())).Define("ask", (DurableCall call, int value) => ask(call, value))
            .DefineDelay<int>("pause", static milliseconds => TimeSpan.FromMilliseconds(milliseconds));
        return host.AddModuleAsync(Bytes, "program");
    }

    public static MemoryFileSystem Files()
    {
        var files = new MemoryFileSystem();
        files.AddText("lines", "11\n22\n33\n");
        return files;
    }
}
