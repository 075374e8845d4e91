using System.Text;
using System.Text.Json;
using Fermata.Wasi;

namespace Fermata.Durable;

/// <content>Programs of WASI.</content>
public sealed partial class DurableHost
{
    /// <summary>The function that is a program.</summary>
    private const string ProgramExport = "_start";

    private readonly ProgramFunctions _programFunctions = new();

    /// <summary>What programs are given; null if the host has no WASI.</summary>
    internal ProgramSurroundings? Surroundings { get; private set; }

    /// <summary>Defines WASI preview 1: modules that import it have what a builder says, and calls of them can be programs (<see cref="StartProgramAsync"/>).</summary>
    /// <remarks>
    /// <para>
    /// Directories can be read, and not written, and have to be the same in each process. There are two more: each file of <c>/call</c> is a function that was defined by its name
    /// (<see cref="Define{TRequest, TResult}(string, Func{DurableCall, TRequest, Task{TResult}})"/>), and each of <c>/event</c> an event that is waited for (<see cref="RaiseAsync"/>). A sleep ends at its time, in
    /// whatever process. What is written to standard output and standard error is committed with what has happened then (<see cref="GetOutputAsync"/>).
    /// </para>
    /// <para>Clock and random numbers are those of the builder, and its clock that of the host if it has said nothing: what they tell is not recorded, but is in the program when it is committed.</para>
    /// </remarks>
    /// <param name="builder">What programs are given. Later changes do not count.</param>
    /// <exception cref="ArgumentException">It gives what ends with the process, or what is the host's: sockets, a network, standard streams, a directory of these names. Or WASI is defined already.</exception>
    /// <exception cref="InvalidOperationException">The host was started.</exception>
    public DurableHost DefineWasi(WasiBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        RequireNotStarted();
        var surroundings = new ProgramSurroundings(builder, _programFunctions, Options.Clock);
        Linker.DefineWasi();
        Surroundings = surroundings;
        return this;
    }

    /// <summary>
    /// Defines a function of the host that programs of WASI call by a file, <c>/call/NAME</c>: they open it for reading and writing, write what they ask in JSON, and read the answer in JSON. The read waits
    /// for the answer. If the function fails, the read fails (<c>EIO</c>), and what is read behind it is the message.
    /// </summary>
    /// <param name="name">The name of the file.</param>
    /// <param name="call">Does what is asked, when that is committed. What it throws is recorded, and the program is told.</param>
    /// <typeparam name="TRequest">What is asked: what JSON is read as. Who writes nothing asks <c>null</c>.</typeparam>
    /// <typeparam name="TResult">What is answered: what becomes JSON.</typeparam>
    /// <exception cref="ArgumentException">The name is defined already, or cannot be that of a file.</exception>
    /// <exception cref="InvalidOperationException">The host was started.</exception>
    public DurableHost Define<TRequest, TResult>(string name, Func<DurableCall, TRequest, Task<TResult>> call)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(call);
        RequireNotStarted();
        _programFunctions.Add(name, new Question(new CallFunction<TRequest, TResult>(ProgramSurroundings.PathOf(name), call, Json)));
        return this;
    }

    /// <summary>Defines a wait for a time that programs of WASI have by a file, <c>/call/NAME</c>, for those that cannot sleep: what they read at its end is <c>null</c>.</summary>
    /// <param name="name">The name of the file.</param>
    /// <param name="delay">Makes of what is asked how long it is from now. It runs when the program asks, and should do nothing else.</param>
    /// <typeparam name="TRequest">What is asked: what JSON is read as.</typeparam>
    /// <exception cref="ArgumentException">The name is defined already, or cannot be that of a file.</exception>
    /// <exception cref="InvalidOperationException">The host was started.</exception>
    public DurableHost DefineDelay<TRequest>(string name, Func<TRequest, TimeSpan> delay)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(delay);
        RequireNotStarted();
        _programFunctions.Add(name, new Question(new ElsewhereFunction(ProgramSurroundings.PathOf(name)), Delay: request => delay(JsonSerializer.Deserialize<TRequest>(request, Json)!)));
        return this;
    }

    /// <summary>Starts a program, in a store of its own, unless there is a call with the key already. When it ends, its exit code is its result, an <c>i32</c> (<see cref="GetResultsAsync"/>).</summary>
    /// <param name="key">The key by which it is found from now on.</param>
    /// <param name="module">The module, which exports <c>_start</c>.</param>
    /// <param name="arguments">Its arguments, behind those of the builder.</param>
    /// <param name="deadline">When it is ended if it has not ended by then; null for never.</param>
    /// <returns>Whether it was started.</returns>
    /// <exception cref="ArgumentException">An argument contains a NUL; or there is a store with the key, of another module.</exception>
    public Task<bool> StartProgramAsync(string key, DurableModule module, IEnumerable<string> arguments, DateTimeOffset? deadline = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(arguments);
        string[] all = [.. arguments];
        if (Array.Exists(all, static argument => argument.Contains('\0')))
            throw new ArgumentException("A text that a program in C is given cannot contain a NUL.", nameof(arguments));
        return AddCallAsync(key, key, isKept: false, module, ProgramExport, ProgramArguments.Encode(all), deadline);
    }

    /// <summary>What a program has written to standard output, as far as it is committed: each byte once, whichever processes have run it.</summary>
    /// <param name="store">Its store: the key of its call.</param>
    /// <returns>The text, of bytes in UTF-8; empty if it has written nothing, or is not there.</returns>
    public Task<string> GetOutputAsync(string store) => ReadOutputAsync(store, isError: false);

    /// <summary>What a program has written to standard error, as <see cref="GetOutputAsync"/> has it.</summary>
    /// <param name="store">Its store: the key of its call.</param>
    /// <returns>The text, of bytes in UTF-8; empty if it has written nothing, or is not there.</returns>
    public Task<string> GetErrorAsync(string store) => ReadOutputAsync(store, isError: true);

    private async Task<string> ReadOutputAsync(string store, bool isError)
    {
        ArgumentNullException.ThrowIfNull(store);
        return Encoding.UTF8.GetString(await ReadAsync(session => StoreRows.ReadOutputAsync(session, store, isError)).ConfigureAwait(false));
    }
}
