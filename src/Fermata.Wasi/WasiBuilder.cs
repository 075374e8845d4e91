using System.Net.Sockets;
using System.Security.Cryptography;
using Fermata.Platform;
using Fermata.Platform.FileSystems;
using Fermata.Platform.Network;

namespace Fermata.Wasi;

/// <summary>Says what programs are given: arguments, environment, directories, streams, clock and random numbers. What is not given, they have not.</summary>
/// <remarks>One builder serves for any number of programs, one after another or at once; streams that it names are then theirs together.</remarks>
public sealed class WasiBuilder
{
    private readonly List<string> _arguments = [];
    private readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal);
    private readonly List<(string Name, FileSystem FileSystem)> _directories = [];
    private readonly List<GuestSocket> _sockets = [];
    private NetworkPolicy? _network;
    private string _programName = "program";
    private InputStream _input = InputStream.Empty;
    private OutputStream _output = OutputStream.Null;
    private OutputStream _error = OutputStream.Null;
    private TimeProvider _clock = TimeProvider.System;
    private Action<Span<byte>> _random = RandomNumberGenerator.Fill;
    private int _mostDescriptors = 10_000;
    private int _mostThreads = 256;

    /// <summary>Sets what the program is called, its argument 0: <c>program</c> if nothing is said.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="ArgumentException">It contains a NUL.</exception>
    public WasiBuilder WithProgramName(string name)
    {
        _programName = RequireNoNul(name);
        return this;
    }

    /// <summary>Adds arguments, those behind the name of the program.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <exception cref="ArgumentException">One contains a NUL.</exception>
    public WasiBuilder WithArguments(params IEnumerable<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        _arguments.AddRange(arguments.Select(argument => RequireNoNul(argument)));
        return this;
    }

    /// <summary>Sets an environment variable; those of this process are not inherited.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value.</param>
    /// <exception cref="ArgumentException">The name is empty or contains <c>=</c>, or one of both contains a NUL.</exception>
    public WasiBuilder WithEnvironment(string name, string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Contains('='))
            throw new ArgumentException($"The name of an environment variable cannot contain '=': {name}", nameof(name));
        _environment[RequireNoNul(name)] = RequireNoNul(value);
        return this;
    }

    /// <summary>Gives the program a directory, with all that is in it.</summary>
    /// <param name="guestPath">Where the program finds it, such as <c>/</c> or <c>/data</c>. Where two fit a path, C's library takes the longer one.</param>
    /// <param name="fileSystem">The files: a <see cref="FileSystem"/>, whose root the directory is.</param>
    /// <exception cref="ArgumentException">The path is empty or contains a NUL.</exception>
    public WasiBuilder WithDirectory(string guestPath, FileSystem fileSystem)
    {
        ArgumentException.ThrowIfNullOrEmpty(guestPath);
        ArgumentNullException.ThrowIfNull(fileSystem);
        _directories.Add((RequireNoNul(guestPath), fileSystem));
        return this;
    }

    /// <summary>Gives the program a connection, or a socket for datagrams that is bound, connected or both.</summary>
    /// <remarks>
    /// Sockets have the file descriptors behind those of the directories, in the order in which they were given: the first is 3 if there is no directory. The socket stays
    /// the host's, which disposes it; it is made non-blocking (<see cref="Socket.Blocking"/>).
    /// </remarks>
    /// <param name="socket">The socket.</param>
    public WasiBuilder WithSocket(Socket socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        _sockets.Add(new GuestSocket(socket, isOwned: false));
        return this;
    }

    /// <summary>Gives the program a socket that listens for connections, as socket activation does.</summary>
    /// <remarks>
    /// As with <see cref="WithSocket"/>, it stays the host's, and has a file descriptor behind those of the directories. Programs that run at once share its connections. One
    /// that a program has been told of, and has not accepted, is there for the next.
    /// </remarks>
    /// <param name="listener">The socket, which listens already.</param>
    /// <exception cref="ArgumentException">It does not.</exception>
    public WasiBuilder WithListener(Socket listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        var socket = new GuestSocket(listener, isOwned: false);
        if (!socket.IsListening)
            throw new ArgumentException("The socket does not listen. Call Bind and Listen first; WithSocket is for connections.", nameof(listener));
        _sockets.Add(socket);
        return this;
    }

    /// <inheritdoc cref="WithListener(Socket)"/>
    /// <param name="listener">The listener, which is started.</param>
    public WasiBuilder WithListener(TcpListener listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        return WithListener(listener.Server);
    }

    /// <summary>Lets the program make sockets of its own, as programs for WasmEdge do, within a policy. Without one it has only those that it is given.</summary>
    /// <param name="policy">The policy.</param>
    public WasiBuilder WithNetwork(NetworkPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        _network = policy;
        return this;
    }

    /// <summary>Sets standard input, which is empty if nothing is said. A <see cref="Stream"/>, a pipe and a string convert to it.</summary>
    /// <param name="input">The input.</param>
    public WasiBuilder WithInput(InputStream input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _input = input;
        return this;
    }

    /// <summary>Sets standard output, which is dropped if nothing is said. A <see cref="Stream"/>, a pipe and a <see cref="TextWriter"/> convert to it.</summary>
    /// <param name="output">The output.</param>
    public WasiBuilder WithOutput(OutputStream output)
    {
        ArgumentNullException.ThrowIfNull(output);
        _output = output;
        return this;
    }

    /// <summary>Sets standard error, which is dropped if nothing is said. A <see cref="Stream"/>, a pipe and a <see cref="TextWriter"/> convert to it.</summary>
    /// <param name="error">The output.</param>
    public WasiBuilder WithError(OutputStream error)
    {
        ArgumentNullException.ThrowIfNull(error);
        _error = error;
        return this;
    }

    /// <summary>Gives the program the standard streams of this process.</summary>
    public WasiBuilder WithConsole() => WithInput(InputStream.Console).WithOutput(OutputStream.Console).WithError(OutputStream.ConsoleError);

    /// <summary>Sets where the time comes from: clocks, sleeping and timeouts. It is the system's if nothing is said.</summary>
    /// <param name="clock">The clock.</param>
    public WasiBuilder WithClock(TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        _clock = clock;
        return this;
    }

    /// <summary>Sets where random numbers come from: those for cryptography if nothing is said.</summary>
    /// <param name="random">Fills a span with random bytes, on any thread.</param>
    public WasiBuilder WithRandom(Action<Span<byte>> random)
    {
        ArgumentNullException.ThrowIfNull(random);
        _random = random;
        return this;
    }

    /// <summary>Sets how many file descriptors the program may have at once: 10,000 if nothing is said.</summary>
    /// <param name="most">The number, at least 3.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is less.</exception>
    public WasiBuilder WithMaxDescriptors(int most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 3);
        _mostDescriptors = most;
        return this;
    }

    /// <summary>Sets how many threads the program may have at once beside the one that it begins with: 256 if nothing is said.</summary>
    /// <remarks>Each has a store of its own, with the options of the program's store, limits too. The shared memory counts for the program's store, and a <see cref="FuelTank"/> is shared.</remarks>
    /// <param name="most">The number; 0 for none.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public WasiBuilder WithMaxThreads(int most)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(most);
        _mostThreads = most;
        return this;
    }

    /// <summary>Opens the directories for a program.</summary>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="IOException">A directory cannot be opened.</exception>
    public async ValueTask<WasiContext> BuildAsync(CancellationToken cancellationToken = default)
    {
        var descriptors = new DescriptorTable(_mostDescriptors);
        try
        {
            descriptors.Add(new InputDescriptor(_input));
            descriptors.Add(new OutputDescriptor(_output));
            descriptors.Add(new OutputDescriptor(_error));
            foreach (var (name, fileSystem) in _directories)
            {
                var root = await fileSystem.OpenRootAsync(cancellationToken).ConfigureAwait(false);
                if (!root.TryGet(out var directory))
                    throw new IOException($"The directory that the program is to have as {name} cannot be opened: {root.Error}.");
                var descriptor = new DirectoryDescriptor(new SharedDirectory(directory), name, Rights.OfDirectory, Rights.All, FdFlags.None);
                await AddAsync(descriptors, descriptor, $"The directory {name}").ConfigureAwait(false);
            }

            foreach (var socket in _sockets)
                await AddAsync(descriptors, new SocketDescriptor(socket, FdFlags.None), "A socket").ConfigureAwait(false);
        }
        catch
        {
            await descriptors.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        return new WasiContext(
            [_programName, .. _arguments], _environment.Select(variable => $"{variable.Key}={variable.Value}"), _clock, _random, descriptors, [_output, _error],
            _network is null ? null : new NetworkAccess(_network), _mostThreads);
    }

    private async ValueTask AddAsync(DescriptorTable descriptors, Descriptor descriptor, string what)
    {
        if (descriptors.Add(descriptor).Error is var error && error != Errno.None)
        {
            await descriptor.ReleaseAsync().ConfigureAwait(false);
            throw new IOException($"{what} has no place among {_mostDescriptors} file descriptors: {error}.");
        }
    }

    private static string RequireNoNul(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Contains('\0') ? throw new ArgumentException("A text that a program in C is given cannot contain a NUL.") : text;
    }
}
