namespace Fermata.Cli.Tests;

/// <summary>Keys as a text: letters, names in brackets such as [Home], and [^A] for Ctrl-A.</summary>
internal static class Keys
{
    public static IEnumerable<ConsoleKeyInfo> Of(string keys)
    {
        for (var i = 0; i < keys.Length; i++)
        {
            if (keys[i] != '[')
            {
                yield return new ConsoleKeyInfo(keys[i], default, false, false, false);
                continue;
            }

            var name = keys[(i + 1)..keys.IndexOf(']', i)];
            i += name.Length + 1;
            yield return name is ['^', var letter]
                ? new ConsoleKeyInfo((char)(letter - '@'), Enum.Parse<ConsoleKey>(letter.ToString()), false, false, control: true)
                : new ConsoleKeyInfo('\0', Enum.Parse<ConsoleKey>(name), false, false, false);
        }
    }
}
