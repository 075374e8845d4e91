using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Fermata.Platform.Network;

namespace Fermata.Cli.Commands;

/// <summary>The options by which commands that run programs say what these are given (<see cref="ProgramGrants"/>).</summary>
internal sealed class GrantOptions
{
    private readonly Option<DirectoryGrant[]> _directories = new("--dir")
    {
        Description = "Gives the program a directory, under the path GUEST or the same one; with :ro it cannot write there; or what is in a .zip or .tar file. May be repeated.",
        HelpName = "HOST[::GUEST][:ro]",
        CustomParser = ReadDirectories,
    };

    private readonly Option<string[]> _environment = new("--env")
    {
        Description = "Gives the program an environment variable, or, without a value, that of this process. May be repeated.",
        HelpName = "NAME[=VALUE]",
        Validators = { RequireNames },
    };

    private readonly Option<NetworkPolicy?> _network = Network("Lets the program connect to a host");

    private readonly Option<TimeSpan?> _timeout = new("--timeout")
    {
        Description = "Ends the run after this time, loading included, with exit code 124: 500ms, 2s, 1.5m, 1h; a number alone is in seconds.",
        HelpName = "TIME",
        CustomParser = result => Read<TimeSpan>(result, Quantity.TryReadTime, "a time such as 500ms, 2s, 1.5m or 1h, of at most 49 days"),
    };

    private readonly Option<long?> _fuel = new("--fuel")
    {
        Description = "How many instructions may be executed, by all threads together; the next one traps.",
        HelpName = "N",
        CustomParser = result => Read<long>(result, TryReadFuel, "a number of instructions"),
    };

    private readonly Option<long?> _maxMemory = Size("--max-memory", "How many bytes the memories may have together: 64M, 1.5G; a number alone is in bytes. Growing beyond it fails.", long.MaxValue);

    private readonly CacheOption _cache;

    /// <param name="command">The command that gets them.</param>
    public GrantOptions(Command command)
    {
        foreach (var option in (Option[])[_directories, _environment, _network, _timeout, _fuel, _maxMemory])
            command.Options.Add(option);
        _cache = new CacheOption(command);
    }

    /// <summary>Reads a text.</summary>
    /// <returns>Whether it is what is expected.</returns>
    public delegate bool Reader<T>(string text, out T value);

    /// <summary>What they say.</summary>
    public ProgramGrants Read(ParseResult result, Terminal terminal) => new()
    {
        Directories = result.GetValue(_directories) ?? [],
        Environment = result.GetValue(_environment) ?? [],
        Network = result.GetValue(_network),
        Timeout = result.GetValue(_timeout),
        Fuel = result.GetValue(_fuel),
        MaxMemoryBytes = result.GetValue(_maxMemory),
        CacheFolder = _cache.Read(result, terminal),
    };

    /// <summary>Reads the value of an option, which is its last token.</summary>
    public static T? Read<T>(ArgumentResult result, Reader<T> reader, string expected)
        where T : struct
    {
        var text = result.Tokens[^1].Value;
        if (reader(text, out var value))
            return value;
        result.AddError($"'{text}' is not what {((OptionResult)result.Parent!).Option.Name} takes: expected {expected}.");
        return null;
    }

    /// <summary>An option that takes a size.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">What it says.</param>
    /// <param name="most">The largest size.</param>
    /// <param name="least">The least.</param>
    public static Option<long?> Size(string name, string description, long most, long least = 0) => new(name)
    {
        Description = description,
        HelpName = "SIZE",
        CustomParser = result => Read<long>(result, (text, out bytes) => Quantity.TryReadSize(text, out bytes) && bytes >= least && bytes <= most, "a size in bytes, such as 1048576, 512K, 64M or 1.5G"),
    };

    /// <summary>An option that takes hosts.</summary>
    /// <param name="description">What it does with one.</param>
    public static Option<NetworkPolicy?> Network(string description) => new("--net")
    {
        Description = $"{description}: a name, *.NAME, an address, a range such as 10.0.0.0/8, or * for any. May be repeated.",
        HelpName = "HOST[:PORT]",
        Arity = ArgumentArity.OneOrMore,
        CustomParser = ReadNetwork,
    };

    private static bool TryReadFuel(string text, out long fuel) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out fuel);

    /// <summary>Reads directories, each of which is a token.</summary>
    public static DirectoryGrant[] ReadDirectories(ArgumentResult result)
    {
        var grants = result.Tokens.Select(token => (token.Value, Grant: DirectoryGrant.Parse(token.Value))).ToLookup(pair => pair.Grant is not null);
        foreach (var (text, _) in grants[false])
            result.AddError($"'{text}' is not what --dir takes: expected HOST or HOST::GUEST, and :ro behind it where nothing is to be written.");
        return [.. grants[true].Select(pair => pair.Grant!)];
    }

    private static NetworkPolicy ReadNetwork(ArgumentResult result)
    {
        var policy = new NetworkPolicy();
        foreach (var token in result.Tokens.Where(token => !NetworkGrant.TryAllow(policy, token.Value)))
            result.AddError($"'{token.Value}' is not what --net takes: expected HOST, HOST:PORT or [ADDRESS]:PORT.");
        return policy;
    }

    private static void RequireNames(OptionResult result)
    {
        foreach (var token in result.Tokens.Where(token => token.Value is "" or ['=', ..]))
            result.AddError($"'{token.Value}' names no environment variable: expected NAME=VALUE, or NAME.");
    }
}
