namespace Fermata.Fuzz;

/// <summary>Finds the modules in a script, without understanding them.</summary>
internal static class TextSplitter
{
    /// <summary>The forms that begin with <c>(module</c>.</summary>
    public static IEnumerable<byte[]> Modules(byte[] script)
    {
        for (var start = 0; (start = IndexOf(script, start)) >= 0;)
        {
            var end = EndOf(script, start);
            yield return script[start..end];
            start = end;
        }
    }

    private static int IndexOf(byte[] script, int start)
    {
        var index = script.AsSpan(start).IndexOf("(module"u8);
        return index < 0 ? -1 : start + index;
    }

    /// <summary>Where the parenthesis at the start is closed, with a thought for strings and comments to the end of a line.</summary>
    private static int EndOf(byte[] script, int start)
    {
        var depth = 0;
        for (var at = start; at < script.Length; at++)
        {
            switch ((char)script[at])
            {
                case '(':
                    depth++;
                    break;
                case ')' when --depth == 0:
                    return at + 1;
                case '"':
                    while (++at < script.Length && script[at] != '"')
                        at += script[at] == '\\' ? 1 : 0;
                    break;
                case ';' when at + 1 < script.Length && script[at + 1] == ';':
                    while (++at < script.Length && script[at] != '\n')
                        continue;
                    break;
            }
        }

        return script.Length;
    }
}
