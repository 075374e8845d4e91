using System.Security.Cryptography;
using Fermata.Platform.FileSystems;
using Fermata.Platform.Network;

namespace Fermata.Platform;

/// <summary>What a <see cref="ProgramBuilder{TBuilder}"/> was told.</summary>
internal sealed class ProgramSettings
{
    public string ProgramName { get; set; } = "program";

    /// <summary>The arguments behind the name of the program.</summary>
    public List<string> Arguments { get; } = [];

    public Dictionary<string, string> Environment { get; } = new(StringComparer.Ordinal);

    public List<(string Name, FileSystem FileSystem)> Directories { get; } = [];

    public List<GuestSocket> Sockets { get; } = [];

    /// <summary>What the program may do in the network; null if it has none.</summary>
    public NetworkPolicy? Network { get; set; }

    public InputStream Input { get; set; } = InputStream.Empty;

    public OutputStream Output { get; set; } = OutputStream.Null;

    public OutputStream Error { get; set; } = OutputStream.Null;

    public TimeProvider Clock { get; set; } = TimeProvider.System;

    /// <summary>The random numbers of the system. What makes them is loaded when they are first asked for.</summary>
    public static Action<Span<byte>> SystemRandom { get; } = static bytes => RandomNumberGenerator.Fill(bytes);

    public Action<Span<byte>> Random { get; set; } = SystemRandom;

    public int MostDescriptors { get; set; } = 10_000;

    /// <summary>Says the same to another kind of program.</summary>
    public void CopyTo(ProgramSettings other)
    {
        other.ProgramName = ProgramName;
        other.Arguments.AddRange(Arguments);
        foreach (var (name, value) in Environment)
            other.Environment[name] = value;
        other.Directories.AddRange(Directories);
        other.Sockets.AddRange(Sockets);
        (other.Network, other.Input, other.Output, other.Error) = (Network, Input, Output, Error);
        (other.Clock, other.Random, other.MostDescriptors) = (Clock, Random, MostDescriptors);
    }
}
