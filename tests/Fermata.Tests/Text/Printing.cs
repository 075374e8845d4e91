using Fermata.Binary;
using Fermata.Text;

namespace Fermata.Tests.Text;

/// <summary>Modules as the printer prints them.</summary>
internal static class Printing
{
    public static string Print(string text, TextStyle style = TextStyle.Folded) => Print(TextModule.Assemble(text).Binary, style);

    public static string Print(byte[] module, TextStyle style = TextStyle.Folded)
    {
        using var writer = new StringWriter();
        ModulePrinter.Print(ModuleDecoder.Decode(module), writer, style);
        return writer.ToString();
    }

    /// <summary>Both styles of text are the module again.</summary>
    public static void AssertSameAgain(byte[] module)
    {
        Assert.Equal(module, TextModule.Assemble(Print(module, TextStyle.Folded)).Binary);
        Assert.Equal(module, TextModule.Assemble(Print(module, TextStyle.Flat)).Binary);
    }

    /// <inheritdoc cref="AssertSameAgain(byte[])"/>
    public static void AssertSameAgain(string text) => AssertSameAgain(TextModule.Assemble(text).Binary);

    /// <summary>The lines after the first of the last function, and of what comes after it, without indentation.</summary>
    public static IEnumerable<string> LinesOfLastFunction(string printed)
    {
        var lines = printed.TrimEnd('\n').Split('\n').Select(line => line.Trim()).ToList();
        return lines.Skip(lines.FindLastIndex(line => line.StartsWith("(func ", StringComparison.Ordinal)) + 1);
    }
}
