using Fermata.Wasi.Functions;

namespace Fermata.Emscripten.Functions;

/// <summary>The functions that Emscripten's JavaScript gives programs, but for those that are WASI's and those that the glue has.</summary>
internal static class EmscriptenFunctions
{
    /// <summary>How the oldest programs call system calls: <c>__sys_open</c> and so on.</summary>
    private const string SystemCall = "__syscall_", OldSystemCall = "__sys_";

    public static readonly HostFunction[] Functions =
    [
        // Paths.
        new("__syscall_chdir", PathFunctions.Chdir),
        new("__syscall_chmod", PathFunctions.Chmod),
        new("__syscall_faccessat", PathFunctions.Faccessat),
        new("__syscall_faccessat2", PathFunctions.Faccessat),
        new("__syscall_fchdir", PathFunctions.Fchdir),
        new("__syscall_fchmodat", PathFunctions.Fchmodat),
        new("__syscall_fchmodat2", PathFunctions.Fchmodat),
        new("__syscall_fchownat", PathFunctions.Fchownat),
        new("__syscall_getcwd", PathFunctions.Getcwd),
        new("__syscall_linkat", PathFunctions.Linkat),
        new("__syscall_lstat64", PathFunctions.Lstat64, PathFunctions.CompleteStat64),
        new("__syscall_mkdirat", PathFunctions.Mkdirat),
        new("__syscall_mknodat", PathFunctions.Mknodat),
        new("__syscall_newfstatat", PathFunctions.Newfstatat, PathFunctions.CompleteNewfstatat),
        new("__syscall_openat", PathFunctions.Openat),
        new("__syscall_readlinkat", PathFunctions.Readlinkat, PathFunctions.CompleteReadlinkat),
        new("__syscall_renameat", PathFunctions.Renameat),
        new("__syscall_rmdir", PathFunctions.Rmdir),
        new("__syscall_stat64", PathFunctions.Stat64, PathFunctions.CompleteStat64),
        new("__syscall_statfs64", PathFunctions.Statfs64, PathFunctions.CompleteStatfs64),
        new("__syscall_symlinkat", PathFunctions.Symlinkat),
        new("__syscall_truncate64", PathFunctions.Truncate64),
        new("__syscall_umask", PathFunctions.Umask),
        new("__syscall_unlink", PathFunctions.Unlink),
        new("__syscall_unlinkat", PathFunctions.Unlinkat),
        new("__syscall_utimensat", PathFunctions.Utimensat),

        // File descriptors.
        new("__syscall_dup", FileFunctions.Dup),
        new("__syscall_dup2", FileFunctions.Dup2),
        new("__syscall_dup3", FileFunctions.Dup3),
        new("__syscall_fadvise64", FileFunctions.Fadvise64),
        new("__syscall_fallocate", FileFunctions.Fallocate),
        new("__syscall_fchmod", FileFunctions.Fchmod),
        new("__syscall_fchown32", FileFunctions.Fchown),
        new("__syscall_fcntl64", ControlFunctions.Fcntl64, ControlFunctions.CompleteFcntl64),
        new("__syscall_fdatasync", FileFunctions.Fdatasync),
        new("__syscall_fstat64", FileFunctions.Fstat64, FileFunctions.CompleteFstat64),
        new("__syscall_fstatfs64", FileFunctions.Fstatfs64, FileFunctions.CompleteFstatfs64),
        new("__syscall_ftruncate64", FileFunctions.Ftruncate64),
        new("__syscall_getdents64", FileFunctions.Getdents64, FileFunctions.CompleteGetdents64),
        new("__syscall_ioctl", ControlFunctions.Ioctl),

        // Pipes, and waiting.
        new("__syscall__newselect", PollFunctions.Select, PollFunctions.CompleteSelect),
        new("___syscall__newselect", PollFunctions.Select, PollFunctions.CompleteSelect),
        new("__syscall_pipe", PipeFunctions.MakePipe),
        new("__syscall_pipe2", PipeFunctions.MakePipe2),
        new("__syscall_poll", PollFunctions.Poll, PollFunctions.CompletePoll),

        // Sockets.
        new("__syscall_accept4", SocketFunctions.Accept4, SocketFunctions.CompleteAccept4),
        new("__syscall_bind", SocketFunctions.Bind),
        new("__syscall_connect", SocketFunctions.Connect),
        new("__syscall_getpeername", SocketFunctions.Getpeername),
        new("__syscall_getsockname", SocketFunctions.Getsockname),
        new("__syscall_getsockopt", SocketOptionFunctions.Getsockopt),
        new("__syscall_listen", SocketFunctions.Listen),
        new("__syscall_recvfrom", MessageFunctions.Recvfrom, MessageFunctions.CompleteRecvfrom),
        new("__syscall_recvmsg", MessageFunctions.Recvmsg, MessageFunctions.CompleteRecvmsg),
        new("__syscall_sendmsg", MessageFunctions.Sendmsg),
        new("__syscall_sendto", MessageFunctions.Sendto),
        new("__syscall_setsockopt", SocketOptionFunctions.Setsockopt),
        new("__syscall_shutdown", SocketFunctions.Shutdown),
        new("__syscall_socket", SocketFunctions.Socket),

        // Names.
        new("_emscripten_lookup_name", NameFunctions.LookupName),
        new("getaddrinfo", NameFunctions.GetAddrInfo, NameFunctions.CompleteGetAddrInfo),
        new("getnameinfo", NameFunctions.GetNameInfo),
        new("getprotobyname", NameFunctions.GetProtoByName),
        new("getprotobynumber", NameFunctions.GetProtoByNumber),

        // Memory.
        new("_mmap_js", MapFunctions.Mmap, MapFunctions.CompleteMmap),
        new("_msync_js", MapFunctions.Msync),
        new("_munmap_js", MapFunctions.Munmap),
        new("emscripten_get_heap_max", MemoryFunctions.GetHeapMax),
        new("emscripten_get_heap_size", MemoryFunctions.GetHeapSize),
        new("emscripten_memcpy_big", MemoryFunctions.Copy),
        new("emscripten_memcpy_js", MemoryFunctions.Copy),
        new("_emscripten_memcpy_js", MemoryFunctions.Copy),
        new("emscripten_resize_heap", MemoryFunctions.ResizeHeap),

        // Libraries.
        new("_dlopen_js", LibraryFunctions.Open, LibraryFunctions.CompleteOpen),
        new("_dlsym_js", LibraryFunctions.Symbol),
        new("_emscripten_dlopen_js", LibraryFunctions.OpenBeside),

        // libffi.
        new("ffi_closure_alloc_js", ForeignCallFunctions.AllocateClosure),
        new("ffi_closure_free_js", ForeignCallFunctions.FreeClosure),
        new("ffi_prep_closure_loc_js", ForeignCallFunctions.PrepareClosure),
        new("foreignCaller", ForeignCallFunctions.CallerOf),

        // Contexts.
        new("getcontext", ContextFunctions.Getcontext),
        new("makecontext", ContextFunctions.Makecontext),
        new("setcontext", ContextFunctions.Setcontext, ContextFunctions.CompleteSetcontext),
        new("swapcontext", ContextFunctions.Swapcontext, ContextFunctions.CompleteSwapcontext),

        // Time.
        new("_gmtime_js", TimeFunctions.GmTime),
        new("_localtime_js", TimeFunctions.LocalTime),
        new("_mktime_js", TimeFunctions.MkTime),
        new("_timegm_js", TimeFunctions.TimeGm),
        new("_tzset_js", TimeFunctions.TzSet),
        new("strptime", TimeFunctions.ParseTime),
        new("emscripten_date_now", TimeFunctions.DateNow),
        new("emscripten_get_now", TimeFunctions.GetNow),
        new("emscripten_get_now_res", TimeFunctions.GetNowResolution),
        new("emscripten_performance_now", TimeFunctions.GetNow),
        new("emscripten_sleep", ProcessFunctions.Sleep),
        new("_setitimer_js", ProcessFunctions.SetTimer),

        // The process.
        new("__assert_fail", ProcessFunctions.AssertFail),
        new("__syscall_getegid32", ProcessFunctions.Zero),
        new("__syscall_geteuid32", ProcessFunctions.Zero),
        new("__syscall_getgid32", ProcessFunctions.Zero),
        new("__syscall_getgroups32", ProcessFunctions.GetGroups),
        new("__syscall_getpgid", ProcessFunctions.GetGroup),
        new("__syscall_getpid", ProcessFunctions.GetPid),
        new("__syscall_getppid", ProcessFunctions.Zero),
        new("__syscall_getrusage", LimitFunctions.GetUsage),
        new("__syscall_getsid", ProcessFunctions.GetGroup),
        new("__syscall_getuid32", ProcessFunctions.Zero),
        new("__syscall_prlimit64", LimitFunctions.PrLimit64),
        new("__syscall_setpgid", ProcessFunctions.SetGroup),
        new("__syscall_setsid", ProcessFunctions.Zero),
        new("__syscall_sync", ProcessFunctions.Zero),
        new("__syscall_ugetrlimit", LimitFunctions.GetLimit),
        new("__syscall_uname", ProcessFunctions.Uname),
        new("__syscall_wait4", ProcessFunctions.Wait4),
        new("_abort_js", ProcessFunctions.Abort),
        new("abort", ProcessFunctions.Abort),
        new("_emscripten_get_progname", ProcessFunctions.Progname),
        new("_emscripten_runtime_keepalive_clear", ProcessFunctions.KeepAliveClear),
        new("_emscripten_system", ProcessFunctions.System),
        new("emscripten_runtime_keepalive_check", ProcessFunctions.KeepAliveCheck),
        new("emscripten_runtime_keepalive_pop", ProcessFunctions.KeepAlivePop),
        new("emscripten_runtime_keepalive_push", ProcessFunctions.KeepAlivePush),
        new("exit", ProcessFunctions.Exit),
        new("getdtablesize", LimitFunctions.GetDescriptorTableSize),
    ];

    private static readonly Dictionary<string, HostFunction> ByName =
        Functions.Concat(Preview1.Functions).ToDictionary(function => function.Name, StringComparer.Ordinal);

    /// <summary>The function of a name; null if there is none.</summary>
    public static HostFunction? Find(string name) =>
        ByName.GetValueOrDefault(name)
            ?? (name.StartsWith(OldSystemCall, StringComparison.Ordinal) ? ByName.GetValueOrDefault(SystemCall + name[OldSystemCall.Length..]) : null);
}
