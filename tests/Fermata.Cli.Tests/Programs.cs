namespace Fermata.Cli.Tests;

/// <summary>Small programs of WASI, in the text format.</summary>
internal static class Programs
{
    /// <summary>Prints its arguments, each in a line.</summary>
    public static string PrintsArguments { get; } = Prints("args");

    /// <summary>Prints its environment, each variable in a line.</summary>
    public static string PrintsEnvironment { get; } = Prints("environ");

    /// <summary>Prints a file of its first directory, up to 1,000 bytes, and exits with the error if it cannot be opened.</summary>
    public static string PrintsFile(string path) => UsesFile(path, creates: false,
        """
        (i32.store (i32.const 0) (i32.const 4096))
        (i32.store (i32.const 4) (i32.const 1000))
        (drop (call $fd_read (local.get $fd) (i32.const 0) (i32.const 1) (i32.const 8)))
        (drop (call $write (i32.const 1) (i32.const 4096) (i32.load (i32.const 8))))
        """);

    /// <summary>Makes a file in its first directory with its own path in it, and exits with the error if it cannot.</summary>
    public static string WritesFile(string path) => UsesFile(path, creates: true,
        $"""
        (drop (call $write (local.get $fd) (i32.const 1024) (i32.const {path.Length})))
        """);

    /// <summary>A program with functions of WASI at hand, and a memory of one page.</summary>
    /// <param name="code">What it does.</param>
    /// <param name="imports">What else it imports.</param>
    public static string Of(string code, string imports = "") =>
        $"""
        (module
          (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
          (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
          (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll_oneoff (param i32 i32 i32 i32) (result i32)))
          (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
          (import "wasi_snapshot_preview1" "proc_raise" (func $raise (param i32) (result i32)))
          (import "wasi_snapshot_preview1" "sched_yield" (func $yield (result i32)))
          {imports}
          (memory (export "memory") 1)

          ;; Writes bytes to a file descriptor; gives the error.
          (func $write (param $fd i32) (param $bytes i32) (param $count i32) (result i32)
            (i32.store (i32.const 0) (local.get $bytes))
            (i32.store (i32.const 4) (local.get $count))
            (call $fd_write (local.get $fd) (i32.const 0) (i32.const 1) (i32.const 8)))

          ;; Reads bytes from standard input; gives their number.
          (func $read (param $bytes i32) (param $count i32) (result i32)
            (i32.store (i32.const 0) (local.get $bytes))
            (i32.store (i32.const 4) (local.get $count))
            (drop (call $fd_read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
            (i32.load (i32.const 8)))

          ;; Waits for a number of nanoseconds, by the monotonic clock.
          (func $sleep (param $time i64)
            (memory.fill (i32.const 0) (i32.const 0) (i32.const 48))
            (i32.store (i32.const 16) (i32.const 1))
            (i64.store (i32.const 24) (local.get $time))
            (drop (call $poll_oneoff (i32.const 0) (i32.const 64) (i32.const 1) (i32.const 100))))

          (func (export "_start") {code}))
        """;

    /// <summary>Opens a file of directory 3, follows links, and uses it as $fd.</summary>
    private static string UsesFile(string path, bool creates, string code) => Of(
        $"""
        (local $fd i32)
        (if (local.tee $fd (call $path_open (i32.const 3) (i32.const 1) (i32.const 1024) (i32.const {path.Length}) (i32.const {(creates ? 1 : 0)})
              (i64.const {(creates ? 64 : 2)}) (i64.const 0) (i32.const 0) (i32.const 16)))
          (then (call $exit (local.get $fd))))
        (local.set $fd (i32.load (i32.const 16)))
        {code}) (data (i32.const 1024) "{path}"
        """,
        """
        (import "wasi_snapshot_preview1" "path_open" (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
        """);

    private static string Prints(string strings) => Of(
        """
        (local $end i32) (local $i i32)
        (drop (call $sizes (i32.const 16) (i32.const 20)))
        (drop (call $get (i32.const 1024) (i32.const 4096)))
        (local.set $end (i32.add (i32.const 4096) (i32.load (i32.const 20))))
        (local.set $i (i32.const 4096))
        (block $done
          (loop $next
            (br_if $done (i32.ge_u (local.get $i) (local.get $end)))
            (if (i32.eqz (i32.load8_u (local.get $i))) (then (i32.store8 (local.get $i) (i32.const 10))))
            (local.set $i (i32.add (local.get $i) (i32.const 1)))
            (br $next)))
        (drop (call $write (i32.const 1) (i32.const 4096) (i32.load (i32.const 20))))
        """,
        $"""
        (import "wasi_snapshot_preview1" "{strings}_sizes_get" (func $sizes (param i32 i32) (result i32)))
          (import "wasi_snapshot_preview1" "{strings}_get" (func $get (param i32 i32) (result i32)))
        """);
}
