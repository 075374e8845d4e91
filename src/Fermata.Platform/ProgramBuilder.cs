using System.Net.Sockets;
using Fermata.Platform.FileSystems;
using Fermata.Platform.Network;

namespace Fermata.Platform;

/// <summary>Says what programs are given: arguments, environment, directories, streams, clock and random numbers. What is not given, they have not.</summary>
/// <remarks>One builder serves for any number of programs, one after another or at once; streams that it names are then theirs together.</remarks>
/// <typeparam name="TBuilder">The builder for a kind of programs, which derives from this.</typeparam>
public abstract class ProgramBuilder<TBuilder>
    where TBuilder : ProgramBuilder<TBuilder>
{
    private protected ProgramBuilder()
    {
    }

    /// <summary>What was said.</summary>
    internal ProgramSettings Settings { get; } = new();

    private TBuilder Self => (TBuilder)this;

    /// <summary>Sets what the program is called, its argument 0: <c>program</c> if nothing is said.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="ArgumentException">It contains a NUL.</exception>
    public TBuilder WithProgramName(string name)
    {
        Settings.ProgramName = RequireNoNul(name);
        return Self;
    }

    /// <summary>Adds arguments, those behind the name of the program.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <exception cref="ArgumentException">One contains a NUL.</exception>
    public TBuilder WithArguments(params IEnumerable<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        Settings.Arguments.AddRange(arguments.Select(argument => RequireNoNul(argument)));
        return Self;
    }

    /// <summary>Sets an environment variable; those of this process are not inherited.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value.</param>
    /// <exception cref="ArgumentException">The name is empty or contains <c>=</c>, or one of both contains a NUL.</exception>
    public TBuilder WithEnvironment(string name, string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Contains('='))
            throw new ArgumentException($"The name of an environment variable cannot contain '=': {name}", nameof(name));
        Settings.Environment[RequireNoNul(name)] = RequireNoNul(value);
        return Self;
    }

    /// <summary>Gives the program a directory, with all that is in it.</summary>
    /// <param name="guestPath">Where the program finds it, such as <c>/</c> or <c>/data</c>. Where two fit a path, C's library takes the longer one.</param>
    /// <param name="fileSystem">The files: a <see cref="FileSystem"/>, whose root the directory is.</param>
    /// <exception cref="ArgumentException">The path is empty or contains a NUL.</exception>
    public TBuilder WithDirectory(string guestPath, FileSystem fileSystem)
    {
        ArgumentException.ThrowIfNullOrEmpty(guestPath);
        ArgumentNullException.ThrowIfNull(fileSystem);
        Settings.Directories.Add((RequireNoNul(guestPath), fileSystem));
        return Self;
    }

    /// <summary>Gives the program a connection, or a socket for datagrams that is bound, connected or both.</summary>
    /// <remarks>
    /// Sockets have the file descriptors behind those of the directories, in the order in which they were given: the first is 3 if there is no directory. The socket stays
    /// the host's, which disposes it; it is made non-blocking (<see cref="Socket.Blocking"/>).
    /// </remarks>
    /// <param name="socket">The socket.</param>
    public TBuilder WithSocket(Socket socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        Settings.Sockets.Add(new GuestSocket(socket, isOwned: false));
        return Self;
    }

    /// <summary>Gives the program a socket that listens for connections, as socket activation does.</summary>
    /// <remarks>
    /// As with <see cref="WithSocket"/>, it stays the host's, and has a file descriptor behind those of the directories. Programs that run at once share its connections. One
    /// that a program has been told of, and has not accepted, is there for the next.
    /// </remarks>
    /// <param name="listener">The socket, which listens already.</param>
    /// <exception cref="ArgumentException">It does not.</exception>
    public TBuilder WithListener(Socket listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        var socket = new GuestSocket(listener, isOwned: false);
        if (!socket.IsListening)
            throw new ArgumentException("The socket does not listen. Call Bind and Listen first; WithSocket is for connections.", nameof(listener));
        Settings.Sockets.Add(socket);
        return Self;
    }

    /// <inheritdoc cref="WithListener(Socket)"/>
    /// <param name="listener">The listener, which is started.</param>
    public TBuilder WithListener(TcpListener listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        return WithListener(listener.Server);
    }

    /// <summary>Lets the program make sockets of its own, as programs for WasmEdge do, within a policy. Without one it has only those that it is given.</summary>
    /// <param name="policy">The policy.</param>
    public TBuilder WithNetwork(NetworkPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        Settings.Network = policy;
        return Self;
    }

    /// <summary>Sets standard input, which is empty if nothing is said. A <see cref="Stream"/>, a pipe and a string convert to it.</summary>
    /// <param name="input">The input.</param>
    public TBuilder WithInput(InputStream input)
    {
        ArgumentNullException.ThrowIfNull(input);
        Settings.Input = input;
        return Self;
    }

    /// <summary>Sets standard output, which is dropped if nothing is said. A <see cref="Stream"/>, a pipe and a <see cref="TextWriter"/> convert to it.</summary>
    /// <param name="output">The output.</param>
    public TBuilder WithOutput(OutputStream output)
    {
        ArgumentNullException.ThrowIfNull(output);
        Settings.Output = output;
        return Self;
    }

    /// <summary>Sets standard error, which is dropped if nothing is said. A <see cref="Stream"/>, a pipe and a <see cref="TextWriter"/> convert to it.</summary>
    /// <param name="error">The output.</param>
    public TBuilder WithError(OutputStream error)
    {
        ArgumentNullException.ThrowIfNull(error);
        Settings.Error = error;
        return Self;
    }

    /// <summary>Gives the program the standard streams of this process.</summary>
    public TBuilder WithConsole() => WithInput(InputStream.Console).WithOutput(OutputStream.Console).WithError(OutputStream.ConsoleError);

    /// <summary>Sets where the time comes from: clocks, sleeping and timeouts. It is the system's if nothing is said.</summary>
    /// <param name="clock">The clock.</param>
    public TBuilder WithClock(TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        Settings.Clock = clock;
        return Self;
    }

    /// <summary>Sets where random numbers come from: those for cryptography if nothing is said.</summary>
    /// <param name="random">Fills a span with random bytes, on any thread.</param>
    public TBuilder WithRandom(Action<Span<byte>> random)
    {
        ArgumentNullException.ThrowIfNull(random);
        Settings.Random = random;
        return Self;
    }

    /// <summary>Sets how many file descriptors the program may have at once: 10,000 if nothing is said.</summary>
    /// <param name="most">The number, at least 3.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is less.</exception>
    public TBuilder WithMaxDescriptors(int most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 3);
        Settings.MostDescriptors = most;
        return Self;
    }

    private static string RequireNoNul(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Contains('\0') ? throw new ArgumentException("A text that a program in C is given cannot contain a NUL.") : text;
    }
}
